/** Starts everything, each part as soon as it can: the small servers, then the Worker beside the database. */
import { join } from "node:path";
import { defaultQuotas } from "#gateway/quotas.ts";
import { qstash as qstashClient } from "#providers/queue.ts";
import { ensureTick } from "#providers/tick.ts";
import { HANDBOOK, handbook } from "../business/data/handbook.ts";
import { OUTSIDE_STORY, type Retelling, retell, storyAgents, storyInboxes } from "../business/retelling.ts";
import type { LocalCarriers } from "../carriers.ts";
import { startChatwoot } from "../chatwoot.ts";
import { type LocalGithub, startGithub } from "../documents/github.ts";
import { MODEL_ID } from "../embeddings/model.ts";
import { startEmbeddings } from "../embeddings.ts";
import type { LocalNeon } from "../neon.ts";
import { startQStash } from "../qstash.ts";
import { startRedis } from "../redis.ts";
import { type LocalTelegram, startTelegram } from "../telegram.ts";
import { type Addresses, addressesOf, writeAddresses } from "./addresses.ts";
import { addSenders, carrierVars, openCarriers } from "./carriers.ts";
import type { Closers } from "./closers.ts";
import { openLocalDatabase, workerLogin } from "./database.ts";
import { BUSINESS, chatwootFile, ensureInstalled } from "./installation.ts";
import { generosity, type Settings } from "./settings.ts";
import { type Installed, openState, peppersOf, redisOf, type State, type StateFile, telegramOf } from "./state.ts";
import { bindOwner, bindPlanner } from "./telegram.ts";
import type { Terminal } from "./terminal.ts";
import { startWorker, type Worker } from "./worker.ts";

export type Stack = {
  file: StateFile;
  installed: Installed;
  addresses: Addresses;
  neon: LocalNeon;
  worker: Worker;
  story: Retelling | null;
};

type Start = { settings: Settings; closers: Closers; terminal: Terminal };

export async function startStack(start: Start): Promise<Stack> {
  const { settings, closers, terminal } = start;
  const file = openState(settings.data);
  const { warm, telegram, github, carriers } = await terminal.step("services", () => startServices(start, file));
  const worker = startWorker({
    data: settings.data,
    port: settings.ports.worker,
    url: settings.url,
    vars: workerVars(settings, { file, telegram, github, carriers }),
  });
  closers.add(() => worker.stop());
  const { neon } = await terminal.step("database", async () => {
    const database = await openLocalDatabase(settings, file);
    closers.add(() => database.neon.close());
    return { value: database, note: database.summary };
  });
  const installed = await terminal.step("project", async () => {
    return { value: await ensureInstalled(neon, { settings, file }), note: BUSINESS };
  });
  await terminal.step("worker", async () => {
    await Promise.all([worker.ready(), warm]);
    return { value: null, note: `wrangler dev on port ${settings.ports.worker}` };
  });
  const { state } = file;
  await ensureTick(qstashClient({ url: address(settings.ports.qstash), token: state.qstash.token }), settings.url);
  await bindOwner(neon, { telegram, file, url: settings.url });
  await bindPlanner(neon, { telegram, installed, url: settings.url });
  const line = await addSenders(file, { url: settings.url, installed });
  if (line) carriers.openLine(line);
  const addresses = addressesOf(settings, { state, installed, telegram: telegram.url, carriers: carriers.url });
  const story = await openChatwoot(start, { file, installed, hook: addresses.chatwoot.hook });
  writeAddresses(settings.data, addresses);
  return { file, installed, addresses, neon, worker, story };
}

const address = (port: number): string => `http://127.0.0.1:${port}`;

async function startServices({ settings, closers, terminal }: Start, file: StateFile) {
  const { state } = file;
  const { ports, data } = settings;
  const qstash = await startQStash({ port: ports.qstash, file: join(data, "qstash.jsonl"), ...state.qstash });
  closers.add(() => qstash.close());
  const redis = await startRedis({ port: ports.redis, file: join(data, "redis.jsonl"), ...redisOf(file) });
  closers.add(() => redis.close());
  const embeddings = await startEmbeddings({ port: ports.embeddings });
  closers.add(() => embeddings.close());
  const telegram = await startTelegram({
    token: telegramOf(file).token,
    onSent: (text) => terminal.say(`  Telegram  ${text}`),
  });
  closers.add(() => telegram.close());
  const carriers = await openCarriers(file, ({ to, text }) => terminal.say(`  Sent      ${to}  ${text.slice(0, 100)}`));
  closers.add(() => carriers.close());
  const github = await startGithub();
  github.repository(HANDBOOK, handbook);
  closers.add(() => github.close());
  // The first question should not have to wait for the model to load.
  const warm = fetch(`${embeddings.url}/embeddings`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: embeddings.model, input: "Good morning" }),
  });
  warm.catch(() => {});
  return {
    value: { warm, telegram, github, carriers },
    note: `queue on ${ports.qstash}, counters on ${ports.redis}, embeddings on ${ports.embeddings}`,
  };
}

