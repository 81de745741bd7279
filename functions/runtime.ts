/** Bindings → the runtime of this isolate, made once: database, providers, settings. */
import { longestMail } from "#brain/field/index.ts";
import { wallClock } from "#brain/kernel/clock.ts";
import { makeIds } from "#brain/kernel/ids.ts";
import { outsideUrl } from "#brain/kernel/outside-url.ts";
import { flowOf } from "#brain/outbound/index.ts";
import { openDatabase } from "#db/client.ts";
import type { Runtime } from "#gateway/runtime.ts";
import { carriers } from "#providers/carriers/index.ts";
import { chatwoot } from "#providers/chatwoot.ts";
import { documents } from "#providers/documents.ts";
import { embeddings } from "#providers/embeddings.ts";
import { languageModel } from "#providers/language.ts";
import { limiter } from "#providers/limiter.ts";
import { isBucket, objects } from "#providers/objects.ts";
import { pepperFrom } from "#providers/pepper.ts";
import { queue } from "#providers/queue.ts";
import { resendMailbox } from "#providers/resend-mailbox.ts";
import { secretsFrom } from "#providers/secrets.ts";
import { telegram } from "#providers/telegram.ts";
import { type Env, parseEnv } from "./env.ts";

const runtimes = new WeakMap<object, Runtime>();

export function runtimeOf(bindings: Record<string, unknown>): Runtime {
  const known = runtimes.get(bindings);
  if (known) return known;
  const env = parseEnv(bindings);
  const log = (line: Record<string, unknown>) => console.log(JSON.stringify(line));
  const { UPSTASH_REDIS_REST_URL: redis, UPSTASH_REDIS_REST_TOKEN: redisToken } = env;
  const runtime: Runtime = {
    db: openDatabase({ url: env.DATABASE_URL, fetchEndpoint: env.NEON_FETCH_ENDPOINT }),
    clock: wallClock,
    ids: makeIds(wallClock),
    ports: {
      queue: queue({ url: env.QSTASH_URL, token: env.QSTASH_TOKEN, publicUrl: env.PUBLIC_URL, flowOf }),
      documents: documents({
        github: env.GITHUB_API_URL,
        notion: env.NOTION_API_URL,
        google: env.GOOGLE_API_URL,
        googleToken: env.GOOGLE_TOKEN_URL,
      }),
      chatwoot: chatwoot({ mayBePrivate: env.SOURCES_MAY_BE_PRIVATE === "yes" }),
      ...(env.EMBEDDINGS_URL ? { embedder: embedderOf(env.EMBEDDINGS_URL, env) } : {}),
      ...(env.LANGUAGE_URL && env.LANGUAGE_MODEL
        ? {
            language: languageModel({ url: env.LANGUAGE_URL, model: env.LANGUAGE_MODEL, apiKey: env.LANGUAGE_API_KEY }),
          }
        : {}),
      ...(redis && redisToken ? { limiter: limiter({ url: redis, token: redisToken, log }) } : {}),
      ...(env.TELEGRAM_BOT_TOKEN
        ? { messenger: telegram({ url: env.TELEGRAM_URL, token: env.TELEGRAM_BOT_TOKEN }) }
        : {}),
      ...(isBucket(bindings["PHOTOS"]) ? { objects: objects(bindings["PHOTOS"]) } : {}),
      carriers: carriersOf(env),
      ...(env.PASSWORD_PEPPERS ? { pepper: pepperFrom(env.PASSWORD_PEPPERS) } : {}),
      mailboxes: { resend: resendMailbox({ url: env.RESEND_URL, longest: longestMail }) },
      secrets: secretsFrom(env.SECRETS_KEYS),
    },
    settings: {
      publicUrl: env.PUBLIC_URL,
      embedBatch: 100,
      sweepSeconds: 60,
      ...(env.SOURCES_MAY_BE_PRIVATE === "yes" ? { privateSources: true as const } : {}),
      ...(env.MCP_AUTHORIZATION_SERVER ? { authorizationServer: env.MCP_AUTHORIZATION_SERVER } : {}),
    },
    signingKeys: { current: env.QSTASH_CURRENT_SIGNING_KEY, next: env.QSTASH_NEXT_SIGNING_KEY },
    ...(env.TELEGRAM_WEBHOOK_SECRET ? { telegramSecret: env.TELEGRAM_WEBHOOK_SECRET } : {}),
    quotas: {
      caller: env.LIMIT_REQUESTS_PER_MINUTE,
      ask: env.LIMIT_ASKS_PER_MINUTE,
      anonymous: env.LIMIT_ANONYMOUS_PER_MINUTE,
      login: env.LIMIT_LOGINS_PER_MINUTE,
    },
    log,
  };
  runtimes.set(bindings, runtime);
  return runtime;
}

const embedderOf = (url: string, env: Env) =>
  embeddings({ url, model: env.EMBEDDINGS_MODEL, apiKey: env.EMBEDDINGS_API_KEY });

const carriersOf = (env: Env) =>
  carriers({
    twilioUrl: env.TWILIO_URL,
    telnyxUrl: env.TELNYX_URL,
    telegramUrl: env.TELEGRAM_URL,
    telegramToken: env.TELEGRAM_BOT_TOKEN,
    resendUrl: env.RESEND_URL,
    postmarkUrl: env.POSTMARK_URL,
    reachChatwoot: (url) => outsideUrl(url, { private: env.SOURCES_MAY_BE_PRIVATE === "yes" }),
  });
