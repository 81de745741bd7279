/** Why a sync stopped: what the operator is told, and whether and when it goes on. */
import { ProviderFailure } from "../kernel/ports.ts";

/** Every number of a run; docs/vault.md names them. */
export const runRule = {
  /** A run whose worker is silent for so long is free: a step is a handful of calls of ten seconds at most. */
  leaseSeconds: 180,
  /** Waits between tries of a run that fails; then it ends as failed and the hourly job begins anew. */
  waitSeconds: [30, 120, 480],
  /** One delivery of the job works so long, then the next message goes on. */
  runSeconds: 20,
  /** Documents per step. */
  documents: 8,
  /** Characters a step may hold before it is written down. */
  characters: 1_500_000,
  /** A provider that asks for more is asked again after a day. */
  longestWaitSeconds: 86_400,
  /** Who says that we are too fast and names no time. */
  limitedSeconds: 60,
} as const;

const sentences: Record<string, string> = {
  rate_limited: "The provider asked for a pause.",
  credentials_refused: "The token was refused: it is wrong, expired or revoked.",
  access_refused: "The token may not read here.",
  place_unknown: "There is no such repository, branch, page or folder, or the token may not see it.",
  unreachable: "The provider could not be reached.",
  timeout: "The provider did not answer in time.",
  provider_failed: "The provider failed.",
  answer_invalid: "The provider's answer could not be read.",
  version_refused: "The provider no longer speaks this version of its API.",
  content_mismatch: "What arrived is not what was listed.",
  token_invalid: "The token is neither a bearer token nor a service account's key file.",
  secret_unreadable: "The sealed token cannot be opened; store it again.",
  documents_unavailable: "This installation has no way to outside documents.",
};

export type Said = { code: string; message: string; seconds: number | null; limited: boolean; final: boolean };

/** A failure of the provider as vault.fail_sync takes it. */
export function saidOf(thrown: ProviderFailure): Said {
  const { code } = thrown;
  const limited = code === "rate_limited";
  const asked = thrown.retryAfterSeconds ?? (limited ? runRule.limitedSeconds : null);
  return {
    code,
    message: `${sentences[code] ?? "The provider failed."} (${code})`,
    seconds: asked === null ? null : Math.ceil(Math.min(Math.max(asked, 1), runRule.longestWaitSeconds)),
    limited,
    final: !thrown.retryable,
  };
}

/** A failure that is ours: nothing outside can mend it. */
export const ownFailure = (code: string): ProviderFailure => new ProviderFailure(code, { retryable: false });
