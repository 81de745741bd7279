// The Worker's app in process on a stage, configured by bindings as in the cloud, with a tenant of its own.
import { randomBytes } from "node:crypto";
import type { Clock } from "#brain/kernel/clock.ts";
import { type Credential, type Ctx, credentialText } from "#brain/kernel/ctx.ts";
import { makeIds } from "#brain/kernel/ids.ts";
import type { Embedder, Queue } from "#brain/kernel/ports.ts";
import { makeTally } from "#brain/kernel/tally.ts";
import { traceFrom } from "#brain/kernel/trace.ts";
import { type Installed, install } from "#db/bootstrap.ts";
import { createApp } from "#functions/app.ts";
import { runtimeOf } from "#functions/runtime.ts";
import type { Runtime } from "#gateway/runtime.ts";
import type { Statement } from "./session.ts";
import type { Stage } from "./stage.ts";
import { type Body, webhook } from "./webhooks.ts";

export const PUBLIC_URL = "http://omneuro.test";
export const QSTASH = { token: "bench-token", current: "sig_bench_current", next: "sig_bench_next" };
const SECRETS_KEYS = `b1:${Buffer.from("0123456789abcdef0123456789abcdef").toString("base64")}`;

/** The Worker's bindings for a stage; outside services that are not given are nowhere. */
export function bindings(of: { databaseUrl: string; endpoint: string; qstashUrl?: string; embeddingsUrl?: string }) {
  return {
    DATABASE_URL: of.databaseUrl,
    NEON_FETCH_ENDPOINT: of.endpoint,
    PUBLIC_URL,
    SECRETS_KEYS,
    QSTASH_URL: of.qstashUrl ?? "http://127.0.0.1:9",
    QSTASH_TOKEN: QSTASH.token,
    QSTASH_CURRENT_SIGNING_KEY: QSTASH.current,
    QSTASH_NEXT_SIGNING_KEY: QSTASH.next,
    ...(of.embeddingsUrl ? { EMBEDDINGS_URL: of.embeddingsUrl } : {}),
  };
}

export type Tenant = Installed & { accountId: number };

let installed = 0;

export async function newTenant(stage: Stage, runtime: Runtime, name: string): Promise<Tenant> {
  installed += 1;
  const accountId = 7000 + installed;
  const key = `${name}-${randomBytes(4).toString("hex")}`;
  const tenant = await install(stage.neon, runtime.ports.secrets, {
    scopeKey: key,
    projectName: name,
    // Nobody logs in here, and hashing a password takes a second.
    owner: { username: key, passwordHash: "none" },
    chatwoot: { accountId: String(accountId) },
  });
  return { ...tenant, accountId };
}

export type BenchApp = {
  runtime: Runtime;
  fetch(request: Request): Promise<Response>;
  /** Waits for what runs after the responses. */
  settled(): Promise<void>;
  /** A signed webhook of the tenant's Chatwoot; throws unless it was taken in. */
  hear(tenant: Tenant, body: Body, delivery?: string): Promise<Response>;
};

/** Where wake-ups go that nobody is to be woken by. */
const nowhere: Queue = { publish: async () => ({ messageId: "msg_none" }) };

export type Outside = { queue?: Queue; embedder?: Embedder; clock?: Clock };

/** What is given stands in for the bindings' own; without a queue, wake-ups go nowhere. */
export function openApp(bound: Record<string, string>, outside: Outside = {}): BenchApp {
  const base = runtimeOf(bound);
  const { queue = nowhere, embedder, clock = base.clock } = outside;
  const ports = { ...base.ports, queue, ...(embedder ? { embedder } : {}) };
  const runtime: Runtime = { ...base, log: () => {}, ports, clock, ids: makeIds(clock) };
  const app = createApp(() => runtime);
  const later: Promise<unknown>[] = [];
  const context = {
    waitUntil: (work: Promise<unknown>) => void later.push(work),
    passThroughOnException: () => {},
    props: {},
  };
  const fetch = async (request: Request) => app.fetch(request, {}, context);
  return {
    runtime,
    fetch,
    settled: async () => {
      while (later.length > 0) await later.shift();
    },
    hear: async (tenant, body, delivery) => {
      const url = `${PUBLIC_URL}/v1/hooks/chatwoot/${tenant.source.id}`;
      const sender = { url, secret: tenant.source.secret, now: () => runtime.clock.now() };
      const answer = await fetch(webhook(sender, body, delivery));
      if (answer.status !== 200) throw new Error(`the webhook was answered ${answer.status}: ${await answer.text()}`);
      return answer;
    },
  };
}

/** A context without HTTP, for parts of the brain that are measured alone. */
export function contextOn(runtime: Runtime, credential: Credential): Ctx {
  const { db, clock, ids, ports, settings, log } = runtime;
  const entry = { permission: "bench:run", scope: "project" } as const;
  const requestId = ids.next("request");
  const after = (work: () => Promise<void>) => void work();
  const trace = traceFrom(undefined, ids);
  const tally = makeTally(clock.now());
  const meter = { requests: 0 };
  return { db, clock, ids, ports, settings, log, credential, entry, requestId, trace, tally, meter, after };
}

/** The first statement of every batch. */
export function enter(credential: Credential, permission = "bench:run"): Statement {
  return {
    text: "select identity.enter($1, $2, $3::jsonb)",
    values: [credentialText(credential), permission, JSON.stringify({ request: "req_bench", scope: "project" })],
  };
}
