// The drizzle tables against the database's catalog, both ways, and the data dictionary in its comments.
import { is } from "drizzle-orm";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import { describe, expect, test } from "vitest";
import * as assistant from "#db/schema/assistant.ts";
import * as crm from "#db/schema/crm.ts";
import * as erasure from "#db/schema/erasure.ts";
import * as field from "#db/schema/field.ts";
import * as identity from "#db/schema/identity.ts";
import * as inbox from "#db/schema/inbox.ts";
import * as insight from "#db/schema/insight.ts";
import * as memory from "#db/schema/memory.ts";
import * as outbound from "#db/schema/outbound.ts";
import * as people from "#db/schema/people.ts";
import * as shared from "#db/schema/shared.ts";
import * as vault from "#db/schema/vault.ts";
import * as worldSchema from "#db/schema/world.ts";
import { database } from "#test/kit/database.ts";

const snake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const longNames: Record<string, string> = {
  "timestamp with time zone": "timestamptz",
  "time without time zone": "time",
  "timestamp without time zone": "timestamp",
  "ext.halfvec(1536)": "halfvec(1536)",
};
const plain = (type: string) => longNames[type] ?? type;

/** `schema.table.column type notnull` for every column that the code knows. */
function declared(): string[] {
  const tables = [
    assistant,
    crm,
    erasure,
    field,
    identity,
    inbox,
    insight,
    memory,
    outbound,
    people,
    shared,
    vault,
    worldSchema,
  ].flatMap((file) => Object.values(file).filter((value) => is(value, PgTable)));
  return tables.flatMap((table) => {
    const config = getTableConfig(table);
    return config.columns.map((column) => {
      const type = plain(column.getSQLType());
      return `${config.schema}.${config.name}.${snake(column.name)} ${type}${column.notNull ? " not null" : ""}`;
    });
  });
}

/** The same for every column that the database has, the runner's own bookkeeping apart. */
async function actual(): Promise<string[]> {
  const { query } = await database();
  const rows =
    await query(`select n.nspname || '.' || c.relname || '.' || a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where n.nspname in ('assistant', 'crm', 'field', 'identity', 'inbox', 'insight', 'memory', 'outbound', 'people', 'shared', 'vault', 'world') and c.relkind in ('r', 'p') and c.relname <> 'schema_functions'`);
  return rows.map(
    (row) =>
      `${row["name"]} ${plain(String(row["type"]))}${row["required"] === true || row["required"] === "t" ? " not null" : ""}`,
  );
}

describe("drift", () => {
  test("every column the code knows is in the database as it says, and the other way round", async () => {
    const [code, catalog] = [declared().sort(), (await actual()).sort()];
    expect(code.filter((column) => !catalog.includes(column))).toEqual([]);
    expect(catalog.filter((column) => !code.includes(column))).toEqual([]);
    expect(code.length).toBeGreaterThan(300);
  });

  test("every table, view, schema and function of ours carries a comment", async () => {
    const { query } = await database();
    const tables =
      await query(`select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('assistant', 'crm', 'field', 'identity', 'inbox', 'insight', 'memory', 'outbound', 'people', 'shared', 'vault', 'world') and c.relkind in ('r', 'v') and c.relname not in ('schema_functions', 'schema_migrations') and obj_description(c.oid) is null`);
    const functions =
      await query(`select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname in ('assistant', 'crm', 'field', 'identity', 'inbox', 'insight', 'memory', 'outbound', 'people', 'shared', 'vault', 'world') and obj_description(p.oid) is null`);
    expect([...tables, ...functions]).toEqual([]);
  });

  test("tables with a project are protected: row security on, key and unique keys led by the project", async () => {
    const { query } = await database();
    const open =
      await query(`select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('assistant', 'crm', 'field', 'identity', 'inbox', 'insight', 'memory', 'outbound', 'people', 'shared', 'vault', 'world') and c.relkind = 'r' and not c.relrowsecurity and c.relname not in ('schema_functions', 'schema_migrations')`);
    expect(open).toEqual([]);
    const loose =
      await query(`select i.indexrelid::regclass::text as name from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute p on p.attrelid = c.oid and p.attname = 'project_id' and p.attnotnull
      where n.nspname in ('assistant', 'crm', 'field', 'identity', 'inbox', 'insight', 'memory', 'outbound', 'people', 'shared', 'vault', 'world') and i.indisunique and i.indkey[0] <> p.attnum`);
    // Named in a URL or a header before any project is known; and an outside account feeds one project only.
    const known = [
      "identity.project_sources_id_key",
      "identity.api_keys_id_key",
      "identity.invitations_token_hash_key",
      "identity.project_sources_source_kind_external_id_key",
    ];
    expect(loose.map((row) => row["name"]).filter((name) => !known.includes(String(name)))).toEqual([]);
  });

  test("definer functions fix their search path, belong to no superuser of the product and are closed to the public", async () => {
    const { query } = await database();
    const rows =
      await query(`select p.oid::regprocedure::text as name, coalesce(array_to_string(p.proconfig, ','), '') as config,
        has_function_privilege('public', p.oid, 'execute') as open
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in ('assistant', 'crm', 'field', 'identity', 'inbox', 'insight', 'memory', 'outbound', 'people', 'shared', 'vault', 'world') and p.prosecdef`);
    expect(rows.length).toBeGreaterThan(0);
    const wrong = rows.filter((row) => !String(row["config"]).includes("search_path=pg_catalog"));
    expect(wrong).toEqual([]);
    const trigger = "shared.enforce_project_scope_match()";
    const isOpen = (row: Record<string, unknown>) => row["open"] === true || row["open"] === "t";
    expect(rows.filter((row) => isOpen(row) && row["name"] !== trigger)).toEqual([]);
  });
});
