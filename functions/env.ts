/** The Worker's bindings, parsed once; a missing one is named, its value never shown. */
import * as z from "zod/v4";
import { defaultQuotas } from "#gateway/quotas.ts";
import { isPublicKey } from "#gateway/signatures/qstash.ts";

const signingKey = () =>
  z
    .string()
    .min(8)
    .refine((key) => !isPublicKey(key), "is a key that everybody knows");

const isGuarded = (url: string) =>
  /^https:\/\//.test(url) || /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/.test(url);

const guarded = (usual: string) => z.string().refine(isGuarded, "must be https, or http on loopback").default(usual);

const perMinute = (usual: number) => z.coerce.number().int().min(1).max(1_000_000).default(usual);

const ring = () =>
  z
    .string()
    .regex(
      /^[a-z0-9]+:[A-Za-z0-9+/=]{44}(,[a-z0-9]+:[A-Za-z0-9+/=]{44})*$/,
      "must be id:base64 of 32 bytes, newest first",
    );

const bindings = () =>
  z.object({
    DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, "must be a postgresql:// URL"),
    NEON_FETCH_ENDPOINT: z.string().refine(isGuarded, "must be https, or http on loopback").optional(),
    PUBLIC_URL: z.url(),
    SECRETS_KEYS: ring(),
    PASSWORD_PEPPERS: ring().optional(),
    QSTASH_URL: z.url().default("https://qstash.upstash.io"),
    QSTASH_TOKEN: z.string().min(1),
    QSTASH_CURRENT_SIGNING_KEY: signingKey(),
    QSTASH_NEXT_SIGNING_KEY: signingKey(),
    EMBEDDINGS_URL: z.url().optional(),
    EMBEDDINGS_API_KEY: z.string().optional(),
    EMBEDDINGS_MODEL: z.string().default("text-embedding-3-small"),
    LANGUAGE_URL: z.url().optional(),
    LANGUAGE_API_KEY: z.string().optional(),
    LANGUAGE_MODEL: z.string().optional(),
    GITHUB_API_URL: guarded("https://api.github.com"),
    NOTION_API_URL: guarded("https://api.notion.com/v1"),
    GOOGLE_API_URL: guarded("https://www.googleapis.com"),
    GOOGLE_TOKEN_URL: guarded("https://oauth2.googleapis.com/token"),
    SOURCES_MAY_BE_PRIVATE: z.enum(["yes", "no"]).default("no"),
    MCP_AUTHORIZATION_SERVER: z.url().optional(),
    TELEGRAM_URL: z
      .string()
      .refine(isGuarded, "must be https, or http on loopback")
      .default("https://api.telegram.org"),
    TELEGRAM_BOT_TOKEN: z
      .string()
      .regex(/^[0-9]+:[A-Za-z0-9_-]{20,}$/, "must be a bot's token")
      .optional(),
    TELEGRAM_WEBHOOK_SECRET: z
      .string()
      .regex(/^[A-Za-z0-9_-]{16,256}$/, "must be 16 to 256 of A-Z a-z 0-9 _ -")
      .optional(),
    TWILIO_URL: guarded("https://api.twilio.com"),
    TELNYX_URL: guarded("https://api.telnyx.com"),
    RESEND_URL: guarded("https://api.resend.com"),
    POSTMARK_URL: guarded("https://api.postmarkapp.com"),
    UPSTASH_REDIS_REST_URL: z.string().refine(isGuarded, "must be https, or http on loopback").optional(),
    UPSTASH_REDIS_REST_TOKEN: z.string().min(1).optional(),
    LIMIT_REQUESTS_PER_MINUTE: perMinute(defaultQuotas.caller),
    LIMIT_ASKS_PER_MINUTE: perMinute(defaultQuotas.ask),
    LIMIT_ANONYMOUS_PER_MINUTE: perMinute(defaultQuotas.anonymous),
    LIMIT_LOGINS_PER_MINUTE: perMinute(defaultQuotas.login),
  });

const schema = () =>
  bindings()
    .refine((env) => !env.UPSTASH_REDIS_REST_URL === !env.UPSTASH_REDIS_REST_TOKEN, {
      path: ["UPSTASH_REDIS_REST_URL"],
      message: "and UPSTASH_REDIS_REST_TOKEN belong together",
    })
    .refine((env) => !env.TELEGRAM_BOT_TOKEN === !env.TELEGRAM_WEBHOOK_SECRET, {
      path: ["TELEGRAM_BOT_TOKEN"],
      message: "and TELEGRAM_WEBHOOK_SECRET belong together",
    });

export type Env = z.output<ReturnType<typeof schema>>;

/** Throws an Error that names the wrong bindings. */
export function parseEnv(given: unknown): Env {
  const read = schema().safeParse(given);
  if (read.success) return read.data;
  const wrong = read.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`The Worker's configuration is incomplete: ${wrong.join("; ")}`);
}
