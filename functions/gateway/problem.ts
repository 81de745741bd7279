/** Fault → RFC 9457 problem+json: the only file that knows which status a fault is. */
import { Fault, type FaultKind } from "#brain/kernel/fault.ts";

const statuses: Record<FaultKind, { status: number; title: string }> = {
  invalid: { status: 400, title: "The request is malformed" },
  unauthenticated: { status: 401, title: "Credentials are missing or not valid" },
  forbidden: { status: 403, title: "Not allowed" },
  not_found: { status: 404, title: "Not found" },
  method: { status: 405, title: "Method not allowed" },
  conflict: { status: 409, title: "The current state does not allow this" },
  gone: { status: 410, title: "Erased" },
  stale: { status: 412, title: "Changed since it was read" },
  too_large: { status: 413, title: "Too large" },
  unsupported: { status: 415, title: "Media type not supported" },
  unprocessable: { status: 422, title: "Well-formed, but cannot be acted on" },
  precondition_required: { status: 428, title: "If-Match is required" },
  limited: { status: 429, title: "Too many requests" },
  provider: { status: 502, title: "A service we depend on failed" },
  unavailable: { status: 503, title: "Temporarily unavailable" },
};

export const statusOf = (kind: FaultKind): number => statuses[kind].status;
export const titleOf = (kind: FaultKind): string => statuses[kind].title;

/** Members that never leave the house, and those that say what RFC 9457 means by them, whatever a fault's details are called. */
const inner = new Set(["cause", "type", "title", "status", "code", "request_id"]);

export function problem(fault: Fault, requestId: string): Response {
  const { status, title } = statuses[fault.kind];
  const { detail, errors, retryAfter, ...rest } = fault.extra;
  const body = {
    type: `urn:omneuro:fault:${fault.code}`,
    title,
    status,
    code: fault.code,
    ...(detail ? { detail } : {}),
    ...(errors ? { errors } : {}),
    ...(retryAfter !== undefined ? { retry_after: retryAfter } : {}),
    ...Object.fromEntries(Object.entries(rest).filter(([member]) => !inner.has(member))),
    request_id: requestId,
  };
  const headers: Record<string, string> = { "content-type": "application/problem+json", "cache-control": "no-store" };
  if (retryAfter !== undefined) headers["retry-after"] = String(retryAfter);
  if (fault.kind === "unauthenticated") headers["www-authenticate"] = 'Bearer realm="omneuro"';
  if (fault.kind === "method" && typeof rest["allow"] === "string") headers["allow"] = rest["allow"];
  return new Response(JSON.stringify(body), { status, headers });
}

/** Whatever was thrown, as an answer; what is not a fault is told to the log only. */
export function answerTo(thrown: unknown, requestId: string, log: (line: Record<string, unknown>) => void): Response {
  if (thrown instanceof Fault) {
    if (thrown.extra["cause"])
      log({ level: "warn", request: requestId, code: thrown.code, cause: thrown.extra["cause"] });
    return problem(thrown, requestId);
  }
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  log({
    level: "error",
    request: requestId,
    error: error.message,
    cause: String(error.cause ?? ""),
    stack: error.stack,
  });
  const body = {
    type: "urn:omneuro:fault:internal",
    title: "Something went wrong on our side",
    status: 500,
    code: "internal",
    detail: "Nothing was changed. Tell us the request id if it happens again.",
    request_id: requestId,
  };
  return new Response(JSON.stringify(body), { status: 500, headers: { "content-type": "application/problem+json" } });
}
