/** Embeddings from any server that speaks OpenAI's `POST /embeddings`. */
import { type Blame, type Embedder, ProviderFailure } from "#brain/kernel/ports.ts";
import { askedToWait } from "./retry-after.ts";

export type EmbeddingsSettings = {
  /** Base, with or without a slash at its end: `https://api.openai.com/v1`. */
  url: string;
  model: string;
  apiKey?: string | undefined;
  timeoutMs?: number;
  now?: () => Date;
};

const dimensions = 1536;
/** Providers allow 100 (Workers AI) to 2,048 (OpenAI) texts a call. */
const mostTexts = 100;
/** OpenAI allows 300,000 tokens a call; a token is at least one UTF-16 unit. */
const mostCharacters = 300_000;
/** A batch of 100 takes under two seconds where all is well. */
const patienceMs = 30_000;

type Vectors = (number[] | undefined)[];

export function embeddings(settings: EmbeddingsSettings): Embedder {
  return {
    model: settings.model,
    dimensions,
    embed: async (texts) => {
      const done: Vectors = [];
      for (const part of split(texts)) {
        const vectors = await call(settings, part).catch((thrown: unknown) => {
          throw thrown instanceof ProviderFailure ? withPartial(thrown, [...done, ...thrown.partial]) : thrown;
        });
        done.push(...vectors);
      }
      return done as number[][];
    },
  };
}

/** Calls small enough for every provider, in order. */
function split(texts: string[]): string[][] {
  const parts: string[][] = [];
  let size = 0;
  for (const text of texts) {
    const last = parts.at(-1);
    if (last && last.length < mostTexts && size + text.length <= mostCharacters) last.push(text);
    else parts.push([text]);
    size = (parts.at(-1)?.length === 1 ? 0 : size) + text.length;
  }
  return parts;
}

const withPartial = (failure: ProviderFailure, partial: Vectors) =>
  new ProviderFailure(failure.code, { ...pick(failure), partial, cause: failure.cause });

const pick = ({ retryable, blames, retryAfterSeconds }: ProviderFailure) => ({ retryable, blames, retryAfterSeconds });

/** One HTTP call: as many vectors as texts, or a ProviderFailure that holds those which came. */
async function call(settings: EmbeddingsSettings, texts: string[]): Promise<number[][]> {
  // An empty text is a 400 for its whole batch.
  if (texts.some((text) => text.trim() === "")) return refuseBlank(texts);
  const response = await post(settings, texts);
  if (!response.ok) throw await refusal(response, settings.now?.() ?? new Date());
  const body = (await response.json().catch(() => undefined)) as { data?: unknown } | undefined;
  const vectors = read(body?.data, texts.length);
  if (vectors.every((vector) => vector !== undefined)) return vectors;
  throw new ProviderFailure("embedding_invalid", { retryable: false, blames: "unknown", partial: vectors });
}

function refuseBlank(texts: string[]): never {
  const blames: Blame = texts.length === 1 ? "input" : "unknown";
  throw new ProviderFailure("text_empty", { retryable: false, blames });
}

async function post(settings: EmbeddingsSettings, texts: string[]): Promise<Response> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (settings.apiKey) headers["authorization"] = `Bearer ${settings.apiKey}`;
  const body = {
    model: settings.model,
    input: texts,
    // A quarter of the bytes of JSON numbers; servers that do not know it send numbers, which are read too.
    encoding_format: "base64",
    // Models of the third family can be cut; older ones refuse the member.
    ...(settings.model.startsWith("text-embedding-3") ? { dimensions } : {}),
  };
  const url = `${settings.url.replace(/\/$/, "")}/embeddings`;
  const signal = AbortSignal.timeout(settings.timeoutMs ?? patienceMs);
  try {
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body), signal });
    // The body counts too: a server that stops in the middle is as slow as one that does not begin.
    return new Response(await response.arrayBuffer(), { status: response.status, headers: response.headers });
  } catch (cause) {
    const timedOut = cause instanceof Error && cause.name === "TimeoutError";
    // A text that takes the server down looks just like a server that is down.
    const code = timedOut ? "embedder_timeout" : "embedder_unreachable";
    throw new ProviderFailure(code, { retryable: true, blames: "unknown", cause });
  }
}

/** Status and error code → what to do about it. The provider's words stay out: they may quote the text. */
async function refusal(response: Response, now: Date): Promise<ProviderFailure> {
  const { status } = response;
  const body = (await response.json().catch(() => undefined)) as { error?: { code?: unknown } } | undefined;
  const said = typeof body?.error?.code === "string" ? body.error.code : "";
  const retryAfterSeconds = askedToWait(response.headers, now);
  if (status === 429 && said === "insufficient_quota") {
    return new ProviderFailure("insufficient_quota", { retryable: false, blames: "provider", retryAfterSeconds });
  }
  if (status === 429) {
    return new ProviderFailure("rate_limited", { retryable: true, blames: "provider", retryAfterSeconds });
  }
  if (status === 400 || status === 413 || status === 422) {
    const code = said === "context_length_exceeded" ? said : "input_refused";
    return new ProviderFailure(code, { retryable: false, blames: "input" });
  }
  if (status >= 500 || status === 408) {
    // Who names a time speaks for himself, not about a text.
    const blames: Blame = retryAfterSeconds === undefined ? "unknown" : "provider";
    return new ProviderFailure("embedder_failed", { retryable: true, blames, retryAfterSeconds });
  }
  // 401, 403, 404 and the rest: our key, address or model is wrong.
  return new ProviderFailure(`embedder_refused_${status}`, { retryable: false, blames: "provider" });
}

/** Vectors in the order of their texts; a hole where one is missing, of another length, not finite or zero. */
function read(data: unknown, count: number): Vectors {
  const vectors: Vectors = Array.from({ length: count });
  if (!Array.isArray(data)) return vectors;
  for (const [place, item] of (data as { index?: unknown; embedding?: unknown }[]).entries()) {
    const index = typeof item?.index === "number" ? item.index : place;
    if (index >= 0 && index < count) vectors[index] = vectorOf(item.embedding);
  }
  return vectors;
}

function vectorOf(embedding: unknown): number[] | undefined {
  const numbers = typeof embedding === "string" ? decode(embedding) : embedding;
  if (!Array.isArray(numbers) || numbers.length !== dimensions) return undefined;
  const usable = numbers.every((x) => Number.isFinite(x)) && numbers.some((x) => x !== 0);
  return usable ? (numbers as number[]) : undefined;
}

/** Base64 of little-endian float32; copied into a buffer of its own, which is aligned. */
function decode(text: string): number[] | undefined {
  let bytes: Uint8Array;
  try {
    bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
  if (bytes.length % 4 !== 0) return undefined;
  const view = new DataView(bytes.buffer);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(i * 4, true));
}
