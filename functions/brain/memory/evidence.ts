/** Evidence: found by its words, and opened down to the row that it stands for. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { instant } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";
import { questionText } from "./question.ts";

const visibilityNames = ["public", "contact", "internal"] as const;

const Evidence = () =>
  z.object({
    id: z.string(),
    version: z.int().describe("Rises with every edit of the source; a citation remembers the one it quoted"),
    source: z.object({ table: z.string(), pk: z.string() }),
    visibility: z.enum(visibilityNames),
    contact: z.string().nullable(),
    occurred_at: z.string(),
  });

type Item = {
  id: string;
  version: number;
  source_table: string;
  source_pk: string;
  visibility: number;
  occurred_at: string;
};
type Found = Item & { contact: string | null; text: string; score: number };
type Opened = Item & {
  contact_id: string | null;
  content_hash: string;
  withdrawn_at: string | null;
  row: Record<string, unknown> | null;
};

const view = (item: Item, contact: string | null): z.output<ReturnType<typeof Evidence>> => ({
  id: item.id,
  version: item.version,
  source: { table: item.source_table, pk: item.source_pk },
  visibility: visibilityNames[item.visibility] ?? "internal",
  contact,
  occurred_at: instant(item.occurred_at),
});

export const searchEvidence = reading(
  {
    name: "memory.evidence.search",
    summary: "Evidence whose words fit: all of them, in quotes as a phrase, with a minus not",
    needs: "memory:read",
    input: () => z.object({ q: questionText(), limit: z.coerce.number().int().min(1).max(100).default(25) }),
    output: () => z.object({ data: z.array(Evidence().extend({ text: z.string(), score: z.number() })) }),
    example: () => ({ q: "boiler" }),
  },
  {
    part: (ctx, { q, limit }) => raw<Found>(ctx, sql`select * from memory.evidence_found(${q}, ${limit}::int)`),
    view: (found) => ({
      data: (found as { rows: Found[] }).rows.map((row) => ({
        ...view(row, row.contact),
        text: row.text,
        score: Math.round(row.score * 10_000) / 10_000,
      })),
    }),
  },
);

export const getEvidence = reading(
  {
    name: "memory.evidence.get",
    summary: "A piece of evidence with the whole source row as it is now; null where that is gone",
    needs: "memory:read",
    faults: ["evidence_unknown"],
    input: () => z.object({ id: z.string().min(1).max(64) }),
    output: () =>
      Evidence().extend({
        content_hash: z.string(),
        withdrawn_at: z.string().nullable(),
        row: z.record(z.string(), z.unknown()).nullable(),
      }),
  },
  {
    part: (ctx, { id }) => raw<{ opened: Opened }>(ctx, sql`select shared.open_evidence(${id}) as opened`),
    view: (found) => {
      const opened = (found as { rows: { opened: Opened }[] }).rows[0]?.opened as Opened;
      const { content_hash, withdrawn_at, row } = opened;
      return { ...view(opened, opened.contact_id), content_hash, withdrawn_at: instant(withdrawn_at), row };
    },
  },
);
