// Schedules as people meet them over REST: seen, changed, switched off, run now, with what became of each run.
import { beforeAll, describe, expect, test } from "vitest";
import { database } from "#test/kit/database.ts";
import { deliver } from "#test/kit/jobs.ts";
import type { World } from "#test/kit/world.ts";
import { begun, minutes, type Row, runMessages } from "./clockwork.ts";

// The first to ask starts the database.
beforeAll(async () => void (await database()));

let keys = 0;
async function ask(w: World, path: string, sent: { method?: string; json?: unknown; key?: string } = {}) {
  keys += 1;
  const { json, method = json ? "PATCH" : "GET", key = `k${keys}` } = sent;
  const headers = { "idempotency-key": key };
  const answer = await w.fetch(path, { key: w.a.apiKey, method, headers, ...(json ? { json } : {}) });
  await w.settled();
  return { status: answer.status, body: (await answer.json()) as Row };
}

const daily = { kind: "shared.audit.seal", cron: "30 2 * * *" };

async function scheduled(row: Row = daily) {
  const { w, c, later } = await begun();
  const id = await c.schedule(w.a, row);
  const path = `/v1/shared/schedules/${id}`;
  const change = (json: Row, key?: string) => ask(w, path, { json, ...(key ? { key } : {}) });
  return { w, c, later, id, path, change };
}

describe("a schedule", () => {
  test("shows its next three fire times, over the night on which clocks change too", async () => {
    const { w, path } = await scheduled();
    w.clock.set("2026-10-24T12:00:00.000Z");
    expect((await ask(w, path)).body).toMatchObject({
      job: "shared.audit.seal",
      cron: "30 2 * * *",
      timezone: "Europe/Copenhagen",
      next: ["2026-10-25T00:30:00.000Z", "2026-10-26T01:30:00.000Z", "2026-10-27T01:30:00.000Z"],
      last: null,
      version: 1,
    });
  });

  test("is listed with the project's others and nobody else's", async () => {
    const { w, c, id } = await scheduled();
    const theirs = await c.schedule(w.b, daily);
    const { body } = await ask(w, "/v1/shared/schedules");
    const ids = (body["data"] as Row[]).map((row) => row["id"]);
    expect(ids).toContain(id);
    expect(ids).not.toContain(theirs);
    expect((await ask(w, `/v1/shared/schedules/${theirs}`)).status).toBe(404);
  });

  test("changed, fires at the new time the same quarter of an hour, and not at the old one", async () => {
    const { w, c, later, change } = await scheduled({ kind: "shared.audit.seal", cron: "5 * * * *" });
    await c.tick();
    const changed = await change({ version: 1, cron: "9 * * * *" });
    expect(changed).toMatchObject({ status: 200, body: { version: 2, next: ["2026-11-15T08:09:00.000Z", {}, {}] } });
    expect(runMessages(w).map(({ delaySeconds }) => delaySeconds)).toEqual([300, 540]);
    later(minutes(9));
    for (const message of runMessages(w))
      await deliver(w, "shared.schedules.run", { ...message.body, project: w.a.project });
    expect((await c.runs(w.a)).map(({ fire, status }) => `${fire} ${status}`)).toEqual([
      "15 08:05:00 skipped",
      "15 08:09:00 ok",
    ]);
  });

  test("switched off and on again before its minute fires once", async () => {
    const { w, c, later, change } = await scheduled({ kind: "shared.audit.seal", cron: "7 * * * *" });
    await c.tick();
    expect(await change({ version: 1, enabled: false })).toMatchObject({ body: { enabled: false, next: [] } });
    expect(await c.runs(w.a)).toMatchObject([{ status: "skipped", error: "schedule_changed" }]);
    await change({ version: 2, enabled: true });
    expect(await c.runs(w.a)).toMatchObject([{ status: "pending" }]);
    later(minutes(7));
    for (const message of runMessages(w))
      await deliver(w, "shared.schedules.run", { ...message.body, project: w.a.project });
    expect(await c.runs(w.a)).toMatchObject([{ status: "ok", attempts: 1 }]);
  });

  test("changed by somebody else in the meantime is left as it is", async () => {
    const { w, path, change } = await scheduled();
    await change({ version: 1, missed: "skip" });
    const late = await change({ version: 1, enabled: false });
    expect(late).toMatchObject({ status: 412, body: { code: "schedule_changed" } });
    expect((await ask(w, path)).body).toMatchObject({ enabled: true, missed: "skip", version: 2 });
  });

  test("the same change sent twice is one change, and gets the same answer later", async () => {
    const { w, later, change } = await scheduled();
    const first = await change({ version: 1, cron: "0 7 * * *" }, "same");
    later(minutes(24 * 60 - 1));
    expect(await change({ version: 1, cron: "0 7 * * *" }, "same")).toEqual(first);
    const [row] = await w.neon.query(
      "select count(*)::int as n from shared.audit_events where project_id = $1 and action = 'shared.schedule.changed'",
      [w.a.project],
    );
    expect(row).toEqual({ n: 1 });
  });

  test.each([
    [{ cron: "61 * * * *" }, "/cron", /minute/],
    [{ cron: "0 0 30 2 *" }, "/cron", /never fires/],
    [{ cron: "every day" }, "/cron", /five fields/],
    [{ timezone: "Mars/Olympus" }, "/timezone", /IANA/],
    [{ missed: "sometimes" }, "/missed", /./],
  ])("is not changed by %j, and what is wrong is said", async (wrong, pointer, detail) => {
    const { w, path, change } = await scheduled();
    const told = await change({ version: 1, ...wrong });
    expect(told).toMatchObject({
      status: 400,
      body: { code: "invalid_input", errors: [{ pointer, detail: expect.stringMatching(detail) }] },
    });
    expect((await ask(w, path)).body).toMatchObject({ version: 1, cron: "30 2 * * *" });
  });
});

