// Passwords: peppered, made anew when the way of hashing changed, long ones, equal work for nobody, given again, changed.
import crypto, { type ScryptOptions, scryptSync } from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { cost, passwordsOf } from "#brain/identity/password.ts";
import { pepperFrom } from "#providers/pepper.ts";
import { password, type Tenant, type World, world } from "#test/kit/world.ts";

type Done = (error: Error | null, key: Buffer) => void;

/** What scrypt was asked for, in order. */
const hashed: { N: number; r: number; p: number }[] = [];

const real = crypto.scrypt;
const counting = (secret: Uint8Array, salt: Uint8Array, length: number, how: ScryptOptions, done: Done) => {
  const { N = 0, r = 0, p = 0 } = how;
  hashed.push({ N, r, p });
  real(secret, salt, length, how, done);
};

/** Also for modules that were loaded before this file. */
function install(scrypt: unknown): void {
  Object.assign(crypto, { scrypt });
  syncBuiltinESMExports();
}
beforeAll(() => install(counting));
afterAll(() => install(real));

beforeEach(() => {
  hashed.length = 0;
});

const ring = (id: string, of: string) => `${id}:${btoa(of.repeat(32))}`;
const first = pepperFrom(ring("p1", "a"));
const second = pepperFrom(`${ring("p2", "b")},${ring("p1", "a")}`);

type Signed = { cookie: string; "x-csrf-token": string };

const signIn = (w: World, given: { username: string; password: string }) =>
  w.fetch("/v1/identity/login", { json: given });

async function sessionIn(answer: Response): Promise<Signed> {
  const { csrf_token } = (await answer.clone().json()) as { csrf_token: string };
  return { cookie: (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "", "x-csrf-token": csrf_token };
}

async function signedIn(w: World, tenant: Tenant, typed = password): Promise<Signed> {
  const answer = await signIn(w, { username: tenant.username, password: typed });
  expect(answer.status).toBe(200);
  return sessionIn(answer);
}

async function storedOf(w: World, tenant: Tenant): Promise<string> {
  const [row] = await w.neon.query("select password_hash from identity.app_users where id = $1", [tenant.user]);
  return String(row?.["password_hash"]);
}

const me = async (w: World, headers: Signed) => (await w.fetch("/v1/identity/me", { headers })).status;

const change = (w: World, headers: Signed, given: { current_password: string; new_password: string }) =>
  w.fetch("/v1/identity/password/change", { json: given, headers });

const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as { code?: string }).code];

describe("the pepper", () => {
  test("an older hash goes on working, and is made anew at the next sign-in; the one after that hashes once", async () => {
    const w = await world({ pepper: first, passwordCost: cost });
    hashed.length = 0;
    expect(await storedOf(w, w.a)).toMatch(/^scrypt\$v=1\$/);
    await signedIn(w, w.a);
    expect(hashed).toEqual([cost, cost]);
    const stored = await storedOf(w, w.a);
    expect(stored).toMatch(/^scrypt\$v=2,k=p1\$16384,8,5\$[0-9a-f]{32}\$[0-9a-f]{64}$/);
    await signedIn(w, w.a);
    expect(hashed).toHaveLength(3);
    expect(await storedOf(w, w.a)).toBe(stored);
    expect((await signIn(w, { username: w.a.username, password: "not the password" })).status).toBe(401);
  });

  test("a newer pepper takes over at sign-in; without the one it was made with a hash is worth nothing", async () => {
    const stored = await passwordsOf(first).hash(password, new Uint8Array(16).fill(9));
    const both = passwordsOf(second);
    expect([await both.matches(password, stored), both.isOutdated(stored)]).toEqual([true, true]);
    const anew = await both.hash(password, new Uint8Array(16).fill(9));
    expect(anew).toContain("$v=2,k=p2$");
    // The same password and salt, another key: nothing is alike.
    expect(anew.split("$").at(-1)).not.toBe(stored.split("$").at(-1));
    for (const without of [passwordsOf(), passwordsOf(pepperFrom(ring("p2", "b")))])
      await expect(without.matches(password, stored)).rejects.toThrow(/pepper/);
    const other = passwordsOf(pepperFrom(ring("p1", "z")));
    expect(await other.matches(password, stored)).toBe(false);
  });

  test("parameters of yesterday are replaced at sign-in, with no pepper too; a wrong password replaces nothing", async () => {
    const w = await world({ passwordCost: cost });
    const salt = "0f".repeat(16);
    const key = scryptSync(password, Buffer.from(salt, "hex"), 32, { N: 4096, r: 8, p: 1 }).toString("hex");
    const old = `scrypt$v=1$4096,8,1$${salt}$${key}`;
    await w.neon.query("update identity.app_users set password_hash = $2 where id = $1", [w.a.user, old]);
    expect((await signIn(w, { username: w.a.username, password: "wrong" })).status).toBe(401);
    expect(await storedOf(w, w.a)).toBe(old);
    await signedIn(w, w.a);
    expect(await storedOf(w, w.a)).toMatch(/^scrypt\$v=1\$16384,8,5\$/);
    await signedIn(w, w.a);
  });
});

