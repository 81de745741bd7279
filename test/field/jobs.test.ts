// A piece of work from the first call to the last: allowed moves only, each told once, and told again from the ledger.
import { beforeAll, describe, expect, test } from "vitest";
import { replayJob } from "#brain/field/index.ts";
import { type World, world } from "#test/kit/world.ts";
import { type Answer, caller, client, technician } from "./floor.ts";
import { counts, rows } from "./reading.ts";

let w: World;
let call: ReturnType<typeof caller>;
let mette: string;
let thomas: Awaited<ReturnType<typeof technician>>;

beforeAll(async () => {
  w = await world();
  call = caller(w, w.a.apiKey);
  mette = await client(w, w.a, "Mette Holm", "+4520304050");
  thomas = await technician(w, w.a);
});

const taken = async (more: Record<string, unknown> = {}) => {
  const made = await call("/v1/field/jobs", { client: mette, title: "Wheel shuts off on bumps", ...more });
  expect(made).toMatchObject({ status: 201, body: { status: "intake" } });
  return String(made.body["id"]);
};
const move = (id: string, to: string, more: Record<string, unknown> = {}, by = call): Promise<Answer> =>
  by(`/v1/field/jobs/${id}/move`, { to, ...more });
const told = async (id: string) =>
  (await rows(w, w.a, "shared.events", `ref_type = 'job' and ref_id = '${id}'`)).map((row) => ({
    kind: String(row["kind"]),
    actor: row["actor"],
    ts: new Date(String(row["ts"])).toISOString(),
    payload: row["payload"] as Record<string, unknown>,
  }));

