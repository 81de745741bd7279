/** `npm start` as a black box: a process with a data folder, ports and an output, that is started, asked and killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const START = fileURLToPath(new URL("../../local/start.mjs", import.meta.url));
const STARTED = "Omneuro is running.";
/** Generous: other work may share the machine. */
const PATIENCE_MS = 150_000;

/** What local.json promises to scripts. */
export type Local = {
  url: string;
  apiKey: string;
  project: string;
  operator: { username: string; password: string };
  chatwoot: { hook: string; secret: string; accountId: number; api: string; token: string };
  neon: { url: string; stats: string };
  qstash: { url: string; token: string };
  redis: { url: string; token: string };
  embeddings: { url: string };
  telegram: { url: string };
};

export type Order = { data: string; port: number; env?: Record<string, string>; args?: string[] };

export class Laptop {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  output = "";

  constructor({ data, port, env = {}, args = [] }: Order) {
    this.#child = spawn(process.execPath, [START, ...args], {
      env: { PATH: process.env["PATH"] ?? "", OMNEURO_DATA: data, PORT: String(port), OMNEURO_DEMO: "0", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (bytes: Buffer) => {
        this.output += bytes.toString("utf8");
      });
    }
    this.#ended = new Promise((resolve) => this.#child.once("close", (code) => resolve(code)));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Waits for a line of the output; throws with all of it when the process ends before. */
  async says(text: string): Promise<void> {
    let over = false;
    void this.#ended.then(() => {
      over = true;
    });
    await until(`"${text}"`, async () => {
      if (this.output.includes(text)) return true;
      if (over) throw new Error(`ended without "${text}":\n${this.output}`);
      return false;
    });
  }

  ready(): Promise<void> {
    return this.says(STARTED);
  }

  /** The exit code. */
  ended(): Promise<number | null> {
    return this.#ended;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async stop(): Promise<number | null> {
    this.signal("SIGTERM");
    return this.#ended;
  }
}

export async function readLocal(data: string): Promise<Local> {
  return JSON.parse(await readFile(join(data, "local.json"), "utf8")) as Local;
}

export async function modeOf(data: string, name: string): Promise<number> {
  return (await stat(join(data, name))).mode & 0o777;
}

/** Asks again until it is so. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await wait(100);
  }
}

/** The first of six free ports in a row. */
export async function freeBase(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const base = 20_000 + Math.floor(Math.random() * 30_000);
    const free = await Promise.all([0, 1, 2, 3, 4, 5].map((offset) => canListen(base + offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error("no six free ports in a row");
}

/** Holds a port until the returned function is called. */
export function occupy(port: number): Promise<() => Promise<void>> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(() => new Promise((done) => server.close(() => done()))));
  });
}

async function canListen(port: number): Promise<boolean> {
  return occupy(port).then(
    (release) => release().then(() => true),
    () => false,
  );
}

export function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** The ports of a start that somebody still answers on. */
export async function openPorts(base: number): Promise<number[]> {
  const ports = [0, 1, 2, 3, 4, 5].map((offset) => base + offset);
  const open = await Promise.all(ports.map(isOpen));
  return ports.filter((_, index) => open[index]);
}
