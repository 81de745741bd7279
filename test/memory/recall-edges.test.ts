// Recall at its edges: names in the question, and what may be missing behind it.
import { beforeAll, describe, expect, test } from "vitest";
import type { Audience } from "#brain/memory/audience.ts";
import { tenant, type World, world } from "#test/kit/world.ts";
import { recallIn } from "./recalling.ts";
import { contactId, remember } from "./remember.ts";

let w: World;
let recall: ReturnType<typeof recallIn>;
beforeAll(async () => {
  w = await world();
  recall = recallIn(w);
});

describe("names", () => {
  test("a question that names a customer finds his passages first, though they do not hold his name", async () => {
    const a = await tenant(w.neon, "names");
    const visit = { text: "The boiler is serviced on Tuesday", vector: "none" as const };
    await remember(w.neon, a, [
      { ...visit, contact: 1, conversation: 1, name: "Tom Bradley" },
      { ...visit, contact: 2, conversation: 2, name: "Hannah Reid" },
      { ...visit, contact: 3, conversation: 3, name: "Will Stone" },
    ]);
    const first = async (question: string, audience?: Audience) =>
      (await recall(a, question, { meaning: "none", ...(audience ? { audience } : {}) })).map((p) => p.contact)[0];
    expect(await first("When is Hannah Reid's boiler serviced?")).toBe(contactId(a, 2));
    expect(await first("When is Tom's boiler serviced?")).toBe(contactId(a, 1));
    const equal = await recall(a, "When will the boiler be serviced?", { meaning: "none" });
    expect(new Set(equal.map((p) => p.score)).size).toBe(1);
    expect(await first("When is Hannah Reid's boiler serviced?", { kind: "contact", id: "1" })).toBe(contactId(a, 1));
  });

  test("a merged record is the same person, and a name that fits many names nobody", async () => {
    const a = await tenant(w.neon, "namesakes");
    const visit = { text: "The boiler is serviced on Tuesday", vector: "none" as const };
    await remember(
      w.neon,
      a,
      Array.from({ length: 8 }, (_, i) => ({
        ...visit,
        contact: i + 1,
        conversation: i + 1,
        name: i < 6 ? "Ann Berg" : `Bo ${i}`,
      })),
    );
    const many = await recall(a, "When is Ann Berg's boiler serviced?", { meaning: "none" });
    expect(new Set(many.map((p) => p.score)).size).toBe(1);
    await w.neon.query("update people.contacts set merged_into = $1 where project_id = $2 and id = $3", [
      contactId(a, 7),
      a.project,
      contactId(a, 8),
    ]);
    const both = await recall(a, "When is the boiler of Bo 6 serviced?", { meaning: "none" });
    expect(
      both
        .slice(0, 2)
        .map((p) => p.contact)
        .sort(),
    ).toEqual([contactId(a, 7), contactId(a, 8)]);
  });
});

describe("what may be missing", () => {
  test("no corpus row yet, or one that counts nothing: still found, by words and by meaning", async () => {
    const a = await tenant(w.neon, "fresh");
    await remember(w.neon, a, [{ text: "The gutter leaks above the door" }, { text: "Coffee is in the kitchen" }]);
    await w.neon.query("delete from memory.corpus where project_id = $1", [a.project]);
    const found = await recall(a, "gutter leak");
    expect(found[0]).toMatchObject({ text: "The gutter leaks above the door", vector_score: expect.any(Number) });
    await w.neon.query("insert into memory.corpus (project_id, account_scope_id) values ($1, $2)", [
      a.project,
      a.accountScope,
    ]);
    expect((await recall(a, "gutter leak"))[0]?.text).toBe("The gutter leaks above the door");
  });

  test("a passage whose vector is still to come is judged by its words", async () => {
    const a = await tenant(w.neon, "pending");
    await remember(w.neon, a, [
      { text: "The chimney sweep comes in May", vector: "none" },
      { text: "May I call you about something else" },
    ]);
    expect((await recall(a, "chimney sweep"))[0]).toMatchObject({
      text: "The chimney sweep comes in May",
      vector_score: null,
    });
  });

  test("vectors of another model are never compared: neither theirs with ours nor ours with theirs", async () => {
    const a = await tenant(w.neon, "models");
    await remember(w.neon, a, [
      { text: "The sauna stove ticks" },
      { text: "The sauna stove glows", vector: "strange" },
      { text: "Unrelated to all of it", vector: "strange", conversation: 2 },
    ]);
    const ours = await recall(a, "sauna stove");
    expect(new Map(ours.map((p) => [p.text, p.vector_score === null]))).toEqual(
      new Map([
        ["The sauna stove ticks", false],
        ["The sauna stove glows", true],
      ]),
    );
    const strange = await recall(a, "sauna stove", { meaning: "strange" });
    expect(strange.map((p) => p.vector_score)).toEqual([null, null]);
  });

  test("what was withdrawn is not found; a question of stop words or signs finds nothing and breaks nothing", async () => {
    const a = await tenant(w.neon, "gone");
    const [gone] = await remember(w.neon, a, [{ text: "The attic key hangs in the shed" }]);
    await w.neon.query("update shared.evidence_items set withdrawn_at = now() where project_id = $1 and id = $2", [
      a.project,
      gone?.evidence,
    ]);
    expect(await recall(a, "attic key")).toEqual([]);
    for (const odd of ["the of and", "!!! ???", "' | & <-> :*", "a'b\\c", "🙈"]) {
      expect(await recall(a, odd, { meaning: "none" })).toEqual([]);
    }
  });
});