describe("equal work", () => {
  test.each([
    ["without a pepper", {}],
    ["with one", { pepper: first }],
  ])("somebody, nobody and who was shut out cost one hash each of the same parameters, %s", async (_, options) => {
    const w = await world({ ...options, passwordCost: cost });
    await w.neon.query("update shared.users set disabled_at = now() where id = $1", [w.b.user]);
    const work: Record<string, unknown> = {};
    for (const username of [w.a.username, "nobody-here", w.b.username]) {
      hashed.length = 0;
      const answer = await signIn(w, { username, password: "wrong" });
      work[username] = [await codeOf(answer), hashed.slice(), answer.headers.get("server-timing")?.slice(-12)];
    }
    const [known, ...others] = Object.values(work);
    expect(known).toEqual([[401, "login_refused"], [cost], expect.any(String)]);
    for (const other of others) expect(other).toEqual(known);
  });
});

describe("long passwords", () => {
  test("128 characters are kept whole and compared exactly, 129 are refused, however they are composed", async () => {
    const w = await world();
    const headers = await signedIn(w, w.a);
    // Typed decomposed: two code points each, and so 256 of them.
    const long = "é".normalize("NFD").repeat(64) + "å😀".repeat(32);
    expect([long.length, [...long.normalize("NFC")].length]).toEqual([224, 128]);
    const refused = await change(w, headers, { current_password: password, new_password: `${long}x` });
    expect(await refused.json()).toMatchObject({ code: "invalid_input", errors: [{ pointer: "/new_password" }] });
    expect((await change(w, headers, { current_password: password, new_password: long })).status).toBe(200);
    await signedIn(w, w.a, long.normalize("NFC"));
    await signedIn(w, w.a, long.normalize("NFD"));
    for (const other of [long.slice(0, -2), long.toUpperCase(), `${long}x`, ` ${long}`])
      expect((await signIn(w, { username: w.a.username, password: other })).status).toBeGreaterThanOrEqual(400);
  });

  test("64 spaces and signs without a letter will do, seven characters will not, and no rule of composition is asked", async () => {
    const w = await world();
    let headers = await signedIn(w, w.a);
    let current = password;
    for (const next of ["-- ".repeat(21), "seven hills, one river", "жжж ежи в лесу"]) {
      const answer = await change(w, headers, { current_password: current, new_password: next });
      expect([next, answer.status]).toEqual([next, 200]);
      headers = await sessionIn(answer);
      current = next;
    }
    for (const short of ["seven77", "e\u0301".repeat(7)])
      expect(await codeOf(await change(w, headers, { current_password: current, new_password: short }))).toEqual([
        400,
        "invalid_input",
      ]);
  });
});

