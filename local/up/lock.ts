/** One start per data folder, and the emptying of that folder while nobody uses it. */
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, readdir, readFile, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { LockHeld, takePidLock } from "../pid-lock.ts";
import { Refusal } from "./refusal.ts";
import { shown } from "./settings.ts";

const LOCK = "start.lock";
/** Says that the holder of the lock is on its way out. */
const LEAVING = "start.leaving";
/** A start that follows a kill meets processes that have yet to notice: they look every 200 ms. */
const NOTICE_MS = 1_000;
const LEAVE_MS = 15_000;

/** All that this project ever writes there; `reset` touches nothing else, whatever folder it is pointed at. */
const OURS =
  /^(pg|pg\.lock|objects|local\.json|state\.json|qstash\.jsonl|redis\.jsonl|chatwoot-[a-z0-9-]+\.v8|worker(\.vars|\.log|\.log\.1|\.pid)?|start\.(lock|leaving))(\.new|\.[0-9]+\.[0-9a-f-]{36}|\.[0-9a-f-]{36})?$/;

export type Folder = {
  /** Tells the next start that it need not give up: this one is leaving. */
  leaving(): void;
  giveBack(): Promise<void>;
};

/** Makes the folder this process's own, or throws a Refusal that says who has it. */
export async function takeFolder(data: string): Promise<Folder> {
  await mkdir(data, { recursive: true, mode: 0o700 });
  const release = await patiently(data);
  const note = join(data, LEAVING);
  rmSync(note, { force: true });
  return {
    leaving: () => writeFileSync(note, ""),
    async giveBack() {
      rmSync(note, { force: true });
      await release();
      // Nothing was left in it, so it need not stay.
      await rmdir(data).catch(() => {});
    },
  };
}

async function patiently(data: string): Promise<() => Promise<void>> {
  const began = performance.now();
  for (;;) {
    try {
      return await takePidLock(join(data, LOCK));
    } catch (error) {
      if (!(error instanceof LockHeld)) throw error;
      const patience = existsSync(join(data, LEAVING)) ? LEAVE_MS : NOTICE_MS;
      if (performance.now() - began > patience) throw new Refusal(await running(data, error.pid));
      await wait(100);
    }
  }
}

async function running(data: string, pid: number): Promise<string> {
  const local = await readFile(join(data, "local.json"), "utf8").catch(() => "{}");
  const url = /"url": "([^"]+)"/.exec(local)?.[1];
  return [
    `Omneuro already runs on the data folder ${shown(data)} (process ${pid}${url ? `, ${url}` : ""}).`,
    "Stop it with Ctrl-C in its terminal, or let this one have another folder and other ports:",
    "  OMNEURO_DATA=.data-2 PORT=8887 npm start",
  ].join("\n");
}

/** Removes what this project wrote there. Throws a Refusal while a start uses the folder. */
export async function resetFolder(data: string): Promise<void> {
  const folder = await takeFolder(data);
  for (const name of await readdir(data)) {
    if (OURS.test(name) && name !== LOCK) await rm(join(data, name), { recursive: true, force: true, maxRetries: 3 });
  }
  await folder.giveBack();
}
