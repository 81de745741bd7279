/** A source as its verbs show it: the webhook address, never a secret. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { instant } from "../kernel/schemas.ts";

export const Source = () =>
  z.object({
    id: z.string(),
    kind: z.string(),
    external_id: z.string(),
    name: z.string(),
    signed: z.boolean(),
    hook: z.string(),
    api_url: z.string().nullable(),
    connected: z.boolean().describe("Its API can be read: the address and a token are known"),
    created_at: z.string(),
  });

export type SourceRow = {
  id: string;
  source_kind: string;
  external_id: string;
  name: string;
  signed: boolean;
  api_url: string | null;
  connected: boolean;
  provider: string | null;
  created_at: string;
};

export const sourceColumns = sql`id, source_kind, external_id, name, signed, api_url,
  api_url is not null and api_token_sealed is not null as connected, provider, created_at`;

export const sourceView = (row: SourceRow, publicUrl: string): z.output<ReturnType<typeof Source>> => ({
  id: row.id,
  kind: row.source_kind,
  external_id: row.external_id,
  name: row.name,
  signed: row.signed,
  hook: `${publicUrl}/v1/hooks/${row.provider ?? row.source_kind.split("_")[0]}/${row.id}`,
  api_url: row.api_url,
  connected: row.connected,
  created_at: instant(row.created_at),
});
