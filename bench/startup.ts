// What an isolate pays before its first request: evaluating the bundled Worker, in fresh processes, beside an empty module.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { bindings } from "./kit/app.ts";
import { banner, either } from "./kit/options.ts";
import { rounds } from "./kit/rounds.ts";
import { median, percentile } from "./kit/stats.ts";
import { ms, print, type Row } from "./kit/table.ts";
import { bundleWorker } from "./kit/worker-bundle.ts";
import { startWorkerd } from "./kit/workerd.ts";

const EMPTY = "export default { fetch: () => new Response('ok') };";
const PROCESSES = either({ quick: 5, normal: 15 });

/** Runs in the fresh process: CPU of all its threads around the import, which compiles and evaluates. */
const CHILD = `const before = process.cpuUsage(); await import(process.argv[1]);
const { user, system } = process.cpuUsage(before); console.log((user + system) / 1000);`;

async function inNode(file: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", CHILD, file]);
  return Number(stdout);
}

/** Enough for the Worker to begin; nothing of it is reached. */
const BOUND = bindings({ databaseUrl: "postgresql://nobody:none@localhost/none", endpoint: "http://127.0.0.1:9/sql" });

/** CPU of a fresh workerd until its first answer: to a path that asks nobody. */
async function inWorkerd(code: string): Promise<number> {
  const worker = await startWorkerd(code, BOUND);
  try {
    const answer = await fetch(`${worker.url}/healthz`);
    if (!answer.ok) throw new Error(`the Worker's first answer was ${answer.status}: ${await answer.text()}`);
    await answer.arrayBuffer();
    return await worker.cpu();
  } finally {
    await worker.close();
  }
}

banner("startup: CPU before the first request");
const { code } = await bundleWorker();
const folder = await mkdtemp(join(tmpdir(), "omneuro-startup-"));
try {
  const [full, empty] = [join(folder, "worker.mjs"), join(folder, "empty.mjs")];
  await writeFile(full, code);
  await writeFile(empty, EMPTY);
  const node = await rounds(
    {
      worker: () => inNode(pathToFileURL(full).href),
      empty: () => inNode(pathToFileURL(empty).href),
    },
    { rounds: PROCESSES },
  );
  const workerd = await rounds({ worker: () => inWorkerd(code), empty: () => inWorkerd(EMPTY) }, { rounds: PROCESSES });
  print({
    title: `${PROCESSES} fresh processes each, CPU time`,
    columns: ["Worker p50", "Worker p95", "empty p50", "difference"],
    rows: [row("Node: import of the bundle", node), row("workerd: process start to first answer", workerd)],
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}

function row(what: string, found: { worker: number[]; empty: number[] }): Row {
  const difference = median(found.worker) - median(found.empty);
  return {
    what,
    cells: [ms(median(found.worker)), ms(percentile(found.worker, 0.95)), ms(median(found.empty)), ms(difference)],
    value: difference,
    unit: " ms",
    goal: { name: "P9", atMost: 100 },
  };
}
