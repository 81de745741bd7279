// The kernel's pure rules: ids, keys, secrets, cursors, headers.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readApiKey, writeApiKey } from "#brain/identity/credentials.ts";
import { bounds, cost, derive, passwordMatches } from "#brain/identity/password.ts";
import { settableClock } from "#brain/kernel/clock.ts";
import { base32, makeIds } from "#brain/kernel/ids.ts";
import { asFault, sqlError } from "#db/errors.ts";
import { parseEnv } from "#functions/env.ts";
import { assertOwn, readCursor, writeCursor } from "#gateway/cursor.ts";
import { sameBytes } from "#gateway/digest.ts";
import { secretsFrom } from "#providers/secrets.ts";

const hex = (bytes: Uint8Array) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
const unhex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const ring = (id: string, fill: string) => `${id}:${btoa(fill.repeat(32))}`;
const place = { table: "identity.project_sources", column: "secret_sealed", row: "src_1", project: "p1" };

describe("ids", () => {
  test("text order is byte order", () => {
    const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(
        bytes,
        bytes,
        (a, b) =>
          Math.sign(hex(a).localeCompare(hex(b), "en")) ===
          Math.sign(base32(a) < base32(b) ? -1 : base32(a) > base32(b) ? 1 : 0),
      ),
    );
  });

  test("they sort by time, never repeat, and repeat exactly from the same seed", () => {
    const clock = settableClock("2026-11-15T08:00:00Z");
    const ids = makeIds(clock);
    const early = Array.from({ length: 500 }, () => ids.next("event"));
    clock.advance(1);
    const late = Array.from({ length: 500 }, () => ids.next("event"));
    expect(new Set([...early, ...late]).size).toBe(1000);
    expect(
      [...early]
        .sort()
        .at(-1)
        ?.localeCompare([...late].sort()[0] ?? ""),
    ).toBe(-1);
    const seeded = () => makeIds(settableClock("2026-11-15T08:00:00Z"), (n) => new Uint8Array(n).fill(5)).uuid();
    expect(seeded()).toBe(seeded());
    expect(seeded()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe("credentials", () => {
  test("every single changed character of a key is noticed without the database", async () => {
    const { text } = await writeApiKey(`key_${"0".repeat(26)}`, new Uint8Array(32).fill(9));
    expect(await readApiKey(text)).toMatchObject({ id: `key_${"0".repeat(26)}` });
    for (let i = 0; i < text.length; i++) {
      const changed = text.slice(0, i) + (text[i] === "1" ? "2" : "1") + text.slice(i + 1);
      expect(await readApiKey(changed)).toBeUndefined();
    }
  });

  test("scrypt stays within what deployed Workers allow, and answers the known vector", async () => {
    expect(cost.N * cost.r * cost.p).toBe(655_360);
    expect(cost.N * cost.r * cost.p).toBeLessThanOrEqual(2 ** 20);
    expect(bounds.N * 128 * bounds.r).toBeLessThanOrEqual(64 * 1024 * 1024);
    const key = await derive("correct horse battery staple", unhex("00112233445566778899aabbccddeeff"), cost);
    expect(hex(key)).toBe("d526cb13a08439fcadbab46c190b59b8b7d6948eb47f90d07955465f069b9e94");
  });

  test("a stored hash with monstrous parameters is refused, not computed", async () => {
    await expect(passwordMatches("x", "scrypt$v=1$1048576,8,64$00$00")).rejects.toThrow(/unknown form/);
  });
});

describe("secrets at rest", () => {
  test("open only where they were sealed, survive rotation, and say nothing when tampered with", async () => {
    const old = secretsFrom(ring("k1", "a"));
    const sealed = await old.seal("cw-secret-1", place);
    expect(sealed).not.toContain("cw-secret");
    const rotated = secretsFrom(`${ring("k2", "b")},${ring("k1", "a")}`);
    expect(await rotated.open(sealed, place)).toBe("cw-secret-1");
    expect((await rotated.seal("x", place)).split(".")[1]).toBe("k2");
    for (const moved of [{ row: "src_2" }, { column: "api_token_sealed" }, { table: "x" }, { project: "p2" }]) {
      await expect(old.open(sealed, { ...place, ...moved })).rejects.toThrow();
    }
    await expect(old.open(`${sealed.slice(0, -2)}AA`, place)).rejects.toThrow();
    await expect(secretsFrom(ring("k9", "z")).open(sealed, place)).rejects.toThrow(/not configured/);
  });
});

describe("cursors", () => {
  test("come back as they were written, on their own path only", async () => {
    const secrets = secretsFrom(ring("k1", "a"));
    const position = { at: "2026-11-15 08:00:00.123456+00", id: "æble" };
    const seat = { who: { project: "p1", user: "u1" }, ports: { secrets } };
    const text = await writeCursor(seat, { list: "/v1/a" }, position);
    const read = await readCursor(secrets, "/v1/a", text);
    expect(read).toMatchObject(position);
    await assertOwn({ ...seat, who: { project: "p1", user: "u2" } }, read);
    const elsewhere = { ...seat, who: { project: "p2", user: "u1" } };
    await expect(assertOwn(elsewhere, read)).rejects.toMatchObject({ code: "invalid_cursor" });
    await expect(readCursor(secrets, "/v1/b", text)).rejects.toMatchObject({ code: "invalid_cursor" });
    await expect(readCursor(secrets, "/v1/a", `x${text}`)).rejects.toMatchObject({ code: "invalid_cursor" });
  });
});

test("bytes are the same when all of them are", () => {
  const bytes = fc.uint8Array({ maxLength: 40 });
  fc.assert(
    fc.property(bytes, bytes, (a, b) => sameBytes(a, b) === (hex(a) === hex(b)) && sameBytes(a, Uint8Array.from(a))),
  );
});

test("a SQL error keeps its name through drizzle's wrapper, and an unknown one is nobody's fault", () => {
  const inner = Object.assign(new Error("moved"), { code: "OM409", detail: '{"allowed":["open"]}' });
  const found = sqlError(new Error("Failed query", { cause: inner }));
  expect(found && asFault(found)).toMatchObject({ kind: "conflict", code: "moved", extra: { allowed: ["open"] } });
  expect(sqlError(new Error("no code"))).toBeUndefined();
  expect(asFault({ code: "22012", message: "division", detail: "", constraint: "" })).toBeUndefined();
});

test("a missing binding is named and no value is shown", () => {
  const wrong = () =>
    parseEnv({ DATABASE_URL: "mysql://user:hunter2@x/y", PUBLIC_URL: "https://a.example", QSTASH_TOKEN: "t" });
  expect(wrong).toThrow(/DATABASE_URL.*SECRETS_KEYS/);
  expect(wrong).not.toThrow(/hunter2/);
  const remote = () => parseEnv({ DATABASE_URL: "postgres://u@h/d", NEON_FETCH_ENDPOINT: "http://db.example.com/sql" });
  expect(remote).toThrow(/NEON_FETCH_ENDPOINT: must be https, or http on loopback/);
});

test("limits are numbers of requests a minute with a usual value; anything else is refused by name", () => {
  const enough = {
    DATABASE_URL: "postgres://u@h/d",
    PUBLIC_URL: "https://a.example",
    SECRETS_KEYS: ring("k1", "a"),
    QSTASH_TOKEN: "t",
    QSTASH_CURRENT_SIGNING_KEY: "sig_rules_current",
    QSTASH_NEXT_SIGNING_KEY: "sig_rules_next",
  };
  const limits = {
    LIMIT_REQUESTS_PER_MINUTE: 600,
    LIMIT_ASKS_PER_MINUTE: 30,
    LIMIT_ANONYMOUS_PER_MINUTE: 120,
    LIMIT_LOGINS_PER_MINUTE: 30,
  };
  expect(parseEnv(enough)).toMatchObject(limits);
  expect(parseEnv({ ...enough, LIMIT_ASKS_PER_MINUTE: "300" })).toMatchObject({
    ...limits,
    LIMIT_ASKS_PER_MINUTE: 300,
  });
  for (const name of Object.keys(limits))
    for (const wrong of ["0", "-1", "1.5", "many", "", "1e9"])
      expect(() => parseEnv({ ...enough, [name]: wrong })).toThrow(new RegExp(`configuration is incomplete: ${name}`));
  expect(() => parseEnv({ ...enough, PASSWORD_PEPPERS: "hunter2" })).toThrow(/PASSWORD_PEPPERS: must be id:base64/);
});
