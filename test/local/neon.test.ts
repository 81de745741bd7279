// The local endpoint through the unmodified driver and drizzle: what Neon's protocol promises.
import { NeonDbError, neon, neonConfig } from "@neondatabase/serverless";
import { cosineDistance, eq, sql as raw } from "drizzle-orm";
import { drizzle } from "drizzle-orm/neon-http";
import {
  bigint,
  boolean,
  customType,
  halfvec,
  integer,
  jsonb,
  numeric,
  pgTable,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalNeon, startNeon } from "#local/neon.ts";
import { ensureSnapshot } from "#test/kit/snapshot.ts";

const bytea = customType<{ data: Uint8Array; driverData: string }>({ dataType: () => "bytea" });
const things = pgTable("things", {
  id: uuid().primaryKey().defaultRandom(),
  n: integer().unique(),
  name: text(),
  at: timestamp({ withTimezone: true }).defaultNow(),
  doc: jsonb(),
  ok: boolean(),
  big: bigint({ mode: "bigint" }),
  price: numeric(),
  tags: text().array(),
  vec: halfvec({ dimensions: 3 }),
  raw: bytea(),
});

const SCHEMA = `
  create table things (
    id uuid primary key default gen_random_uuid(), n int constraint things_n_key unique, name text, at timestamptz default now(),
    doc jsonb, ok boolean, big bigint, price numeric, tags text[], vec ext.halfvec(3), raw bytea,
    constraint things_n_small check (n < 1000));
  alter role omneuro_app set search_path = public, ext;
  grant select, insert, update, delete on things to omneuro_app`;

/** Far below Neon's 64 MB, to be quick. */
const MAX_BYTES = 8_000_000;

let local: LocalNeon;
const endpoint = neonConfig.fetchEndpoint;

beforeAll(async () => {
  local = await startNeon({ maxBytes: MAX_BYTES, backend: { kind: "pglite", snapshot: await ensureSnapshot() } });
  await local.exec(SCHEMA);
  neonConfig.fetchEndpoint = local.url;
});

afterAll(async () => {
  neonConfig.fetchEndpoint = endpoint;
  await local.close();
});

const client = () => neon(local.connectionString("omneuro_app"));

async function failure(work: Promise<unknown>): Promise<NeonDbError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(NeonDbError);
  return error as NeonDbError;
}

describe("values", () => {
  test("travel as text and come out typed", async () => {
    const sql = client();
    const [row] =
      await sql`select 1 as one, ${"blåbær"}::text as word, ${[1, 2]}::int[] as list, ${{ a: [1] }}::jsonb as doc,
      true as yes, 9007199254740993::bigint as big, 1.50::numeric as price, null as nothing, ${Buffer.from([0, 255])}::bytea as raw,
      '2026-03-01T10:00:00.123Z'::timestamptz as at`;
    // drizzle, once loaded, makes the driver leave times as text, for the whole process.
    expect({ ...row, at: new Date(row?.["at"]) }).toEqual({
      one: 1,
      word: "blåbær",
      list: [1, 2],
      doc: { a: [1] },
      yes: true,
      big: "9007199254740993",
      price: "1.50",
      nothing: null,
      raw: Buffer.from([0, 255]),
      at: new Date("2026-03-01T10:00:00.123Z"),
    });
  });

  test("survive a round trip through drizzle", async () => {
    const db = drizzle({ client: client() });
    const row = {
      n: 1,
      name: 'O\'Hara, "quoted"',
      doc: { k: [1, null, "ø"] },
      ok: false,
      big: 9007199254740993n,
      price: "12.30",
      tags: ['a"b', "c,d", "{}"],
      vec: [1, 0.5, 0],
      raw: Buffer.from("æøå"),
    };
    const [made] = await db.insert(things).values(row).returning();
    expect(made).toMatchObject(row);
    expect(made?.at).toBeInstanceOf(Date);
    const near = await db
      .select({ n: things.n, d: cosineDistance(things.vec, [1, 0.5, 0]) })
      .from(things)
      .where(eq(things.n, 1));
    expect(near).toEqual([{ n: 1, d: 0 }]);
  });

  test("a full result tells command, count and field types", async () => {
    const sql = neon(local.connectionString("omneuro_app"), { fullResults: true });
    const insert = await sql`insert into things (n) values (10), (11)`;
    expect(insert).toMatchObject({ command: "INSERT", rowCount: 2, rows: [] });
    const select = await sql`select n from things where n in (10, 11) order by n`;
    expect(select).toMatchObject({ command: "SELECT", rowCount: 2, fields: [{ name: "n", dataTypeID: 23 }] });
  });

  test("a million characters go both ways", async () => {
    const long = "å".repeat(1_000_000);
    const [row] = await client()`select ${long}::text as long, length(${long}::text) as size`;
    expect(row?.["size"]).toBe(1_000_000);
    expect(row?.["long"] === long).toBe(true);
  });
});

