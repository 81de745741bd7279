/** QStash, where staged rows become messages that come back to `/jobs/{kind}`. */
import { Client, QstashError } from "@upstash/qstash";
import { jobUrl, letterJob } from "#brain/kernel/job-url.ts";
import { type Flow, ProviderFailure, type Queue, type QueueMessage } from "#brain/kernel/ports.ts";

export type QueueSettings = {
  url: string;
  token: string;
  publicUrl: string;
  /** Which messages QStash holds back, and together with which others. */
  flowOf?: (message: QueueMessage) => Flow | undefined;
};

/** Deliveries after the first, 12 s, 2.5 min and 30 min later; what is still lost then, the sweep finds. */
const retries = 3;
/** The client's own tries of a publish that meets no server, 0.1 and 0.3 s apart. */
const connectionTries = { retries: 2, backoff: (count: number) => 100 * 3 ** count };

export const qstash = ({ url, token }: Pick<QueueSettings, "url" | "token">): Client =>
  new Client({ baseUrl: url, token, enableTelemetry: false, devMode: false, retry: connectionTries });

export function queue(settings: QueueSettings): Queue {
  const client = qstash(settings);
  return {
    publish: async (message) => {
      const { kind, project, id, body, delaySeconds, round = 0, request, trace } = message;
      const flow = settings.flowOf?.(message);
      try {
        const { messageId } = await client.publishJSON({
          url: jobUrl(settings.publicUrl, kind),
          body: { ...body, project, id, ...(round > 0 ? { round } : {}) },
          // Ten minutes long QStash drops what repeats an id: a round that an operator asks for must not.
          deduplicationId: round > 0 ? `${id}.${round}` : id,
          retries,
          failureCallback: jobUrl(settings.publicUrl, letterJob),
          headers: {
            ...(request === undefined ? {} : { "x-request-id": request }),
            ...(trace === undefined ? {} : { traceparent: trace }),
          },
          ...(delaySeconds ? { delay: delaySeconds } : {}),
          ...(flow ? { flowControl: controlOf(flow) } : {}),
        });
        return { messageId };
      } catch (cause) {
        throw failureOf(cause);
      }
    },
  };
}

const controlOf = ({ name, parallelism, rate, periodSeconds }: Flow) => ({
  key: name,
  parallelism,
  rate,
  period: periodSeconds,
});

function failureOf(cause: unknown): ProviderFailure {
  const status = cause instanceof QstashError ? cause.status : undefined;
  if (status === undefined) return new ProviderFailure("queue_unreachable", { retryable: true, cause });
  if (status === 429) return new ProviderFailure("queue_limited", { retryable: true, cause });
  return new ProviderFailure(`queue_refused_${status}`, { retryable: status >= 500, cause });
}
