// The same endpoint before a real Postgres: what one session cannot show.
import { NeonDbError, neon, neonConfig } from "@neondatabase/serverless";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startNeon } from "#local/neon.ts";
import { type RaceDatabase, raceDatabase } from "#test/kit/database.ts";

let local: RaceDatabase;
const endpoint = neonConfig.fetchEndpoint;

beforeAll(async () => {
  local = await raceDatabase();
  neonConfig.fetchEndpoint = local.url;
  await local.exec(`
    create schema neon_race;
    create table neon_race.work (id int primary key, taken_by text);
    insert into neon_race.work select g from generate_series(1, 40) g;
    create table neon_race.secrets (id int); alter table neon_race.secrets enable row level security;
    insert into neon_race.secrets values (1);
    grant usage on schema neon_race to omneuro_app;
    grant select, insert, update on all tables in schema neon_race to omneuro_app`);
});

afterAll(async () => {
  await local.exec("drop schema neon_race cascade");
  neonConfig.fetchEndpoint = endpoint;
});

const client = () => neon(local.appUrl);

/** Resolves once some other session waits for a lock. */
const someoneWaits = () =>
  vi.waitUntil(async () => (await local.query("select 1 from pg_locks where not granted")).length > 0, {
    timeout: 10_000,
  });

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(NeonDbError);
  return (error as NeonDbError).code;
}

describe("logins", () => {
  test("the serving role is really logged in, without any power", async () => {
    const [row] = await client()`
      select session_user as login, current_user as role, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb as strong
        from pg_roles where rolname = session_user`;
    expect(row).toEqual({ login: "omneuro_app", role: "omneuro_app", strong: false });
    expect(await client()`select id from neon_race.secrets`).toEqual([]);
  });

  test("the owner is no superuser", async () => {
    const [row] = await local.query("select current_user as me, rolsuper from pg_roles where rolname = current_user");
    expect(row).toEqual({ me: "omneuro_owner", rolsuper: false });
    expect(await codeOf(client()`set role omneuro_owner`)).toBe("42501");
  });

  test("a wrong password and an unknown user are refused alike", async () => {
    const first = await codeOf(neon(local.connectionString("omneuro_app", "wrong"))`select 1`);
    const second = await codeOf(neon(local.connectionString("ghost", "wrong"))`select 1`);
    expect([first, second]).toEqual(["28P01", "28P01"]);
  });

  test("a connection that the server ended is not used again", async () => {
    expect(await codeOf(client()`select pg_terminate_backend(pg_backend_pid())`)).toBe("57P01");
    expect(await client()`select 1 as one`).toEqual([{ one: 1 }]);
  });

  test("a server that cannot be reached is told at once", async () => {
    const gone = new URL(local.direct.ownerUrl);
    gone.port = "1";
    await expect(startNeon({ backend: { kind: "postgres", url: gone.href } })).rejects.toThrow("ECONNREFUSED");
  });
});

describe("sessions", () => {
  test("split rows with skip locked", async () => {
    const sql = client();
    const claim = (who: string) =>
      sql.transaction([
        sql`update neon_race.work set taken_by = ${who} where id in (
              select id from neon_race.work where taken_by is null order by id limit 20 for update skip locked) returning id`,
        sql`select pg_sleep(0.2)`,
      ]);
    const [first, second] = await Promise.all([claim("a"), claim("b")]);
    const ids = [...(first?.[0] ?? []), ...(second?.[0] ?? [])].map((row) => row["id"] as number);
    expect(first?.[0]).toHaveLength(20);
    expect(new Set(ids).size).toBe(40);
  });

  test("wait for an advisory lock and then see what its holder wrote", async () => {
    const holder = new pg.Client({ connectionString: local.direct.ownerUrl });
    await holder.connect();
    try {
      await holder.query("begin; select pg_advisory_xact_lock(7, 1); insert into neon_race.work values (100)");
      const sql = client();
      const waiting = Promise.all([
        sql.transaction([sql`select pg_advisory_xact_lock(7, 1)`, sql`select id from neon_race.work where id = 100`]),
      ]);
      await someoneWaits();
      await holder.query("commit");
      const [[, seen]] = (await waiting) as [[unknown, unknown]];
      expect(seen).toEqual([{ id: 100 }]);
    } finally {
      await holder.end();
    }
  });

  test("that lock crosswise: one of the two is told of a deadlock", async () => {
    const sql = client();
    const cross = (a: number, b: number) =>
      sql.transaction([
        sql`update neon_race.work set taken_by = 'x' where id = ${a}`,
        sql`select pg_sleep(0.2)`,
        sql`update neon_race.work set taken_by = 'x' where id = ${b}`,
      ]);
    const outcome = await Promise.allSettled([cross(1, 2), cross(2, 1)]);
    const failed = outcome.filter((result) => result.status === "rejected");
    expect(failed.map(({ reason }) => (reason as NeonDbError).code)).toEqual(["40P01"]);
  });
});

describe("protocol", () => {
  test("options, counters and text values are those of the other backend", async () => {
    const sql = client();
    local.resetStats();
    const [row] =
      await sql`select ${[1, 2]}::int[] as list, 9007199254740993::bigint as big, '2026-03-01T10:00:00Z'::timestamptz as at`;
    expect(row).toEqual({ list: [1, 2], big: "9007199254740993", at: expect.anything() });
    expect(new Date(row?.["at"])).toEqual(new Date("2026-03-01T10:00:00Z"));
    const shown = await sql.transaction([sql`show transaction_isolation`, sql`show transaction_read_only`], {
      isolationLevel: "RepeatableRead",
      readOnly: true,
    });
    expect(shown.flat()).toEqual([{ transaction_isolation: "repeatable read" }, { transaction_read_only: "on" }]);
    expect(await codeOf(sql.query("select 1; select 2"))).toBe("42601");
    expect(local.stats()).toMatchObject({ requests: 3, statements: 4 });
  });

  test("after an accident behind the commit the row is there", async () => {
    local.faults.next({ kind: "after-commit", match: /insert/ });
    await expect(client()`insert into neon_race.work values (200)`).rejects.toThrow("Error connecting");
    expect(await local.query("select id from neon_race.work where id = 200")).toEqual([{ id: 200 }]);
  });

  test("a transaction that a single statement left open does not reach the next request", async () => {
    const sql = client();
    await Promise.allSettled([sql`begin`]);
    const open = "select 1 from pg_stat_activity where usename = 'omneuro_app' and state like 'idle in transaction%'";
    await vi.waitUntil(async () => (await local.query(open)).length === 0, { timeout: 10_000 });
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
  });
});
