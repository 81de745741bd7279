// One accident anywhere between planning and settling, at each of the first requests to the database: nothing is lost, nothing doubled.
import { beforeAll, expect, test } from "vitest";
import { database } from "#test/kit/database.ts";
import { begun, minutes } from "./clockwork.ts";

// The first to ask starts the database.
beforeAll(async () => void (await database()));

/** Two hours of ticks, sweeps and deliveries; a message whose delivery failed is gone, as if QStash had given up on it. */
async function twoHours(accident: { kind: "before" | "after-commit"; at: number }) {
  const { w, c, later } = await begun();
  await c.schedule(w.a, { cron: "3,18 8 * * *", timezone: "UTC", missed: "each", kind: "test.sync" });
  await c.schedule(w.a, { cron: null, name: "follows", kind: "test.embed", after_kinds: "{test.sync}" });
  c.jobs.acts.set("test.sync", () => 1);
  const already = w.neon.stats().requests;
  let isDone = false;
  const survive = async (act: () => Promise<unknown>) => {
    if (!isDone && w.neon.stats().requests - already >= accident.at) {
      w.neon.faults.next({ kind: accident.kind });
      isDone = true;
    }
    await act().catch(() => undefined);
  };
  for (let minute = 0; minute < 120; minute++) {
    if (minute % 15 === 0) {
      await survive(() => c.tick());
      await survive(() => c.sweep(w.a.project));
    }
    await survive(() => c.deliver(w.a.project));
    later(minutes(1));
  }
  expect([isDone, w.neon.faults.pending]).toEqual([true, 0]);
  return { w, c };
}

const accidents = (["before", "after-commit"] as const).flatMap((kind) =>
  Array.from({ length: 12 }, (_, at) => ({ kind, at })),
);

test.each(accidents)("$kind commit, from request $at on", async (accident) => {
  const { w, c } = await twoHours(accident);
  const rows = await c.runs(w.a);
  const synced = rows.filter(({ name }) => name !== "follows");
  expect(synced.map(({ fire, status }) => `${fire} ${status}`)).toEqual(["15 08:03:00 ok", "15 08:18:00 ok"]);
  for (const { attempts, recoveries } of rows) expect(Number(attempts)).toBe(Number(recoveries) + 1);
  // Each that ended well was followed once, and the follower ended well too; two that met were one.
  const followed = rows.filter(({ name }) => name === "follows");
  expect(followed.every(({ status }) => status === "ok")).toBe(true);
  expect([1, 2]).toContain(followed.length);
  expect(c.jobs.ran.filter(({ job }) => job === "test.sync").length).toBeLessThanOrEqual(3);
  const open = await w.neon.query(
    "select count(*)::int as n from shared.outbox where project_id = $1 and kind = 'shared.schedules.run' and state = 'pending'",
    [w.a.project],
  );
  expect(open).toEqual([{ n: 0 }]);
});
