// The life of an entry: who may move it, what is found while it lives, and what is kept of it afterwards.
import { beforeAll, describe, expect, test } from "vitest";
import { down, scriptedEmbedder } from "#test/kit/embedder.ts";
import { deliver } from "#test/kit/jobs.ts";
import { tenant, type World, world } from "#test/kit/world.ts";
import { type Entry, type Knowing, knowing } from "./knowing.ts";

const cutout = {
  title: "Overheat cutout trips",
  body: "Clean the pump filter, then reset the overheat cutout by hand.",
};
const question = "What do we do about the overheat cutout?";

let w: World;
let k: Knowing;
const embedder = scriptedEmbedder();

beforeAll(async () => {
  w = await world({ embedder: embedder.port });
  k = await knowing(w);
});

const kinds = async (ref: string) =>
  (
    await w.neon.query(
      "select kind from shared.events where project_id = $1 and ref_type = 'entry' and ref_id = $2 order by ts, id",
      [w.a.project, ref],
    )
  ).map((row) => row["kind"]);

describe("a technician's draft", () => {
  let entry: Entry;

  test("is found by nobody until the owner has made it live", async () => {
    const made = await k.write(cutout);
    expect(made).toMatchObject({ status: 201, body: { status: "draft", version: 1, visibility: "internal" } });
    entry = made.body;
    expect((await k.ask(question)).status).toBe("insufficient_evidence");
    expect((await k.call("technician", `knowledge/${entry.id}/submit`, { version: 1 })).body.code).toBe(
      "permission_missing",
    );
    expect(await k.call("lead", `knowledge/${entry.id}/submit`, { version: 1 })).toMatchObject({
      body: { status: "review" },
    });
    expect((await k.call("lead", `knowledge/${entry.id}/publish`, { version: 1 })).body.code).toBe(
      "permission_missing",
    );
    expect((await k.ask(question)).status).toBe("insufficient_evidence");
    const back = await k.call("lead", `knowledge/${entry.id}/return`, { version: 1, reason: "Say how to reset it." });
    expect(back.body).toMatchObject({ status: "draft", returned_reason: "Say how to reset it." });
    const again = await k.call(
      "technician",
      `knowledge/${entry.id}`,
      { version: 1, title: "The overheat cutout trips" },
      "PATCH",
    );
    expect(again.body).toMatchObject({ version: 2, body: cutout.body, visibility: "internal" });
    await k.call("lead", `knowledge/${entry.id}/submit`, { version: 2 });
    const live = await k.call("owner", `knowledge/${entry.id}/publish`, { version: 2 });
    expect(live.body).toMatchObject({
      status: "live",
      version: 2,
      allowed: ["deprecated"],
      published: { by: expect.stringMatching(/^key:/) },
    });
    // By its words at once, though nothing has been embedded yet.
    const answer = await k.ask(question);
    expect(answer).toMatchObject({
      status: "answered",
      citations: [{ source: { table: "memory.kb_entries", pk: entry.id } }],
    });
    await k.embed();
    expect((await k.call(`owner`, `knowledge/${entry.id}`)).body).toMatchObject({
      citations: 1,
      passages: 1,
      waiting: 0,
    });
    expect(await kinds(entry.id)).toEqual([
      ...["memory.entry.created", "memory.entry.submitted", "memory.entry.returned", "memory.entry.changed"],
      ...["memory.entry.submitted", "memory.entry.published"],
    ]);
  });

  test("answers the technician who asks in two words, no client, and nobody about what nobody wrote", async () => {
    const told = await k.ask("overheat cutout", undefined, k.keys.technician);
    expect(told.citations.map(({ source }) => source.pk)).toEqual([entry.id]);
    expect(await k.ask("overheat cutout", { kind: "public" })).toMatchObject({
      status: "insufficient_evidence",
      citations: [],
    });
    const nothing = await k.ask("flux capacitor", undefined, k.keys.technician);
    expect(nothing).toMatchObject({ status: "insufficient_evidence", sentences: [], citations: [] });
  });

  test("no other move is possible, and the answer says which are", async () => {
    for (const [act, sent] of Object.entries({
      submit: { version: 2 },
      return: { version: 2, reason: "Why not" },
      publish: { version: 2 },
      dismiss: { version: 2 },
    })) {
      const told = await k.call("owner", `knowledge/${entry.id}/${act}`, sent);
      expect([act, told.status, told.body.code, told.body.state, told.body.allowed]).toEqual([
        act,
        409,
        "knowledge_invalid_state",
        "live",
        ["deprecated"],
      ]);
    }
    const edit = await k.call("technician", `knowledge/${entry.id}`, { version: 2, body: "Hit it." }, "PATCH");
    expect([edit.status, edit.body.code]).toEqual([409, "knowledge_invalid_state"]);
    // Nor past the verbs.
    await expect(
      w.neon.query("update memory.kb_entries set status = 'draft' where project_id = $1 and id = $2", [
        w.a.project,
        entry.id,
      ]),
    ).rejects.toMatchObject({ message: "knowledge_invalid_state" });
    expect(await kinds(entry.id)).toHaveLength(6);
  });

  test("revised while live, it answers with its new words at once and keeps the old ones for citations", async () => {
    const before = await k.ask(question);
    const technician = await k.call("technician", `knowledge/${entry.id}/revise`, { version: 2, ...cutout });
    expect(technician.body.code).toBe("permission_missing");
    embedder.behave(() => {
      throw down();
    });
    const body = "Replace the pump filter, then wait an hour and reset the overheat cutout.";
    const revised = await k.call("owner", `knowledge/${entry.id}/revise`, { version: 2, title: cutout.title, body });
    expect(revised.body).toMatchObject({ status: "live", version: 3, visibility: "internal" });
    await k.embed();
    const answer = await k.ask(question);
    expect(answer.sentences.map(({ text }) => text).join(" ")).toContain("wait an hour");
    // Its former meaning stands in for as long as the embedder is away.
    const held =
      "select count(*)::int as n from memory.vectors v join memory.chunks c on c.project_id = v.project_id and c.id = v.chunk_id";
    const own = "where c.project_id = $1 and c.source_pk = $2";
    expect(await w.neon.query(`${held} ${own} and v.text_hash <> c.text_hash`, [w.a.project, entry.id])).toEqual([
      { n: 1 },
    ]);
    embedder.well();
    w.clock.advance(600_000);
    await w.fetch("/v1/memory/retry", { key: k.keys.owner, json: {}, headers: { "idempotency-key": "again" } });
    await deliver(w, "memory.embed", { project: w.a.project });
    expect(await w.neon.query(`${held} ${own} and v.text_hash = c.text_hash`, [w.a.project, entry.id])).toEqual([
      { n: 1 },
    ]);
    // The older answer is doubted, and its citation opens the words it quoted.
    const [old] = before.citations;
    const stale = await k.call<{ stale_reason: string }>("owner", `answers/${before.id}`);
    expect(stale.body.stale_reason).toBe("evidence_edited");
    const quoted = await k.call<{ words: { version: number; body: string } }>(
      "owner",
      `knowledge/${entry.id}?evidence_version=${old?.version}`,
    );
    expect(quoted.body.words).toMatchObject({ version: 2, body: cutout.body });
    const versions = await k.call<{ data: { version: number; evidence_version: number | null }[] }>(
      "owner",
      `knowledge/${entry.id}/versions`,
    );
    expect(versions.body.data.map(({ version, evidence_version }) => [version, evidence_version])).toEqual([
      [3, 2],
      [2, 1],
      [1, null],
    ]);
    const stale2 = await k.call("owner", `knowledge/${entry.id}/revise`, { version: 2, title: "x", body: "y" });
    expect([stale2.status, stale2.body.code]).toEqual([412, "entry_changed"]);
  });

  test("is replaced, never deleted: the new one answers, the old one says by what it was replaced", async () => {
    const next = await k.write({ ...cutout, body: "Call the maker about the overheat cutout.", replaces: entry.id });
    await k.call("lead", `knowledge/${next.body.id}/submit`, { version: 1 });
    const rival = await k.write({ ...cutout, body: "Ask Karim about it.", replaces: entry.id });
    await k.call("lead", `knowledge/${rival.body.id}/submit`, { version: 1 });
    const before = await k.ask(question);
    await k.call("owner", `knowledge/${next.body.id}/publish`, { version: 1 });
    const old = await k.call("owner", `knowledge/${entry.id}`);
    expect(old.body).toMatchObject({ status: "deprecated", replaced_by: next.body.id, allowed: [], passages: 0 });
    const answer = await k.ask(question);
    expect(answer.sentences.map(({ text }) => text).join(" ")).toContain("Call the maker");
    expect(answer.citations.map(({ source }) => source.pk)).toEqual([next.body.id]);
    // What was said before is still there to be read, and known to be old.
    const kept = await k.call<{ stale_reason: string; citations: { quote: string }[] }>(
      "owner",
      `answers/${before.id}`,
    );
    expect(kept.body).toMatchObject({
      stale_reason: "evidence_deprecated",
      citations: [{ quote: expect.stringContaining("wait an hour") }],
    });
    const late = await k.call("owner", `knowledge/${rival.body.id}/publish`, { version: 1 });
    expect([late.status, late.body.code]).toEqual([409, "knowledge_replaced_already"]);
    await expect(w.neon.query("set role omneuro_app; delete from memory.kb_entries")).rejects.toThrow();
  });
});

