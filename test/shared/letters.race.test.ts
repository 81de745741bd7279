// Operators and callbacks at the same moment, on a Postgres with many sessions: one publish, one letter.
import { beforeAll, expect, test } from "vitest";
import { raceDatabase } from "#test/kit/database.ts";
import { deliver } from "#test/kit/jobs.ts";
import { type World, world } from "#test/kit/world.ts";
import { died } from "./dead.ts";

let w: World;
beforeAll(async () => {
  w = await world({ neon: await raceDatabase() });
});

const die = (work: string, message: string, round = 0) => died(w, { work, message, round });

type Letter = { id: string; work: string; state: string; attempts: number };
async function letterOf(work: string): Promise<Letter> {
  const answer = await w.fetch("/v1/shared/letters?limit=100", { key: w.a.apiKey });
  const found = ((await answer.json()) as { data: Letter[] }).data.filter((letter) => letter.work === work);
  expect(found).toHaveLength(1);
  const [letter] = found;
  if (!letter) throw new Error(`no letter of ${work}`);
  return letter;
}

let keys = 0;
async function retry(path: string): Promise<number> {
  keys += 1;
  const headers = { "idempotency-key": `race-${process.pid}-${keys}` };
  const answer = await w.fetch(`/v1/shared/letters/${path}`, { method: "POST", key: w.a.apiKey, json: {}, headers });
  return answer.status;
}

const publishesOf = (work: string) => w.queue.published.filter(({ id }) => id === work).length;

test("ten callbacks about one death at once: one letter, opened once", async () => {
  await Promise.all(Array.from({ length: 10 }, () => die("obx_crowd", "msg_1")));
  expect(await letterOf("obx_crowd")).toMatchObject({ state: "open", attempts: 1 });
  const [told] = await w.neon.query(
    "select count(*)::int as n from shared.events where project_id = $1 and kind = 'shared.letter.opened'",
    [w.a.project],
  );
  expect(told?.["n"]).toBe(1);
});

test("operators who retry one letter at once, alone and with all others: one publish, the rest are told", async () => {
  for (let n = 0; n < 5; n += 1) {
    const work = `obx_pair_${n}`;
    await die(work, `msg_${n}`);
    const { id } = await letterOf(work);
    const statuses = await Promise.all([
      retry(`${id}/retry`),
      retry(`${id}/retry`),
      retry("retry"),
      retry(`${id}/retry`),
    ]);
    await w.settled();
    expect(publishesOf(work)).toBe(1);
    expect(statuses.filter((status) => status === 409).length).toBeGreaterThanOrEqual(2);
    expect(await letterOf(work)).toMatchObject({ state: "retried" });
  }
});

test("a late callback of the first message beside the retry: the work is on its way, not parked", async () => {
  for (let n = 0; n < 5; n += 1) {
    const work = `obx_late_${n}`;
    await die(work, "msg_a");
    const { id } = await letterOf(work);
    await Promise.all([retry(`${id}/retry`), die(work, "msg_a"), die(work, "msg_b")]);
    await w.settled();
    expect(await letterOf(work)).toMatchObject({ state: "retried", attempts: 1 });
    const [row] = await w.neon.query("select state, round from shared.outbox where project_id = $1 and id = $2", [
      w.a.project,
      work,
    ]);
    expect(row).toMatchObject({ state: "pending", round: 1 });
  }
});

test("success and the death of a copy of the same round at once: the work is done, the letter resolved", async () => {
  for (let n = 0; n < 5; n += 1) {
    const work = `obx_both_${n}`;
    await die(work, "msg_a");
    await retry(`${(await letterOf(work)).id}/retry`);
    await Promise.all([
      deliver(w, "shared.sweep", { project: w.a.project, id: work, round: 1 }),
      die(work, "msg_c", 1),
    ]);
    const { state } = await letterOf(work);
    expect(state).toBe("resolved");
  }
});
