/** W3C Trace Context (level 1): `00-<trace>-<span>-<flags>`; one trace runs from a webhook over its outbox row to its job. */
import type { Ids } from "./ids.ts";

const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The caller's trace with a span of our own; a new one where his header is missing, malformed, all zero or of version ff. */
export function traceFrom(header: string | undefined, ids: Pick<Ids, "random">): string {
  const [, version = "", trace = "", span = "", flags = "", more] = form.exec(header ?? "") ?? [];
  const isBroken =
    version === "ff" || (version === "00" && more !== undefined) || /^0*$/.test(trace) || /^0*$/.test(span);
  const own = hex(ids.random(8));
  // Of the flags only "sampled" is known.
  return isBroken ? `00-${hex(ids.random(16))}-${own}-01` : `00-${trace}-${own}-0${Number.parseInt(flags, 16) & 1}`;
}

/** The part that all spans share. */
export const traceId = (trace: string): string => trace.slice(3, 35);
