// Tasks that follow one another by a rule, and tasks that came from something and end with it.
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { addKey } from "#db/bootstrap.ts";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { caller, client } from "../field/floor.ts";
import { call, idOf, rowsOf, say } from "./talking.ts";

let w: World;
let a: Tenant;

beforeAll(async () => {
  w = await world({ now: "2026-11-23T08:00:00.000Z" });
  a = await tenant(w.neon, "joined");
});

const dayMs = 86_400_000;
const at = (day: string) => Date.parse(`${day}T00:00:00Z`);
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const names = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

type Rule = { freq: string; interval: number; days: string[]; monthDay: number | null };
const textOf = ({ freq, interval, days, monthDay }: Rule) =>
  [
    `FREQ=${freq}`,
    ...(interval > 1 ? [`INTERVAL=${interval}`] : []),
    ...(days.length > 0 ? [`BYDAY=${days}`] : []),
    ...(monthDay ? [`BYMONTHDAY=${monthDay}`] : []),
  ].join(";");

/** Asked day by day, which is slow and hard to get wrong. */
function falls(rule: Rule, due: string, ms: number): boolean {
  const [day, base] = [new Date(ms), new Date(at(due))];
  const months = (day.getUTCFullYear() - base.getUTCFullYear()) * 12 + day.getUTCMonth() - base.getUTCMonth();
  const last = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();
  const date = day.getUTCDate();
  const name = names[day.getUTCDay()] ?? "";
  const wanted = rule.monthDay ?? base.getUTCDate();
  const isDate = date === (wanted < 0 ? Math.max(1, last + 1 + wanted) : Math.min(wanted, last));
  const monday = (one: Date) => Math.floor((one.getTime() / dayMs + 3) / 7);
  if (rule.freq === "DAILY") return ((ms - at(due)) / dayMs) % rule.interval === 0;
  if (rule.freq === "WEEKLY")
    return (
      (monday(day) - monday(base)) % rule.interval === 0 &&
      (rule.days.length > 0 ? rule.days.includes(name) : name === names[base.getUTCDay()])
    );
  if (rule.freq === "YEARLY")
    return day.getUTCMonth() === base.getUTCMonth() && (months / 12) % rule.interval === 0 && isDate;
  if (months % rule.interval !== 0) return false;
  if (rule.days.length === 0) return isDate;
  return rule.days.some((one) => one === `${Math.ceil(date / 7)}${name}` || (one === `-1${name}` && date + 7 > last));
}

function nextDay(rule: Rule, due: string, today: string): string | null {
  for (let ms = Math.max(at(due) + dayMs, at(today)); ms < at(today) + 9000 * dayMs; ms += dayMs)
    if (falls(rule, due, ms)) return iso(ms);
  return null;
}

const days = fc.integer({ min: at("2024-01-01") / dayMs, max: at("2028-12-31") / dayMs }).map((n) => iso(n * dayMs));
const weekday = fc.constantFrom(...names);
const interval = fc.integer({ min: 1, max: 7 });
const none = { days: [] as string[], monthDay: null };
const rules: fc.Arbitrary<Rule> = fc.oneof(
  fc
    .record({ freq: fc.constantFrom("DAILY", "WEEKLY", "MONTHLY", "YEARLY"), interval })
    .map((rule) => ({ ...none, ...rule })),
  fc
    .record({ freq: fc.constant("WEEKLY"), interval, days: fc.uniqueArray(weekday, { minLength: 1, maxLength: 3 }) })
    .map((rule) => ({ ...none, ...rule })),
  fc
    .record({ interval: fc.integer({ min: 1, max: 3 }), nth: fc.constantFrom(1, 2, 3, 4, 5, -1), name: weekday })
    .map(({ nth, name, ...rule }) => ({ ...none, ...rule, freq: "MONTHLY", days: [`${nth}${name}`] })),
  fc
    .record({ interval, monthDay: fc.oneof(fc.integer({ min: 1, max: 31 }), fc.integer({ min: -31, max: -1 })) })
    .map((rule) => ({ ...none, ...rule, freq: "MONTHLY" })),
);

