// A job told again from its ledger's lines, in whatever order they come, is the job; and what its timers add up to.
import fc from "fast-check";
import { expect, test } from "vitest";
import { replayJob, timeOf } from "#brain/field/index.ts";

const statuses = ["intake", "scheduled", "onsite", "repairing", "ready", "shipped", "closed", "cancelled"];
const at = (minute: number) => new Date(Date.UTC(2026, 10, 16) + minute * 60_000).toISOString();

test("whatever happened to it, in whatever order it is read", () => {
  const change = fc.oneof(
    fc.record({ kind: fc.constant("job.status.changed"), to: fc.constantFrom(...statuses) }),
    fc.record({ kind: fc.constant("job.assigned"), to: fc.constantFrom("tec_1", "tec_2", null) }),
    fc.record({ kind: fc.constant("job.time.changed"), to: fc.constantFrom(at(600), at(700), null) }),
    fc.record({ kind: fc.constant("job.note.added"), to: fc.constant(null) }),
  );
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), fc.nat(), (changes, seed) => {
      const job = { status: "intake", tech: null as string | null, scheduled_for: null as string | null };
      let closed: string | null = null;
      const lines = changes.map(({ kind, to }, i) => {
        const from = job.status;
        if (kind === "job.status.changed") {
          job.status = String(to);
          closed = to === "closed" ? at(i + 1) : null;
        }
        if (kind === "job.assigned") job.tech = to;
        if (kind === "job.time.changed") job.scheduled_for = to;
        return { kind, ts: at(i + 1), payload: { version: i + 2, from, to } };
      });
      const all = [{ kind: "job.created", ts: at(0), payload: { version: 1, status: "intake" } }, ...lines];
      const mixed = all.map((line, i) => [(i * 7919 + seed) % 31, line] as const).sort(([a], [b]) => a - b);
      expect(replayJob(mixed.map(([, line]) => line))).toMatchObject({ ...job, created_at: at(0), closed_at: closed });
    }),
  );
  expect(replayJob([])).toBeNull();
});

test("09:00 to 11:15 with a quarter of an hour's break is two hours of the two estimated; nothing divides by nothing", () => {
  const timer = (kind: "travel" | "work" | "break", from: number, to: number | null) => ({
    id: `tmr_${kind}_${from}`,
    tech: "tec_1",
    kind,
    started_at: at(from),
    stopped_at: to === null ? null : at(to),
  });
  const timers = [timer("travel", 520, 540), timer("work", 540, 675), timer("break", 600, 615)];
  expect(timeOf({ timers, minutes: 120, now: at(900) })).toEqual({
    travel_seconds: 1200,
    break_seconds: 900,
    worked_seconds: 7200,
    variance_seconds: 0,
    efficiency: 1,
  });
  expect(
    timeOf({ timers: [timer("work", 540, null), timer("break", 550, null)], minutes: 20, now: at(560) }),
  ).toMatchObject({
    worked_seconds: 600,
    efficiency: 2,
  });
  for (const minutes of [null, 60])
    expect(timeOf({ timers: [timer("work", 540, 540)], minutes, now: at(540) }).efficiency).toBeNull();
});
