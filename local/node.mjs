// Finds a Node that runs this project. Plain JavaScript that an old Node understands: it is the first thing to run.
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Below this, Node does not run .ts files as they are, and wrangler and vitest refuse to start. */
const NEEDED = [22, 18];

/**
 * The npm package `node` brings its own binary, so the machine's Node only has to begin.
 * @param {string} root the project's folder
 * @param {{ version: string, path: string }} [running] the Node that runs now
 * @returns {string} path of a Node that is new enough
 */
export function findNode(root, running = { version: process.versions.node, path: process.execPath }) {
  const name = process.platform === "win32" ? "node.exe" : "node";
  const bundled = [join(root, "node_modules", "node", "bin", name), join(root, "node_modules", ".bin", name)].find(
    existsSync,
  );
  if (bundled) return bundled;
  if (isNewEnough(running.version)) return running.path;
  throw new Error(missing(root, running.version));
}

/** @param {string} version like 24.1.0 */
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

/**
 * @param {string} root
 * @param {string} version
 */
function missing(root, version) {
  const installed = existsSync(join(root, "node_modules", "vitest"));
  const cause = installed
    ? "The packages are installed, but their install scripts were blocked, so the Node that this project brings is missing.\nRun:  npm rebuild node      (or: npm ci --ignore-scripts=false)"
    : "The packages are not installed.\nRun:  npm ci";
  return `This is Node ${version}; Node ${NEEDED.join(".")} or newer is needed.\n${cause}\nOr use a newer Node: https://nodejs.org`;
}
