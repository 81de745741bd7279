// A row of any table for any tenant, made from what the catalog says, with its parents.
import { randomUUID } from "node:crypto";
import type { LocalNeon } from "#local/neon.ts";
import type { Tenant } from "#test/kit/world.ts";
import type { Column, Table } from "./catalog.ts";

type Place = Pick<Tenant, "project" | "accountScope">;
export type Row = Record<string, string>;

/** What a check asks for and the catalog does not say in a readable form; by column, or by table and column. */
const special: Record<string, string> = {
  kind: "test.made",
  action: "test.made",
  actor: "system",
  preferred_channel: "sms",
  language: "en",
  cap_count: "3",
  cap_seconds: "3600",
  most_attempts: "5",
  quiet_from: "21:00",
  quiet_until: "08:00",
  "outbound.senders.per_second": "1",
  "outbound.senders.credentials_sealed": "made",
  "shared.exports.kind": "project",
  "people.consents.channel": "sms",
  "outbound.messages.parts": "1",
  "outbound.messages.state": "draft",
  "outbound.messages.zones": "{UTC}",
  "outbound.templates.name": "made",
  "outbound.campaigns.state": "draft",
  "outbound.campaign_segments.filter": '{"all":[],"any":[],"none":[]}',
  "outbound.campaign_events.kind": "sent",
  "outbound.campaign_steps.template": "made",
  "people.contact_points.kind": "phone",
  "memory.canaries.audience": '{"kind":"staff"}',
  "shared.idempotency_keys.status": "running",
  "shared.scheduled_jobs.cron": "* * * * *",
  "shared.audit_seals.ids": "{}",
  "shared.erasures.subject_kind": "person",
  "shared.erasures.state": "running",
  "shared.erasure_steps.hashes": "",
  "shared.dead_letters.job": "test.made",
  "shared.dead_letters.reason": "made",
  "shared.audit_seals.leaves": "",
  // One run of a source may be under way.
  "inbox.sync_runs.state": "done",
  "inbox.sync_runs.finished_at": "2026-11-15T08:00:00Z",
  "assistant.entity_links.link_type": "related",
  "assistant.inbox_items.source": "rest",
  "assistant.telegram_chats.telegram_user_id": "5200000001",
  "assistant.telegram_chats.chat_id": "5200000001",
  "assistant.telegram_chats.unbound_at": "2030-01-01T00:00:00Z",
  "assistant.memory_summaries.starts_at": "2026-11-16T08:00:00Z",
  "assistant.rhythm_occasions.state": "nothing",
  "field.messages.automatic": "true",
  "field.techs.phone": "+4520304050",
  "field.jobs.minutes": "60",
  "field.acts.state": "noted",
  "field.timers.kind": "work",
  "field.timers.stopped_at": "2030-01-01T00:00:00Z",
  "field.job_photos.type": "image/png",
  "field.blackouts.starts": "2026-12-24 00:00",
  "field.blackouts.ends": "2026-12-25 00:00",
  "field.calendar_settings.grid": "30",
  "field.notices.state": "skipped",
  "field.notices.code": "made",
  "field.notice_rules.template": "made",
  "field.notice_rules.wait_seconds": "60",
  "field.calendar_settings.drop_off_weekdays": "{1}",
  "field.schedule.status": "cancelled",
  "field.schedule.blocked_from": "2020-01-01T00:00:00Z",
  "field.schedule.blocked_until": "2030-01-01T00:00:00Z",
  "world.entities.type": "Person",
  "world.entities.name": "Made",
  "world.relationships.rel_type": "WORKS_AT",
  "world.facts.key": "made",
  "world.facts.value": '"made"',
  "crm.offers.currency": "DKK",
  "crm.offers.state": "draft",
  // One approval of a kind counts.
  "crm.offer_approvals.dropped_at": "2030-01-01T00:00:00Z",
  "crm.offer_approvals.dropped_because": "made",
  "crm.offer_items.position": "1",
  "crm.offer_items.quantity": "1",
  "crm.offer_items.unit_price_minor": "100",
  "crm.offer_items.vat_pct": "25",
  "world.commitments.message_table": "outbound.messages",
  "world.commitments.words_from": "0",
  "world.commitments.said_at": "2026-11-15T08:00:00Z",
  "world.commitments.due_at": "2026-11-16T08:00:00Z",
  "world.commitments.keep_until": "2026-11-16T08:00:00Z",
  "insight.risk_radar_items.kind": "promise_broken",
  "identity.project_sources.signed": "false",
  "identity.project_sources.source_kind": "telegram_bot",
};

let made = 1_000_000;

/** A minute of the week of its own: blocks that overlap are refused. */
function minuteOfWeek(): Row {
  made += 1;
  const opens = made % 1400;
  return { weekday: String(1 + (Math.floor(made / 1400) % 7)), opens: String(opens), closes: String(opens + 1) };
}

