// A campaign's approval: by somebody else where four eyes are asked, of exactly what was read; and a worker that dies in between.
import { beforeEach, describe, expect, test } from "vitest";
import { campaignRule } from "#brain/outbound/index.ts";
import { addKey } from "#db/bootstrap.ts";
import { deliver } from "#test/kit/jobs.ts";
import { type Campaigning, campaigning, members } from "./campaigning.ts";

let c: Campaigning;
beforeEach(async () => {
  c = await campaigning();
});

const approve = (id: string, version: number, key?: string) => c.post(`/campaigns/${id}/approve`, { version }, key);

describe("an approval", () => {
  test("under four eyes is somebody else's", async () => {
    await members(c.w, c.w.a, { count: 2, tag: "f" });
    await c.w.neon.query(
      "insert into outbound.settings (project_id, account_scope_id, four_eyes) values ($1, $2, true)",
      [c.w.a.project, c.w.a.accountScope],
    );
    const { id, version } = await c.campaign();
    expect(await approve(id, version)).toMatchObject({ status: 403, body: { code: "four_eyes_required" } });
    const other = await addKey(c.w.neon, { ...c.w.a, permissions: ["outbound:approve"], name: "approves" });
    expect(await approve(id, version, other)).toMatchObject({ status: 200, body: { state: "approved" } });
    const writesOnly = await addKey(c.w.neon, { ...c.w.a, permissions: ["outbound:write"], name: "writes" });
    expect(await approve(id, version + 1, writesOnly)).toMatchObject({
      status: 403,
      body: { code: "permission_missing" },
    });
  });

  test("is of the version that was read, and is taken back by a change", async () => {
    const { id, version, segment, name } = await c.campaign();
    expect(await approve(id, version + 1)).toMatchObject({ status: 412, body: { code: "campaign_changed" } });
    await approve(id, version);
    const changed = await c.post(`/campaigns/${id}/update`, {
      version: version + 1,
      name: "Another name",
      segment: segment.id,
      steps: [{ template: name }, { template: name, wait_seconds: 60 }],
    });
    expect(changed.body).toMatchObject({
      state: "draft",
      reason: "content_changed_after_approval",
      steps: [{}, { wait_seconds: 60 }],
    });
    expect(await c.post(`/campaigns/${id}/start`, {})).toMatchObject({
      status: 409,
      body: { code: "campaign_invalid_state" },
    });
  });

  test("does not cover another segment; a newer text does not change what was approved", async () => {
    await members(c.w, c.w.a, { count: 3, tag: "s" });
    const { id, version, segment, template } = await c.campaign({ class: "transactional" });
    await approve(id, version);
    await c.post(`/templates/${template.id}/update`, { version: 1, text: "Quite other words" });
    await c.post(`/segments/${segment.id}/update`, { version: 1, name: "Wider", filter: {} });
    expect(await c.post(`/campaigns/${id}/start`, {})).toMatchObject({
      status: 409,
      body: { code: "content_changed_after_approval" },
    });
    await c.post(`/segments/${segment.id}/update`, {
      version: 2,
      name: "Wider",
      filter: { all: [{ field: "name", contains: "Member" }] },
    });
    expect(await c.post(`/campaigns/${id}/start`, {})).toMatchObject({ status: 200, body: { members: 3 } });
    await c.run();
    expect(c.carrier.asked.map(({ text }) => text)).toEqual(
      Array(3).fill(expect.stringContaining("time for your boiler")),
    );
    const rows = await c.w.neon.query(
      "select distinct approved_by = written_by as own, seal is not null as sealed, template_id from outbound.messages where campaign_id = $1",
      [id],
    );
    expect(rows).toEqual([{ own: true, sealed: true, template_id: template.id }]);
  });

  test("of words that were changed behind our back holds nothing: the campaign stops before it writes", async () => {
    await members(c.w, c.w.a, { count: 3, tag: "b" });
    const { id, version, template } = await c.campaign({ class: "transactional" });
    await approve(id, version);
    await c.post(`/campaigns/${id}/start`, {});
    await c.w.neon.query("update outbound.templates set body = 'Win a boat' where id = $1", [template.id]);
    await c.run();
    expect(c.carrier.asked).toEqual([]);
    expect(await c.get(`/campaigns/${id}`)).toMatchObject({
      state: "paused",
      reason: "content_changed_after_approval",
    });
    expect(await c.post(`/campaigns/${id}/resume`, {})).toMatchObject({
      status: 409,
      body: { code: "content_changed_after_approval" },
    });
  });

  test("is refused for a template of another class or none, and a segment nobody is in does not start", async () => {
    const made = await c.campaign({ class: "transactional" });
    const other = await c.post("/campaigns", {
      name: "X",
      segment: made.segment.id,
      channel: "sms",
      steps: [{ template: made.name }],
    });
    expect(await approve(other.body.id, 1)).toMatchObject({ status: 422, body: { code: "template_class_differs" } });
    const none = await c.post("/campaigns", {
      name: "X",
      segment: made.segment.id,
      channel: "sms",
      steps: [{ template: "no-such" }],
    });
    expect(await approve(none.body.id, 1)).toMatchObject({ status: 422, body: { code: "template_missing" } });
    await approve(made.id, made.version);
    expect(await c.post(`/campaigns/${made.id}/start`, {})).toMatchObject({
      status: 422,
      body: { code: "segment_empty" },
    });
    expect(await c.get(`/campaigns/${made.id}`)).toMatchObject({ state: "approved", progress: { members: 0 } });
  });
});

