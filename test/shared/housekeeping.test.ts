// What belongs to no project leaves with the tick, and the tick goes on when that fails.
import { beforeAll, expect, test } from "vitest";
import { deliver } from "#test/kit/jobs.ts";
import { type World, world } from "#test/kit/world.ts";

let w: World;
beforeAll(async () => {
  w = await world();
});

const day = 86_400_000;
const ago = (days: number) => new Date(w.clock.now().getTime() - days * day - 1000).toISOString();

const left = async (table: string, key: string, like: string) =>
  (await w.neon.query(`select ${key} as k from ${table} where ${key}::text like $1 order by 1`, [like])).map(
    (row) => row["k"],
  );

test("quarantined deliveries, ended sessions, old sign-ups, counts and kept answers go; what lives stays", async () => {
  const mark = `house-${process.pid}`;
  for (const [id, at] of [
    ["gone", ago(0)],
    ["held", ago(-1)],
  ])
    await w.neon.query(
      `insert into inbox.deliveries (id, source_id, delivery_id, body_hash, event, outcome, raw, expires_at)
        values ($1, 'src', $1, 'x', 'message_created', 'quarantined', '{"said": "secret"}', $2)`,
      [`${mark}-${id}`, at],
    );
  const sessions: [string, string, string | null, string][] = [
    ["active", ago(-10), null, ago(0)],
    ["expired-lately", ago(10), null, ago(10)],
    ["expired-gone", ago(31), null, ago(31)],
    ["ended-gone", ago(-5), ago(31), ago(31)],
    ["ended-lately", ago(-5), ago(29), ago(29)],
  ];
  for (const [id, expires, ended, seen] of sessions)
    await w.neon.query(
      `insert into identity.sessions (id, user_id, username, csrf_token, expires_at, ended_at, last_seen_at) values ($1, $2, 'x', 'c', $3, $4, $5)`,
      [`${mark}-${id}`, w.a.user, expires, ended, seen],
    );
  for (const [name, at] of [
    ["gone", ago(1)],
    ["open", ago(0)],
  ]) {
    await w.neon.query(
      "insert into identity.signup_requests (id, username, password_hash, pin_hash, pin_salt, expires_at) values ($1, $2, 'h', 'h', 's', $3)",
      [w.runtime.ids.uuid(), `${mark}-${name}`, at],
    );
    await w.neon.query("insert into identity.attempts (key, window_start, count) values ($1, $2, 3)", [
      `${mark}-${name}`,
      at,
    ]);
    await w.neon.query(
      `insert into identity.user_idempotency_keys (user_id, id, route, idempotency_key, request_hash, response_status, response_body, expires_at)
        values ($1, $2, 'r', $2, 'h', 200, '{}', $3)`,
      [w.a.user, `${mark}-${name}`, name === "gone" ? ago(0) : ago(-1)],
    );
  }
  expect((await deliver(w, "shared.tick", {})).status).toBe(200);
  expect(await left("inbox.deliveries", "id", `${mark}%`)).toEqual([`${mark}-held`]);
  expect(await left("identity.sessions", "id", `${mark}%`)).toEqual(
    ["active", "ended-lately", "expired-lately"].map((name) => `${mark}-${name}`),
  );
  expect(await left("identity.signup_requests", "username", `${mark}%`)).toEqual([`${mark}-open`]);
  expect(await left("identity.attempts", "key", `${mark}%`)).toEqual([`${mark}-open`]);
  expect(await left("identity.user_idempotency_keys", "id", `${mark}%`)).toEqual([`${mark}-open`]);
  expect(w.lines.find((line) => line["housekeeping"] === "purged")).toMatchObject({
    "identity.sessions": 2,
    "inbox.quarantine": 1,
  });
});

test("no project's key, person or job can start it", async () => {
  for (const credential of [`system:${w.a.project}:shared.tick2`, "none"]) {
    const context = JSON.stringify({ scope: "none", request: "req_house" });
    for (const call of ["inbox.purge_quarantine(10)", "identity.purge_ended(10, 0, 0)"])
      await expect(
        w.neon.query(
          `with who as materialized (select identity.enter('${credential}', 'shared:operate', '${context}')) select ${call} from who`,
        ),
      ).rejects.toThrow(/tick_only/);
  }
});
