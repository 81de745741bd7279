// The migration runner on PGlite: once, in order, never edited, functions whenever their text changed.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ensureAppRole, migrate } from "#db/migrate.ts";
import { type LocalNeon, startNeon } from "#local/neon.ts";

let local: LocalNeon;
let dir: string;

beforeAll(async () => {
  local = await startNeon({ backend: { kind: "pglite" } });
});

afterAll(() => local.close());

beforeEach(async () => {
  await local.exec("drop schema if exists shop, shared cascade");
  dir = await mkdtemp(join(tmpdir(), "omneuro-migrate-"));
  await write("0001_shop.sql", "create schema shop; create table shop.items (id int primary key);");
  await write("0002_more.sql", "insert into shop.items values (1);\ninsert into shop.items values (2);");
  await write("functions/shop/double.sql", twice(2));
  return () => rm(dir, { recursive: true });
});

const twice = (factor: number) =>
  `create or replace function shop.double(n int) returns int language sql as $$ select n * ${factor} $$;`;

async function write(path: string, text: string): Promise<void> {
  const file = join(dir, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

const run = () => migrate(local, { dir });
const doubled = async () => (await local.query("select shop.double(21) as n"))[0]?.["n"];

describe("migrations", () => {
  test("are applied in order and then never again", async () => {
    expect(await run()).toEqual({
      migrations: ["0001_shop.sql", "0002_more.sql"],
      functions: ["functions/shop/double.sql"],
    });
    expect(await run()).toEqual({ migrations: [], functions: [] });
    expect(await local.query("select count(*)::int as n from shop.items")).toEqual([{ n: 2 }]);
    const rows = await local.query("select id, length(hash) as hash from shared.schema_migrations order by id");
    expect(rows).toEqual([
      { id: "0001_shop", hash: 64 },
      { id: "0002_more", hash: 64 },
    ]);
  });

  test("are refused when an applied one was edited, before anything else runs", async () => {
    await run();
    await write("0001_shop.sql", "create schema shop; -- edited");
    await write("0003_next.sql", "create table shop.never (id int);");
    await expect(run()).rejects.toThrow("0001_shop.sql was applied with other content");
    expect(await local.query("select to_regclass('shop.never') as t")).toEqual([{ t: null }]);
  });

  test("leave nothing of themselves when they fail, and say where", async () => {
    await run();
    await write("0003_broken.sql", "create table shop.half (id int);\n\nselect 1 frm nowhere at all;");
    await expect(run()).rejects.toThrow(/^0003_broken\.sql:3: syntax error .*42601/);
    expect(await local.query("select to_regclass('shop.half') as t")).toEqual([{ t: null }]);
    expect(await local.query("select id from shared.schema_migrations where id like '0003%'")).toEqual([]);
    await write("0003_broken.sql", "create table shop.half (id int);");
    expect((await run()).migrations).toEqual(["0003_broken.sql"]);
  });

  test("with a number below the newest applied one are refused", async () => {
    await write("0005_later.sql", "select 1;");
    await run();
    await write("0004_late.sql", "select 1;");
    await expect(run()).rejects.toThrow("0004_late.sql comes before 0005_later");
  });

  test("with the same number or a strange name are refused", async () => {
    await write("0002_again.sql", "select 1;");
    await expect(run()).rejects.toThrow("two migrations have the number 0002");
    await rm(join(dir, "0002_again.sql"));
    await write("later.sql", "select 1;");
    await expect(run()).rejects.toThrow("later.sql is neither");
  });

  test("do not mind the line ends of a checkout", async () => {
    await run();
    await write("0002_more.sql", "insert into shop.items values (1);\r\ninsert into shop.items values (2);");
    expect(await run()).toEqual({ migrations: [], functions: [] });
  });
});

describe("functions", () => {
  test("are applied again when their text changed", async () => {
    await run();
    expect(await doubled()).toBe(42);
    await write("functions/shop/double.sql", twice(3));
    expect(await run()).toEqual({ migrations: [], functions: ["functions/shop/double.sql"] });
    expect(await doubled()).toBe(63);
  });

  test("that do not compile keep their predecessor and are tried again", async () => {
    await run();
    await write(
      "functions/shop/double.sql",
      "-- a line\ncreate function shop.broken() returns int language sql as 'selec';",
    );
    await expect(run()).rejects.toThrow(/^functions\/shop\/double\.sql/);
    expect(await doubled()).toBe(42);
    await write("functions/shop/double.sql", twice(4));
    expect((await run()).functions).toEqual(["functions/shop/double.sql"]);
  });

  test("come by layer, then by name", async () => {
    const body = (name: string) => `create or replace function shop.${name}() returns int language sql as 'select 1';`;
    const paths = ["zoo", "inbox", "shared", "identity", "memory", "people", "art"].map(
      (domain) => `functions/${domain}/one.sql`,
    );
    for (const [index, path] of paths.entries()) await write(path, body(`f${index}`));
    const { functions } = await run();
    const order = functions.map((path) => path.split("/")[1]);
    expect(order).toEqual(["identity", "shared", "people", "memory", "inbox", "art", "shop", "zoo"]);
  });
});

describe("the serving role", () => {
  test("is made once, without powers, and takes a new password", async () => {
    await ensureAppRole(local, { password: "first" });
    const hash = () => local.query("select rolpassword from pg_authid where rolname = 'omneuro_app'");
    const before = await hash();
    await ensureAppRole(local, { password: "it's \\ another" });
    expect(await hash()).not.toEqual(before);
    const [role] = await local.query(
      "select rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole from pg_roles where rolname = 'omneuro_app'",
    );
    expect(role).toEqual({
      rolcanlogin: true,
      rolsuper: false,
      rolbypassrls: false,
      rolcreatedb: false,
      rolcreaterole: false,
    });
  });

  test("is refused when somebody gave it powers", async () => {
    await ensureAppRole(local, { password: "x" });
    await local.exec("alter role omneuro_app bypassrls");
    await expect(ensureAppRole(local, { password: "x" })).rejects.toThrow("BYPASSRLS");
    await local.exec("alter role omneuro_app nobypassrls");
  });
});
