// The local endpoint beyond the protocol: logins on PGlite, counters, accidents, waiting, the lock on the data folder.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NeonDbError, neon, neonConfig } from "@neondatabase/serverless";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type LocalNeon, startNeon } from "#local/neon.ts";
import { ensureSnapshot } from "#test/kit/snapshot.ts";

const SCHEMA = `
  create table notes (project text not null, body text, id serial primary key);
  alter table notes enable row level security;
  create policy tenant on notes using (project = current_setting('app.project_id', true));
  grant select, insert on notes to omneuro_app;
  grant usage on sequence notes_id_seq to omneuro_app;
  insert into notes (project, body) values ('a', 'ours'), ('b', 'theirs');
  create role sleeper nologin;
  create role "o""dd" login; grant select on notes to "o""dd"`;

let local: LocalNeon;
const endpoint = neonConfig.fetchEndpoint;

beforeAll(async () => {
  local = await startNeon({ backend: { kind: "pglite", snapshot: await ensureSnapshot(), patience: 150 } });
  await local.exec(SCHEMA);
  neonConfig.fetchEndpoint = local.url;
});

afterEach(() => {
  expect(local.faults.pending).toBe(0);
  local.faults.clear();
});

afterAll(async () => {
  neonConfig.fetchEndpoint = endpoint;
  await local.close();
});

const as = (user: string) => neon(local.connectionString(user, "x"));

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(NeonDbError);
  return (error as NeonDbError).code;
}

describe("a login", () => {
  test("is the connection string's user, for that request only", async () => {
    const sql = as("omneuro_app");
    expect(await sql`select current_user as me`).toEqual([{ me: "omneuro_app" }]);
    expect(await sql.transaction([sql`select 1`, sql`select current_user as me`])).toEqual([
      [{ "?column?": 1 }],
      [{ me: "omneuro_app" }],
    ]);
    expect(await local.query("select current_user as me")).toEqual([{ me: "postgres" }]);
    expect(await as("postgres")`select current_user as me`).toEqual([{ me: "postgres" }]);
    expect(await codeOf(sql`select 1/0`)).toBe("22012");
    expect(await local.query("select current_user as me")).toEqual([{ me: "postgres" }]);
  });

  test("meets row security, also in a single statement", async () => {
    const sql = as("omneuro_app");
    const enter = sql`select set_config('app.project_id', 'a', true)`;
    expect(await sql`select body from notes`).toEqual([]);
    expect((await sql.transaction([enter, sql`select body from notes`]))[1]).toEqual([{ body: "ours" }]);
    expect(await sql`select body from notes`).toEqual([]);
    const foreign = sql.transaction([enter, sql`insert into notes (project, body) values ('b', 'forged')`]);
    expect(await codeOf(foreign)).toBe("42501");
    expect(await as("postgres")`select count(*)::int as n from notes`).toEqual([{ n: 2 }]);
  });

  test("begins with the role's own settings", async () => {
    await local.exec(
      `create role set_up login; alter role set_up set search_path = "a b", ext; alter role set_up set timezone = 'Europe/Copenhagen'`,
    );
    const [row] = await as(
      "set_up",
    )`select current_setting('search_path') as path, current_setting('timezone') as zone`;
    expect(row).toEqual({ path: '"a b", ext', zone: "Europe/Copenhagen" });
    expect(await as("omneuro_app")`select current_setting('timezone') as zone`).toEqual([{ zone: "UTC" }]);
  });

  test("owns nothing", async () => {
    expect(await codeOf(as("omneuro_app")`drop table notes`)).toBe("42501");
    expect(await codeOf(as("omneuro_app")`create table mine (id int)`)).toBe("42501");
  });

  test("of an unknown role is refused as by a server with passwords; one that may not log in too", async () => {
    expect(await codeOf(as("ghost")`select 1`)).toBe("28P01");
    expect(await codeOf(as('omneuro_app"; reset role; --')`select 1`)).toBe("28P01");
    expect(await codeOf(as("sleeper")`select 1`)).toBe("28000");
    expect(await as('o"dd')`select current_user as me`).toEqual([{ me: 'o"dd' }]);
  });

  test.each([
    ["reset role", "42501"],
    ["/* x */ set local role postgres", "42501"],
    ["set session authorization postgres", "42501"],
    ["select set_config('role', 'postgres', true)", "42501"],
    ["commit", "2D000"],
    ["-- done\nrollback", "2D000"],
    ["copy notes from stdin", "0A000"],
  ])("cannot leave its role or transaction: %s", async (statement, code) => {
    const sql = as("omneuro_app");
    expect(await codeOf(sql.transaction([sql.query(statement), sql`select body from notes`]))).toBe(code);
    expect(await sql`select current_user as me`).toEqual([{ me: "omneuro_app" }]);
  });
});