describe("changing it", () => {
  test("needs the old one; ends every other session and the old id of this one, and the old password", async () => {
    const w = await world();
    const here = await signedIn(w, w.a);
    const elsewhere = await signedIn(w, w.a);
    const theirs = await signedIn(w, w.b);
    const next = "nine herons over the fjord";
    const wrong = await change(w, here, { current_password: "not it", new_password: next });
    expect(await wrong.json()).toMatchObject({ code: "password_wrong", errors: [{ pointer: "/current_password" }] });
    expect([await me(w, elsewhere), await me(w, here)]).toEqual([200, 200]);

    const answer = await change(w, here, { current_password: password, new_password: next });
    const text = await answer.clone().text();
    const fresh = await sessionIn(answer);
    expect(text).not.toContain(fresh.cookie.split("=")[1]);
    expect([await me(w, fresh), await me(w, here), await me(w, elsewhere), await me(w, theirs)]).toEqual([
      200, 401, 401, 200,
    ]);
    expect((await signIn(w, { username: w.a.username, password })).status).toBe(401);
    await signedIn(w, w.a, next);
    expect(JSON.stringify([w.lines, text])).not.toContain("herons");
  });

  test("refuses what everybody tries and one's own name, by a key, and without the session's proof", async () => {
    const w = await world();
    const headers = await signedIn(w, w.a);
    for (const common of ["password1", "Iloveyou", w.a.username, `${w.a.username}123`]) {
      const answer = await change(w, headers, { current_password: password, new_password: common });
      expect([common, await codeOf(answer)]).toEqual([common, [400, "password_common"]]);
    }
    const json = { current_password: password, new_password: "nine herons over the fjord" };
    const byKey = await w.fetch("/v1/identity/password/change", { json, key: w.a.apiKey });
    expect(await codeOf(byKey)).toEqual([403, "session_required"]);
    const bare = await w.fetch("/v1/identity/password/change", { json, headers: { cookie: headers.cookie } });
    expect(await codeOf(bare)).toEqual([403, "csrf_mismatch"]);
    await signedIn(w, w.a);
  });

  test("tries are counted as at sign-in, before they are hashed, and apart from it", async () => {
    const w = await world();
    const headers = await signedIn(w, w.a);
    const guess = () => w.fetch("/v1/identity/password/confirm", { json: { password: "wrong" }, headers });
    for (let i = 0; i < 10; i++) expect((await guess()).status).toBe(400);
    hashed.length = 0;
    const eleventh = await guess();
    expect(await codeOf(eleventh)).toEqual([429, "too_many_attempts"]);
    expect(Number(eleventh.headers.get("retry-after"))).toBeGreaterThan(0);
    const given = { current_password: password, new_password: "nine herons over the fjord" };
    expect((await change(w, headers, given)).status).toBe(429);
    expect(hashed).toEqual([]);
    // A stranger's guesses at the one do not use up the other.
    await signedIn(w, w.a);
    w.clock.advance(15 * 60_000);
    expect((await change(w, headers, given)).status).toBe(200);
  });

  test("a sign-in that was under way with the old password opens nothing", async () => {
    const w = await world();
    // The second half of signing in, with what the first half has read.
    const open = (proof: string, id: string) =>
      w.neon.query(
        "select identity.open_session($2::uuid, $3, $4::jsonb) from (select set_config('app.login_name', $1, true)) z",
        [w.a.username, w.a.user, proof, JSON.stringify({ id, csrf: "x", days: 14 })],
      );
    const old = await storedOf(w, w.a);
    await open(old, `in-time-${w.a.user}`);
    const headers = await signedIn(w, w.a);
    await change(w, headers, { current_password: password, new_password: "nine herons over the fjord" });
    await expect(open(old, `too-late-${w.a.user}`)).rejects.toThrow(/login_refused/);
    await open(await storedOf(w, w.a), `anew-${w.a.user}`);
  });
});