describe("a job", () => {
  test("begins in intake, with a number, its client, and a line in the ledger", async () => {
    const first = await taken();
    const second = await call(`/v1/field/jobs/${await taken()}`);
    expect(second.body).toMatchObject({
      client: { id: mette, name: "Mette Holm", phone: "+4520304050" },
      allowed: ["cancelled", "repairing", "scheduled"],
      kind: "visit",
      tech: null,
    });
    const before = (await call(`/v1/field/jobs/${first}`)).body["number"] as number;
    expect(second.body["number"]).toBe(before + 1);
    expect(await told(first)).toMatchObject([
      { kind: "job.created", actor: expect.stringMatching(/^key:/), payload: { status: "intake", client: mette } },
    ]);
  });

  test("does not jump: shipped from intake is refused with what is allowed, and scheduled needs a time", async () => {
    const id = await taken();
    const before = await counts(w, w.a);
    const [row] = await rows(w, w.a, "field.jobs", `id = '${id}'`);
    expect(await move(id, "shipped")).toMatchObject({
      status: 409,
      body: {
        code: "invalid_transition",
        from: "intake",
        status: 409,
        asked: "shipped",
        allowed: ["cancelled", "repairing", "scheduled"],
      },
    });
    expect(await move(id, "scheduled")).toMatchObject({ status: 400, body: { code: "schedule_required" } });
    expect(await move(id, "intake")).toMatchObject({ status: 409, body: { code: "invalid_transition" } });
    expect(await move(id, "cancelled")).toMatchObject({ status: 400, body: { code: "reason_required" } });
    await w.settled();
    expect(await counts(w, w.a)).toEqual(before);
    expect(await rows(w, w.a, "field.jobs", `id = '${id}'`)).toEqual([row]);
    expect(await move(id, "scheduled", { scheduled_for: "2026-11-16T09:00:00Z" })).toMatchObject({
      status: 200,
      body: { status: "scheduled", scheduled_for: "2026-11-16T09:00:00Z" },
    });
  });

  test("goes its whole way, one line each with who and from where to where; the lines alone tell it again", async () => {
    const id = await taken();
    await call(`/v1/field/jobs/${id}/assign`, { tech: thomas.id });
    await move(id, "scheduled", { scheduled_for: "2026-11-16T10:00:00Z" });
    await call(`/v1/field/jobs/${id}/notes`, { text: `The bearing of ${id} is worn.` });
    const way = ["onsite", "repairing", "ready", "shipped", "closed"];
    for (const to of way) {
      w.clock.set(new Date(w.clock.now().getTime() + 60_000).toISOString());
      const by = ["onsite", "repairing", "ready"].includes(to) ? thomas.call : call;
      expect(await move(id, to, to === "shipped" ? { tracking: "PN-1" } : {}, by)).toMatchObject({ status: 200 });
    }
    const events = await told(id);
    const moves = events.filter(({ kind }) => kind === "job.status.changed");
    expect(moves.map(({ payload }) => payload["to"])).toEqual(expect.arrayContaining(["scheduled", ...way]));
    expect(moves).toHaveLength(6);
    expect(new Set(moves.map(({ actor }) => actor)).size).toBe(2);

    const { body } = await call(`/v1/field/jobs/${id}`);
    const again = replayJob(events.toReversed());
    expect(again).toMatchObject({ status: "closed", tech: thomas.id });
    expect(Date.parse(String(again?.scheduled_for))).toBe(Date.parse(String(body["scheduled_for"])));
    expect(Date.parse(String(again?.closed_at))).toBe(Date.parse(String(body["closed_at"])));
    expect(Date.parse(String(again?.created_at))).toBe(Date.parse(String(body["created_at"])));
    expect(again?.moves.map(({ from, to }) => [from, to])[0]).toEqual(["intake", "scheduled"]);
    expect(body).toMatchObject({ tracking: "PN-1", allowed: [] });
    const [entry, ...others] = await rows(w, w.a, "memory.kb_entries", `body like '%bearing of ${id}%'`);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ status: "draft", type: "diag", origin: "job", title: "Wheel shuts off on bumps" });
    expect(await rows(w, w.a, "shared.events", `id = '${entry?.["source_event_id"]}'`)).toMatchObject([
      { kind: "job.status.changed", ref_id: id, payload: { to: "closed" } },
    ]);
    expect(await call(`/v1/field/jobs/${id}/assign`, { tech: null })).toMatchObject({ body: { code: "job_over" } });
  });

  test("that is cancelled says why, and stays so", async () => {
    const id = await taken();
    expect(await call(`/v1/field/jobs/${id}/cancel`, { reason: "Found another way" })).toMatchObject({
      body: { status: "cancelled", cancel_reason: "Found another way" },
    });
    for (const to of ["intake", "scheduled", "repairing"])
      expect(await move(id, to, { scheduled_for: "2026-11-16T10:00:00Z" })).toMatchObject({
        status: 409,
        body: { code: "invalid_transition", allowed: [] },
      });
    expect(JSON.stringify(await told(id))).not.toContain("another way");
  });

  test("is changed only by who has read it as it is: by version or by the ETag he read", async () => {
    const id = await taken();
    const read = await call(`/v1/field/jobs/${id}`);
    const tag = String(read.headers.get("etag"));
    expect(tag).toMatch(/^"1-/);
    const update = (json: unknown, headers = {}) => call(`/v1/field/jobs/${id}/update`, json, headers);
    expect(await update({ title: "Left wheel" }, { "if-match": tag })).toMatchObject({
      status: 200,
      body: { title: "Left wheel", version: 2 },
    });
    expect(await update({ title: "Right wheel" }, { "if-match": tag })).toMatchObject({
      status: 412,
      body: { code: "job_changed", version: 2 },
    });
    expect(await update({ title: "Right wheel" })).toMatchObject({ status: 428, body: { code: "version_required" } });
    expect(await update({ title: "Right wheel" }, { "if-match": "W/x" })).toMatchObject({ status: 400 });
    expect(await move(id, "repairing", { version: 1 })).toMatchObject({ status: 412 });
    expect(await move(id, "repairing", { version: 2 })).toMatchObject({ status: 200 });
  });

  test("has parts and notes; a client's note is his own memory, the house's is nobody else's, and taken back is gone", async () => {
    const id = await taken();
    const part = await call(`/v1/field/jobs/${id}/parts`, {
      name: "Caster wheel",
      quantity: 1.5,
      price_minor: 12_900,
      currency: "DKK",
    });
    expect(part).toMatchObject({ status: 201, body: { quantity: 1.5, price_minor: 12_900, currency: "DKK" } });
    expect(await call(`/v1/field/jobs/${id}/parts`, { name: "Wheel", price_minor: 1 })).toMatchObject({ status: 400 });
    const inner = await call(`/v1/field/jobs/${id}/notes`, { text: "Bearing worn, client is short of money." });
    const open = await call(`/v1/field/jobs/${id}/notes`, {
      text: "Your wheel gets a new bearing.",
      visibility: "client",
    });
    const kept = await rows(
      w,
      w.a,
      "shared.evidence_items",
      `source_pk in ('${inner.body["id"]}', '${open.body["id"]}')`,
    );
    expect(kept.map((row) => [row["source_pk"], row["visibility"], row["contact_id"]]).sort()).toEqual(
      [
        [inner.body["id"], 2, mette],
        [open.body["id"], 1, mette],
      ].sort(),
    );
    const chunks = `source_table = 'field.job_notes' and source_pk = '${open.body["id"]}'`;
    expect(await rows(w, w.a, "memory.chunks", chunks)).toMatchObject([{ visibility: 1, contact_id: mette }]);
    const page = await call(`/v1/field/jobs/${id}`);
    expect(page.body).toMatchObject({ parts: [{ name: "Caster wheel" }], note_list: [{ visibility: "internal" }, {}] });
    expect(page.body["version"]).toBe(1);

    await call(`/v1/field/jobs/${id}/notes/remove`, { note: inner.body["id"] });
    await call(`/v1/field/jobs/${id}/parts/remove`, { part: part.body["id"] });
    expect((await call(`/v1/field/jobs/${id}`)).body).toMatchObject({
      parts: [],
      note_list: [{ visibility: "client" }],
    });
    expect(await rows(w, w.a, "memory.chunks", `source_pk = '${inner.body["id"]}'`)).toEqual([]);
    expect(await call(`/v1/field/jobs/${id}/notes/remove`, { note: inner.body["id"] })).toMatchObject({
      status: 404,
      body: { code: "note_unknown" },
    });
  });

  test("is found by number, words, client, state and technician", async () => {
    const id = await taken({ title: "Squeaking door", tech: thomas.id, location: "Mill Lane 3" });
    const { body } = await call(`/v1/field/jobs/${id}`);
    for (const query of [`q=${body["number"]}`, "q=squeak", "q=mill%20lane", `tech=${thomas.id}&status=intake`]) {
      const found = (await call(`/v1/field/jobs?${query}`)).body["data"] as { id: string }[];
      expect([query, found.map((one) => one.id)]).toEqual([query, [id]]);
    }
    expect((await call("/v1/field/jobs?q=100%25")).body["data"]).toEqual([]);
  });
});

