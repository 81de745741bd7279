/** What QStash says about a message it gave up, turned into what a letter holds: ids, codes and numbers. */
import * as z from "zod/v4";
import { jobUrl } from "../kernel/job-url.ts";

/** As https://upstash.com/docs/qstash/features/callbacks has it; bodies are base64. Nothing in it is relied on. */
export const Callback = () =>
  z.looseObject({
    status: z.int().min(0).max(999).optional().catch(undefined),
    header: z.record(z.string(), z.unknown()).optional(),
    body: z.string().optional(),
    retried: z.int().min(0).max(10_000).optional(),
    sourceMessageId: z.string().max(200).optional(),
    url: z.string().max(4000).optional(),
    sourceHeader: z.record(z.string(), z.unknown()).optional(),
    sourceBody: z.string().optional(),
    dlqId: z.string().max(200).optional(),
  });

type Callback = z.output<ReturnType<typeof Callback>>;

export type Told = {
  job: string;
  work: string;
  round: number;
  message: string;
  dlq: string | null;
  reason: string;
  status: number;
  deliveries: number;
  request: string | null;
  trace: string | null;
  payload: Record<string, unknown>;
};

const Source = () =>
  z.looseObject({
    project: z.uuid().optional(),
    id: z.string().min(1).max(200).optional(),
    round: z.int().min(0).max(1_000_000).optional(),
  });

const Problem = () => z.object({ code: z.string().regex(/^[a-z0-9_]{1,80}$/) });

let schemas: { source: ReturnType<typeof Source>; problem: ReturnType<typeof Problem> } | undefined;

/** The project it was for, where it names one, and the rest. */
export function readCallback(callback: Callback, publicUrl: string): { project: string | undefined; told: Told } {
  schemas ??= { source: Source(), problem: Problem() };
  const { project, id, round = 0, ...payload } = schemas.source.safeParse(jsonIn(callback.sourceBody)).data ?? {};
  const message = callback.sourceMessageId ?? "unknown";
  const status = callback.status ?? 0;
  const problem = schemas.problem.safeParse(jsonIn(callback.body)).data;
  const sent = callback.sourceHeader ?? {};
  return {
    project,
    told: {
      job: jobIn(callback.url, publicUrl),
      work: id ?? message,
      round,
      message,
      dlq: callback.dlqId ?? null,
      reason: problem?.code ?? (status > 0 ? `http_${status}` : "no_answer"),
      status,
      deliveries: (callback.retried ?? 0) + 1,
      request: named(sent, { name: "x-request-id", form: /^[A-Za-z0-9._-]{8,64}$/ }),
      trace: named(sent, { name: "traceparent", form: /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/ }),
      payload,
    },
  };
}

function jsonIn(base64: string | undefined): unknown {
  if (base64 === undefined) return undefined;
  try {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

function jobIn(url: string | undefined, publicUrl: string): string {
  const start = jobUrl(publicUrl, "");
  const name = url?.startsWith(start) ? url.slice(start.length) : "";
  return name.length <= 80 && /^[a-z_]+(\.[a-z_]+)+$/.test(name) ? name : "unknown.job";
}

/** Header names come in any case, values alone or in lists. */
function named(headers: Record<string, unknown>, wanted: { name: string; form: RegExp }): string | null {
  const [, found] = Object.entries(headers).find(([name]) => name.toLowerCase() === wanted.name) ?? [];
  const value: unknown = Array.isArray(found) ? found[0] : found;
  return typeof value === "string" && wanted.form.test(value) ? value : null;
}
