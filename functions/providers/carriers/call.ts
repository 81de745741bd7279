/** One HTTP call of a way out: an answer, no connection at all, or one that was lost after the request may have arrived. */
import { askedToWait } from "../retry-after.ts";

export type CarrierSettings = {
  /** Base of the provider's API, with or without a slash at its end. */
  url: string;
  timeoutMs?: number;
  now?: () => Date;
};

export type Answer = {
  kind: "answer";
  status: number;
  headers: Headers;
  /** Undefined where it was not JSON. */
  body: unknown;
  /** Seconds until it wants to be asked again, whole and at least one, where it says so. */
  wait: number | undefined;
};

export type Told =
  | Answer
  /** Nobody was there to take the request. */
  | { kind: "unreached"; code: "unreachable" }
  /** The request may have arrived. */
  | { kind: "lost"; code: "timeout" | "connection_lost" | "answer_too_large" };

export type Request = {
  method: "GET" | "POST";
  url: string;
  headers: Record<string, string>;
  body?: string;
};

/** Less than a claim's lease, by far: what is not answered by then is of unknown fate. */
const patienceMs = 15_000;
/** Lists of a hundred messages are a tenth of this. */
const mostBytes = 2 * 1024 * 1024;
/** Nobody means more by it than a day. */
const longestWait = 24 * 3600;

export const baseOf = ({ url }: CarrierSettings): string => url.replace(/\/+$/, "");

export async function call(settings: CarrierSettings, { url, ...request }: Request): Promise<Told> {
  const signal = AbortSignal.timeout(settings.timeoutMs ?? patienceMs);
  try {
    // Credentials are for this address and no other.
    const response = await fetch(url, { ...request, redirect: "manual", signal });
    const text = await textOf(response);
    if (text === undefined) return { kind: "lost", code: "answer_too_large" };
    const { status, headers } = response;
    const now = settings.now?.() ?? new Date();
    return { kind: "answer", status, headers, body: parsed(text), wait: waitIn(headers, now) };
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === "TimeoutError") return { kind: "lost", code: "timeout" };
    if (neverConnected(thrown)) return { kind: "unreached", code: "unreachable" };
    return { kind: "lost", code: "connection_lost" };
  }
}

/** Only what cannot have carried a byte of ours; every other failure may have come after the request. */
function neverConnected(thrown: unknown): boolean {
  const cause = thrown instanceof Error ? (thrown.cause as { code?: unknown } | undefined) : undefined;
  return cause?.code === "ECONNREFUSED" || cause?.code === "ENOTFOUND" || cause?.code === "EAI_AGAIN";
}

async function textOf(response: Response): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > mostBytes) return undefined;
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const wholeSeconds = (seconds: number): number => Math.min(longestWait, Math.max(1, Math.ceil(seconds)));

function waitIn(headers: Headers, now: Date): number | undefined {
  const said = askedToWait(headers, now) ?? resetIn(headers);
  return said === undefined ? undefined : wholeSeconds(said);
}

/** `ratelimit-reset: 12`, seconds (draft-ietf-httpapi-ratelimit-headers-03, as Resend sends it). */
function resetIn(headers: Headers): number | undefined {
  const text = headers.get("ratelimit-reset") ?? "";
  return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}
