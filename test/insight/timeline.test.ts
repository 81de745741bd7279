// A person's timeline: everything in one order, in one request, page by page, by indexes, and only what the reader may read.
import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { send } from "#brain/kernel/batch.ts";
import { addKey } from "#db/bootstrap.ts";
import { heard, message } from "#test/inbox/chatwoot.ts";
import { scriptedCarrier } from "#test/kit/carrier.ts";
import { ctxOf, systemOf } from "#test/kit/ctx.ts";
import { bound, smsForm, twilioCalls } from "#test/kit/providers.ts";
import { type World, world } from "#test/kit/world.ts";
import { type Customer, customer, dispatchDue, queueMessage } from "#test/outbound/customer.ts";
import { known, merge, office, unmerge } from "#test/people/office.ts";

type Entry = {
  place: string;
  kind: string;
  at: string;
  text: string | null;
  state: string | null;
  moves: { state: string }[];
};

let w: World;
let c: Customer;
let other: string;
let outbound: string;

const day = (n: number) => `2026-11-${String(n).padStart(2, "0")}T09:00:00.000Z`;

async function jobOf(client: string) {
  const place = [w.a.project, w.a.accountScope];
  await w.neon.query(
    "insert into field.techs (project_id, account_scope_id, id, name) values ($1, $2, 'tec_1', 'Tove')",
    place,
  );
  await w.neon.query(
    `insert into field.jobs (project_id, account_scope_id, id, number, client_id, title, status, scheduled_for, created_at)
     values ($1, $2, 'job_1', 1, $3, 'Pump hums', 'scheduled', $4, $5)`,
    [...place, client, day(25), day(10)],
  );
  await w.neon.query(
    `insert into field.schedule (project_id, account_scope_id, id, job_id, tech_id, start_ts, end_ts, blocked_from, blocked_until)
     values ($1, $2, 'sch_1', 'job_1', 'tec_1', $3, $3::timestamptz + interval '2 hours', $3, $3::timestamptz + interval '2 hours')`,
    [...place, day(25)],
  );
  for (const [id, kind, payload, at] of [
    ["evt_j1", "job.created", {}, day(10)],
    ["evt_j2", "job.status.changed", { from: "intake", to: "scheduled" }, day(11)],
  ] as const)
    await w.neon.query(
      `insert into shared.events (project_id, account_scope_id, id, request_id, kind, actor, ref_type, ref_id, payload, ts)
       values ($1, $2, $3, 'req_1', $4, 'user:tove', 'job', 'job_1', $5, $6)`,
      [...place, id, kind, JSON.stringify(payload), at],
    );
}

async function answerFor(id: string, audience: string, at: string) {
  await w.neon.query(
    `insert into memory.answers (project_id, account_scope_id, id, actor, request_id, question, audience, status, answerer, created_at)
     values ($1, $2, $3, 'key:bot', 'req_1', 'When do you come?', $4, 'insufficient_evidence', 'none', $5)`,
    [w.a.project, w.a.accountScope, id, JSON.stringify({ kind: "contact", id: audience }), at],
  );
}

beforeAll(async () => {
  w = await world({ carriers: { twilio: scriptedCarrier().port } });
  c = await customer(w, w.a);
  outbound = await queueMessage(w, w.a, c);
  await dispatchDue(w, w.a);
  await heard(
    w,
    w.a,
    message(c.talk, {
      content: "Internal canary",
      private: true,
      message_type: "outgoing",
      created_at: day(12),
      conversation: c.conversation(),
    }),
  );
  await jobOf(c.person);
  await answerFor("ans_1", String(c.talk.contact), day(13));
  // Another record of his, which writes by SMS to a number of ours.
  const source = await bound(w, w.a, "twilio");
  await twilioCalls(w, source, smsForm(source, "+4521212121", "It is me again"));
  const [row] = await w.neon.query(
    "select contact_id from people.contact_points where project_id = $1 and value_norm = '+4521212121'",
    [w.a.project],
  );
  other = String(row?.["contact_id"]);
  // And somebody else, with words of his own.
  const stranger = await customer(w, w.a);
  await queueMessage(w, w.a, stranger);
});

const timeline = async (contact: string, more = "", key = w.a.apiKey) => {
  const answer = await w.fetch(`/v1/insight/timeline?contact_id=${contact}${more}`, { key });
  return {
    status: answer.status,
    body: (await answer.json()) as { data: Entry[]; next_cursor: string | null; code?: string },
  };
};

