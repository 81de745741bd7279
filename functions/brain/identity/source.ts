/** A source as its verbs show it: the webhook address, never a secret. */
import { sql } from "drizzle-orm";
import { z } from "zod";
import { instant } from "../kernel/schemas.ts";

export const Source = () =>
  z.object({
    id: z.string(),
    kind: z.string(),
    external_id: z.string(),
    name: z.string(),
    signed: z.boolean(),
    hook: z.string(),
    created_at: z.string(),
  });

export type SourceRow = {
  id: string;
  source_kind: string;
  external_id: string;
  name: string;
  signed: boolean;
  created_at: string;
};

export const sourceColumns = sql`id, source_kind, external_id, name, signed, created_at`;

export const sourceView = (row: SourceRow, publicUrl: string): z.output<ReturnType<typeof Source>> => ({
  id: row.id,
  kind: row.source_kind,
  external_id: row.external_id,
  name: row.name,
  signed: row.signed,
  hook: `${publicUrl}/v1/hooks/${row.source_kind.split("_")[0]}/${row.id}`,
  created_at: instant(row.created_at),
});
