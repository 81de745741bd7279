/** The source behind a citation: what the message or the entry says now, for those who may read all of it. */
import { sql } from "drizzle-orm";
import { z } from "zod";
import { raw } from "../kernel/batch.ts";
import { Fault } from "../kernel/fault.ts";
import { instant } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";

const Evidence = () =>
  z.object({
    id: z.string(),
    source: z.object({ table: z.string(), pk: z.string() }),
    text: z.string().nullable().describe("Null when the source was withdrawn"),
    conversation: z.string().nullable(),
    contact: z.string().nullable(),
    visibility: z.enum(["public", "contact", "internal"]),
    version: z.int().describe("Rises with every edit of the source"),
    occurred_at: z.string(),
    withdrawn_at: z.string().nullable(),
  });

type Row = {
  id: string;
  source_table: string;
  source_pk: string;
  text: string | null;
  conversation: string | null;
  contact_id: string | null;
  visibility: number;
  version: number;
  occurred_at: string;
  withdrawn_at: string | null;
};

const visibilities = ["public", "contact", "internal"] as const;

const view = (row: Row): z.output<ReturnType<typeof Evidence>> => ({
  id: row.id,
  source: { table: row.source_table, pk: row.source_pk },
  text: row.withdrawn_at === null ? row.text : null,
  conversation: row.conversation,
  contact: row.contact_id,
  visibility: visibilities[row.visibility] ?? "internal",
  version: row.version,
  occurred_at: instant(row.occurred_at),
  withdrawn_at: instant(row.withdrawn_at),
});

export const getEvidence = reading(
  {
    name: "inbox.evidence.get",
    summary: "The source behind a citation, as it is now",
    needs: "inbox:read",
    faults: ["evidence_unknown"],
    input: () => z.object({ id: z.string().min(1).max(200) }),
    output: Evidence,
  },
  {
    part: (ctx, { id }) =>
      raw<Row>(
        ctx,
        sql`select e.id, e.source_table, e.source_pk, e.contact_id, e.visibility, e.version, e.occurred_at, e.withdrawn_at,
            m.conversation_global_id as conversation, coalesce(m.content, k.title || E'\n' || k.body) as text
          from shared.evidence_items e
          left join inbox.cw_messages m
            on e.source_table = 'inbox.cw_messages' and m.project_id = e.project_id and m.id = e.source_pk
          left join memory.kb_entries k
            on e.source_table = 'memory.kb_entries' and k.project_id = e.project_id and k.id = e.source_pk
          where e.id = ${id}`,
      ),
    view: (found) => {
      const row = (found as { rows: Row[] }).rows[0];
      if (!row) throw new Fault("not_found", "evidence_unknown");
      return view(row);
    },
  },
);