test("knowledge:* are given by role: anybody writes, a lead technician reviews, only an owner publishes", async () => {
  const rows = await w.neon.query(
    "select permission, array_to_string(array_agg(role order by role), ' ') as roles from identity.role_permissions where permission like 'knowledge:%' group by 1 order by 1",
  );
  expect(rows).toEqual([
    { permission: "knowledge:publish", roles: "owner" },
    { permission: "knowledge:review", roles: "lead_technician owner" },
    { permission: "knowledge:write", roles: "lead_technician office owner technician" },
  ]);
});

test("visibility follows the entry at once: what becomes internal answers no client any more", async () => {
  const b = await tenant(w.neon, "reading");
  const own = await knowing(w, b);
  const { id } = await own.live({
    type: "faq",
    title: "Warranty",
    body: "A heat pump carries five years of warranty.",
    visibility: "client",
  });
  await own.embed();
  const asked = "How long is the warranty on a heat pump?";
  expect((await own.ask(asked, { kind: "public" })).status).toBe("answered");
  const words = { title: "Warranty", body: "A heat pump carries five years of warranty.", visibility: "internal" };
  await own.call("owner", `knowledge/${id}/revise`, { version: 1, ...words });
  expect((await own.ask(asked, { kind: "public" })).status).toBe("insufficient_evidence");
  expect((await own.ask(asked)).status).toBe("answered");
  const vectors = await w.neon.query(
    "select v.visibility from memory.vectors v join memory.chunks c on c.project_id = v.project_id and c.id = v.chunk_id where c.project_id = $1 and c.source_pk = $2",
    [b.project, id],
  );
  expect(vectors).toEqual([{ visibility: 2 }]);
  const without = await own.write({ title: "Only a title", body: "" });
  const submitted = await own.call("lead", `knowledge/${without.body.id}/submit`, { version: 1 });
  expect([submitted.status, submitted.body.code]).toEqual([422, "knowledge_without_words"]);
  const away = await own.call("lead", `knowledge/${without.body.id}/dismiss`, { version: 1 });
  expect(away.body.status).toBe("deprecated");
  const ended = await own.call("owner", `knowledge/${id}/deprecate`, {
    reason: "Not sold any more",
    replaced_by: without.body.id,
  });
  expect([ended.status, ended.body.code]).toEqual([409, "knowledge_replacement_not_live"]);
  const nobody = await own.write({ title: "x", body: "y", source_event_id: "evt_nowhere" });
  expect([nobody.status, nobody.body.code]).toEqual([404, "event_unknown"]);
});

