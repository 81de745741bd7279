/** SQLSTATE and constraint names → faults: the one table where a database error gets a user's name. */
import { Fault, type FaultExtra, type FaultKind, Replay } from "#brain/kernel/fault.ts";

/** Class OM is ours, raised by shared.fail(kind, code, detail). */
const own: Record<string, FaultKind> = {
  OM400: "invalid",
  OM401: "unauthenticated",
  OM403: "forbidden",
  OM404: "not_found",
  OM409: "conflict",
  OM410: "gone",
  OM412: "stale",
  OM422: "unprocessable",
  OM429: "limited",
};

/** A Neon batch does not say which statement failed; the constraint's name does. */
const constraints: Record<string, { kind: FaultKind; code: string }> = {
  project_sources_source_kind_external_id_key: { kind: "conflict", code: "source_already_bound" },
  project_sources_project_id_source_kind_key: { kind: "conflict", code: "source_kind_taken" },
  templates_fallback: { kind: "conflict", code: "template_exists" },
  segment_name: { kind: "conflict", code: "segment_exists" },
  project_sources_documents_once: { kind: "conflict", code: "source_already_bound" },
  senders_project_id_provider_address_key: { kind: "conflict", code: "sender_taken" },
  senders_project_id_source_id_fkey: { kind: "not_found", code: "source_unknown" },
  slot_taken: { kind: "conflict", code: "slot_taken" },
  link_once: { kind: "conflict", code: "link_exists" },
  schedule_one_open: { kind: "conflict", code: "already_scheduled" },
  blocks_overlap: { kind: "unprocessable", code: "blocks_overlap" },
  tech_once: { kind: "conflict", code: "tech_exists" },
  cancelled_has_reason: { kind: "invalid", code: "reason_required" },
  scheduled_has_time: { kind: "invalid", code: "schedule_required" },
  erasures_one_running: { kind: "conflict", code: "erasure_running" },
  messages_dedupe: { kind: "conflict", code: "outbound_duplicate" },
  kb_entries_project_id_source_event_id_fkey: { kind: "not_found", code: "event_unknown" },
  kb_entries_project_id_replaces_fkey: { kind: "not_found", code: "entry_unknown" },
  source_secret_missing: { kind: "conflict", code: "secret_missing" },
  sender_credentials_missing: { kind: "conflict", code: "credentials_missing" },
  fact_contact: { kind: "not_found", code: "contact_unknown" },
  facts_pkey: { kind: "conflict", code: "fact_exists" },
  fact_once: { kind: "conflict", code: "fact_changed" },
  relationship_once: { kind: "conflict", code: "relationship_exists" },
  relationships_pkey: { kind: "conflict", code: "relationship_exists" },
  edge_once: { kind: "conflict", code: "edge_changed" },
  edge_evidence: { kind: "not_found", code: "evidence_unknown" },
  entity_account: { kind: "not_found", code: "account_unknown" },
  entity_contact_once: { kind: "conflict", code: "entity_exists" },
  app_users_username_key: { kind: "conflict", code: "username_taken" },
};

export type SqlError = { code: string; message: string; detail: string; constraint: string };

/** The driver's error, or drizzle's wrapper around it, as plain fields; undefined when it is no SQL error. */
export function sqlError(thrown: unknown): SqlError | undefined {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const fields = error as Error & { code?: unknown; detail?: unknown; constraint?: unknown };
    if (typeof fields.code === "string" && /^[0-9A-Z]{5}$/.test(fields.code)) {
      return {
        code: fields.code,
        message: error.message,
        detail: String(fields.detail ?? ""),
        constraint: String(fields.constraint ?? ""),
      };
    }
  }
  return undefined;
}

function parsed(detail: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(detail);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Fault, Replay, or undefined for an error that is nobody's mistake but ours. */
export function asFault(error: SqlError): Fault | Replay | undefined {
  if (error.code === "OM200") {
    const { status, body } = parsed(error.detail);
    return new Replay(Number(status), body);
  }
  const kind = own[error.code];
  if (kind) return new Fault(kind, error.message, parsed(error.detail) as FaultExtra);
  const named = constraints[error.constraint];
  if (named) return new Fault(named.kind, named.code);
  if (error.code === "55P03" || error.code === "57014" || error.code.startsWith("53") || error.code.startsWith("08")) {
    return new Fault("unavailable", "database_busy", { retryAfter: 1 });
  }
  return undefined;
}

/** Deadlock or serialization failure: the whole batch may simply be sent again. */
export const isRetryable = (error: SqlError): boolean => error.code === "40P01" || error.code === "40001";
