/** Processes that a killed start left behind: workerd outlives a killed wrangler and keeps the Worker's port. */
import { execFile } from "node:child_process";
import { readdir, readFile, rm } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";

type Process = { pid: number; group: number; command: string };

const PATIENCE_MS = 3_000;

/** Ends what is left of the process group whose leader's pid the file names. */
export async function endLeftovers(pidFile: string): Promise<void> {
  const group = Number(await readFile(pidFile, "utf8").catch(() => ""));
  if (!Number.isInteger(group) || group <= 1) return;
  const deadline = performance.now() + PATIENCE_MS;
  for (let left = await ours(group); left.length > 0 && performance.now() < deadline; left = await ours(group)) {
    for (const { pid } of left) end(pid);
    await wait(50);
  }
  await rm(pidFile, { force: true });
}

/** Numbers are used again: only a group of wrangler's and workerd's is the one we mean. */
async function ours(group: number): Promise<Process[]> {
  const all = process.platform === "linux" ? await fromProc() : await fromPs();
  return all.filter((one) => one.group === group && /wrangler|workerd/.test(one.command));
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone in the meantime.
  }
}

/** proc(5): after the command in parentheses come state, parent and group. Slim containers have no ps. */
async function fromProc(): Promise<Process[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const read = pids.map(async (pid): Promise<Process | null> => {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
    if (stat === null) return null;
    const [state, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state === "Z") return null;
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    return { pid: Number(pid), group: Number(group), command };
  });
  return (await Promise.all(read)).filter((one) => one !== null);
}

async function fromPs(): Promise<Process[]> {
  if (process.platform === "win32") return [];
  const { stdout } = await promisify(execFile)("ps", ["-Ao", "pid=,pgid=,command="]).catch(() => ({ stdout: "" }));
  return stdout.split("\n").flatMap((line) => {
    const [, pid, group, command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), group: Number(group), command }];
  });
}
