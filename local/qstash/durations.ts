/** Spans of time as QStash writes them, and how long a failed answer asks to be left alone. */

const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
export const DAY_MS = 86_400_000;

/** `10s`, `1h30m`, `6m5s`, or a bare number of seconds; undefined where it is none of these. */
export function durationMs(text: string): number | undefined {
  const span = text.trim();
  if (/^\d+(\.\d+)?$/.test(span)) return Number(span) * 1_000;
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(span)) return undefined;
  let total = 0;
  for (const [, amount, unit] of span.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(amount) * (UNIT_MS[unit ?? ""] ?? 0);
  }
  return total;
}

/** In this order; the first that can be read wins. https://upstash.com/docs/qstash/features/retry */
const ASKING = ["retry-after", "x-ratelimit-reset", "x-ratelimit-reset-requests", "x-ratelimit-reset-tokens"];

/** How long the answer asks to wait: seconds, an HTTP date or a span; never more than a day. */
export function askedToWaitMs(headers: Headers, now: Date): number | undefined {
  for (const name of ASKING) {
    const value = headers.get(name);
    if (value === null) continue;
    const span = durationMs(value) ?? untilDate(value, now);
    if (span !== undefined) return Math.min(DAY_MS, Math.max(0, span));
  }
  return undefined;
}

function untilDate(value: string, now: Date): number | undefined {
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : at - now.getTime();
}

/** Documented: min(86400, e^(2.5 n)) seconds before retry n, so 12 s, 2 m 28 s, 30 m 8 s, 6 h 7 m, then a day. */
export function documentedBackoff(retry: number): number {
  return Math.min(DAY_MS, Math.exp(2.5 * retry) * 1_000);
}
