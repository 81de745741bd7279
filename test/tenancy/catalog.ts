// What the database itself says about its tables: columns, checks, keys, and where foreign keys lead.
import type { LocalNeon } from "#local/neon.ts";

export type Column = { name: string; type: string; required: boolean; literals: string[] };
export type ForeignKey = { columns: string[]; target: string; targetColumns: string[]; name: string };
export type Table = {
  name: string;
  columns: Column[];
  foreignKeys: ForeignKey[];
  /** Columns of each unique index, expressions left out. */
  unique: { name: string; columns: string[] }[];
  isTenant: boolean;
};

const ours =
  "n.nspname in (select nspname from pg_namespace where nspname !~ '^pg_|^information_schema$|^ext$|^public$')";

const statement = `select c.oid::regclass::text as name,
  exists (select from pg_attribute p where p.attrelid = c.oid and p.attname = 'project_id') as "isTenant",
  (select jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
      'required', a.attnotnull and not a.atthasdef and a.attidentity = '' and a.attgenerated = '',
      'literals', coalesce((select jsonb_agg(m[1]) from pg_constraint k,
        regexp_matches(pg_get_constraintdef(k.oid), '''([a-z_]+)''::text', 'g') m
        where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]), '[]')) order by a.attnum)
    from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
  coalesce((select jsonb_agg(jsonb_build_object('name', k.conname, 'target', k.confrelid::regclass::text,
      'columns', (select jsonb_agg(a.attname order by o) from unnest(k.conkey) with ordinality u (n, o) join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n),
      'targetColumns', (select jsonb_agg(a.attname order by o) from unnest(k.confkey) with ordinality u (n, o) join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.n)))
    from pg_constraint k where k.conrelid = c.oid and k.contype = 'f'), '[]') as "foreignKeys",
  coalesce((select jsonb_agg(jsonb_build_object('name', i.indexrelid::regclass::text,
      'columns', (select jsonb_agg(a.attname) from pg_attribute a where a.attrelid = c.oid and a.attnum = any (i.indkey::int[]))))
    from pg_index i where i.indrelid = c.oid and i.indisunique), '[]') as unique
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and ${ours} order by 1`;

const parsed = <T>(value: unknown): T => (typeof value === "string" ? JSON.parse(value) : value) as T;

export async function tablesOf(neon: Pick<LocalNeon, "query">): Promise<Table[]> {
  return (await neon.query(statement)).map((row) => ({
    name: String(row["name"]),
    isTenant: row["isTenant"] === true || row["isTenant"] === "t",
    columns: parsed<Column[]>(row["columns"]),
    foreignKeys: parsed<ForeignKey[]>(row["foreignKeys"]),
    unique: parsed<Table["unique"]>(row["unique"]),
  }));
}
