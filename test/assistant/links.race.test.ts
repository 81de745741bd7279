// Two halves of a circle asked for at once, one message ten times at once, one morning's plan six times, on a Postgres with many sessions.
import { beforeAll, expect, test } from "vitest";
import { raceDatabase } from "#test/kit/database.ts";
import { deliver } from "#test/kit/jobs.ts";
import { type World, world } from "#test/kit/world.ts";
import { call, idOf, rowsOf, say } from "./talking.ts";

let w: World;
beforeAll(async () => {
  w = await world({ neon: await raceDatabase(), now: "2026-11-16T08:00:00.000Z" });
});

test("of the links that would close a circle one is always refused, whichever way they are said", async () => {
  const { body } = await say(w, w.a, "- call one\n- call two\n- call three");
  const things = ["Call one", "Call two", "Call three"].map((title) => idOf(body, title));
  for (let round = 0; round < 5; round++) {
    const answers = await Promise.all(
      things.map((from, i) =>
        i === 1
          ? call(w, w.a.apiKey, "/v1/assistant/links", { from: things[2], type: "blocks", to: from })
          : call(w, w.a.apiKey, "/v1/assistant/links", { from, type: "depends_on", to: things[(i + 1) % 3] }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: "cycle" });
    await w.neon.query("delete from assistant.entity_links where project_id = $1", [w.a.project]);
  }
});

test("ten deliveries of one message, and ten messages with one new title: one item, one task", async () => {
  const sent = { source: "telegram", client_message_id: "1" };
  const same = await Promise.all(Array.from({ length: 10 }, () => say(w, w.b, "Call the plumber on Friday", sent)));
  expect(same.map(({ status }) => status)).toEqual(Array(10).fill(200));
  expect(same.filter(({ body }) => !body.repeated)).toHaveLength(1);
  expect(await rowsOf(w, w.b, "inbox_items", "id")).toHaveLength(1);
  const title = await Promise.all(Array.from({ length: 10 }, () => say(w, w.b, "Order gaskets")));
  expect(title.filter(({ body }) => body.counts["tasks_created"] === 1)).toHaveLength(1);
  expect(await rowsOf(w, w.b, "tasks", "id")).toHaveLength(2);
});

test("six runs of a morning: one plan; six changes of one rhythm: one is in time", async () => {
  await w.neon.query("update shared.users set email = $2, email_verified_at = now() where id = $1", [
    w.b.user,
    `race-${process.pid}@workshop.example`,
  ]);
  await w.neon.query(
    `insert into outbound.senders (project_id, account_scope_id, id, provider, channel, name, address, credentials_sealed)
     values ($1, $2, 'snd_race', 'resend', 'email', 'W', 'hej@workshop.example', 'x')`,
    [w.b.project, w.b.accountScope],
  );
  const set = { version: 0, channel: "email", plan_on: true };
  const six = <T>(act: () => Promise<T>) => Promise.all(Array.from({ length: 6 }, act));
  const changed = await six(() => call(w, w.b.apiKey, "/v1/assistant/rhythm", set, "PATCH"));
  expect(changed.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
  w.clock.set("2026-11-17T06:31:00.000Z");
  const runs = await six(async () => (await deliver(w, "assistant.rhythm.send", { project: w.b.project })).json());
  expect(runs.reduce((sum: number, run) => sum + (run as { queued: number }).queued, 0)).toBe(1);
  const sent = await w.neon.query("select state from outbound.messages where project_id = $1", [w.b.project]);
  expect(sent).toEqual([{ state: "queued" }]);
  expect(await rowsOf(w, w.b, "rhythm_occasions", "occasion, state")).toEqual([{ occasion: "plan", state: "queued" }]);
});
