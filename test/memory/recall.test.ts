// Recall inside the database: its scope, its languages, its audience, and filters that come before every cut.
import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { send } from "#brain/kernel/batch.ts";
import type { Audience } from "#brain/memory/audience.ts";
import type { Narrowing } from "#brain/memory/recall.ts";
import { ctxOf, systemOf } from "#test/kit/ctx.ts";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { recallIn, texts } from "./recalling.ts";
import { contactId, remember } from "./remember.ts";

let w: World;
let recall: ReturnType<typeof recallIn>;
beforeAll(async () => {
  w = await world();
  recall = recallIn(w);
});

const call = "memory.recall($1, null, null, null, 0, $2::jsonb, 10)";
const staffFilter = JSON.stringify({ visibilities: [0, 1, 2] });

describe("scope", () => {
  test("without an entered project nothing is recalled: 42501", async () => {
    await expect(w.neon.query(`select * from ${call}`, ["boiler", staffFilter])).rejects.toMatchObject({
      code: "42501",
    });
    await expect(w.neon.query("select * from memory.rarity('boiler')")).rejects.toMatchObject({ code: "42501" });
  });

  test("the same sentence in two projects: each finds its own", async () => {
    const [a, b] = [await tenant(w.neon, "same"), await tenant(w.neon, "same")];
    const text = "The pump in the cellar hums at night.";
    const [ours] = await remember(w.neon, a, [{ text }]);
    const [theirs] = await remember(w.neon, b, [{ text }]);
    expect((await recall(a, "Which pump hums?")).map((passage) => passage.id)).toEqual([ours?.id]);
    expect((await recall(b, "Which pump hums?")).map((passage) => passage.id)).toEqual([theirs?.id]);
  });

  test("an audience is required, and an empty one sees nothing", async () => {
    const a = await tenant(w.neon, "none");
    await remember(w.neon, a, [{ text: "The pump hums.", visibility: 0 }]);
    const ctx = ctxOf(w, systemOf(a));
    const direct = (filter: object) =>
      send(ctx, [
        ctx.db.execute(
          sql`select * from memory.recall('pump', null, null, null, 0, ${JSON.stringify(filter)}::jsonb, 10)`,
        ),
      ]);
    await expect(direct({})).rejects.toMatchObject({ code: "audience_required" });
    const [empty] = await direct({ visibilities: [] });
    expect(empty.rows).toEqual([]);
  });

  test("the hot functions carry a fixed search path and a generic plan, and strangers may not call them", async () => {
    const rows = await w.neon.query(
      `select p.proname, p.proconfig, has_function_privilege('public', p.oid, 'execute') as open
       from pg_proc p where p.pronamespace = 'memory'::regnamespace
         and p.proname in ('recall', 'by_words', 'by_meaning', 'terms', 'reach', 'corpus_of', 'passages', 'rarity', 'turns_around', 'named')`,
    );
    expect(rows).toHaveLength(10);
    for (const row of rows) {
      expect(row).toMatchObject({ open: false });
      expect(row["proconfig"]).toEqual(["search_path=pg_catalog, ext, pg_temp", "plan_cache_mode=force_generic_plan"]);
    }
  });
});

describe("languages", () => {
  test("Danish and English inflections find each other's stems", async () => {
    const a = await tenant(w.neon, "stems");
    await remember(w.neon, a, [
      { text: "Varmepumperne larmer om natten", language: "danish" },
      { text: "The boilers are leaking again", language: "english", conversation: 2 },
      { text: "Tak for kaffen", language: "danish", conversation: 3 },
    ]);
    expect(texts(await recall(a, "larmede varmepumpen?", { meaning: "none" }))).toEqual([
      "Varmepumperne larmer om natten",
    ]);
    expect(texts(await recall(a, "does the boiler leak", { meaning: "none" }))).toEqual([
      "The boilers are leaking again",
    ]);
  });

  test("a stop word of the question's language is no rare word of a text without a language", async () => {
    const a = await tenant(w.neon, "stop");
    await remember(w.neon, a, [
      { text: "ok the", language: "simple" },
      { text: "The radiator valve is stuck", language: "english", conversation: 2 },
      { text: "A radiator valve was ordered", language: "english", conversation: 3 },
    ]);
    expect(texts(await recall(a, "What is the radiator valve?", { meaning: "none" }))).not.toContain("ok the");
  });
});

