/** Chatwoot's REST API (`/api/v1/accounts/{id}`): its own paging, its refusals as ProviderFailures. */
import * as z from "zod/v4";
import { outsideUrl } from "#brain/kernel/outside-url.ts";
import {
  type Chatwoot,
  type ChatwootAccess,
  type ChatwootRow,
  type ChatwootRows,
  ProviderFailure,
} from "#brain/kernel/ports.ts";
import { chatwootWrites } from "./chatwoot-writes.ts";
import { askedToWait } from "./retry-after.ts";

export type ChatwootSettings = {
  /** Private networks and this machine may be called. */
  mayBePrivate: boolean;
  timeoutMs?: number;
  now?: () => Date;
};

/** A page takes Chatwoot well under a second; a busy one some. */
const patienceMs = 15_000;
/** An isolate has 128 MB; a thousand ordinary messages are one. */
const mostBytes = 24 * 1024 * 1024;
/** `messages_between` in Chatwoot's message finder. */
const mostMessages = 1000;
/** Beyond every id that a JavaScript number and a bigint column can hold. */
const beyond = Number.MAX_SAFE_INTEGER;

const number = () => z.coerce.number().int().positive();
const row = () => z.looseObject({ id: number() });
const count = () => z.coerce.number().int().min(0).nullish().catch(null);

const shapesMade = () => ({
  conversations: z.object({
    data: z.looseObject({ meta: z.looseObject({ all_count: count() }).optional(), payload: z.array(row()) }),
  }),
  messages: z.looseObject({ payload: z.array(row()) }),
  contacts: z.looseObject({ meta: z.looseObject({ count: count() }).optional(), payload: z.array(row()) }),
  contact: z.looseObject({ payload: row() }),
  conversation: row(),
});
let made: ReturnType<typeof shapesMade> | undefined;
/** Made when first read: in the bundle zod is not there yet while modules are being evaluated. */
const shapes = () => {
  made ??= shapesMade();
  return made;
};

export type Answer = { body: unknown; asOf: Date | null };

/** `json` makes it a POST. */
export type Asked = { access: ChatwootAccess; path: string; json?: Record<string, unknown> };

export function chatwoot(settings: ChatwootSettings): Chatwoot {
  const get = (access: ChatwootAccess, path: string) => call(settings, { access, path });
  return {
    ...chatwootWrites((asked) => call(settings, asked)),
    conversations: async (access, page) => {
      const told = present(await get(access, `conversations?status=all&page=${page}`));
      const { data } = read(shapes().conversations, told);
      return { rows: data.payload as ChatwootRow[], total: data.meta?.all_count ?? null, asOf: told.asOf };
    },
    conversation: async (access, id) => {
      const told = await get(access, `conversations/${id}`);
      return told && sameId(read(shapes().conversation, told) as ChatwootRow, id);
    },
    messages: async (access, { conversation, from, below }) => {
      const told = await get(
        access,
        `conversations/${conversation}/messages?after=${Math.max(0, from)}&before=${below ?? beyond}`,
      );
      if (!told) return null;
      const rows = read(shapes().messages, told).payload as ChatwootRow[];
      return { rows, total: null, asOf: told.asOf, complete: rows.length < mostMessages };
    },
    contacts: async (access, page): Promise<ChatwootRows> => {
      const told = present(await get(access, `contacts?sort=-created_at&page=${page}`));
      const { meta, payload } = read(shapes().contacts, told);
      return { rows: payload as ChatwootRow[], total: meta?.count ?? null, asOf: told.asOf };
    },
    contact: async (access, id) => {
      const told = await get(access, `contacts/${id}`);
      return told && sameId(read(shapes().contact, told).payload as ChatwootRow, id);
    },
  };
}

/** A list that is not there at all is a wrong address, and says nothing about any row. */
function present(told: Answer | null): Answer {
  if (!told) throw new ProviderFailure("source_not_found", { retryable: false });
  return told;
}

