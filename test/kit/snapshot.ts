// A migrated PGlite as a file, built once per state of migrations/: restoring it takes a fraction of initdb and migrating.
import { createHash, randomUUID } from "node:crypto";
import { access, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureAppRole, migrate, readMigrations } from "#db/migrate.ts";
import { startNeon } from "#local/neon.ts";

const CACHE = fileURLToPath(new URL("../../.cache", import.meta.url));
/** Local databases listen on the loopback address only; their password is no secret. */
export const APP_PASSWORD = "omneuro-local";
const HOUR = 3_600_000;

/** Path of the snapshot that fits the migrations as they are now; builds it when it is missing. */
export async function ensureSnapshot(): Promise<string> {
  const path = join(CACHE, `pg-${await fingerprint()}.tar`);
  if (await exists(path)) return path;
  await mkdir(CACHE, { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, await build());
  await rename(draft, path);
  await prune(path);
  return path;
}

async function fingerprint(): Promise<string> {
  const manifest = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  const { devDependencies } = JSON.parse(manifest) as { devDependencies: Record<string, string> };
  const engine = Object.entries(devDependencies).filter(([name]) => name.startsWith("@electric-sql/"));
  const role = await readFile(new URL("../../db/app-role.ts", import.meta.url), "utf8");
  const state = JSON.stringify([engine, role, await readMigrations()]);
  return createHash("sha256").update(state).digest("hex").slice(0, 16);
}

async function build(): Promise<Uint8Array> {
  const neon = await startNeon({ backend: { kind: "pglite" } });
  try {
    await ensureAppRole(neon, { password: APP_PASSWORD });
    await migrate(neon);
    await neon.maintain();
    return await neon.dump();
  } finally {
    await neon.close();
  }
}

/** Snapshots of older migrations, 40 MB each; a young one may be in use by another run. */
async function prune(keep: string): Promise<void> {
  for (const name of await readdir(CACHE)) {
    const path = join(CACHE, name);
    if (!name.startsWith("pg-") || path === keep) continue;
    const { mtimeMs } = await stat(path);
    if (mtimeMs < Date.now() - HOUR) await rm(path, { force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
