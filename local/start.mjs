// `npm start`: finds a Node that is new enough, hands over to up.ts, and sees to it that nothing outlives whoever started this.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findNode } from "./node.mjs";

/** How often to look whether the parent still lives, in milliseconds. */
const WATCH_MS = 200;

const folder = dirname(fileURLToPath(import.meta.url));

/** Everything here talks to the loopback address only: a proxy would be in the way. */
function environment() {
  const kept = Object.entries(process.env).filter(([name]) => !/^(https?|all|node_use_env)_proxy$/i.test(name));
  return Object.fromEntries(kept);
}

/** Our parent and, where it is the shell that npm runs scripts in, the parent of that. */
function lineage() {
  const parent = process.ppid;
  return process.env.npm_lifecycle_event ? `${parent} ${parentOf(parent)}` : `${parent}`;
}

/** proc(5): state and parent follow the command in parentheses. Elsewhere the shell makes way for its only command. */
function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
  } catch {
    return "";
  }
}

function run(node) {
  const args = ["--disable-warning=ExperimentalWarning", join(folder, "up.ts"), ...process.argv.slice(2)];
  const child = spawn(node, args, { stdio: "inherit", env: environment() });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  // Killing npm alone sends us no signal: we, or the shell between, only get another parent.
  const ancestors = lineage();
  const watch = setInterval(() => {
    if (lineage() !== ancestors) child.kill("SIGTERM");
  }, WATCH_MS);
  child.on("exit", (code) => {
    clearInterval(watch);
    process.exitCode = code ?? 1;
  });
}

try {
  run(findNode(dirname(folder)));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