test("an import is put once for the same words, and never changes what is live", async () => {
  const c = await tenant(w.neon, "importing");
  const own = await knowing(w, c);
  const put = (body: string, source_url = "HTTPS://Handbook.Example:443/frost#top") =>
    own.call<Entry & { outcome: string; source: { url: string } }>("technician", "imports", {
      ...{ source_id: "handbook/frost", source_url, type: "howto", title: "Frost", body },
    });
  const first = await put("Drain the outdoor tap before frost.");
  expect(first.body).toMatchObject({ outcome: "created", source: { url: "https://handbook.example/frost" } });
  expect((await put("Drain  the outdoor tap\nbefore frost. ")).body).toMatchObject({
    outcome: "unchanged",
    version: 1,
  });
  expect((await put("Drain the outdoor tap before any frost.")).body).toMatchObject({ outcome: "changed", version: 2 });
  const { id } = first.body;
  await own.call("lead", `knowledge/${id}/submit`, { version: 2 });
  expect((await put("Something else.")).body).toMatchObject({ outcome: "under_review", version: 2 });
  await own.call("owner", `knowledge/${id}/publish`, { version: 2 });
  const next = await put("Drain the outdoor tap in October.");
  expect(next.body).toMatchObject({ outcome: "replacement_drafted", replaces: id, status: "draft" });
  expect((await put("Drain the outdoor tap in November.")).body).toMatchObject({
    outcome: "changed",
    id: next.body.id,
  });
  expect((await own.call("owner", `knowledge/${id}`)).body).toMatchObject({
    status: "live",
    body: "Drain the outdoor tap before any frost.",
  });
  const odd = await put("x", "javascript:alert(1)");
  expect([odd.status, odd.body.code]).toEqual([400, "invalid_input"]);
  const list = await own.call<{ data: Entry[]; counts: object }>("owner", "knowledge?status=draft");
  expect(list.body).toMatchObject({
    data: [{ id: next.body.id }],
    counts: { draft: 1, live: 1, review: 0, deprecated: 0 },
  });
});
