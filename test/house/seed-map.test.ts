// The page that says where the older models' tables are, held against the catalog.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { database } from "#test/kit/database.ts";

const page = readFileSync(new URL("../../docs/seed-map.md", import.meta.url), "utf8");
const lines = [...page.matchAll(/^\| (00\d) \| (\w+) \| (\w+\.\w+) \| ([^|]+) \|/gm)].map(
  ([, model, table, place, columns]) => ({
    model,
    table,
    place: place ?? "",
    columns: (columns ?? "").split(",").map((column) => column.trim().split("→").at(-1) ?? ""),
  }),
);

describe("the seed map", () => {
  test.each(lines)("$model $table is $place with every column", async ({ place, columns }) => {
    const { query } = await database();
    const rows = await query(
      "select attname as name from pg_attribute where attrelid = to_regclass($1) and attnum > 0",
      [place],
    );
    const present = rows.map((row) => row["name"]);
    expect(columns.filter((column) => !present.includes(column))).toEqual([]);
  });

  test("every table of a domain that is built is either mapped or ours alone", async () => {
    expect(lines.length).toBeGreaterThanOrEqual(25);
    const { query } = await database();
    const rows =
      await query(`select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('assistant', 'crm', 'field', 'identity', 'shared', 'people', 'memory', 'outbound', 'inbox', 'insight', 'vault', 'world') and c.relkind in ('r', 'v')`);
    const ours = [
      /^shared\.(outbox|dead_letters|stray_letters|audit_seals|audit_anchors|erasure\w*|retention_policies|schema_functions|exports|imports|import_links)$/,
      /^identity\.(access_events|email_codes|user_idempotency_keys|api_keys|attempts|invitations|memberships|role_permissions)$/,
      /^people\.\w+$/,
      /^memory\.(chunks|vectors|pending|models|corpus|answers|answer_citations|kb_(transitions|versions|proposals|questions)|canaries|canary_runs)$/,
      /^outbound\.(settings|senders|templates|suppressions|transitions|calling_codes|campaign_steps)$/,
      /^inbox\.(deliveries|flip_breakers|own_writes|sync_runs|sync_seen)$/,
      /^vault\.(sources|entries|deliveries)$/,
      /^field\.(acts|appointments|calendar_settings|deliveries|feeds|job_\w+|notice\w*|timers|working_weeks|working_blocks|blackouts)$/,
      /^world\.(entities|merges|context_packs|extractions|commitments)$/,
      /^insight\.read_messages$/,
      /^assistant\.(entities|things|captures|capture_changes|questions|rhythm\w*|telegram_\w+)$/,
    ];
    const mapped = lines.map((line) => line.place);
    expect(
      rows
        .map((row) => String(row["name"]))
        .filter((name) => !mapped.includes(name) && !ours.some((rule) => rule.test(name))),
    ).toEqual([]);
  });
});