describe("a technician", () => {
  test("sees and moves his own jobs, and nobody else's; cancelling is the office's", async () => {
    const [his, other] = [await taken({ tech: thomas.id }), await taken()];
    const seen = (await thomas.call("/v1/field/jobs?status=intake")).body["data"] as { id: string }[];
    expect(seen.map((one) => one.id)).toContain(his);
    expect(seen.map((one) => one.id)).not.toContain(other);
    expect(await thomas.call(`/v1/field/jobs/${other}`)).toMatchObject({ status: 404, body: { code: "job_unknown" } });
    expect(await move(other, "repairing", {}, thomas.call)).toMatchObject({ status: 404 });
    expect(await thomas.call(`/v1/field/jobs/${other}/notes`, { text: "hm" })).toMatchObject({ status: 404 });
    expect(await thomas.call(`/v1/field/jobs/${other}/parts`, { name: "hm" })).toMatchObject({ status: 404 });
    expect(await move(his, "cancelled", { reason: "no" }, thomas.call)).toMatchObject({ status: 403 });
    expect(await thomas.call("/v1/field/jobs", { client: mette, title: "x" })).toMatchObject({ status: 403 });
    expect(await move(his, "repairing", {}, thomas.call)).toMatchObject({ status: 200 });
    const anna = await technician(w, w.a, "Anna Lund");
    expect(await anna.call(`/v1/field/jobs/${his}`)).toMatchObject({ status: 404 });
  });

  test("who takes no work is given none, and a stranger is no member", async () => {
    const { id } = await technician(w, w.a, "Ole Vest");
    await call(`/v1/field/techs/${id}/deactivate`, {});
    expect(await call("/v1/field/jobs", { client: mette, title: "x", tech: id })).toMatchObject({
      status: 409,
      body: { code: "tech_inactive" },
    });
    const list = (await call("/v1/field/techs")).body["data"] as { id: string }[];
    expect(list.map((one) => one.id)).not.toContain(id);
    expect(await call("/v1/field/techs", { name: "No One", user: w.b.user })).toMatchObject({
      status: 404,
      body: { code: "member_unknown" },
    });
    expect(await call("/v1/field/techs", { name: "Twice", user: thomas.user })).toMatchObject({
      status: 409,
      body: { code: "tech_exists" },
    });
    const read = await call(`/v1/field/techs/${thomas.id}`);
    const renamed = { name: "Thomas H.", phone: "+4520304051" };
    const update = () =>
      call(`/v1/field/techs/${thomas.id}/update`, renamed, { "if-match": String(read.headers.get("etag")) });
    expect(await update()).toMatchObject({ status: 200, body: { ...renamed, timezone: "Europe/Copenhagen" } });
    expect(await update()).toMatchObject({ status: 412, body: { code: "tech_changed" } });
  });
});
