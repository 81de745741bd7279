/** What the environment says about this start: the data folder, the ports, the demo, and where the database is. */
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Refusal } from "./refusal.ts";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

const OFFSETS = { worker: 0, neon: 1, qstash: 2, redis: 3, embeddings: 4, chatwoot: 5 } as const;

/** Limits are this many times the usual ones, so that scripts on a laptop are not held back. */
export const generosity = 10;

export type Place = keyof typeof OFFSETS;
export type Ports = Record<Place, number>;

export type Settings = {
  /** The data folder, absolute. */
  data: string;
  ports: Ports;
  /** The Worker's own address, which is everybody's way in. */
  url: string;
  /** How many messages of the demo are told: 0 is none. */
  demoMessages: number;
  /** The owner's URL of a Postgres to be used instead of PGlite. */
  databaseUrl: string | null;
};

const DEFAULT_PORT = 8787;

export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const port = readPort(env["PORT"]);
  const ports = Object.fromEntries(Object.entries(OFFSETS).map(([place, offset]) => [place, port + offset])) as Ports;
  return {
    data: env["OMNEURO_DATA"] ? resolve(env["OMNEURO_DATA"]) : resolve(ROOT, ".data"),
    ports,
    url: `http://127.0.0.1:${port}`,
    demoMessages: readDemo(env["OMNEURO_DEMO"]),
    databaseUrl: readDatabase(env["DATABASE_URL"]),
  };
}

function readPort(text: string | undefined): number {
  if (!text) return DEFAULT_PORT;
  const port = Number(text);
  const last = 65_535 - OFFSETS.chatwoot;
  if (Number.isInteger(port) && port >= 1024 && port <= last) return port;
  throw new Refusal(
    `PORT is "${text}": it must be a number from 1024 to ${last}; the five ports after it are used too.`,
  );
}

/** `0` is no demo; `1` switches it on like any word for yes; a greater number tells that many messages of it. */
function readDemo(text: string | undefined): number {
  if (!text || /^(1|on|yes|true|all)$/i.test(text)) return Number.POSITIVE_INFINITY;
  if (/^(0|off|no|false|none)$/i.test(text)) return 0;
  if (/^\d+$/.test(text)) return Number(text);
  throw new Refusal(`OMNEURO_DEMO is "${text}": 0 means no demo data; leave it out to have it.`);
}

function readDatabase(text: string | undefined): string | null {
  if (!text) return null;
  const url = URL.parse(text);
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || !url.username || url.pathname.length < 2) {
    throw new Refusal("DATABASE_URL must be the owner's URL, like postgresql://owner:password@host:5432/database.");
  }
  return text;
}

/** The path as one would type it here. */
export function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith("..") ? path : near || ".";
}
