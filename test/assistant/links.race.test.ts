// Two halves of a circle asked for at once, and one message ten times at once, on a Postgres with many sessions.
import { beforeAll, expect, test } from "vitest";
import { raceDatabase } from "#test/kit/database.ts";
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
