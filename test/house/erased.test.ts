// Every column that can hold words, against what the domains declare of it: deleted, emptied, kept for a reason, or exempt.
import { describe, expect, test } from "vitest";
import type { Erased } from "#brain/kernel/erasure.ts";
import { erasedDomains } from "#brain/registry.ts";
import { database } from "#test/kit/database.ts";

/** Types that can hold somebody's words or what was made of them. */
const wordy = "^(text|character|name$|json|bytea|tsvector|xml|inet|bit|(ext\\.)?(halfvec|vector|sparsevec))";

type Column = { table: string; name: string; isKey: boolean; isEnum: boolean };

const yes = (value: unknown) => value === true || value === "t" || value === "true";

/** Keys are ids, and what a check holds to a list of values says nothing of anybody. */
async function columns(): Promise<Column[]> {
  const { query } = await database();
  const rows = await query(
    `select c.oid::regclass::text as "table", a.attname as name,
      exists (select from pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'f') and a.attnum = any (k.conkey)) as "isKey",
      exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
        and pg_get_constraintdef(k.oid) ~ '= ANY \\(+ARRAY\\[') as "isEnum"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'p', 'm') and n.nspname !~ '^pg_|^information_schema$|^ext$|^public$' and format_type(a.atttypid, a.atttypmod) ~ $1
    order by 1, a.attnum`,
    [wordy],
  );
  return rows.map((row) => ({
    table: String(row["table"]),
    name: String(row["name"]),
    isKey: yes(row["isKey"]),
    isEnum: yes(row["isEnum"]),
  }));
}

const parts: Erased[] = erasedDomains.flatMap((domain) => domain.parts as Erased[]);

function isRegistered({ table, name, isKey, isEnum }: Column): boolean {
  return parts
    .filter((part) => part.table === table)
    .some((part) => {
      if (part.how !== "redact") return true;
      return isKey || isEnum || name in part.blank || (part.keeps ?? "").split(" ").includes(name);
    });
}

const nameOf = ({ table, name }: Column) => `${table}.${name}`;

describe("what can hold words", () => {
  test("is registered for erasure, column by column", async () => {
    const found = await columns();
    expect(found.length).toBeGreaterThan(300);
    expect(found.filter((column) => !isRegistered(column)).map(nameOf)).toEqual([]);
  });

  test("and a table or a column that nobody registered is noticed", async () => {
    const { query } = await database();
    await query("create table shared.scratch_of_a_test (id text primary key, said text)");
    await query("alter table people.consents add column scratch_of_a_test jsonb");
    try {
      const missing = (await columns()).filter((column) => !isRegistered(column)).map(nameOf);
      expect(missing).toEqual([
        "people.consents.scratch_of_a_test",
        "shared.scratch_of_a_test.id",
        "shared.scratch_of_a_test.said",
      ]);
    } finally {
      await query("drop table shared.scratch_of_a_test");
      await query("alter table people.consents drop column scratch_of_a_test");
    }
  });

  test("names no table and no column that is not there, and gives a reason for what is exempt", async () => {
    const { query } = await database();
    const rows = await query(`select c.oid::regclass::text || '.' || a.attname as name from pg_class c
      join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relkind = 'r' and n.nspname !~ '^pg_|^information_schema$|^ext$|^public$'`);
    const known = new Set(rows.map((row) => String(row["name"])));
    const tables = new Set([...known].map((name) => name.slice(0, name.lastIndexOf("."))));
    expect(parts.map((part) => part.table).filter((table) => !tables.has(table))).toEqual([]);
    const named = parts.flatMap((part) => {
      if (part.how === "exempt") return [];
      const blanked = part.how === "redact" ? Object.keys({ ...part.blank, ...part.also }) : [];
      const kept = part.how === "redact" ? (part.keeps ?? "").split(" ").filter(Boolean) : [];
      return [...(part.key ?? ["id"]), ...blanked, ...kept].map((name) => `${part.table}.${name}`);
    });
    expect(named.filter((name) => !known.has(name))).toEqual([]);
    for (const part of parts) if (part.how === "exempt") expect(part.why.length).toBeGreaterThan(5);
  });

  test("a table is either exempt or somebody's, never both", () => {
    const exempt = new Set(parts.filter((part) => part.how === "exempt").map((part) => part.table));
    expect(parts.filter((part) => part.how !== "exempt" && exempt.has(part.table))).toEqual([]);
  });
});