test("tells everything in one order, in one request, with what became of what was sent", async () => {
  w.neon.resetStats();
  const { status, body } = await timeline(c.person, "&limit=100");
  expect([status, w.neon.stats().requests]).toEqual([200, 1]);
  expect(body.data.map(({ kind, at }) => `${kind} ${at.slice(0, 10)}`)).toEqual([
    "appointment 2026-11-25",
    "change 2026-11-15",
    "outbound 2026-11-15",
    "answer 2026-11-13",
    "chat 2026-11-12",
    "job 2026-11-11",
    "job 2026-11-10",
    "chat 2026-11-01",
  ]);
  const sent = body.data.find(({ kind }) => kind === "outbound");
  expect(sent).toMatchObject({ place: `outbound:${outbound}`, state: "submitted", channel: "sms", direction: "out" });
  expect(sent?.moves.map(({ state }) => state)).toEqual(["submitting", "submitted"]);
  expect(body.data.find(({ kind }) => kind === "appointment")).toMatchObject({
    text: "#1 Pump hums",
    by: "Tove",
    state: "planned",
  });
  expect(body.data.find(({ place }) => place === "job:evt_j2")).toMatchObject({
    state: "job.status.changed",
    reason: "scheduled",
  });
  expect(body.data.find(({ at }) => at.startsWith("2026-11-12"))).toMatchObject({
    private: true,
    text: "Internal canary",
  });
});

test("is turned page by page without a gap or a repetition, and narrowed to kinds", async () => {
  const whole = (await timeline(c.person, "&limit=100")).body.data.map(({ place }) => place);
  for (const limit of [1, 3]) {
    const met: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const { body } = await timeline(c.person, `&limit=${limit}${cursor ? `&cursor=${cursor}` : ""}`);
      met.push(...body.data.map(({ place }) => place));
      cursor = body.next_cursor;
    }
    expect(met).toEqual(whole);
  }
  const jobs = await timeline(c.person, "&kinds=job,appointment");
  expect(jobs.body.data.map(({ kind }) => kind)).toEqual(["appointment", "job", "job"]);
  expect((await timeline(c.person, "&kinds=JOB")).status).toBe(400);
});

test("is one for merged records, whichever is asked for, and two again when they are apart", async () => {
  const before = (await timeline(other)).body.data.map(({ kind }) => kind);
  expect(before).toContain("message");
  expect(before).not.toContain("chat");
  await merge(w, w.a, other, c.person);
  const [one, two] = [await timeline(c.person, "&limit=100"), await timeline(other, "&limit=100")];
  expect(one.body.data).toEqual(two.body.data);
  expect(one.body.data.map(({ text }) => text)).toEqual(expect.arrayContaining(["It is me again", "Kedlen larmer"]));
  expect(one.body.data.filter(({ state }) => state === "contact.merged")).toHaveLength(1);
  await unmerge(w, w.a, other);
  expect((await timeline(other)).body.data.map(({ text }) => text)).not.toContain("Kedlen larmer");
});

test("shows nobody else's, in this house or another, and to a reader only what he may read", async () => {
  expect(JSON.stringify((await timeline(await known(w, w.a, { name: "New" }))).body.data)).toBe("[]");
  expect((await timeline(c.person, "", w.b.apiKey)).body.code).toBe("contact_unknown");
  expect((await office(w, w.a).get("/insight/timeline?contact_id=none")).status).toBe(404);
  const key = await addKey(w.neon, { ...w.a, permissions: ["people:read", "field:read"], name: "no inbox" });
  const { body } = await timeline(c.person, "&limit=100", key);
  expect([...new Set(body.data.map(({ kind }) => kind))].sort()).toEqual(["appointment", "change", "job"]);
  expect(JSON.stringify(body)).not.toContain("canary");
});

test("reads no big table from end to end", async () => {
  // Whatever others left in the tables of this process, and the plans made for that: is there an index for everything?
  await w.neon.exec("discard plans");
  const ctx = ctxOf(w, systemOf(w.a), { permission: "inbox:read" });
  const scans = sql`select relname, seq_scan::int as n from pg_stat_xact_user_tables where schemaname || '.' || relname
    in ('inbox.cw_messages', 'inbox.cw_contacts', 'field.messages', 'outbound.messages', 'field.jobs', 'field.schedule', 'memory.answers',
      'shared.events', 'shared.evidence_items', 'people.contacts') order by 1, 2`;
  const all = sql`select set_config('app.permissions', '["inbox:read","field:read","outbound:read","memory:read","people:read"]', true),
    set_config('enable_seqscan', 'off', true)`;
  const read = sql`select count(*)::int as n from insight.timeline(${c.person}, null, null, null, 50) t`;
  const answers = await send(ctx, [
    ctx.db.execute(all),
    ctx.db.execute(scans),
    ctx.db.execute(read),
    ctx.db.execute(scans),
  ]);
  expect(Number(answers[2].rows[0]?.["n"])).toBeGreaterThan(6);
  expect(answers[3].rows).toEqual(answers[1].rows);
  expect(answers[3].rows).toHaveLength(10);
  await w.neon.exec("discard plans");
});
