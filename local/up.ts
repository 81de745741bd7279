/** Everything on this machine, from an empty folder to a Worker that answers: started by start.mjs, ended with it. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { welcome } from "./up/addresses.ts";
import { Closers } from "./up/closers.ts";
import { playDemo } from "./up/demo.ts";
import { bindHandbook } from "./up/handbook.ts";
import { endLeftovers } from "./up/leftovers.ts";
import { resetFolder, takeFolder } from "./up/lock.ts";
import { requireFreePorts } from "./up/ports.ts";
import { Refusal } from "./up/refusal.ts";
import { readSettings, type Settings, shown } from "./up/settings.ts";
import { type Stack, startStack } from "./up/stack.ts";
import { openTerminal } from "./up/terminal.ts";
import { keepTidy } from "./up/upkeep.ts";
import { workerPidFile } from "./up/worker.ts";

const WATCH_MS = 200;
/** Longer than all closers together may take in the worst case that has been seen. */
const STOP_MS = 20_000;

const terminal = openTerminal(process.stdout);
const closers = new Closers();
const stopping = new AbortController();

/** Ends everything in order, and then this process; a second call changes nothing. */
async function stop(code: number): Promise<void> {
  if (closers.closing) return;
  stopping.abort();
  process.exitCode = code;
  setTimeout(() => process.exit(1), STOP_MS).unref();
  await closers.closeAll();
  process.exit(code);
}

/** Ctrl-C reaches us from the terminal and again from start.mjs; a parent that was killed sends nothing. */
function followParent(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void leave());
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) void leave();
  }, WATCH_MS).unref();
}

async function leave(): Promise<void> {
  if (closers.closing) return;
  terminal.say("\nStopping …");
  await stop(0);
}

async function start(settings: Settings): Promise<void> {
  const folder = await takeFolder(settings.data);
  closers.add(() => folder.giveBack());
  stopping.signal.addEventListener("abort", () => folder.leaving());
  await endLeftovers(workerPidFile(settings.data));
  await requireFreePorts(settings.ports);
  const isFirst = !existsSync(join(settings.data, "state.json"));
  const hint = isFirst ? " for the first time, which takes some fifteen seconds" : "";
  terminal.say(`Starting Omneuro in ${shown(settings.data)}${hint} …`);
  const stack = await startStack({ settings, closers, terminal });
  void stack.worker.ended.then((reason) => fall(`The Worker's process ${reason}.`));
  terminal.say(welcome(settings, stack.addresses));
  if (settings.databaseUrl === null) closers.add(keepTidy(stack.neon));
  await tellDemo(settings, stack);
}

async function tellDemo(settings: Settings, { story, installed, file, addresses, neon }: Stack): Promise<void> {
  const { demo } = installed;
  if (!story || !demo) return;
  const { save } = file;
  const { url, chatwoot } = addresses;
  const unbound = await bindHandbook({ url, apiKey: installed.apiKey });
  if (unbound !== null) terminal.say(`  The handbook could not be bound: ${unbound}.`);
  await playDemo({ story, demo, save, installed, url, hook: chatwoot.hook, terminal, signal: stopping.signal });
  if (settings.databaseUrl === null && !closers.closing) await neon.maintain();
}

/** Something we cannot do without has gone: better all or nothing. */
async function fall(message: string): Promise<void> {
  if (closers.closing) return;
  console.error(`\n${message}\nStopping the rest; start again with: npm start`);
  await stop(1);
}

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  if (!process.argv.includes("--reset")) return start(settings);
  await resetFolder(settings.data);
  terminal.say(`${shown(settings.data)} is empty again.`);
  if (settings.databaseUrl !== null) terminal.say("The database of DATABASE_URL is left as it is.");
}

followParent();
await main().catch(async (error: unknown) => {
  if (closers.closing) return;
  console.error(error instanceof Refusal ? error.message : error);
  await stop(1);
});
if (process.argv.includes("--reset")) await stop(process.exitCode === 1 ? 1 : 0);
