// Somebody's words in every place that the registry of erasure knows, the run that takes them, and a search through the whole database.
import type { Erased } from "#brain/kernel/erasure.ts";
import { erasedDomains } from "#brain/registry.ts";
import type { LocalNeon } from "#local/neon.ts";
import { caller } from "#test/field/floor.ts";
import { deliver } from "#test/kit/jobs.ts";
import type { Tenant, World } from "#test/kit/world.ts";
import { type Column, type Table, tablesOf } from "#test/tenancy/catalog.ts";
import { insertion, literal, type Row, Rows } from "#test/tenancy/rows.ts";

type Neon = Pick<LocalNeon, "query">;
export type Whose = { person: string; words: string };

const parts = erasedDomains.flatMap((domain) => domain.parts as Erased[]);

/** Another record would be another person, and a passage has one vector: these are filled by the story itself. */
const elsewhere = new Set(["people.contacts", "memory.vectors"]);

function wordsIn({ type }: Column, words: string): string | null {
  if (type === "text") return words;
  if (type === "jsonb") return JSON.stringify({ said: words });
  if (type === "text[]") return `{"${words}"}`;
  if (type === "tsvector") return words.replaceAll(/\W+/g, " ");
  return null;
}

/** Columns that hold words, of a table that is emptied or deleted. */
function wordyOf(table: Table): Column[] {
  const own = parts.filter((part) => part.table === table.name);
  const keys = new Set([...table.foreignKeys.flatMap(({ columns }) => columns), "id", "contact_id"]);
  const deleted = own.some((part) => part.how === "delete");
  const blanked = new Set(own.flatMap((part) => (part.how === "redact" ? Object.keys(part.blank) : [])));
  return table.columns.filter(
    (column) => !keys.has(column.name) && column.literals.length === 0 && (deleted || blanked.has(column.name)),
  );
}

const same = (table: Table, row: Row) =>
  table.columns
    .filter(({ name }) => name in row)
    .map(({ name, type }) => `"${name}" is not distinct from ${literal(row[name] ?? "", type)}`)
    .join(" and ");

/** A row of every table that something is erased from, his, with his words wherever they may stand: `table.column` of each. */
export async function plantEverywhere(w: World, tenant: Tenant, { person, words }: Whose): Promise<string[]> {
  const all = await tablesOf(w.neon);
  const rows = new Rows(w.neon, all);
  const planted: string[] = [];
  const names = new Set(parts.filter((part) => part.how !== "exempt").map((part) => part.table));
  for (const table of all.filter(({ name }) => names.has(name) && !elsewhere.has(name))) {
    const linked = table.foreignKeys.map(({ name }) => name);
    const row = await rows.fresh(tenant, table.name, table.name.startsWith("memory.kb") ? [] : linked);
    if (table.columns.some(({ name, type }) => name === "contact_id" && type === "text")) row["contact_id"] = person;
    if (table.name === "shared.exports") row["kind"] = "subject";
    if (table.name === "people.merges") row["into_contact_id"] = person;
    await w.neon.query(`${insertion(table, row)} on conflict do nothing`);
    for (const column of wordyOf(table)) {
      const value = wordsIn(column, words);
      if (value === null) continue;
      const set = `"${column.name}" = ${literal(value, column.type)}`;
      // Some hold a code or a hash that a check knows: those take no words.
      const took = await w.neon
        .query(`update ${table.name} set ${set} where ${same(table, row)} returning 1`)
        .catch(() => []);
      if (took.length === 0) continue;
      planted.push(`${table.name}.${column.name}`);
      row[column.name] = value;
    }
  }
  return planted;
}

const searched = "^(text|character|name$|json|bytea|tsvector|xml|inet|bit|(ext\\.)?(halfvec|vector))";

/** Every column of the whole database that can hold words and holds one of these: `table.column`. */
export async function foundIn(neon: Neon, words: readonly string[]): Promise<string[]> {
  const columns = await neon.query(
    `select c.oid::regclass::text as t, string_agg(format('%I', a.attname), ',' order by a.attnum) as names from pg_class c
      join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relkind in ('r', 'p', 'm') and n.nspname !~ '^pg_|^information_schema$|^ext$' and format_type(a.atttypid, a.atttypmod) ~ $1 group by 1`,
    [searched],
  );
  const like = (said: string) => words.map((word) => `${said} ilike '%${word}%'`).join(" or ");
  const listed = (names: unknown) => String(names).split(",");
  // All tables at once first: hardly any of them holds a word.
  const whole = columns.map(({ t, names }) => {
    const said = listed(names).map((name) => `r.${name}::text`);
    return `select '${t}' as t from ${t} r where ${like(`concat_ws(' ', ${said.join(", ")})`)}`;
  });
  const holding = new Set((await neon.query(whole.join(" union "))).map(({ t }) => t));
  const found: string[] = [];
  for (const { t, names } of columns.filter((one) => holding.has(one["t"]))) {
    const values = listed(names).map((name) => `('${name}', r.${name}::text)`);
    const rows = await neon.query(
      `select distinct v.name from ${t} r cross join lateral (values ${values.join(", ")}) v (name, said) where ${like("v.said")}`,
    );
    found.push(...rows.map((row) => `${t}.${row["name"]}`));
  }
  return found.sort();
}

/** Each row of each table, as a hash; queues and marks of the run itself aside. */
export async function everyRow(neon: Neon): Promise<Set<string>> {
  const aside = /^shared\.(outbox|job_runs|schema_|erasure)|^identity\.(sessions|attempts|api_keys)$|^memory\.corpus$/;
  const tables = (await tablesOf(neon)).map(({ name }) => name).filter((name) => !aside.test(name));
  const all = new Set<string>();
  for (const name of tables)
    for (const row of await neon.query(`select md5(x::text) as h from ${name} x`)) all.add(`${name} ${row["h"]}`);
  return all;
}

export type Manifest = {
  tables: { table: string; how: string; rows: number; digest: string }[];
  rows: number;
  steps: number;
  mentions: Record<string, number>;
  audit: { before: object; after: object };
};

/** Runs a job's messages until it is over; how many there were. */
export async function run(w: World, tenant: Tenant, erasure: string): Promise<number> {
  for (let steps = 1; steps < 60; steps += 1) {
    const answer = await deliver(w, "shared.erasures.run", { project: tenant.project, erasure });
    const told = (await answer.json()) as { state: string };
    if (answer.status !== 200)
      throw new Error(`${answer.status} ${JSON.stringify(told)} ${JSON.stringify(w.lines.slice(-2))}`);
    if (told.state === "done") return steps;
    w.clock.advance(1000);
  }
  const [left] = await w.neon.query("select waits, taken, steps from shared.erasures where id = $1", [erasure]);
  throw new Error(`the erasure does not end: ${JSON.stringify(left)}`);
}

export async function ask(w: World, tenant: Tenant, subject: { kind: string; id: string }): Promise<string> {
  const answer = await caller(w, tenant.apiKey)("/v1/shared/erasures", { subject, reason: "gdpr_delete" });
  if (answer.status !== 202) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return String(answer.body["id"]);
}

export async function proofOf(w: World, tenant: Tenant, erasure: string) {
  const call = caller(w, tenant.apiKey);
  const { body } = await call(`/v1/shared/erasures/${erasure}/manifest`);
  const { body: verified } = await call(`/v1/shared/erasures/${erasure}/verify`);
  return { manifest: body["manifest"] as Manifest, seal: String(body["seal"]), verified };
}
