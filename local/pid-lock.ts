// A lock file that names the process holding it, so that one data folder is never opened twice.
import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";

/** Somebody who is alive holds the lock. */
export class LockHeld extends Error {
  readonly pid: number;

  constructor(path: string, pid: number) {
    super(`${path} is held by the running process ${pid}: stop that one first.`);
    this.pid = pid;
  }
}

/**
 * Takes the lock or throws a clear error. A lock left by a dead process is taken over.
 * @returns gives the lock back
 */
export async function takePidLock(path: string): Promise<() => Promise<void>> {
  const mine = `${process.pid} ${(await startTime(process.pid)) ?? "-"} ${randomUUID()}\n`;
  const draft = `${path}.${process.pid}.${randomUUID()}`;
  await writeFile(draft, mine, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      // A hard link either appears whole or fails: no reader ever sees a half-written lock.
      if (await linked(draft, path)) return () => release(path, mine);
      const theirs = await readFile(path, "utf8").catch(() => null);
      if (theirs === null) continue;
      const pid = await holder(theirs);
      if (pid !== null) throw new LockHeld(path, pid);
      await discard(path, theirs);
    }
    throw new Error(`${path} keeps changing hands: try again.`);
  } finally {
    await rm(draft, { force: true });
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** The living process that wrote this lock, or null. */
async function holder(content: string): Promise<number | null> {
  const [word = "", start = "-"] = content.trim().split(" ");
  const pid = Number(word);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return null;
  // Pids are used again, soon in containers: the same number with another start time is somebody else.
  const now = await startTime(pid);
  return start !== "-" && now !== null && now !== start ? null : pid;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Clock ticks since boot at which a process began; null where there is no /proc (proc(5), field 22 of stat). */
async function startTime(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  return stat === null ? null : (stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null);
}

/** Moves a stale lock away, unless somebody else took it over in the meantime. */
async function discard(path: string, stale: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  const moved = await rename(path, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return;
  if ((await readFile(aside, "utf8")) !== stale) await linked(aside, path);
  await rm(aside, { force: true });
}

async function release(path: string, mine: string): Promise<void> {
  const content = await readFile(path, "utf8").catch(() => null);
  if (content === mine) await rm(path, { force: true });
}
