/** When a provider wants to be asked again, from the headers in which it may say so. */

const unitSeconds: Record<string, number> = { d: 86_400, h: 3600, m: 60, s: 1, ms: 0.001 };

/** `6m0s`, `1h2m3s`, `120ms`: durations as OpenAI's rate-limit headers write them. */
function durationSeconds(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[dhms]))+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[dhms])/g)) {
    seconds += Number(amount) * (unitSeconds[unit ?? ""] ?? 0);
  }
  return seconds;
}

/** Seconds (RFC 9110 §10.2.3), an HTTP date, or a duration; undefined for anything else. Never negative, always finite. */
export function retryAfterSeconds(text: string, now: Date): number | undefined {
  const seconds = read(text.trim(), now);
  return seconds !== undefined && Number.isFinite(seconds) ? seconds : undefined;
}

function read(trimmed: string, now: Date): number | undefined {
  if (/^\d+(?:\.\d+)?$/.test(trimmed)) return Number(trimmed);
  const duration = durationSeconds(trimmed);
  if (duration !== undefined) return duration;
  // Date.parse takes nearly anything; an HTTP date begins with a weekday.
  const at = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /.test(trimmed) ? Date.parse(trimmed) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, (at - now.getTime()) / 1000);
}

/** Retry-After where there is one, else the later of OpenAI's two resets. */
export function askedToWait(headers: Headers, now: Date): number | undefined {
  const said = (name: string) => {
    const value = headers.get(name);
    return value === null ? undefined : retryAfterSeconds(value, now);
  };
  const resets = ["x-ratelimit-reset-requests", "x-ratelimit-reset-tokens"].flatMap((name) => said(name) ?? []);
  return said("retry-after") ?? (resets.length > 0 ? Math.max(...resets) : undefined);
}
