// Two tenants that know nothing of each other, the app in process, and an outside world that can be watched and broken.
import type { Hono } from "hono";
import { passwordsOf } from "#brain/identity/password.ts";
import { settableClock } from "#brain/kernel/clock.ts";
import type { PasswordCost } from "#brain/kernel/ctx.ts";
import { makeIds } from "#brain/kernel/ids.ts";
import type { Mailbox } from "#brain/kernel/mailbox.ts";
import type { Carrier, Chatwoot, Embedder, LanguageModel, Limiter, Pepper } from "#brain/kernel/ports.ts";
import { addKey, type Installed, install } from "#db/bootstrap.ts";
import { openDatabase } from "#db/client.ts";
import { createApp } from "#functions/app.ts";
import type { App, Runtime } from "#gateway/runtime.ts";
import { type Bucket, objects } from "#providers/objects.ts";
import { secretsFrom } from "#providers/secrets.ts";
import { database, shorten, type TestDatabase } from "./database.ts";
import { capturedMessenger } from "./messenger.ts";
import { capturedQueue } from "./queue.ts";

export const publicUrl = "http://omneuro.test";
export const testSecrets = secretsFrom(`t1:${btoa("0123456789abcdef0123456789abcdef")}`);
export const telegramSecret = "telegram-secret-of-the-tests";
export const signingKeys = { current: "sig_test_current_0001", next: "sig_test_next_0001" };
export const password = "correct horse battery staple";

export type Tenant = Installed & { accountId: number; username: string; readKey: string };

let made = 0;
/** Hashing is slow on purpose, and here it is not what is tried: hundreds of sign-ins would be minutes of every run. */
const cheap = { N: 16, r: 1, p: 1 };

export async function tenant(neon: TestDatabase, name: string, cost: PasswordCost = cheap): Promise<Tenant> {
  made += 1;
  // Files share a database per process: numbers and names never repeat.
  const accountId = process.pid * 1000 + made;
  const username = `${name}-${process.pid}-${made}`;
  const passwordHash = await passwordsOf(undefined, cost).hash(password, new Uint8Array(16).fill(7));
  const installed = await install(neon, testSecrets, {
    scopeKey: username,
    projectName: `Project ${name}`,
    owner: { username, passwordHash },
    chatwoot: { accountId: String(accountId) },
  });
  const readKey = await addKey(neon, { ...installed, permissions: ["shared:read"], name: "reads the ledger only" });
  return { ...installed, accountId, username, readKey };
}

export type WorldOptions = {
  embedder?: Embedder;
  language?: LanguageModel;
  /** Ways out of the house, by provider. */
  carriers?: Record<string, Carrier>;
  /** Where told-of mail is fetched, by provider. */
  mailboxes?: Record<string, Mailbox>;
  /** Made with the world's clock and log; without it nothing is limited. */
  limiter?: (given: { now(): Date; log(line: Record<string, unknown>): void }) => Limiter;
  /** Made with the world's clock; without it no source can be read. */
  chatwoot?: (now: () => Date) => Chatwoot;
  pepper?: Pepper;
  /** Where files are kept; without it photos cannot be brought. */
  bucket?: Bucket;
  neon?: TestDatabase;
  /** Where hashing itself is tried: what is deployed. */
  passwordCost?: PasswordCost;
  now?: string;
};

export type World = Awaited<ReturnType<typeof world>>;

export async function world(options: WorldOptions = {}) {
  const neon = options.neon ?? (await database());
  const clock = settableClock(options.now ?? "2026-11-15T08:00:00.000Z");
  const lines: Record<string, unknown>[] = [];
  const later: Promise<unknown>[] = [];
  const queue = capturedQueue();
  const messenger = capturedMessenger();
  const log = (line: Record<string, unknown>) => void lines.push(line);
  const runtime: Runtime = {
    db: openDatabase({ url: neon.appUrl, fetchEndpoint: neon.url }),
    clock,
    ids: makeIds(clock),
    ports: {
      queue: queue.port,
      secrets: testSecrets,
      messenger: messenger.port,
      ...(options.embedder ? { embedder: options.embedder } : {}),
      ...(options.bucket ? { objects: objects(options.bucket) } : {}),
      ...(options.chatwoot ? { chatwoot: options.chatwoot(clock.now) } : {}),
      ...(options.pepper ? { pepper: options.pepper } : {}),
      ...(options.language ? { language: options.language } : {}),
      ...(options.carriers ? { carriers: options.carriers } : {}),
      ...(options.mailboxes ? { mailboxes: options.mailboxes } : {}),
      ...(options.limiter ? { limiter: options.limiter({ now: clock.now, log }) } : {}),
    },
    settings: { publicUrl, embedBatch: 100, passwordCost: options.passwordCost ?? cheap },
    signingKeys,
    telegramSecret,
    log,
  };
  shorten(neon);
  const app: Hono<App> = createApp(() => runtime);
  const context = {
    waitUntil: (work: Promise<unknown>) => void later.push(work),
    passThroughOnException: () => {},
    props: {},
  };

  const fetch = async (path: string, init: RequestInit & { key?: string; json?: unknown } = {}) => {
    const { key, json, ...rest } = init;
    const headers = new Headers(rest.headers);
    if (key) headers.set("authorization", `Bearer ${key}`);
    if (json !== undefined) headers.set("content-type", "application/json");
    const body = json === undefined ? (rest.body ?? null) : JSON.stringify(json);
    const request = new Request(new URL(path, publicUrl), {
      method: json === undefined ? "GET" : "POST",
      ...rest,
      headers,
      body,
    });
    return app.fetch(request, {}, context);
  };

  return {
    neon,
    clock,
    queue,
    messenger,
    runtime,
    app,
    fetch,
    /** Log lines written so far. */
    lines,
    /** Waits for the work that runs after responses. */
    settled: async () => {
      while (later.length > 0) await later.shift();
    },
    a: await tenant(neon, "a", options.passwordCost),
    b: await tenant(neon, "b", options.passwordCost),
  };
}