type Known = { file: StateFile; telegram: LocalTelegram; github: LocalGithub; carriers: LocalCarriers };

function workerVars(settings: Settings, { file, telegram, github, carriers }: Known): Record<string, string> {
  const state: State = file.state;
  const bot = telegramOf(file);
  const { ports, url } = settings;
  return {
    DATABASE_URL: workerLogin(settings, state),
    NEON_FETCH_ENDPOINT: `${address(ports.neon)}/sql`,
    PUBLIC_URL: url,
    SECRETS_KEYS: state.secretsKeys,
    QSTASH_URL: address(ports.qstash),
    QSTASH_TOKEN: state.qstash.token,
    QSTASH_CURRENT_SIGNING_KEY: state.qstash.currentSigningKey,
    QSTASH_NEXT_SIGNING_KEY: state.qstash.nextSigningKey,
    // The stand-in of Chatwoot listens on loopback.
    SOURCES_MAY_BE_PRIVATE: "yes",
    EMBEDDINGS_URL: `${address(ports.embeddings)}/v1`,
    EMBEDDINGS_MODEL: MODEL_ID,
    GITHUB_API_URL: github.url,
    UPSTASH_REDIS_REST_URL: address(ports.redis),
    UPSTASH_REDIS_REST_TOKEN: redisOf(file).token,
    ...laptopLimits(),
    PASSWORD_PEPPERS: peppersOf(file),
    ...carrierVars(carriers),
    TELEGRAM_URL: telegram.url,
    TELEGRAM_BOT_TOKEN: bot.token,
    TELEGRAM_WEBHOOK_SECRET: bot.secret,
  };
}

function laptopLimits(): Record<string, string> {
  const { caller, ask, anonymous, login } = defaultQuotas;
  const limits = {
    LIMIT_REQUESTS_PER_MINUTE: caller,
    LIMIT_ASKS_PER_MINUTE: ask,
    LIMIT_ANONYMOUS_PER_MINUTE: anonymous,
    LIMIT_LOGINS_PER_MINUTE: login,
  };
  return Object.fromEntries(Object.entries(limits).map(([name, usual]) => [name, String(usual * generosity)]));
}

type Opening = { file: StateFile; installed: Installed; hook: string };

/** The account as it was left, with the demo's past, and its webhook to us. */
async function openChatwoot(
  { settings, closers }: Start,
  { file, installed, hook }: Opening,
): Promise<Retelling | null> {
  const chatwoot = await startChatwoot({
    port: settings.ports.chatwoot,
    accountId: installed.chatwoot.accountId,
    accountName: BUSINESS,
    token: installed.chatwoot.token,
    firstIds: OUTSIDE_STORY,
    inboxes: storyInboxes,
    agents: storyAgents,
    file: chatwootFile(settings),
  });
  closers.add(() => chatwoot.close());
  // An earlier start may have listened elsewhere.
  const { subscriptions } = chatwoot.webhooks;
  for (const { id, secret } of subscriptions.values()) if (secret === installed.source.secret) subscriptions.delete(id);
  chatwoot.subscribe({ url: hook, secret: installed.source.secret, name: "Omneuro" });
  if (settings.demoMessages === 0) return null;
  const story = retellDemo(settings, { file, installed });
  const known = [...story.account.conversations.keys()].every((id) => chatwoot.account.conversations.has(id));
  if (!known) chatwoot.account.restore(story.account.rows());
  return story;
}

/** Told from the day it was first told from, and as far. */
function retellDemo({ demoMessages }: Settings, { file, installed }: Omit<Opening, "hook">): Retelling {
  if (!installed.demo) {
    const messages = Number.isFinite(demoMessages) ? demoMessages : "all";
    installed.demo = { startedAt: new Date().toISOString(), messages, next: 0, failed: [] };
    file.save();
  }
  const { startedAt, messages } = installed.demo;
  return retell({
    accountId: installed.chatwoot.accountId,
    startedAt: new Date(startedAt),
    messages: messages === "all" ? Number.POSITIVE_INFINITY : messages,
    seed: installed.project,
  });
}
