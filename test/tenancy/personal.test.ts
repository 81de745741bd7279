// Tables of persons, which no project guards: the serving role sees, changes and makes nobody's rows but one's own.
import { beforeAll, expect, test } from "vitest";
import { type World, world } from "#test/kit/world.ts";
import { codeOf, type Speak, servingRole } from "./role.ts";

let w: World;
let speak: Speak;
/** A person who did not install the system. */
const karen = "0195f3c0-0000-7000-8000-0000000000aa";

beforeAll(async () => {
  w = await world();
  speak = servingRole(w);
  await w.neon.query("insert into shared.users (id, name) values ($1, 'Karen') on conflict do nothing", [karen]);
  for (const user of [w.a.user, w.b.user, karen]) {
    await w.neon.query(
      `insert into identity.user_idempotency_keys (user_id, id, route, idempotency_key, request_hash, response_status, response_body, expires_at)
       values ($1, $2, 'r', 'k', 'h', 200, '{}', '2040-01-01')`,
      [user, w.runtime.ids.next("idempotency")],
    );
    await w.neon.query(
      "insert into identity.access_events (id, user_id, actor, action, request_id) values ($1, $2, 'anonymous', 'test.made', 'r')",
      [w.runtime.ids.next("access"), user],
    );
  }
});

const as = (user: string) => ({ ...w.a, user });
const others = (table: string, user: string) =>
  `select count(*)::int as n, count(*) filter (where user_id is distinct from '${user}')::int as others from ${table}`;

test("kept answers: one's own only, whoever one is, and none for nobody", async () => {
  const table = "identity.user_idempotency_keys";
  for (const user of [w.a.user, karen])
    expect(await speak(as(user), others(table, user))).toMatchObject({ rows: [{ others: 0, n: expect.any(Number) }] });
  expect(await speak(null, others(table, karen))).toMatchObject({ rows: [{ n: 0 }] });
  const foreign = `insert into ${table} (user_id, id, route, idempotency_key, request_hash, response_status, response_body, expires_at)
    values ('${w.b.user}', 'idk_x', 'r', 'x', 'h', 200, '{}', '2040-01-01')`;
  expect(codeOf(await speak(as(karen), foreign))).toBe("42501");
  expect(await speak(as(karen), `delete from ${table} where user_id = '${w.b.user}'`)).toMatchObject({ count: 0 });
});

test("the trail of getting in: one's own, everybody's to who installed the system, and nobody adds to another's", async () => {
  const table = "identity.access_events";
  expect(await speak(as(karen), others(table, karen))).toMatchObject({ rows: [{ n: 1, others: 0 }] });
  expect(await speak(null, others(table, karen))).toMatchObject({ rows: [{ n: 0 }] });
  const more = expect.toSatisfy((n: number) => n > 1);
  expect(await speak(as(w.a.user), others(table, w.a.user))).toMatchObject({ rows: [{ others: more }] });
  const add = (user: string) =>
    `insert into ${table} (id, user_id, actor, action, request_id) values ('acc_${Math.random()}', ${user}, 'anonymous', 'test.made', 'r')`;
  expect(codeOf(await speak(as(karen), add(`'${w.b.user}'`)))).toBe("42501");
  expect(codeOf(await speak(as(karen), add("null")))).toBe("42501");
  expect(codeOf(await speak(as(karen), add(`'${karen}'`)))).toBe("done");
});