describe("errors", () => {
  test("carry SQLSTATE, constraint, detail and table", async () => {
    const sql = client();
    await sql`insert into things (n) values (20)`;
    const error = await failure(sql`insert into things (n) values (20)`);
    expect(error).toMatchObject({
      code: "23505",
      constraint: "things_n_key",
      table: "things",
      schema: "public",
      severity: "ERROR",
    });
    expect(error.detail).toBe("Key (n)=(20) already exists.");
  });

  test("say where a statement is wrong, and leave the session usable", async () => {
    const sql = client();
    expect(await failure(sql`select 1 frm things where`)).toMatchObject({ code: "42601", position: "14" });
    expect(await sql`select 2 as two`).toEqual([{ two: 2 }]);
  });

  test("one text holds one statement", async () => {
    expect(await failure(client().query("select 1; select 2"))).toMatchObject({ code: "42601" });
  });

  test.each([
    ["no JSON", "{", 400],
    ["no query", "{}", 400],
    ["params that are no list", '{"query":"select 1","params":1}', 400],
  ])("%s is refused", async (_name, body, status) => {
    const headers = { "neon-connection-string": local.connectionString("omneuro_app") };
    const reply = await fetch(local.url, { method: "POST", headers, body });
    expect(reply.status).toBe(status);
    expect(Object.keys((await reply.json()) as object)).toContain("message");
  });

  test.each([
    ["nothing", undefined],
    ["no user", "postgresql://localhost/db"],
    ["no password", "postgresql://omneuro_app@localhost/db"],
    ["another scheme", "https://omneuro_app:x@localhost/db"],
  ])("a connection string with %s is refused", async (_name, value) => {
    const headers = value === undefined ? {} : { "neon-connection-string": value };
    const reply = await fetch(local.url, { method: "POST", headers, body: '{"query":"select 1","params":[]}' });
    expect(reply.status).toBe(400);
  });

  test("a zero byte is refused in a parameter and in a text, and nothing after it is lost", async () => {
    const sql = client();
    expect(await failure(sql`select ${"a\0b"}::text`)).toMatchObject({ code: "22021" });
    expect(await failure(sql.query("select 1 -- \0 select 2"))).toMatchObject({ code: "22021" });
    expect(await sql`select 3 as three`).toEqual([{ three: 3 }]);
  });

  test("too many bytes are refused in either direction, and the next request is answered", async () => {
    const sql = client();
    const heavy = "x".repeat(MAX_BYTES);
    await expect(sql`select length(${heavy}::text)`).rejects.toThrow("413");
    await expect(sql`select repeat('x', ${heavy.length}::int)`).rejects.toThrow("507");
    expect(await sql`select 4 as four`).toEqual([{ four: 4 }]);
  });
});

describe("batches", () => {
  test("are one transaction and answer each statement", async () => {
    const db = drizzle({ client: client() });
    const [, counted] = await db.batch([
      db.insert(things).values({ n: 30 }),
      db.select({ c: raw<number>`count(*)::int` }).from(things).where(eq(things.n, 30)),
    ]);
    expect(counted).toEqual([{ c: 1 }]);
  });

  test("leave nothing behind when a later statement fails", async () => {
    const sql = client();
    const error = await failure(
      sql.transaction([sql`insert into things (n) values (31)`, sql`insert into things (n) values (5000)`]),
    );
    expect(error).toMatchObject({ code: "23514", constraint: "things_n_small" });
    expect(await sql`select n from things where n = 31`).toEqual([]);
  });

  test("leave nothing behind when the commit fails", async () => {
    const sql = client();
    await local.exec(
      "create table late (n int unique deferrable initially deferred); grant all on late to omneuro_app",
    );
    const error = await failure(sql.transaction([sql`insert into late values (1)`, sql`insert into late values (1)`]));
    expect(error.code).toBe("23505");
    expect(await sql`select * from late`).toEqual([]);
  });

  test("honour isolation level, read only and deferrable", async () => {
    const sql = client();
    const show = () =>
      ["transaction_isolation", "transaction_read_only", "transaction_deferrable"].map((name) =>
        sql.query(`show ${name}`),
      );
    const strict = await sql.transaction(show(), { isolationLevel: "Serializable", readOnly: true, deferrable: true });
    expect(strict.flat().map((row) => Object.values(row as object)[0])).toEqual(["serializable", "on", "on"]);
    const plain = await sql.transaction(show());
    expect(plain.flat().map((row) => Object.values(row as object)[0])).toEqual(["read committed", "off", "off"]);
    const error = await failure(sql.transaction([sql`insert into things (n) values (32)`], { readOnly: true }));
    expect(error.code).toBe("25006");
  });

  test("forty at once do not mix their answers", async () => {
    const sql = client();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        sql.transaction([sql`select ${i}::int as i`, sql`select ${i + 100}::int as i`]),
      ),
    );
    expect(answers.map(([first, second]) => [first?.[0]?.["i"], second?.[0]?.["i"]])).toEqual(
      Array.from({ length: 40 }, (_, i) => [i, i + 100]),
    );
  });
});