describe("counters", () => {
  test("count the clients' requests and statements, the owner's apart", async () => {
    const sql = as("omneuro_app");
    local.resetStats();
    await sql`select 1`;
    await sql.transaction([sql`select 1`, sql`select 2`, sql`select 3`]);
    await as("postgres")`select 1`;
    await local.query("select 1");
    await local.exec("select 1; select 2");
    const expected = {
      requests: 2,
      statements: 4,
      byRole: { omneuro_app: { requests: 2, statements: 4 }, postgres: { requests: 1, statements: 1 } },
    };
    expect(local.stats()).toEqual(expected);
    const base = new URL(local.url).origin;
    expect(await (await fetch(`${base}/stats`)).json()).toEqual(expected);
    await fetch(`${base}/stats/reset`, { method: "POST" });
    expect(local.stats()).toEqual({ requests: 0, statements: 0, byRole: {} });
  });
});

describe("accidents on order", () => {
  const insert = (body: string) => {
    const sql = as("omneuro_app");
    return sql.transaction([
      sql`select set_config('app.project_id', 'c', true)`,
      sql`insert into notes (project, body) values ('c', ${body})`,
    ]);
  };
  const found = (body: string) => local.query("select body from notes where body = $1", [body]);

  test.each([
    ["with a status", { status: 500 }, "Server error (HTTP status 500)"],
    ["with a cut connection", {}, "Error connecting to database"],
  ])("after the commit, %s: the row is there and the client does not know", async (body, options, message) => {
    local.faults.next({ kind: "after-commit", ...options });
    await expect(insert(body)).rejects.toThrow(message);
    expect(await found(body)).toEqual([{ body }]);
  });

  test("before: nothing has happened", async () => {
    local.faults.next({ kind: "before", status: 503 });
    await expect(insert("never")).rejects.toThrow("503");
    expect(await found("never")).toEqual([]);
    await insert("then");
    expect(await found("then")).toHaveLength(1);
  });

  test("a delay lets others pass, and hits only what it matches", async () => {
    local.faults.next({ kind: "delay", ms: 150, match: /slow/ });
    const order: string[] = [];
    const sql = as("omneuro_app");
    await Promise.all([
      sql`select 'slow'`.then(() => order.push("slow")),
      sql`select 'quick'`.then(() => order.push("quick")),
    ]);
    expect(order).toEqual(["quick", "slow"]);
  });
});

describe("one session", () => {
  test("a request that waits too long for its turn is told so, and is not run", async () => {
    const sql = as("omneuro_app");
    const before = await local.query("select is_called, last_value::int as n from notes_id_seq");
    // The driver sends a query when it is awaited.
    local.resetStats();
    const long = Promise.all([sql`select count(*)::int as n from generate_series(1, 3000000)`]);
    await vi.waitUntil(() => local.stats().requests === 1);
    expect(await codeOf(sql`select nextval('notes_id_seq')`)).toBe("55P03");
    expect(await long).toEqual([[{ n: 3_000_000 }]]);
    expect(await local.query("select is_called, last_value::int as n from notes_id_seq")).toEqual(before);
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
  });

  test("vacuum runs as the owner", async () => {
    await expect(local.maintain()).resolves.toBeUndefined();
  });
});

describe("a data folder", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "omneuro-neon-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("keeps its rows, and is opened once at a time", async () => {
    const dataDir = join(folder, "pg");
    const backend = { kind: "pglite", dataDir } as const;
    const first = await startNeon({ backend: { ...backend, snapshot: await ensureSnapshot() } });
    await first.exec("create table kept (n int); insert into kept values (1)");
    await expect(startNeon({ backend })).rejects.toThrow(`held by the running process ${process.pid}`);
    await first.close();
    // A process that is gone, as after kill -9.
    const gone = spawn(process.execPath, ["-e", ""]);
    await once(gone, "exit");
    await writeFile(`${dataDir}.lock`, `${gone.pid} - left\n`);
    const second = await startNeon({ backend });
    expect(await second.query("select n from kept")).toEqual([{ n: 1 }]);
    expect(await readFile(`${dataDir}.lock`, "utf8")).toMatch(new RegExp(`^${process.pid} `));
    await second.close();
    await expect(readFile(`${dataDir}.lock`)).rejects.toThrow("ENOENT");
  });
});
