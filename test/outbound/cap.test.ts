// The cap over a rolling window, whatever fails in between: a place is dated by the attempt that used it, not by the first one.
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { Carried } from "#brain/kernel/ports.ts";
import { deliver } from "#test/kit/jobs.ts";
import { canSend, type Sending } from "#test/kit/outbound.ts";
import { type World, world } from "#test/kit/world.ts";

const HOUR = 3_600_000;
const WINDOW_HOURS = 6;
const CAP = 2;

let w: World;
let answers: Carried["outcome"][] = [];
let accepted: { ref: string; at: number }[] = [];

beforeAll(async () => {
  w = await world({
    carriers: {
      twilio: {
        send: async (_, { ref }) => {
          const outcome = answers.shift() ?? "accepted";
          if (outcome === "later") return { outcome, code: "http_503" };
          if (outcome === "refused") return { outcome, code: "30006" };
          accepted.push({ ref, at: w.clock.now().getTime() });
          return { outcome: "accepted", id: `sid-${ref}` };
        },
        lookup: async () => ({ outcome: "unable" }),
      },
    },
  });
  await w.neon.query(
    `insert into outbound.settings (project_id, account_scope_id, cap_count, cap_seconds, quiet_from, quiet_until)
     values ($1, $2, ${CAP}, ${WINDOW_HOURS * 3600}, '00:00', '00:00')`,
    [w.a.project, w.a.accountScope],
  );
});

/** So many approved messages to one person, all due now. */
async function queued({ sender, contact }: Sending, count: number): Promise<void> {
  await w.neon.query(
    `insert into outbound.messages (project_id, account_scope_id, id, contact_id, channel, sender_id, class, recipient, recipient_hash, zones, body,
        idempotency_key, dedupe_key, written_by, due_at)
      select $1, $2, 'msg_' || $3 || '_' || i, $4, 'sms', $3, 'transactional', '+4520304050', $3, '{UTC}', 'Hi', $3 || ':' || i, $3 || ':' || i,
        'user:x', $5 from generate_series(1, $6::int) i`,
    [w.a.project, w.a.accountScope, sender, contact, w.clock.now().toISOString(), count],
  );
  await w.neon.query(
    `with s as materialized (select set_config('app.project_id', $1, true) as done)
     update outbound.messages m set state = 'approved', approved_at = now(), approved_by = 'user:y', seal = outbound.seal(m)
       from s where m.project_id = $1::uuid and m.sender_id = $2`,
    [w.a.project, sender],
  );
  await w.neon.query("update outbound.messages set state = 'queued' where project_id = $1 and sender_id = $2", [
    w.a.project,
    sender,
  ]);
}

const outcome = () => fc.constantFrom<Carried["outcome"]>("accepted", "accepted", "later", "later", "refused");

test("in no window more reach a person than the cap, though attempts fail and are made again hours later", async () => {
  const plan = fc.record({
    said: fc.array(outcome(), { minLength: 4, maxLength: 16 }),
    hours: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 6, maxLength: 10 }),
  });
  await fc.assert(
    fc.asyncProperty(plan, async ({ said, hours }) => {
      const s = await canSend(w, w.a);
      [answers, accepted] = [[...said], []];
      await queued(s, 6);
      for (const hour of hours) {
        const answer = await deliver(w, "outbound.dispatch", { project: w.a.project, sender: s.sender });
        expect(answer.status).toBe(200);
        w.clock.advance(hour * HOUR);
      }
      for (const { at } of accepted)
        expect(accepted.filter((one) => one.at > at - WINDOW_HOURS * HOUR && one.at <= at).length).toBeLessThanOrEqual(
          CAP,
        );
      const held = await w.neon.query(
        "select id, reserved_at from outbound.messages where project_id = $1 and sender_id = $2 and state = 'submitted' order by id",
        [w.a.project, s.sender],
      );
      const places = held.map((row) => ({ ref: row["id"], at: Date.parse(String(row["reserved_at"])) }));
      expect(places).toEqual(accepted.toSorted((a, b) => (a.ref < b.ref ? -1 : 1)));
    }),
    { numRuns: 6 },
  );
}, 60_000);
