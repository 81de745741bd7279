// Migrations from their folder, for deploys and local databases: `node db/migrate.ts` with MIGRATION_DATABASE_URL and APP_PASSWORD.
import { readdir, readFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureAppRole } from "./app-role.ts";
import { type Applied, applyMigrations, type Owner, type SqlFile } from "./migrations.ts";

export { APP_ROLE, ensureAppRole } from "./app-role.ts";
export type { Applied, Owner } from "./migrations.ts";

export const MIGRATIONS = fileURLToPath(new URL("../migrations", import.meta.url));

/** Brings the owner's database up to the folder's state. The role `omneuro_app` must exist (`ensureAppRole`). */
export async function migrate(owner: Owner, { dir = MIGRATIONS }: { dir?: string } = {}): Promise<Applied> {
  return applyMigrations(owner, await readMigrations(dir));
}

/** Every .sql file below the folder, paths relative to it with forward slashes, sorted. */
export async function readMigrations(dir: string = MIGRATIONS): Promise<SqlFile[]> {
  const names = (await readdir(dir, { recursive: true })).filter((name) => name.endsWith(".sql")).sort();
  return Promise.all(
    names.map(async (name) => ({
      path: name.split(sep).join("/"),
      // A checkout with other line ends is the same migration.
      text: (await readFile(join(dir, name), "utf8")).replaceAll("\r\n", "\n"),
    })),
  );
}

async function main(): Promise<void> {
  const { MIGRATION_DATABASE_URL: url, APP_PASSWORD: password } = process.env;
  if (!url) throw new Error("MIGRATION_DATABASE_URL is not set: the owner's postgres:// URL, on the direct host.");
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const owner: Owner = {
      query: async (sql, params = []) => (await client.query(sql, [...params])).rows,
      exec: (sql) => client.query(sql),
    };
    if (password) await ensureAppRole(owner, { password });
    const { migrations, functions } = await migrate(owner);
    for (const path of [...migrations, ...functions]) console.log(`applied ${path}`);
    console.log(`${migrations.length} migrations and ${functions.length} functions applied.`);
  } finally {
    await client.end();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
