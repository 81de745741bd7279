/** The real Worker in workerd: `wrangler dev` as a child, its configuration in a private file, its output in a log. */
import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openLog } from "./log.ts";
import { Refusal } from "./refusal.ts";
import { ROOT } from "./settings.ts";
import { writePrivate } from "./state.ts";

const WRANGLER = join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js");
const LEASH = fileURLToPath(new URL("./leash.mjs", import.meta.url));
const READY_MS = 90_000;
const STOP_MS = 3_000;
/** Groups of processes and their leader's pid as a negative number exist on POSIX systems only. */
const POSIX = process.platform !== "win32";

export type Worker = {
  /** Resolves when the Worker can reach its database; rejects when it ended or takes too long. */
  ready(): Promise<void>;
  /** Resolves with the reason when the process ends, wanted or not. */
  ended: Promise<string>;
  stop(): Promise<void>;
};

export type WorkerOptions = { data: string; port: number; url: string; vars: Record<string, string> };

/** Names the leader of the Worker's process group while it runs, and after a kill. */
export const workerPidFile = (data: string): string => join(data, "worker.pid");

export function startWorker({ data, port, url, vars }: WorkerOptions): Worker {
  const pidFile = workerPidFile(data);
  // Wrangler's logs and caches of earlier starts would only pile up; the files of its bucket lie in a folder of their own.
  rmSync(join(data, "worker"), { recursive: true, force: true });
  const varsFile = join(data, "worker.vars");
  writePrivate(varsFile, envFile(vars));
  const log = openLog(join(data, "worker.log"));
  const child = spawn(process.execPath, ["--import", LEASH, WRANGLER, "dev", ...flags({ data, port, varsFile })], {
    cwd: ROOT,
    env: environment(data),
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: Ctrl-C reaches it through us, and what wrangler leaves behind can be ended with it.
    detached: POSIX,
  });
  for (const output of [child.stdout, child.stderr]) output?.on("data", (bytes: Buffer) => log.write(bytes));
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ? `ended by ${signal}` : `ended with code ${code}`));
  });
  void ended.then(() => endGroup(child.pid));
  if (child.pid !== undefined) writePrivate(pidFile, `${child.pid}\n`);
  return {
    ended,
    ready: () => untilReady({ url, ended, tail: log.tail }),
    async stop() {
      child.kill("SIGTERM");
      await Promise.race([ended, wait(STOP_MS, null, { ref: false })]);
      if (isRunning(child)) endGroup(child.pid);
      await ended;
      await Promise.all([rm(pidFile, { force: true }), rm(varsFile, { force: true })]);
      log.close();
    },
  };
}

function flags({ data, port, varsFile }: { data: string; port: number; varsFile: string }): string[] {
  return [
    ...["--config", join(ROOT, "wrangler.toml")],
    ...["--ip", "127.0.0.1", "--port", String(port), "--inspector-port", "0"],
    ...["--env-file", varsFile, "--persist-to", join(data, "objects")],
    "--show-interactive-dev-session=false",
  ];
}

/** Quiet, and with no look at the network or at files outside the data folder. */
function environment(data: string): NodeJS.ProcessEnv {
  const { PORT: _, CLOUDFLARE_ENV: __, OMNEURO_LEASH: ___, ...env } = process.env;
  return {
    ...env,
    CI: "1",
    NO_COLOR: "1",
    FORCE_COLOR: "0",
    DO_NOT_TRACK: "1",
    // Traces of every request in a local database: nobody looks at them, and they would grow for ever.
    X_LOCAL_OBSERVABILITY: "false",
    X_LOCAL_EXPLORER: "false",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_SEND_ERROR_REPORTS: "false",
    WRANGLER_HIDE_BANNER: "true",
    WRANGLER_LOG_PATH: join(data, "worker", "logs"),
    WRANGLER_REGISTRY_PATH: join(data, "worker", "registry"),
    WRANGLER_CACHE_DIR: join(data, "worker", "cache"),
  };
}

/** Single quotes keep dotenv from expanding anything; no value of ours contains one. */
function envFile(vars: Record<string, string>): string {
  return Object.entries(vars)
    .map(([name, value]) => `${name}='${value.replaceAll("'", "%27")}'\n`)
    .join("");
}

async function untilReady(of: { url: string; ended: Promise<string>; tail(): string }): Promise<void> {
  let over: string | null = null;
  void of.ended.then((reason) => {
    over = reason;
  });
  const deadline = performance.now() + READY_MS;
  for (let answer = "no answer"; ; await wait(100)) {
    if (over !== null) throw new Refusal(`The Worker's process ${over}:\n${of.tail()}`);
    // Code that does not build leaves wrangler waiting for a better version of it.
    if (of.tail().includes("Build failed")) throw new Refusal(`The Worker does not build:\n${of.tail()}`);
    const status = await probe(`${of.url}/readyz`);
    if (status === "200") return;
    answer = status;
    if (performance.now() > deadline) throw new Refusal(`The Worker is not ready (${answer}):\n${of.tail()}`);
  }
}

async function probe(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    const text = await response.text();
    return response.ok ? "200" : `${response.status} ${text}`;
  } catch (error) {
    return String(error);
  }
}

function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(POSIX ? -leader : leader, "SIGKILL");
  } catch {
    // Nobody is left.
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}