describe("run now", () => {
  const runNow = (w: World, path: string, key?: string) =>
    ask(w, `${path}/run`, { method: "POST", json: {}, ...(key ? { key } : {}) });

  test("runs at once, even what is switched off, and is in the list with what became of it", async () => {
    const { w, id, path } = await scheduled({ ...daily, enabled: false });
    const asked = await runNow(w, path);
    expect(asked).toMatchObject({
      status: 202,
      body: { status: "pending", cause: "person", job: "shared.audit.seal" },
    });
    const [message] = runMessages(w);
    await deliver(w, "shared.schedules.run", { ...message?.body, project: w.a.project });
    const { body } = await ask(w, `/v1/shared/runs?schedule=${id}`);
    expect(body["data"]).toMatchObject([
      { id: asked.body["id"], status: "ok", cause: "person", attempts: 1, recoveries: 0, error: null, processed: 0 },
    ]);
    expect((await ask(w, path)).body).toMatchObject({ last: { status: "ok" } });
  });

  test("asked twice with one key is one run; with another key while it waits, it is said that one waits", async () => {
    const { w, c, path } = await scheduled();
    const first = await runNow(w, path, "once");
    expect(await runNow(w, path, "once")).toEqual(first);
    expect(await runNow(w, path)).toMatchObject({ status: 409, body: { code: "run_waiting" } });
    expect(await c.runs(w.a)).toHaveLength(1);
    expect(runMessages(w)).toHaveLength(1);
  });
});

test("runs are listed by schedule and state, in pages, and overdue and poisoned ones are counted", async () => {
  const { w, c, id, later } = await scheduled({ kind: "shared.audit.seal", cron: "* * * * *" });
  await c.tick();
  const metrics = async () => (await ask(w, "/v1/metrics")).body["schedules"];
  expect(await metrics()).toEqual({ overdue: 0, poisoned: 0 });
  later(minutes(10));
  expect(await metrics()).toEqual({ overdue: 4, poisoned: 0 });
  await w.neon.query(
    "update shared.worker_runs set status = 'poison', error = 'poison', recoveries = 4 where project_id = $1 and fire_time = '2026-11-15T08:01:00Z'",
    [w.a.project],
  );
  expect(await metrics()).toEqual({ overdue: 3, poisoned: 1 });
  const { body } = await ask(w, "/v1/shared/runs?status=poison");
  expect(body["data"]).toMatchObject([{ schedule: id, status: "poison", error: "poison", recoveries: 4 }]);
  const first = (await ask(w, `/v1/shared/runs?schedule=${id}&limit=15`)).body;
  const second = (await ask(w, `/v1/shared/runs?schedule=${id}&limit=15&cursor=${first["next_cursor"]}`)).body;
  const ids = [...(first["data"] as Row[]), ...(second["data"] as Row[])].map((row) => row["id"]);
  expect(new Set(ids).size).toBe(20);
});
