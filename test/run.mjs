// `npm test`: every project with a Node that is new enough; the last line is the sum, like `212 passed, 0 failed`.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findNode } from "../local/node.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function readTally(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    // vitest did not get as far as the end of a run.
    return { passed: 0, failed: 1, skipped: 0, minutes: {} };
  }
}

function report(tally) {
  for (const [project, minutes] of Object.entries(tally.minutes)) console.log(`${project}: ${minutes.toFixed(2)} min`);
  if (tally.skipped > 0) console.log(`${tally.skipped} not run`);
  console.log(`${tally.passed} passed, ${tally.failed} failed`);
}

function run(node) {
  const folder = mkdtempSync(join(tmpdir(), "omneuro-tests-"));
  const tally = join(folder, "tally.json");
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const args = [vitest, "run", "--reporter=default", "--reporter=./test/kit/tally.ts", ...process.argv.slice(2)];
  // Programs found by name (wrangler, npx) must meet the same Node.
  const PATH = [dirname(node), process.env.PATH].join(process.platform === "win32" ? ";" : ":");
  const child = spawn(node, args, { cwd: root, stdio: "inherit", env: { ...process.env, PATH, OMNEURO_TALLY: tally } });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code) => {
    const result = readTally(tally);
    rmSync(folder, { recursive: true, force: true });
    if (code !== 0 && result.failed === 0) result.failed = 1;
    report(result);
    process.exitCode = result.failed === 0 ? 0 : 1;
  });
}

try {
  run(findNode(root));
} catch (error) {
  console.error(error.message);
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
}
