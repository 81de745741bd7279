// A dry run says what the real run then does, on a frozen clock, and writes nothing.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Json, rows } from "#test/inbox/chatwoot.ts";
import { scriptedCarrier } from "#test/kit/carrier.ts";
import { canSend, person } from "#test/kit/outbound.ts";
import { type World, world } from "#test/kit/world.ts";
import { dispatchDue } from "./customer.ts";

type Planned = {
  who: number;
  class: "marketing" | "transactional" | "reply";
  /** Minutes from now. */
  due: number;
  /** Minutes before now at which an earlier attempt took a place under the cap. */
  reserved: number | null;
  changed: boolean;
};
type Trouble = "none" | "opted_out" | "held" | "no_consent" | "shut" | "two_zones";
type Scene = { hour: number; cap: number; people: Trouble[]; messages: Planned[] };

const scene = (most: number): fc.Arbitrary<Scene> =>
  fc.record({
    hour: fc.constantFrom(6, 8, 12, 19, 20, 23),
    cap: fc.integer({ min: 0, max: 3 }),
    people: fc.array(fc.constantFrom<Trouble>("none", "none", "opted_out", "held", "no_consent", "shut", "two_zones"), {
      minLength: 3,
      maxLength: 3,
    }),
    messages: fc.array(
      fc.record({
        who: fc.integer({ min: 0, max: 2 }),
        class: fc.constantFrom(
          "marketing" as const,
          "transactional" as const,
          "transactional" as const,
          "reply" as const,
        ),
        due: fc.constantFrom(-600, -90, -60, -1, 0),
        reserved: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, fc.integer({ min: 1, max: 2000 })),
        changed: fc.boolean().map((yes) => yes && most < 20),
      }),
      { minLength: 1, maxLength: most },
    ),
  });

let n = 0;

/** A tenant of its own with these people and messages, approved and queued as the rules stand. */
async function staged(w: World, { hour, cap, people, messages }: Scene): Promise<void> {
  w.clock.set(`2026-11-15T${String(hour).padStart(2, "0")}:30:00.000Z`);
  const { sender } = await canSend(w, w.a);
  const place = [w.a.project, w.a.accountScope];
  await w.neon.query("insert into outbound.settings (project_id, account_scope_id, cap_count) values ($1, $2, $3)", [
    ...place,
    cap,
  ]);
  const now = w.clock.now().getTime();
  const iso = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
  const ids: string[] = [];
  for (const [i, trouble] of people.entries()) {
    const contact = `con_dry_${++n}`;
    ids.push(contact);
    await person(w, w.a, { contact, phone: `+4521${String(n).padStart(6, "0")}` });
    if (trouble !== "no_consent")
      await w.neon.query(
        `insert into people.consents (project_id, account_scope_id, id, contact_id, channel, scope, granted, occurred_at)
         values ($1, $2, $3, $3, 'sms', 'marketing', true, '2026-01-01')`,
        [...place, contact],
      );
    if (trouble === "opted_out" || trouble === "held")
      await w.neon.query(
        `insert into outbound.contact_channel_policies (project_id, account_scope_id, id, contact_id, channel, opted_out_at, opted_out_by, held_at)
         values ($1, $2, $3, $3, 'sms', case when $4 then now() end, case when $4 then 'operator' end, case when not $4 then now() end)`,
        [...place, contact, trouble === "opted_out"],
      );
    if (trouble === "shut")
      await w.neon.query(
        "insert into outbound.suppressions (project_id, account_scope_id, id, channel, recipient_hash, reason) values ($1, $2, $3, 'sms', $4, 'bounce')",
        [...place, contact, `hash_${i}`],
      );
  }
  for (const planned of messages) {
    const id = `msg_dry_${++n}`;
    const zones = people[planned.who] === "two_zones" ? "{Europe/Copenhagen,America/New_York}" : "{Europe/Copenhagen}";
    await w.neon.query(
      `insert into outbound.messages (project_id, account_scope_id, id, contact_id, channel, sender_id, class, recipient, recipient_hash, zones,
         body, idempotency_key, dedupe_key, written_by, due_at, reserved_at, created_at)
       values ($1, $2, $3, $4, 'sms', $5, $6, '+4520304050', $7, $8, 'Hi', $3, $3, 'user:x', $9, $10, $9)`,
      [
        ...place,
        id,
        ids[planned.who],
        sender,
        planned.class,
        `hash_${planned.who}`,
        zones,
        iso(planned.due),
        planned.reserved === null ? null : iso(-planned.reserved),
      ],
    );
  }
  await w.neon.query(
    `with s as materialized (select set_config('app.project_id', $1, true) as done)
     update outbound.messages m set state = 'approved', approved_at = now(), approved_by = 'user:y', seal = outbound.seal(m) from s where m.project_id = $1::uuid`,
    [w.a.project],
  );
  await w.neon.query("update outbound.messages set state = 'queued' where project_id = $1", [w.a.project]);
  const changed = messages.flatMap(({ changed }, i) => (changed ? [i] : []));
  const all = await rows(w, w.a, "select id from outbound.messages where project_id = $1 order by length(id), id");
  for (const i of changed)
    await w.neon.query("update outbound.messages set body = 'Buy!' where project_id = $1 and id = $2", [
      w.a.project,
      all[i]?.["id"],
    ]);
}

