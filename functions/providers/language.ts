/** A language model from any server that speaks OpenAI's `POST /chat/completions` with a JSON schema for the answer. */
import * as z from "zod/v4";
import { type LanguageModel, ProviderFailure } from "#brain/kernel/ports.ts";
import { askedToWait } from "./retry-after.ts";

export type LanguageSettings = {
  /** Base, with or without a slash at its end: `https://api.openai.com/v1`. */
  url: string;
  model: string;
  apiKey?: string | undefined;
  timeoutMs?: number;
  now?: () => Date;
};

/** Somebody waits for the answer; without a model it would come at once. */
const patienceMs = 20_000;
/** Three sentences with their citations need a fraction of it; whoever needs more says so. */
const usualTokens = 800;

const completion = () =>
  z.object({
    choices: z.array(z.object({ message: z.object({ content: z.string().nullable() }) })).min(1),
    usage: z.object({ prompt_tokens: z.number().int(), completion_tokens: z.number().int() }).optional(),
  });

export function languageModel(settings: LanguageSettings): LanguageModel {
  return {
    provider: new URL(settings.url).hostname,
    model: settings.model,
    complete: async ({ system, user, schema, mostTokens = usualTokens }) => {
      const response = await post(settings, {
        model: settings.model,
        temperature: 0,
        max_tokens: mostTokens,
        messages: [
          { role: "system", content: system },
          { role: "user", content: user },
        ],
        ...(schema
          ? { response_format: { type: "json_schema", json_schema: { name: "answer", strict: true, schema } } }
          : {}),
      });
      if (!response.ok) throw refusal(response, settings.now?.() ?? new Date());
      const read = completion().safeParse(await response.json().catch(() => undefined));
      const text = read.data?.choices[0]?.message.content;
      if (!read.success || typeof text !== "string")
        throw new ProviderFailure("language_invalid", { retryable: false });
      const { usage } = read.data;
      return { text, ...(usage ? { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens } : {}) };
    },
  };
}

async function post(settings: LanguageSettings, body: unknown): Promise<Response> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (settings.apiKey) headers["authorization"] = `Bearer ${settings.apiKey}`;
  const url = `${settings.url.replace(/\/$/, "")}/chat/completions`;
  const signal = AbortSignal.timeout(settings.timeoutMs ?? patienceMs);
  try {
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body), signal });
    // A server that stops in the middle of its body is as slow as one that does not begin.
    return new Response(await response.arrayBuffer(), { status: response.status, headers: response.headers });
  } catch (cause) {
    const isLate = cause instanceof Error && cause.name === "TimeoutError";
    throw new ProviderFailure(isLate ? "language_timeout" : "language_unreachable", { retryable: true, cause });
  }
}

/** The provider's own words stay out: they may quote the prompt. */
function refusal(response: Response, now: Date): ProviderFailure {
  const { status } = response;
  const retryAfterSeconds = askedToWait(response.headers, now);
  if (status === 429) return new ProviderFailure("rate_limited", { retryable: true, retryAfterSeconds });
  if (status >= 500) return new ProviderFailure("language_failed", { retryable: true, retryAfterSeconds });
  return new ProviderFailure(`language_refused_${status}`, { retryable: false });
}