describe("what repeats", () => {
  test("falls on the day that going through the calendar finds, through short months, leap years and missed times", async () => {
    const cases = fc.array(fc.record({ rule: rules, due: days, late: fc.integer({ min: -40, max: 400 }) }), {
      minLength: 30,
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(cases, async (asked) => {
        const all = asked.map(({ rule, due, late }) => ({
          rule: textOf(rule),
          due,
          today: iso(at(due) + late * dayMs),
        }));
        const rows = await w.neon.query(
          "select assistant.next_due(c.rule, c.due, c.today)::text as next from rows from (jsonb_to_recordset($1::jsonb) as (rule text, due date, today date)) with ordinality c (rule, due, today, n) order by c.n",
          [JSON.stringify(all)],
        );
        expect(rows.map(({ next }, i) => ({ ...all[i], next }))).toEqual(
          asked.map(({ rule, due }, i) => ({ ...all[i], next: nextDay(rule, due, all[i]?.today ?? due) })),
        );
      }),
      { numRuns: 40 },
    );
  });

  test("a rule that is not understood, or has ended, makes no other; the 31st stays the 31st", async () => {
    const next = async (rule: string, due: string) =>
      (
        await w.neon.query("select assistant.next_due($1, $2, $2)::text as day, assistant.anchored($1, $2) as rule", [
          rule,
          due,
        ])
      )[0];
    for (const rule of [
      "FREQ=HOURLY",
      "FREQ=WEEKLY;COUNT=3",
      "FREQ=MONTHLY;BYDAY=MO",
      "FREQ=DAILY;BYDAY=MO",
      "FREQ=DAILY;INTERVAL=0",
      "FREQ=MONTHLY;BYSETPOS=1",
      "FREQ=WEEKLY;BYDAY=XX",
    ])
      expect([rule, (await next(rule, "2026-11-23"))?.["day"]]).toEqual([rule, null]);
    expect((await next("FREQ=WEEKLY;UNTIL=20261129", "2026-11-23"))?.["day"]).toBeNull();
    expect((await next("FREQ=WEEKLY;UNTIL=20261130", "2026-11-23"))?.["day"]).toBe("2026-11-30");
    expect(await next("FREQ=MONTHLY", "2027-01-31")).toEqual({ day: "2027-02-28", rule: "FREQ=MONTHLY;BYMONTHDAY=31" });
    expect(await next("FREQ=MONTHLY;BYMONTHDAY=31", "2027-02-28")).toEqual({
      day: "2027-03-31",
      rule: "FREQ=MONTHLY;BYMONTHDAY=31",
    });
    expect((await next("FREQ=YEARLY", "2028-02-29"))?.["rule"]).toBe("FREQ=YEARLY;BYMONTHDAY=29;BYMONTH=2");
  });

  test("said to be done, the next one is there in the same batch with its goal; undo takes both back; done again makes one", async () => {
    const own = await tenant(w.neon, "repeats");
    const made = await say(w, own, "Water the plants every Monday");
    const first = idOf(made.body, "Water the plants");
    const ask = <T>(path: string, json?: unknown, method?: string) =>
      call<T>(w, own.apiKey, `/v1/assistant/${path}`, json, method);
    const { body: goal } = await ask<{ id: string }>("goals", { title: "A green office" });
    const { body: can } = await ask<{ id: string }>("tasks", { title: "Fill the can" });
    await ask("links", { from: first, type: "supports_goal", to: goal.id });
    await ask("links", { from: first, type: "depends_on", to: can.id });
    const done = await say(w, own, "Water the plants is done");
    expect(done.body).toMatchObject({ counts: { tasks_updated: 1, tasks_created: 1, links_created: 1 } });
    type Task = { id: string; due_date: string; status: string; follows_id: string | null; repeats: string };
    const open = async () =>
      (await ask<{ data: Task[] }>("tasks?status=open")).body.data.filter(({ id }) => id !== can.id);
    expect(await open()).toMatchObject([
      { due_date: "2026-11-30", follows_id: first, repeats: "FREQ=WEEKLY;BYDAY=MO" },
    ]);
    const next = (await open())[0]?.id;
    const { body: links } = await ask<{ data: { type: string; to: { entity_id: string } }[] }>(`links?entity=${next}`);
    expect(links.data).toMatchObject([{ type: "supports_goal", to: { entity_id: goal.id } }]);
    const undone = await ask<{ undone: object[]; kept: object[] }>(`captures/${done.body.id}/undo`, {});
    expect(undone.body).toMatchObject({
      kept: [],
      undone: [{ entity_type: "link" }, { entity_id: next }, { entity_id: first }],
    });
    expect(await open()).toMatchObject([{ id: first, due_date: "2026-11-23" }]);
    for (const status of ["done", "open", "done"])
      expect((await ask(`tasks/${first}`, { status }, "PATCH")).status).toBe(200);
    expect(await open()).toMatchObject([{ due_date: "2026-11-30", follows_id: first }]);
    expect((await rowsOf(w, own, "tasks")).filter(({ status }) => status === "archived")).toHaveLength(1);
  });
});

describe("what came from something", () => {
  type Task = {
    id: string;
    status: string;
    ref_type: string | null;
    source_evidence_id: string | null;
    closed_by_event_id: string | null;
    code?: string;
  };
  const from = (key: string, table: string, pk: string, title = "See to it") =>
    call<Task>(w, key, "/v1/assistant/tasks", { title, from: { table, pk } });
  const task = async (key: string, id: string) => (await call<Task>(w, key, `/v1/assistant/tasks/${id}`)).body;
  const karen = "0195f3c0-0000-7000-8000-0000000ca11e";

  test("a job: closing it closes the tasks of everybody, once, by a line of the ledger; cancelling it puts them away", async () => {
    await w.neon.query("insert into shared.users (id, name) values ($1, 'Karen') on conflict do nothing", [karen]);
    const karens = await addKey(w.neon, {
      ...a,
      user: karen,
      permissions: ["assistant:use", "field:read", "outbound:read"],
    });
    const floor = caller(w, a.apiKey);
    const made = async () =>
      String((await floor("/v1/field/jobs", { client: await client(w, a), title: "Boiler" })).body["id"]);
    const [job, other] = [await made(), await made()];
    const mine = (await from(a.apiKey, "field.jobs", job)).body;
    expect(mine).toMatchObject({ ref_type: "job", ref_id: job, closed_by_event_id: null });
    const hers = (await from(karens, "field.jobs", job)).body;
    const held = (await from(karens, "field.jobs", other)).body;
    const finished = (await from(a.apiKey, "field.jobs", job, "Done before")).body;
    await call(w, a.apiKey, `/v1/assistant/tasks/${finished.id}`, { status: "done" }, "PATCH");
    for (const to of ["repairing", "ready", "closed"])
      expect(await floor(`/v1/field/jobs/${job}/move`, { to })).toMatchObject({ status: 200 });
    const closed = await task(a.apiKey, mine.id);
    expect([closed.status, (await task(karens, hers.id)).status]).toEqual(["done", "done"]);
    expect((await task(a.apiKey, finished.id)).closed_by_event_id).toBeNull();
    const lines = await w.neon.query(
      "select user_id, actor, ref_id, payload from shared.events where project_id = $1 and kind = 'assistant.task.closed' order by user_id = $2 desc",
      [a.project, a.user],
    );
    const by = { status: "done", by_event: closed.closed_by_event_id };
    expect(lines).toEqual([
      { user_id: a.user, actor: "system:assistant", ref_id: mine.id, payload: by },
      { user_id: karen, actor: "system:assistant", ref_id: hers.id, payload: by },
    ]);
    const [line] = await w.neon.query("select kind, payload->>'to' as to from shared.events where id = $1", [
      closed.closed_by_event_id,
    ]);
    expect(line).toEqual({ kind: "job.status.changed", to: "closed" });
    expect((await floor(`/v1/field/jobs/${other}/move`, { to: "cancelled", reason: "client" })).status).toBe(200);
    expect((await task(karens, held.id)).status).toBe("archived");
  });

  test("an approval: decided, the task is done; withdrawn, it is put away", async () => {
    const write = async (state: string) => {
      const id = w.runtime.ids.next("message");
      const sender = `snd_joined_${process.pid}`;
      await w.neon.query(
        `insert into outbound.senders (project_id, account_scope_id, id, provider, channel, name, address, credentials_sealed)
         values ($1, $2, $3, 'twilio', 'sms', 'W', '+4570102099', 'x') on conflict do nothing`,
        [a.project, a.accountScope, sender],
      );
      await w.neon.query(
        `insert into outbound.messages (project_id, account_scope_id, id, contact_id, channel, sender_id, class, recipient, recipient_hash, zones, body, idempotency_key, dedupe_key, written_by, state, evidence_refs)
         values ($1, $2, $3, $4, 'sms', $5, 'transactional', '+4520304050', 'h', '{UTC}', 'Hej', $3, $3, 'user:x', $6, '{evi_x}')`,
        [a.project, a.accountScope, id, await client(w, a), sender, state],
      );
      return id;
    };
    const floor = caller(w, a.apiKey);
    for (const [act, becomes] of [
      ["approve", "done"],
      ["return", "done"],
      ["cancel", "archived"],
    ] as const) {
      const message = await write("pending");
      const { body } = await from(a.apiKey, "outbound.messages", message);
      const answer = await floor(`/v1/outbound/messages/${message}/${act}`, act === "cancel" ? {} : { version: 1 });
      expect([act, answer.status, (await task(a.apiKey, body.id)).status]).toEqual([act, 200, becomes]);
    }
  });

  test("a message that is evidence is kept as it; what one may not see, or is not there, is not found", async () => {
    const item = w.runtime.ids.next("evidence");
    await w.neon.query(
      `insert into shared.evidence_items (project_id, account_scope_id, id, source_table, source_pk, content_hash, visibility, occurred_at)
       values ($1, $2, $3, 'field.messages', 'msg_x', 'h', 1, now())`,
      [a.project, a.accountScope, item],
    );
    const { body } = await from(a.apiKey, "field.messages", "msg_x");
    expect(body).toMatchObject({ source_evidence_id: item, ref_type: null, needs_review: null });
    // Words that change afterwards are a reason to look at it; whoever touches it has looked.
    const becomes = async (change: string) => {
      w.clock.advance(60_000);
      await w.neon.query(
        `update shared.evidence_items set version = version + 1, updated_at = $2, ${change} where id = $1`,
        [item, w.clock.now().toISOString()],
      );
      return task(a.apiKey, body.id);
    };
    expect(await becomes("content_hash = 'other'")).toMatchObject({ needs_review: "evidence_edited" });
    w.clock.advance(60_000);
    const touched = await call(w, a.apiKey, `/v1/assistant/tasks/${body.id}`, { priority: 2 }, "PATCH");
    expect(touched.body).toMatchObject({ priority: 2, needs_review: null });
    expect(await becomes("withdrawn_at = now()")).toMatchObject({ needs_review: "evidence_withdrawn" });
    await becomes("withdrawn_at = null");
    const job = String(
      (await caller(w, a.apiKey)("/v1/field/jobs", { client: await client(w, a), title: "Boiler" })).body["id"],
    );
    const blind = await addKey(w.neon, { ...a, permissions: ["assistant:use"] });
    for (const [key, table, pk] of [
      [a.apiKey, "field.messages", "msg_nowhere"],
      [a.apiKey, "field.jobs", "job_nowhere"],
      [a.apiKey, "shared.users", a.user],
      [blind, "field.jobs", job],
      [blind, "field.messages", "msg_x"],
      [w.b.apiKey, "field.jobs", job],
      [w.b.apiKey, "field.messages", "msg_x"],
    ] as const) {
      const answer = await from(key, table, pk);
      expect([table, pk, answer.status, answer.body.code]).toEqual([table, pk, 404, "source_not_found"]);
    }
  });
});