/** Every row of what a dry run could touch, with the transaction that wrote it. */
const everything = (w: World) =>
  w.neon.query(
    `select 'm' as t, id, xmin::text from outbound.messages where project_id = $1
      union all select 'a', id, xmin::text from outbound.attempts where project_id = $1
      union all select 'p', id, xmin::text from outbound.contact_channel_policies where project_id = $1
      union all select 's', id, xmin::text from outbound.suppressions where project_id = $1
      union all select 'o', id, xmin::text from shared.outbox where project_id = $1
      union all select 'e', id, xmin::text from shared.events where project_id = $1
      union all select 'u', id, xmin::text from shared.audit_events where project_id = $1 order by 1, 2`,
    [w.a.project],
  );

type Judged = { id: string; verdict: string; reason: string | null; again_at: string | null };

async function dryRun(
  w: World,
  asked: Json,
): Promise<{ status: number; judged: Judged[]; verdicts: Record<string, number> }> {
  const answer = await w.fetch("/v1/outbound/dry-run", { method: "POST", key: w.a.apiKey, json: asked });
  return {
    status: answer.status,
    ...((await answer.json()) as { judged: Judged[]; verdicts: Record<string, number> }),
  };
}

const stateFor: Record<string, string> = {
  send: "submitted",
  wait: "queued",
  draft: "draft",
  block: "blocked_opt_out",
  cancel: "cancelled",
};

/** What the real run made of them, in the dry run's words. */
async function realRun(
  w: World,
): Promise<{ id: string; state: string; reason: string | null; again_at: string | null }[]> {
  await dispatchDue(w, w.a);
  const found = await rows(
    w,
    w.a,
    "select id, state, code, due_at from outbound.messages where project_id = $1 order by id",
  );
  return found.map(({ id, state, code, due_at }) => ({
    id: String(id),
    state: String(state),
    reason: (code as string | null) ?? null,
    again_at: state === "queued" ? new Date(String(due_at)).toISOString() : null,
  }));
}

const inItsWords = (judged: Judged[]) =>
  judged
    .map(({ id, verdict, reason, again_at }) => ({
      id,
      state: stateFor[verdict] ?? "",
      reason,
      again_at: again_at && new Date(again_at).toISOString(),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

describe("a dry run", () => {
  test("gives the verdicts that the real run then carries out, and writes nothing", async () => {
    await fc.assert(
      fc.asyncProperty(scene(14), async (made) => {
        const w = await world({ carriers: { twilio: scriptedCarrier().port } });
        await staged(w, made);
        const before = await everything(w);
        const told = await dryRun(w, { until: w.clock.now().toISOString() });
        expect(told.status).toBe(200);
        expect(await everything(w)).toEqual(before);
        expect(inItsWords(told.judged)).toEqual(await realRun(w));
      }),
      { numRuns: 15 },
    );
  });

  test("does not depend on the batches of the real run: 120 messages to three people", async () => {
    await fc.assert(
      fc.asyncProperty(scene(120), async (made) => {
        const w = await world({ carriers: { twilio: scriptedCarrier().port } });
        const [first = made.messages[0]] = made.messages;
        if (!first) return;
        const messages = Array.from({ length: 120 }, (_, i) => made.messages[i % made.messages.length] ?? first);
        await staged(w, { ...made, messages });
        const told = await dryRun(w, { until: w.clock.now().toISOString() });
        const short = (all: { id: string; state: string; reason: string | null }[]) =>
          all.map(({ id, state, reason }) => `${id} ${state} ${reason}`);
        expect(short(inItsWords(told.judged))).toEqual(short(await realRun(w)));
      }),
      { numRuns: 4 },
    );
  });

  test("follows a day's queue: what waits for the morning or the cap is judged again when it would be", async () => {
    const w = await world({ carriers: { twilio: scriptedCarrier().port } });
    const message = { who: 0, class: "transactional" as const, due: 0, reserved: null, changed: false };
    await staged(w, {
      hour: 23,
      cap: 2,
      people: ["none", "none", "none"],
      messages: [message, message, message, { ...message, due: 120 }],
    });
    const { judged, verdicts } = await dryRun(w, { until: "2026-11-17T20:00:00Z" });
    const ids = [...new Set(judged.map(({ id }) => id))].sort();
    const of = (id: string) =>
      judged.filter((one) => one.id === id).map(({ verdict, reason }) => (reason ? `${verdict} ${reason}` : verdict));
    expect(ids.map(of)).toEqual([
      ["wait quiet_hours", "send"],
      ["wait quiet_hours", "send"],
      ["wait quiet_hours", "wait frequency_cap_reached", "send"],
      ["wait quiet_hours", "wait frequency_cap_reached", "send"],
    ]);
    expect(verdicts).toEqual({ send: 4 });
  });

  test("judges drafts as if they were approved, and knows only this project's messages", async () => {
    const w = await world({ carriers: { twilio: scriptedCarrier().port } });
    const s = await canSend(w, w.a);
    const made = await w.fetch("/v1/outbound/messages", {
      method: "POST",
      key: w.a.apiKey,
      json: { contact: s.contact, channel: "sms", class: "marketing", text: "Offer" },
      headers: { "idempotency-key": '"d1"' },
    });
    const { id } = (await made.json()) as { id: string };
    expect(await dryRun(w, { ids: [id] })).toMatchObject({
      status: 200,
      judged: [{ id, verdict: "wait", reason: "consent_missing" }],
    });
    expect(await dryRun(w, { ids: [id, "msg_elsewhere"] })).toMatchObject({ status: 404 });
    expect(await dryRun(w, {})).toMatchObject({ status: 400 });
    const theirs = await w.fetch("/v1/outbound/dry-run", { method: "POST", key: w.b.apiKey, json: { ids: [id] } });
    expect(theirs.status).toBe(404);
  });
});