/** A cache or a proxy that answers with another object must not pass for this one. */
function sameId(found: ChatwootRow, id: number): ChatwootRow {
  if (found.id !== id) throw new ProviderFailure("source_answer_unreadable", { retryable: true });
  return found;
}

function read<S extends z.ZodType>(shape: S, { body }: Answer): z.output<S> {
  const found = shape.safeParse(body);
  if (!found.success) throw new ProviderFailure("source_answer_unreadable", { retryable: true });
  return found.data;
}

/** Null for a 404 that Chatwoot itself gave: a proxy's page about a missing host is none. */
async function call(settings: ChatwootSettings, { access, path, json }: Asked): Promise<Answer | null> {
  const base = outsideUrl(access.url, { private: settings.mayBePrivate });
  if (!base) throw new ProviderFailure("source_url_refused", { retryable: false });
  const now = settings.now ?? (() => new Date());
  const startedAt = now();
  const url = `${base}/api/v1/accounts/${encodeURIComponent(access.account)}/${path}`;
  const response = await reach(url, { token: access.token, patience: settings.timeoutMs ?? patienceMs, json });
  if (response.status === 404 && isJson(response)) return null;
  if (!response.ok) throw refusal(response, now());
  const text = await bodyOf(response);
  try {
    return { body: JSON.parse(text) as unknown, asOf: readAt(response, now().getTime() - startedAt.getTime()) };
  } catch (cause) {
    throw new ProviderFailure("source_answer_unreadable", { retryable: true, cause });
  }
}

const isJson = (response: Response) => /\bjson\b/.test(response.headers.get("content-type") ?? "");

type With = { token: string; patience: number; json: Record<string, unknown> | undefined };

async function reach(url: string, with_: With): Promise<Response> {
  const headers = { api_access_token: with_.token, accept: "application/json" };
  const { json } = with_;
  const post = json && { method: "POST", body: JSON.stringify(json) };
  try {
    return await fetch(url, {
      ...post,
      headers: post ? { ...headers, "content-type": "application/json" } : headers,
      // The token is for this address and no other.
      redirect: "manual",
      signal: AbortSignal.timeout(with_.patience),
    });
  } catch (cause) {
    throw unreached(cause);
  }
}

function unreached(cause: unknown): ProviderFailure {
  const timedOut = cause instanceof Error && cause.name === "TimeoutError";
  return new ProviderFailure(timedOut ? "source_timeout" : "source_unreachable", { retryable: true, cause });
}

async function bodyOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of response.body ?? []) {
      size += part.byteLength;
      if (size > mostBytes) break;
      parts.push(part);
    }
  } catch (cause) {
    throw unreached(cause);
  }
  if (size > mostBytes) throw new ProviderFailure("source_answer_too_large", { retryable: false });
  return new TextDecoder().decode(await new Response(new Blob(parts as Uint8Array<ArrayBuffer>[])).arrayBuffer());
}

/** The `Date` of the answer is when it left (RFC 9110 §6.6.1): what it tells was read at most our own wait before. */
function readAt(response: Response, waitedMs: number): Date | null {
  const left = Date.parse(response.headers.get("date") ?? "");
  if (Number.isNaN(left)) return null;
  return new Date(Math.floor((left - Math.max(0, waitedMs)) / 1000) * 1000);
}

function refusal(response: Response, now: Date): ProviderFailure {
  const { status } = response;
  const retryAfterSeconds = askedToWait(response.headers, now);
  if (status === 429) return new ProviderFailure("source_limited", { retryable: true, retryAfterSeconds });
  if (status >= 500 || status === 408) {
    return new ProviderFailure("source_failed", { retryable: true, retryAfterSeconds });
  }
  if (status === 401 || status === 403) return new ProviderFailure("source_token_refused", { retryable: false });
  if (status === 404) return new ProviderFailure("source_not_found", { retryable: false });
  return new ProviderFailure(`source_refused_${status}`, { retryable: false });
}