describe("seventeen hundred members", () => {
  test("are written in bounded batches over chained runs; a run that died in between is gone on with, each member once", async () => {
    await members(c.w, c.w.a, { count: 1700, tag: "k" });
    // Long words make a request's batch smaller: 157 people.
    const { id, version } = await c.campaign({
      class: "transactional",
      text: `{{contact_name}} ${"word ".repeat(1170)}`,
    });
    await approve(id, version);
    await c.post(`/campaigns/${id}/start`, {});
    // As the queue does: what was answered 503 comes again.
    const deliverRun = () => deliver(c.w, "outbound.campaigns.run", { project: c.w.a.project, campaign: id });
    const run = async () => {
      for (let tries = 0; tries < 9; tries++) {
        const answer = await deliverRun();
        if (answer.status === 200) return;
      }
    };
    const queued = async () => {
      const query =
        "select count(*)::int as n, count(distinct contact_id)::int as people from outbound.messages where campaign_id = $1";
      return (await c.w.neon.query(query, [id]))[0];
    };
    c.w.queue.published.splice(0);
    c.w.neon.resetStats();
    await deliverRun();
    // Eleven: the words with the first members, then each batch with the next ones. After the answer: what was handed over, and the run itself.
    expect(c.w.neon.stats().requests).toBeLessThanOrEqual(3 + campaignRule.batches);
    const first = Number((await queued())?.["n"]);
    expect(first).toBeLessThanOrEqual(157 * campaignRule.batches);
    // The second run dies right after a batch was written, of which it never hears; others go on after that one.
    c.w.neon.faults.next({ kind: "after-commit", status: 500, match: /campaign_put/ });
    expect((await deliverRun()).status).toBe(503);
    await run();
    await run();
    expect(await queued()).toEqual({ n: 1700, people: 1700 });
    expect(await c.get(`/campaigns/${id}`)).toMatchObject({ progress: { members: 1700, queued: 1700, unsent: {} } });
  }, 180_000);

  test("a wake-up that was lost is found by the sweep", async () => {
    await members(c.w, c.w.a, { count: 5, tag: "l" });
    const { id, version } = await c.campaign({ class: "transactional" });
    await approve(id, version);
    await c.post(`/campaigns/${id}/start`, {});
    c.w.queue.published.splice(0);
    await c.w.neon.query(
      "update shared.outbox set state = 'done' where project_id = $1 and kind = 'outbound.campaigns.run'",
      [c.w.a.project],
    );
    c.w.clock.advance(120_000);
    expect((await deliver(c.w, "shared.tick", {})).status).toBe(200);
    for (let i = 0; i < 4; i++) await c.runDue();
    await deliver(c.w, "shared.sweep", { project: c.w.a.project });
    await c.runDue();
    expect(c.carrier.asked).toHaveLength(5);
  });
});

test("segments hold exactly whom they describe", async () => {
  const people = await members(c.w, c.w.a, { count: 4, tag: "q" });
  const set = (sql: string, i: number) =>
    c.w.neon.query(`update people.contacts set ${sql} where id = $1`, [people[i]]);
  await set("language = 'da', preferred_channel = 'sms'", 0);
  await set("name = 'Åse ÆØ', language = null", 1);
  await set("erased_at = now()", 2);
  await c.w.neon.query("delete from people.contact_points where contact_id = $1", [people[3]]);
  await c.w.neon.query(
    `insert into shared.evidence_items (project_id, account_scope_id, id, source_table, source_pk, content_hash, visibility, contact_id, occurred_at)
     values ($1, $2, 'evi_q', 'inbox.cw_messages', 'evi_q', 'h', 1, $3, '2026-11-10')`,
    [c.w.a.project, c.w.a.accountScope, people[3]],
  );
  const holds = async (filter: unknown) => {
    const { body } = await c.post("/segments/count", { filter });
    const ids = (body["first"] as { id: string }[]).map((row) => row.id);
    expect(ids).toHaveLength(Number(body["people"]));
    return ids.filter((id) => people.includes(id)).map((id) => people.indexOf(id));
  };
  expect(await holds({})).toEqual([0, 1, 3]);
  expect(await holds({ all: [{ field: "language", is: ["da", "sv"] }] })).toEqual([0]);
  expect(await holds({ none: [{ field: "language", is: ["da"] }] })).toEqual([1, 3]);
  expect(await holds({ all: [{ field: "name", contains: "åse æ" }] })).toEqual([1]);
  expect(await holds({ all: [{ field: "name", contains: "%" }] })).toEqual([]);
  expect(
    await holds({
      all: [{ field: "reachable", on: "sms" }],
      any: [
        { field: "preferred_channel", is: ["sms"] },
        { field: "name", contains: "Åse" },
      ],
    }),
  ).toEqual([0, 1]);
  expect(await holds({ all: [{ field: "last_contact", when: "after", at: "2026-11-09T00:00:00Z" }] })).toEqual([3]);
  expect(
    await holds({
      all: [
        { field: "last_contact_days", when: "not_within", days: 3 },
        { field: "reachable", on: "sms" },
      ],
    }),
  ).toEqual([0, 1]);
  expect(await holds({ none: [{ field: "consent", channel: "sms", scope: "marketing" }] })).toEqual([]);
  expect(await c.post("/segments/count", { filter: { all: [{ field: "id; drop table", is: [1] }] } })).toMatchObject({
    status: 400,
  });
  expect(await c.post("/segments/count", { filter: { every: [] } })).toMatchObject({ status: 400 });
});
