// The forward-only runner: numbered migrations once, SQL functions whenever their text changed. Knows no files and no driver.

/** The owner's connection. `exec` runs a text of many statements as one transaction. */
export interface Owner {
  query(sql: string, params?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  exec(sql: string): Promise<unknown>;
}

/** A file below migrations/, its path with forward slashes: `0001_name.sql` or `functions/<domain>/name.sql`. */
export type SqlFile = { path: string; text: string };

/** Paths that this run applied. */
export type Applied = { migrations: string[]; functions: string[] };

type Hashed = SqlFile & { hash: string };

const MIGRATION = /^(\d{4}_[a-z0-9_]+)\.sql$/;
const FUNCTION = /^functions\/([a-z0-9_]+)\/[a-z0-9_-]+\.sql$/;
/** Lower layers first, since SQL may call downward only; the rest follows by name. */
const LAYERS = ["identity", "shared", "people", "memory", "outbound", "inbox", "vault", "assistant", "crm", "world"];

const BOOTSTRAP = `
create schema if not exists shared;
create table if not exists shared.schema_migrations (
  id text primary key, hash text not null, applied_at timestamptz not null default now());
create table if not exists shared.schema_functions (
  path text primary key, hash text not null, applied_at timestamptz not null default now());`;

export async function applyMigrations(owner: Owner, files: readonly SqlFile[]): Promise<Applied> {
  const hashed = await Promise.all(files.map(async (file) => ({ ...file, hash: await sha256(file.text) })));
  const { migrations, functions } = sort(hashed);
  await once(() => owner.exec(BOOTSTRAP));
  return { migrations: await runMigrations(owner, migrations), functions: await runFunctions(owner, functions) };
}

function sort(files: readonly Hashed[]): { migrations: Hashed[]; functions: Hashed[] } {
  const strange = files.find(({ path }) => !MIGRATION.test(path) && !FUNCTION.test(path));
  if (strange) throw new Error(`${strange.path} is neither NNNN_name.sql nor functions/<domain>/name.sql`);
  const byPath = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const migrations = byPath.filter(({ path }) => MIGRATION.test(path));
  const numbers = migrations.map(({ path }) => path.slice(0, 4));
  const twice = numbers.find((number, index) => numbers.indexOf(number) !== index);
  if (twice) throw new Error(`two migrations have the number ${twice}`);
  const functions = byPath.filter(({ path }) => FUNCTION.test(path)).sort((a, b) => layer(a) - layer(b));
  return { migrations, functions };
}

function layer({ path }: SqlFile): number {
  const index = LAYERS.indexOf(path.match(FUNCTION)?.[1] ?? "");
  return index < 0 ? LAYERS.length : index;
}

async function runMigrations(owner: Owner, files: readonly Hashed[]): Promise<string[]> {
  const known = await hashes(owner, "select id as path, hash from shared.schema_migrations");
  refuseGaps(known, files);
  const applied: string[] = [];
  for (const file of files) {
    const id = file.path.replace(/\.sql$/, "");
    const hash = known.get(id) ?? (await runOne(owner, file, id));
    if (hash === null) applied.push(file.path);
    else if (hash !== file.hash) throw new Error(changed(file.path));
  }
  return applied;
}

function changed(path: string): string {
  return `${path} was applied with other content. An applied migration is never edited: restore it and write a new one.`;
}

/** A number below the newest applied one can no longer run in order. */
function refuseGaps(known: ReadonlyMap<string, string>, files: readonly Hashed[]): void {
  const newest = [...known.keys()].sort().at(-1) ?? "";
  const late = files.find(({ path }) => path.slice(0, -4) < newest && !known.has(path.slice(0, -4)));
  if (late) throw new Error(`${late.path} comes before ${newest}, which is applied already: give it the next number.`);
}

/**
 * Applies one migration, its row first: whoever comes second waits for that row.
 * @returns null when applied here, or the hash under which somebody else has just applied it
 */
async function runOne(owner: Owner, file: Hashed, id: string): Promise<string | null> {
  const row = `insert into shared.schema_migrations (id, hash) values ('${id}', '${file.hash}');\n`;
  try {
    await owner.exec(row + file.text);
    return null;
  } catch (error) {
    if (field(error, "constraint") !== "schema_migrations_pkey") throw explain(file, { error, offset: row.length });
    const known = await hashes(owner, "select id as path, hash from shared.schema_migrations");
    return known.get(id) ?? null;
  }
}

async function runFunctions(owner: Owner, files: readonly Hashed[]): Promise<string[]> {
  const known = await hashes(owner, "select path, hash from shared.schema_functions");
  const applied: string[] = [];
  for (const file of files.filter(({ path, hash }) => known.get(path) !== hash)) {
    const row = `insert into shared.schema_functions (path, hash) values ('${file.path}', '${file.hash}')
      on conflict (path) do update set hash = excluded.hash, applied_at = now();\n`;
    await owner.exec(row + file.text).catch((error: unknown) => {
      throw explain(file, { error, offset: row.length });
    });
    applied.push(file.path);
  }
  return applied;
}

async function hashes(owner: Owner, sql: string): Promise<Map<string, string>> {
  const rows = await owner.query(sql);
  return new Map(rows.map((row) => [String(row["path"]), String(row["hash"])]));
}

/** Two runners that create the same schema at once: the later one fails on the catalog's unique index, then finds it. */
async function once(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!["23505", "42P06", "42P07"].includes(field(error, "code") ?? "")) throw error;
    await work();
  }
}

function explain(file: SqlFile, { error, offset }: { error: unknown; offset: number }): Error {
  const position = Number(field(error, "position") ?? 0) - offset;
  const line = position > 0 ? `:${file.text.slice(0, position).split("\n").length}` : "";
  const details = ["code", "detail", "hint", "where"].flatMap((name) => field(error, name) ?? []);
  const message = error instanceof Error ? error.message : String(error);
  return new Error(`${file.path}${line}: ${[message, ...details].join(" | ")}`, { cause: error });
}

/** A field of a database error, wherever the driver keeps it. */
function field(error: unknown, name: string): string | undefined {
  const source = error as Record<string, unknown> & { fields?: Record<string, unknown> };
  const value = source.fields?.[name] ?? source[name];
  return typeof value === "string" ? value : undefined;
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
