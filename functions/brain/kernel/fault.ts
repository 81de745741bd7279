/** A user's mistake or a state that refuses: what every door turns into its own kind of answer. */

export const faultKinds = [
  "invalid",
  "unauthenticated",
  "forbidden",
  "not_found",
  "method",
  "conflict",
  "gone",
  "stale",
  "too_large",
  "unsupported",
  "unprocessable",
  "precondition_required",
  "limited",
  "provider",
  "unavailable",
] as const;

export type FaultKind = (typeof faultKinds)[number];

export type FaultExtra = {
  /** One sentence that says what to change. */
  detail?: string;
  /** Where the input is wrong: JSON pointers into the body, or `query:name`. */
  errors?: { pointer: string; detail: string }[];
  /** Seconds after which a retry makes sense. */
  retryAfter?: number;
  [member: string]: unknown;
};

/** `code` is a stable snake_case name; programmers' mistakes are plain Errors instead. */
export class Fault extends Error {
  readonly kind: FaultKind;
  readonly code: string;
  readonly extra: FaultExtra;

  constructor(kind: FaultKind, code: string, extra: FaultExtra = {}) {
    super(code);
    this.name = "Fault";
    this.kind = kind;
    this.code = code;
    this.extra = extra;
  }
}

/** Not a fault: the stored answer of an idempotent request that was already carried out. */
export class Replay extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    super("replay");
    this.name = "Replay";
    this.status = status;
    this.body = body;
  }
}

/** True for a fault worth trying again later without changing anything. */
export const isPassing = (fault: Fault): boolean =>
  fault.kind === "unavailable" || fault.kind === "limited" || fault.kind === "provider";