function plain(column: Column): string {
  made += 1;
  const [literal] = column.literals;
  if (column.type === "text") return literal ?? `made-${process.pid}-${made}`;
  if (column.type === "uuid") return randomUUID();
  if (column.type === "jsonb") return "{}";
  if (column.type === "boolean") return "false";
  if (column.type === "smallint") return "1";
  if (/^(integer|bigint|xid8)$/.test(column.type)) return String(made);
  if (column.type.startsWith("timestamp")) return new Date(Date.UTC(2026, 10, 15) + made).toISOString();
  if (column.type === "bytea") return "\\x00";
  if (column.type === "regconfig") return "simple";
  if (column.type.endsWith("[]")) return "{made}";
  if (column.type.startsWith("bit(")) return "0".repeat(Number(/\d+/.exec(column.type)?.[0]));
  if (/halfvec\(/.test(column.type))
    return `[${Array(Number(/\d+/.exec(column.type)?.[0]))
      .fill(0)
      .join(",")}]`;
  if (column.type === "date") return new Date(Date.UTC(2026, 10, 15 + (made % 10_000))).toISOString();
  if (column.type === "tsvector") return "";
  throw new Error(`test/tenancy/rows.ts knows no value of type ${column.type}`);
}

export const literal = (text: string, type: string) => `'${text.replaceAll("'", "''")}'::${type}`;

export function insertion(table: Table, row: Row): string {
  const columns = table.columns.filter(({ name }) => name in row);
  const values = columns.map(({ name, type }) => literal(row[name] ?? "", type));
  return `insert into ${table.name} (${columns.map(({ name }) => `"${name}"`).join(", ")}) values (${values.join(", ")})`;
}

export class Rows {
  readonly tables: Map<string, Table>;
  readonly #neon: Pick<LocalNeon, "query">;
  readonly #kept = new Map<string, Row>();

  constructor(neon: Pick<LocalNeon, "query">, tables: Table[]) {
    this.#neon = neon;
    this.tables = new Map(tables.map((table) => [table.name, table]));
  }

  table(name: string): Table {
    const found = this.tables.get(name);
    if (!found) throw new Error(`no table ${name}`);
    return found;
  }

  /** Values of a new row; `linked` fills foreign keys that may be empty too. */
  async fresh(place: Place, name: string, linked: readonly string[] = []): Promise<Row> {
    const table = this.table(name);
    const row: Row = {};
    for (const column of table.columns) {
      const own = special[`${name}.${column.name}`];
      if (own !== undefined) row[column.name] = own;
      else if (column.required)
        row[column.name] = (column.literals.length === 0 && special[column.name]) || plain(column);
    }
    for (const key of table.foreignKeys) {
      const isNeeded =
        (key.target !== name && key.columns.some((column) => column in row && column !== "project_id")) ||
        linked.includes(key.name);
      if (!isNeeded || key.target === "identity.projects") continue;
      const parent = await this.any(place, key.target);
      for (const [i, column] of key.columns.entries()) row[column] = parent[key.targetColumns[i] ?? ""] ?? "";
    }
    if (name === "field.working_blocks") Object.assign(row, minuteOfWeek());
    // One edge for a knower and a fact.
    if (name === "world.knowledge_edges") row["knower"] = `technician:${row["id"]}`;
    if (name === "crm.offer_approvals")
      row["audit_event_id"] = (await this.any(place, "shared.audit_events"))["id"] ?? "";
    // One notice for a line of the ledger.
    if (name === "field.notices") row["event_id"] = await this.#untold(place);
    if (table.isTenant) {
      row["project_id"] = place.project;
      row["account_scope_id"] = place.accountScope;
    }
    return row;
  }

  /** A line of the ledger without a notice; another one is left behind, so that the next call makes none. */
  async #untold(place: Place): Promise<string> {
    const free = () =>
      this.#neon.query(
        `select e.id from shared.events e where e.project_id = '${place.project}'
          and not exists (select from field.notices n where n.project_id = e.project_id and n.event_id = e.id) order by e.id limit 2`,
      );
    const events = this.table("shared.events");
    const known = this.#kept.has(`field.notices ${place.project}`);
    for (let left = (await free()).length; left < (known ? 1 : 2); left += 1)
      await this.#neon.query(insertion(events, await this.fresh(place, "shared.events")));
    return String((await free())[0]?.["id"]);
  }

  /** A row that is there, made as the owner when there is none. */
  async any(place: Place, name: string): Promise<Row> {
    const known = this.#kept.get(`${name} ${place.project}`);
    if (known) return known;
    const table = this.table(name);
    const where = table.isTenant ? ` where project_id = '${place.project}'` : this.#global(name, place);
    const found = async () =>
      (
        await this.#neon.query(
          `select ${table.columns.map((c) => `"${c.name}"::text`).join(", ")} from ${name}${where} limit 1`,
        )
      )[0];
    let row = await found();
    if (!row) {
      await this.#neon.query(insertion(table, await this.fresh(place, name)));
      row = await found();
    }
    if (!row) throw new Error(`no row of ${name}`);
    const kept = Object.fromEntries(
      Object.entries(row)
        .filter(([, value]) => value !== null)
        .map(([key, value]) => [key, String(value)]),
    );
    this.#kept.set(`${name} ${place.project}`, kept);
    return kept;
  }

  /** Rows without a project that belong to a tenant nevertheless. */
  #global(name: string, { project, accountScope }: Place): string {
    const people = `(select user_id from identity.memberships where project_id = '${project}')`;
    switch (name) {
      case "identity.projects":
        return ` where id = '${project}'`;
      case "identity.account_scopes":
        return ` where id = '${accountScope}'`;
      case "shared.users":
      case "identity.app_users":
        return ` where id in ${people}`;
      case "identity.sessions":
        return ` where user_id in ${people}`;
      default:
        return "";
    }
  }
}
