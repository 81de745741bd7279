// What a client was told and is not so any more: a false belief with a draft that corrects it, and what cites it needs a look.
import { beforeAll, expect, test } from "vitest";
import { caller, technician } from "#test/field/floor.ts";
import { scriptedCarrier } from "#test/kit/carrier.ts";
import { deliver } from "#test/kit/jobs.ts";
import { type World, world } from "#test/kit/world.ts";
import { type Customer, customer, dispatchDue, queueMessage } from "#test/outbound/customer.ts";

let w: World;
let office: ReturnType<typeof caller>;
let thomas: Awaited<ReturnType<typeof technician>>;
type Risk = {
  id: string;
  status: string;
  sentence: string | null;
  reason: string | null;
  action: { message: string; state: string } | null;
};

beforeAll(async () => {
  w = await world({ carriers: { twilio: scriptedCarrier().port }, now: "2026-11-23T09:00:00.000Z" });
  office = caller(w, w.a.apiKey);
  await w.neon.query(
    `insert into outbound.settings (project_id, account_scope_id, cap_count) values ($1, $2, 100)
     on conflict (project_id) do update set cap_count = 100`,
    [w.a.project, w.a.accountScope],
  );
  await w.neon.query("update identity.projects set timezone = 'Europe/Copenhagen' where id = $1", [w.a.project]);
  thomas = await technician(w, w.a);
});

const watch = async (times = 1) => {
  for (let i = 0; i < times; i += 1)
    expect((await deliver(w, "insight.promises.watch", { project: w.a.project })).status).toBe(200);
};
const later = (minutes: number) => w.clock.advance(minutes * 60_000);
const risks = async (of: Customer, status = "open") =>
  (await office(`/v1/insight/risks?kind=false_belief&status=${status}&contact=${of.person}`)).body["data"] as Risk[];
const knows = async (of: Customer, fact: string) =>
  (
    await w.neon.query(
      "select status, believed_value, source from world.knowledge_edges where fact_id = $1 and knower = $2 and superseded_at is null",
      [fact, `contact:${of.person}`],
    )
  )[0];
const message = async (id: string) =>
  (await office(`/v1/outbound/messages/${id}`)).body as {
    state: string;
    version: number;
    text: string;
    reason: string | null;
  };

async function price(amount: number, id?: string, since?: string): Promise<string> {
  const made = await office("/v1/world/facts", {
    subject: firm,
    attribute: "price.hourly",
    value: { amount_minor: amount, currency: "DKK" },
    value_type: "currency",
    unit: "per hour",
    visibility: "public",
    ...(since ? { valid_from: since } : {}),
    ...(id
      ? { provenance: { source_type: "user_entered", source_ref: "list", evidence: id } }
      : { provenance: { source_type: "user_entered", source_ref: "list" } }),
  });
  expect(made.status).toBe(201);
  return String(made.body["id"]);
}
let firm: string;

