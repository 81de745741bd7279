/** What a killed start left behind is ended by the next; anybody else's processes are not. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { endLeftovers } from "#local/up/leftovers.ts";

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

/** A process at the head of a group of its own, that waits under the given name. */
function waiting(name: string): ChildProcess {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", name], {
    detached: true,
    stdio: "ignore",
  });
  started.push(child);
  return child;
}

/** Ends what is left of the child's group, as the record of an earlier start would have it. */
async function endRecorded(child: ChildProcess): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "omneuro-left-"));
  const pidFile = join(folder, "worker.pid");
  await writeFile(pidFile, `${child.pid}\n`);
  await endLeftovers(pidFile);
  expect(existsSync(pidFile)).toBe(false);
  await rm(folder, { recursive: true });
}

test("a workerd of the recorded group is ended", async () => {
  const child = waiting("workerd");
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await endRecorded(child);
  await gone;
  expect(child.signalCode).toBe("SIGKILL");
});

test("a number that has become somebody else's is left alone", async () => {
  const child = waiting("somebody-else");
  await endRecorded(child);
  expect([child.exitCode, child.signalCode]).toEqual([null, null]);
});

test("no record, nothing to do", async () => {
  await expect(endLeftovers(join(tmpdir(), "omneuro-no-such-file"))).resolves.toBeUndefined();
});
