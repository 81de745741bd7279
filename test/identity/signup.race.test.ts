// Guessing a PIN with many hands at once, on a Postgres with many sessions.
import { beforeAll, describe, expect, test } from "vitest";
import { raceDatabase } from "#test/kit/database.ts";
import { password, type World, world } from "#test/kit/world.ts";
import { act, asked, bound, confirm, outcome, signIn, unbind, write } from "./joining.ts";

let w: World;
beforeAll(async () => {
  w = await world({ neon: await raceDatabase() });
  await bound(w, password);
});

const attempts = async (request: string) =>
  (await w.neon.query("select attempt_count as n from identity.signup_requests where id = $1", [request]))[0]?.["n"];

describe("a PIN under attack", () => {
  test("eight wrong tries at once are eight tries, and the right one afterwards is refused", async () => {
    const { request, pin, wrong } = await asked(w, `race-${w.a.accountId}-1`);
    const tries = await Promise.all(Array.from({ length: 8 }, async () => outcome(await confirm(w, request, wrong))));
    expect(tries).toEqual(Array.from({ length: 8 }, () => [401, "invalid_pin"]));
    expect(await attempts(request)).toBe(8);
    expect(await outcome(await confirm(w, request, pin))).toEqual([429, "pin_attempts_exceeded"]);
  });

  test("of forty at once, thirty-two are not compared at all", async () => {
    const { request, wrong } = await asked(w, `race-${w.a.accountId}-2`);
    const tries = await Promise.all(Array.from({ length: 40 }, async () => (await confirm(w, request, wrong)).status));
    expect(tries.filter((status) => status === 401)).toHaveLength(8);
    expect(tries.filter((status) => status === 429)).toHaveLength(32);
    expect(await attempts(request)).toBe(8);
  });

  test("the right PIN sent six times at once makes one user", async () => {
    const username = `race-${w.a.accountId}-3`;
    const { request, pin } = await asked(w, username);
    const tries = await Promise.all(Array.from({ length: 6 }, async () => (await confirm(w, request, pin)).status));
    expect(tries.filter((status) => status === 200)).toHaveLength(1);
    expect(tries.filter((status) => status === 400)).toHaveLength(5);
    const users = await w.neon.query("select count(*)::int as n from identity.app_users where username = $1", [
      username,
    ]);
    expect(users).toEqual([{ n: 1 }]);
  });

  test("two starts at once leave one PIN that works", async () => {
    const username = `race-${w.a.accountId}-4`;
    await Promise.all([asked(w, username), asked(w, username)]);
    const open = await w.neon.query(
      "select count(*)::int as n from identity.signup_requests where username = $1 and expires_at > $2",
      [username, w.clock.now().toISOString()],
    );
    expect(open).toEqual([{ n: 1 }]);
  });

  test("a bind code sent by ten users at once binds one of them", async () => {
    await unbind(w);
    const owner = await signIn(w, { username: w.a.username, password });
    const made = await act(w, owner, "/v1/identity/telegram/code");
    const { code } = (await made.json()) as { code: string };
    const told = await Promise.all(
      Array.from(
        { length: 10 },
        async (_, i) => (await write(w, { from: String(500 + i), text: `/bind ${code}` })).body,
      ),
    );
    expect(told.filter(({ outcome }) => outcome === "bound")).toHaveLength(1);
    expect(told.filter(({ outcome }) => outcome === "ignored")).toHaveLength(9);
  });
});
