/** An API key as its verbs show it, and how its text is made. */
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Ctx } from "../kernel/ctx.ts";
import { instant } from "../kernel/schemas.ts";
import { writeApiKey } from "./api-key-text.ts";

/** A key may be held to fewer requests a minute than every caller has, never to more. */
export const mostRequests = 600;

export const ApiKey = () =>
  z.object({
    id: z.string(),
    name: z.string(),
    permissions: z.array(z.string()),
    rate_limit: z.int().nullable().describe("Requests a minute, where fewer than everybody's"),
    created_at: z.string(),
    expires_at: z.string().nullable(),
    revoked_at: z.string().nullable(),
    last_used_at: z.string().nullable(),
    replaced_by: z.string().nullable().describe("The key that a rotation made in its place"),
  });

export type ApiKeyRow = z.output<ReturnType<typeof ApiKey>>;

export const apiKeyColumns = sql`id, name, permissions, rate_limit, created_at, expires_at, revoked_at, last_used_at, replaced_by`;

export const apiKeyView = (row: ApiKeyRow): ApiKeyRow => ({
  id: row.id,
  name: row.name,
  permissions: row.permissions,
  rate_limit: row.rate_limit,
  created_at: instant(row.created_at),
  expires_at: instant(row.expires_at),
  revoked_at: instant(row.revoked_at),
  last_used_at: instant(row.last_used_at),
  replaced_by: row.replaced_by,
});

/** What a made key's row is returned with: the sealing keys may be rotated before a repeated request asks for its text again. */
export const madeWith = ({ ports }: Ctx) => sql`${ports.secrets.newest}::text as made_with`;

/** The secret is derived from the row's id, so that a repeated request can show it again and no table holds it. */
export async function keyText(ctx: Ctx, id: string, madeBy?: string): Promise<{ text: string; hash: string }> {
  const mac = await ctx.ports.secrets.mac(`api key ${id}`, madeBy);
  const bytes = Uint8Array.from(atob(mac.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  return writeApiKey(id, bytes);
}

/** With its text: the answer of whatever made the key. */
export const shownOnce = async (row: Record<string, unknown>, ctx: Ctx) => ({
  ...apiKeyView(row as ApiKeyRow),
  key: (await keyText(ctx, String(row["id"]), String(row["made_with"]))).text,
});