test("a price he was told is superseded: he believes the old one until the correction that somebody approved is delivered", async () => {
  const [told, meanwhile] = [await customer(w, w.a), await customer(w, w.a)];
  firm = String((await office("/v1/world/entities", { type: "Company", name: "Holm VVS" })).body["id"]);
  const old = await price(69_500);
  for (const of of [told, meanwhile]) await queueMessage(w, w.a, of, { text: "An hour is 695 kr.", evidence: [old] });
  await dispatchDue(w, w.a);
  await watch(2);
  expect(await knows(told, old)).toEqual({ status: "confirmed", believed_value: null, source: "user_told" });

  later(5);
  const now = await price(74_500);
  later(11);
  await queueMessage(w, w.a, meanwhile, { text: "An hour is 745 kr. from now on.", evidence: [now] });
  await dispatchDue(w, w.a);
  await watch(3);
  expect(await knows(told, now)).toEqual({
    status: "false_belief",
    believed_value: { amount_minor: 69_500, currency: "DKK" },
    source: "user_told",
  });
  expect(await knows(meanwhile, now)).toMatchObject({ status: "confirmed" });
  expect(await risks(meanwhile)).toEqual([]);

  const open = await risks(told);
  expect(open).toMatchObject([{ sentence: "Price hourly: 695.00 DKK per hour", action: { state: "draft" } }]);
  const draft = open[0]?.action?.message ?? "";
  const written = await message(draft);
  expect(written.text).toBe(
    'We told you "hourly price: DKK 695.00 per hour". That has changed: it is now DKK 745.00 per hour. We are sorry for the trouble.',
  );
  // It does not leave by itself.
  later(600);
  await dispatchDue(w, w.a);
  await watch();
  expect((await message(draft)).state).toBe("draft");
  expect(await risks(told)).toHaveLength(1);

  expect((await office(`/v1/outbound/messages/${draft}/approve`, { version: written.version })).status).toBe(200);
  expect((await office(`/v1/outbound/messages/${draft}/send`, {})).status).toBe(200);
  await watch();
  expect(await knows(told, now)).toMatchObject({ status: "false_belief" });
  await dispatchDue(w, w.a);
  await watch(2);
  expect(await knows(told, now)).toMatchObject({ status: "confirmed" });
  expect(await risks(told)).toEqual([]);
  expect(await risks(told, "resolved")).toMatchObject([{ reason: "told" }]);
});

test("an appointment that was moved without a word: the item, the correction, and it is gone when he is told", async () => {
  const [quiet, back] = [await customer(w, w.a), await customer(w, w.a)];
  w.clock.set("2026-11-24T07:00:00.000Z");
  const booked: { id: string; version: number; job: string }[] = [];
  for (const [of, start] of [
    [quiet, "2026-11-25T10:00:00+01:00"],
    [back, "2026-11-25T13:00:00+01:00"],
  ] as const) {
    const job = String((await office("/v1/field/jobs", { client: of.person, title: "the pump" })).body["id"]);
    const made = await office("/v1/field/schedule", { job, tech: thomas.id, start, minutes: 60 });
    expect(made.status).toBe(201);
    booked.push({ ...(made.body as { id: string; version: number }), job });
  }
  const tell = async () => {
    await deliver(w, "field.notices.tell", { project: w.a.project });
    later(3);
    await dispatchDue(w, w.a);
  };
  await tell();
  await watch(2);
  const rules = (await office("/v1/field/notices/rules")).body["data"] as { event: string; version: number }[];
  const off = await w.fetch("/v1/field/notices/rules", {
    key: w.a.apiKey,
    method: "PATCH",
    json: {
      event: "rescheduled",
      enabled: false,
      version: rules.find(({ event }) => event === "rescheduled")?.version,
    },
    headers: { "idempotency-key": '"off"' },
  });
  expect(off.status).toBe(200);
  const move = (n: number, start: string) => async () => {
    const [last] = await w.neon.query(
      "select id, version from field.schedule where job_id = $1 and status <> 'cancelled'",
      [booked[n]?.job],
    );
    const moved = await office(`/v1/field/schedule/${last?.["id"]}/reschedule`, { start, version: last?.["version"] });
    expect(moved.status).toBe(201);
    await tell();
  };
  await move(0, "2026-11-25T15:00:00+01:00")();
  await move(1, "2026-11-25T08:00:00+01:00")();
  await watch(2);
  expect(await risks(quiet)).toEqual([]);
  later(11);
  await watch(2);
  const [item] = await risks(quiet);
  expect(item).toMatchObject({ sentence: "Appointment starts: 2026-11-25 10:00", action: { state: "draft" } });
  expect((await message(item?.action?.message ?? "")).text).toMatch(
    /25 November 2026, 10:00\. It was moved and now begins .*25 November 2026, 15:00\./,
  );

  // Moved to where it was: he is right again, and the draft is withdrawn.
  const [needless] = await risks(back);
  await move(1, "2026-11-25T13:00:00+01:00")();
  await watch();
  later(11);
  await watch();
  expect(await risks(back)).toEqual([]);
  expect((await message(needless?.action?.message ?? "")).state).toBe("cancelled");
  expect(await risks(quiet)).toHaveLength(1);
});

