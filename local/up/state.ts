/** What must outlive a stop: generated secrets, and per database what was installed there and how far its demo is told. */
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Carriers } from "./carriers.ts";
import { Refusal } from "./refusal.ts";
import { shown } from "./settings.ts";

export type Demo = {
  /** The day the story is told from: it ends the day before. */
  startedAt: string;
  messages: number | "all";
  /** Webhooks up to here have been answered, apart from those in `failed`. */
  next: number;
  failed: number[];
};

/** Planted through the API, counted from when that began. */
export type Floor = { startedAt: string; planted: boolean };

export type Installed = {
  project: string;
  accountScope: string;
  apiKey: string;
  operator: { username: string; password: string };
  source: { id: string; secret: string };
  chatwoot: { accountId: number; token: string };
  demo?: Demo;
  /** Folders of earlier versions have none yet. */
  floor?: Floor;
  /** The owner's planner was told of his days. */
  planner?: true;
  /** What the firm knows was written down. */
  known?: true;
  /** The first ways out were added; folders of earlier versions have none yet. */
  senders?: true;
  /** The source that SMS to the first number arrive at; null where another folder of this database has bound it. */
  line?: { source: string; number: string } | null;
};

/** The stand-in's bot: its token, and what it sends along with updates. */
export type Telegram = { token: string; secret: string };

export type Redis = { token: string };

export type State = {
  appPassword: string;
  /** id:base64 of 32 bytes, as SECRETS_KEYS wants it. */
  secretsKeys: string;
  qstash: { token: string; currentSigningKey: string; nextSigningKey: string };
  /** Folders of earlier versions have none yet. */
  telegram?: Telegram;
  redis?: Redis;
  carriers?: Carriers;
  /** id:base64 of 32 bytes, as PASSWORD_PEPPERS wants it. */
  passwordPeppers?: string;
  /** By database; null while the first installation there is under way. */
  installed: Record<string, Installed | null>;
};

export const randomText = (bytes: number): string => randomBytes(bytes).toString("base64url");

function freshState(): State {
  return {
    appPassword: randomText(24),
    secretsKeys: `local:${randomBytes(32).toString("base64")}`,
    qstash: {
      token: randomText(24),
      currentSigningKey: `sig_${randomText(24)}`,
      nextSigningKey: `sig_${randomText(24)}`,
    },
    installed: {},
  };
}

/** Made when it is first needed. */
export function telegramOf({ state, save }: StateFile): Telegram {
  if (state.telegram) return state.telegram;
  state.telegram = { token: `7000000001:${randomText(26)}`, secret: randomText(24) };
  save();
  return state.telegram;
}

/** The same for the counters of requests. */
export function redisOf({ state, save }: StateFile): Redis {
  if (state.redis) return state.redis;
  state.redis = { token: randomText(24) };
  save();
  return state.redis;
}

/** And for the pepper of passwords: hashes made before it are made anew when their people sign in. */
export function peppersOf({ state, save }: StateFile): string {
  if (state.passwordPeppers) return state.passwordPeppers;
  state.passwordPeppers = `local:${randomBytes(32).toString("base64")}`;
  save();
  return state.passwordPeppers;
}

export type StateFile = { state: State; save(): void };

/** Reads the folder's state or begins one; `save` puts it on disk before it returns. */
export function openState(data: string): StateFile {
  const path = join(data, "state.json");
  const state = readState(path) ?? freshState();
  const save = () => writePrivate(path, state);
  save();
  return { state, save };
}

function readState(path: string): State | null {
  const text = readText(path);
  if (text === null) return null;
  try {
    const state = JSON.parse(text) as State;
    if (state.appPassword && state.secretsKeys && state.qstash && state.installed) return state;
  } catch {
    // Told below: without its secrets the data cannot be opened, so it is not for us to overwrite.
  }
  throw new Refusal(`${shown(path)} is damaged. Put it back, or begin anew with:  npm run reset`);
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** For the owner's eyes only; a kill leaves either the old file or the new one. */
export function writePrivate(path: string, content: unknown): void {
  const draft = `${path}.new`;
  const fd = openSync(draft, "w", 0o600);
  writeSync(fd, typeof content === "string" ? content : `${JSON.stringify(content, null, 2)}\n`);
  fsyncSync(fd);
  closeSync(fd);
  renameSync(draft, path);
}
