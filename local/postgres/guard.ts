// Starts a throw-away Postgres and ends it with the parent, however that one ends: the parent holds our standard input.
import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { Identity } from "./binaries.ts";

export type GuardOrder = { program: string; args: string[]; identity: Identity; folder: string; log: string };

const order = JSON.parse(process.argv[2] ?? "{}") as GuardOrder;
const log = openSync(order.log, "a");
const server = spawn(order.program, order.args, {
  ...order.identity,
  stdio: ["ignore", log, log],
  env: { ...process.env, LC_ALL: "C" },
});

// A terminal's Ctrl-C reaches the whole group; the parent decides when it is over.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});
process.stdin.on("end", stop).on("error", stop).resume();
server.on("error", leave);
server.on("exit", leave);

/** Nothing is to be kept, so an immediate shutdown will do. */
function stop(): void {
  server.kill(process.platform === "win32" ? "SIGTERM" : "SIGQUIT");
  setTimeout(() => server.kill("SIGKILL"), 5_000).unref();
}

async function leave(): Promise<void> {
  // Without the parent there is nobody to read the log.
  if (process.stdin.readableEnded) await rm(order.folder, { recursive: true, force: true, maxRetries: 5 });
  process.exit(server.exitCode ?? 1);
}