test("a fact superseded or evidence edited: what cites it needs a look, an approval is taken back, what does not cite it stays", async () => {
  const of = await customer(w, w.a);
  const fact = await price(80_000, of.evidence);
  const write = async (evidence: string[], text: string) => {
    const made = await office("/v1/outbound/messages", {
      contact: of.person,
      channel: "sms",
      text,
      evidence,
      sender: of.sender,
    });
    expect(made.status).toBe(201);
    return { id: String(made.body["id"]), version: Number(made.body["version"]) };
  };
  const [draft, approved, other] = [
    await write([fact], "An hour is 800 kr."),
    await write([fact], "An hour is 800 kr., as agreed."),
    await write([of.evidence], "We have your message."),
  ];
  for (const { id, version } of [approved, other])
    expect((await office(`/v1/outbound/messages/${id}/approve`, { version })).status).toBe(200);
  expect((await office(`/v1/outbound/messages/${other.id}/send`, {})).status).toBe(200);
  const place = [w.a.project, w.a.accountScope, `ans_beliefs_${process.pid}`];
  await w.neon.query(
    `insert into memory.answers (project_id, account_scope_id, id, actor, request_id, question, audience, status, answerer)
     values ($1, $2, $3, 'key:bot', 'req_1', 'What is an hour?', '{"kind":"staff"}', 'answered', 'none')`,
    place,
  );
  await w.neon.query(
    `insert into memory.answer_citations (project_id, account_scope_id, answer_id, position, evidence_id, evidence_version, source_table, source_pk, quote, occurred_at)
     select $1, $2, $3, 0, e.id, e.version, e.source_table, e.source_pk, 'An hour is 800 kr.', e.occurred_at from shared.evidence_items e where e.id = $4`,
    [...place, of.evidence],
  );

  // The fact itself is cited too.
  const asked = (await office("/v1/ask", { question: "What is the hourly price of Holm VVS?" })).body;
  expect(JSON.stringify(asked["citations"])).toContain('"world.facts"');

  const seen = async (id: string) => {
    const { state, reason } = await message(id);
    return [state, reason];
  };
  // From next month on it is dearer: today nothing has changed.
  await price(95_000, undefined, "2027-01-01T00:00:00Z");
  expect([await seen(draft.id), await seen(approved.id)]).toEqual([
    ["draft", null],
    ["approved", null],
  ]);

  await price(85_000);
  expect(await seen(draft.id)).toEqual(["draft", "cited_fact_changed"]);
  expect(await seen(approved.id)).toEqual(["draft", "cited_fact_changed"]);
  expect(await seen(other.id)).toEqual(["queued", null]);
  const answer = (await office(`/v1/memory/answers/${place[2]}`)).body;
  expect(answer).toMatchObject({ stale_reason: "cited_fact_superseded" });
  const doubted = (await office(`/v1/memory/answers/${asked["id"]}`)).body;
  expect(doubted).toMatchObject({ stale_reason: "cited_fact_superseded" });

  await w.neon.query(
    "update shared.evidence_items set content_hash = 'other', version = version + 1, updated_at = $2 where id = $1",
    [of.evidence, new Date(w.clock.now().getTime() + 1000).toISOString()],
  );
  const late = await price(90_000, of.evidence);
  later(1);
  const fresh = await write([of.evidence], "We have read it again.");
  await watch(2);
  expect(await seen(other.id)).toEqual(["draft", "cited_evidence_changed"]);
  expect(await seen(fresh.id)).toEqual(["draft", null]);
  expect((await office(`/v1/world/facts/${late}`)).body).toMatchObject({ stale: false });
});