describe("audience", () => {
  test("a private note between two turns: staff find it; for its customer it is not there and gives no score", async () => {
    const [quiet, noted] = [await tenant(w.neon, "quiet"), await tenant(w.neon, "noted")];
    const before = { text: "When can you come?", conversation: 1 };
    const after = { text: "On Tuesday then.", conversation: 1 };
    const note = { text: "Zanzibar surcharge applies when we come", conversation: 1, visibility: 2 as const };
    await remember(w.neon, quiet, [before, { text: "One moment please", conversation: 1 }, after]);
    await remember(w.neon, noted, [before, note, after]);
    const audience = (who: Tenant): Audience => ({ kind: "contact", id: contactId(who, 1) });
    const asked = "Does the Zanzibar surcharge apply when you come?";
    expect(texts(await recall(noted, asked))).toContain(note.text);
    const heard = await recall(noted, asked, { audience: audience(noted), meaning: "none" });
    expect(texts(heard)).not.toContain(note.text);
    const [own] = heard;
    const [same] = await recall(quiet, asked, { audience: audience(quiet), meaning: "none" });
    expect([own?.text, own?.score]).toEqual([same?.text, same?.score]);
    expect(await recall(noted, "Zanzibar surcharge", { audience: audience(noted), meaning: "none" })).toEqual([]);
  });

  test("a neighbour's words help a short turn, at less weight than its own", async () => {
    const a = await tenant(w.neon, "short");
    await remember(w.neon, a, [
      { text: "Does Thursday suit you for the chimney sweep?", conversation: 1 },
      { text: "Yes please", conversation: 1 },
      { text: "Nothing to do with it", conversation: 2 },
    ]);
    expect(texts(await recall(a, "chimney sweep Thursday", { meaning: "none" }))).toEqual([
      "Does Thursday suit you for the chimney sweep?",
      "Yes please",
    ]);
  });

  test("contacts see their own and public passages; the public sees public ones; merged records are one person", async () => {
    const a = await tenant(w.neon, "merge");
    await remember(w.neon, a, [
      { text: "Filter size for Ann is 20", contact: 1, conversation: 1 },
      { text: "Filter size for Ann's old record is 21", contact: 2, conversation: 2 },
      { text: "Filter size for Bob is 30", contact: 3, conversation: 3 },
      { text: "Filter sizes are printed on the door", visibility: 0 },
    ]);
    await w.neon.query("update people.contacts set merged_into = $1 where project_id = $2 and id = $3", [
      contactId(a, 1),
      a.project,
      contactId(a, 2),
    ]);
    const as = async (audience: Audience) => texts(await recall(a, "filter size", { audience })).sort();
    const ann = [
      "Filter size for Ann is 20",
      "Filter size for Ann's old record is 21",
      "Filter sizes are printed on the door",
    ];
    expect(await as({ kind: "contact", id: contactId(a, 1) })).toEqual(ann);
    expect(await as({ kind: "contact", id: "2" })).toEqual(ann);
    expect(await as({ kind: "contact", id: `cwc:${a.project}:${a.accountId}:1` })).toEqual(ann);
    expect(await as({ kind: "public" })).toEqual(["Filter sizes are printed on the door"]);
    await expect(as({ kind: "contact", id: contactId(w.b, 1) })).rejects.toMatchObject({ code: "contact_unknown" });
  });
});

describe("cuts", () => {
  test("filters come before every cut: the one passage that fits is found behind thousands that do not", async () => {
    const a = await tenant(w.neon, "cut");
    const crowd = Array.from({ length: 2500 }, (_, i) => ({
      text: `The boiler was serviced, visit ${i}`,
      conversation: 100 + (i % 50),
      contact: 9,
      vector: "none" as const,
      at: "2026-01-10T08:00:00Z",
    }));
    await remember(w.neon, a, crowd);
    const [one] = await remember(w.neon, a, [
      { text: "The boiler was serviced by Karim", conversation: 7, contact: 7, at: "2026-03-10T08:00:00Z" },
    ]);
    await remember(w.neon, a, [{ text: "Boiler service is yearly", visibility: 0 }]);
    const only = async (narrowing: Narrowing, audience?: Audience) =>
      (await recall(a, "boiler serviced", { narrowing, ...(audience ? { audience } : {}), k: 3 })).map((p) => p.id);
    expect(await only({ conversation: "7" })).toEqual([one?.id]);
    expect(await only({ contact: "7" })).toEqual([one?.id]);
    expect(await only({ since: "2026-02-01" })).toContain(one?.id);
    expect(await only({ since: "2026-02-01", until: "2026-04-01" })).toEqual([one?.id]);
    await w.neon.query(
      "update inbox.cw_conversations set status = 'resolved' where project_id = $1 and conversation_id <> 7",
      [a.project],
    );
    expect(await only({ status: "open" })).toEqual([one?.id]);
    expect(await only({ conversation: "7", status: "resolved" })).toEqual([]);
    expect(await only({ sources: ["memory.kb_entries"] })).toHaveLength(1);
    expect(await only({ visibility: "public" })).toHaveLength(1);
    expect(await only({}, { kind: "contact", id: "7" })).toContain(one?.id);
    expect(await only({ contact: "4711" })).toEqual([]);
  });

  test("a tenant with five passages gets its five, however many others have", async () => {
    const [crowded, small] = [await tenant(w.neon, "crowded"), await tenant(w.neon, "small")];
    await remember(
      w.neon,
      crowded,
      Array.from({ length: 3000 }, (_, i) => ({ text: `radiator ${i} is cold`, vector: "none" as const })),
    );
    await remember(
      w.neon,
      small,
      ["one", "two", "three", "four", "five"].map((n) => ({ text: `radiator ${n} is cold` })),
    );
    expect(await recall(small, "cold radiator")).toHaveLength(5);
  });

  test("above the exact limit the sign codes choose, and the best are the same", async () => {
    const a = await tenant(w.neon, "codes");
    const words = "boiler pump valve filter tap drain roof tile window door lamp fuse cable switch".split(" ");
    await remember(
      w.neon,
      a,
      Array.from({ length: 300 }, (_, i) => ({
        text: `${words[i % 14]} ${words[(i * 5) % 14]} ${words[(i * 11) % 13]} ${i}`,
      })),
    );
    const ask = "which valve filter and tap";
    const exact = await recall(a, ask, { k: 10 });
    await w.neon.query("update memory.corpus set exact_limit = 50 where project_id = $1", [a.project]);
    const chosen = await recall(a, ask, { k: 10 });
    expect(chosen.slice(0, 5).map((p) => p.id)).toEqual(exact.slice(0, 5).map((p) => p.id));
    expect(chosen.every((p) => p.vector_score !== null)).toBe(true);
  });
});
