// workerd, the runtime that Workers run on, alone with one Worker: its CPU is the Worker's and nobody else's.
import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";

export type Workerd = {
  url: string;
  /** Milliseconds of CPU so far, all threads. Linux only: elsewhere NaN. */
  cpu(): Promise<number>;
  close(): Promise<void>;
};

/** The package's launcher is a script; the binary beside it is what runs. */
function binary(): string {
  const require = createRequire(createRequire(import.meta.url).resolve("wrangler/package.json"));
  return join(dirname(require.resolve("workerd/package.json")), "bin", "workerd");
}

export async function startWorkerd(code: string, bindings: Record<string, string> = {}): Promise<Workerd> {
  const folder = await mkdtemp(join(tmpdir(), "omneuro-workerd-"));
  await writeFile(join(folder, "worker.js"), code);
  await writeFile(join(folder, "config.capnp"), config(bindings));
  // Its output holds the Worker's log lines: nobody reads them here.
  const child = spawn(binary(), ["serve", "config.capnp", "--control-fd=3"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const close = async () => {
    child.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const port = await listening(child.stdio[3] as Readable, child.stderr as Readable);
    return { url: `http://127.0.0.1:${port}`, cpu: () => cpuOf(child.pid ?? 0), close };
  } catch (error) {
    await close();
    throw error;
  }
}

const text = (value: string): string => JSON.stringify(value);

function config(bindings: Record<string, string>): string {
  const listed = Object.entries(bindings).map(([name, value]) => `(name = ${text(name)}, text = ${text(value)})`);
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.js")],
  bindings = [${listed.join(", ")}],
  compatibilityDate = "2026-10-01",
);
`;
}

function listening(control: Readable, errors: Readable): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = "";
    errors.on("data", (chunk: Buffer) => {
      said = (said + String(chunk)).slice(-2000);
    });
    control.once("data", (chunk: Buffer) =>
      resolve((JSON.parse(String(chunk).split("\n")[0] ?? "") as { port: number }).port),
    );
    control.once("end", () => reject(new Error(`workerd did not start: ${said}`)));
  });
}

async function cpuOf(pid: number): Promise<number> {
  const tasks = `/proc/${pid}/task`;
  const threads = await readdir(tasks).catch(() => []);
  if (threads.length === 0) return Number.NaN;
  // First field of schedstat: nanoseconds on a processor.
  const spent = threads.map(async (thread) => {
    const line = await readFile(join(tasks, thread, "schedstat"), "utf8").catch(() => "0");
    return Number(line.split(" ")[0]) / 1e6;
  });
  return (await Promise.all(spent)).reduce((sum, value) => sum + value, 0);
}
