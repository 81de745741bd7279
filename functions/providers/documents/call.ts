/** One HTTP call to a place that documents come from: bounded in time and size, to its own host only, refusals as ProviderFailure. */
import { ProviderFailure } from "#brain/kernel/ports.ts";
import { retryAfterSeconds } from "../retry-after.ts";

export type Call = {
  /** Base of the API, from the configuration; nothing else is ever called. */
  base: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
  method?: "GET" | "POST";
  /** Bytes an answer may have. */
  most?: number;
};

/** Contents beyond this are no documents. */
export const mostContent = 1024 * 1024;
/** A listing: GitHub's trees end at 7 MB. */
export const mostListing = 16 * 1024 * 1024;
const patienceMs = 10_000;

/** Answers of any status, with the whole body read; throws where there is none. A redirect is followed once, on the same host. */
export async function call(given: Call): Promise<Response> {
  const base = given.base.replace(/\/+$/, "");
  const first = await once(`${base}${given.path}`, given);
  const { status } = first;
  const to = first.headers.get("location");
  if (![301, 302, 307, 308].includes(status) || to === null) return first;
  const next = URL.parse(to, base);
  // The token goes along: nobody is told it but the host it is for.
  if (next === null || next.origin !== new URL(base).origin) return first;
  // What was asked for is asked for there too, whether or not the redirect says so.
  if (next.search === "") next.search = new URL(`${base}${given.path}`).search;
  return once(next.href, given);
}

async function once(url: string, given: Call): Promise<Response> {
  const { method = "GET", body, headers, most = mostListing } = given;
  const signal = AbortSignal.timeout(patienceMs);
  try {
    const response = await fetch(url, {
      method,
      headers,
      signal,
      redirect: "manual",
      ...(body === undefined ? {} : { body }),
    });
    if (Number(response.headers.get("content-length") ?? 0) > most) {
      await response.body?.cancel();
      throw tooLarge();
    }
    const bytes = await response.arrayBuffer();
    if (bytes.byteLength > most) throw tooLarge();
    const isEmpty = [204, 205, 304].includes(response.status);
    return new Response(isEmpty ? null : bytes, { status: response.status, headers: response.headers });
  } catch (cause) {
    if (cause instanceof ProviderFailure) throw cause;
    const isLate = cause instanceof Error && cause.name === "TimeoutError";
    throw new ProviderFailure(isLate ? "timeout" : "unreachable", { retryable: true, cause });
  }
}

const tooLarge = () => new ProviderFailure("answer_too_large", { retryable: false, blames: "input" });

export const isTooLarge = (thrown: unknown): boolean =>
  thrown instanceof ProviderFailure && thrown.code === "answer_too_large";

/** What every provider means by these. */
export function refusalOf(response: Response, now: Date): ProviderFailure {
  const { status, headers } = response;
  const said = headers.get("retry-after");
  const after = said === null ? undefined : retryAfterSeconds(said, now);
  if (status === 429 || status === 529) return limited(after);
  if (status === 401) return new ProviderFailure("credentials_refused", { retryable: false });
  if (status === 403) return new ProviderFailure("access_refused", { retryable: false });
  if (status === 404) return new ProviderFailure("place_unknown", { retryable: false });
  return new ProviderFailure("provider_failed", {
    retryable: status >= 500 || status === 408,
    retryAfterSeconds: after,
  });
}

export const limited = (retryAfterSeconds: number | undefined): ProviderFailure =>
  new ProviderFailure("rate_limited", { retryable: true, retryAfterSeconds });

/** The body as JSON of a shape that was checked, or a failure that says so. */
export async function jsonOf<T>(
  response: Response,
  schema: { safeParse(value: unknown): { success: boolean; data?: T } },
): Promise<T> {
  const read = schema.safeParse(await response.json().catch(() => undefined));
  if (!read.success || read.data === undefined) throw new ProviderFailure("answer_invalid", { retryable: true });
  return read.data;
}

/** Text in UTF-8, else why it is none. */
export function textIn(bytes: Uint8Array): { text: string } | { skipped: string } {
  if (bytes.length > mostContent) return { skipped: "too_large" };
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
    return text.includes("\0") ? { skipped: "not_text" } : { text };
  } catch {
    return { skipped: "not_text" };
  }
}
