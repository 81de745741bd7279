/** An API key as its verbs show it, and how its text is made. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import type { Ctx } from "../kernel/ctx.ts";
import { instant } from "../kernel/schemas.ts";
import { writeApiKey } from "./api-key-text.ts";
import { derivedAgain } from "./derived.ts";

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

const nameOf = (id: string) => `api key ${id}`;

function written(id: string, mac: string): Promise<{ text: string; hash: string }> {
  const bytes = Uint8Array.from(atob(mac.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  return writeApiKey(id, bytes);
}

export const newKeyHash = async (ctx: Ctx, id: string): Promise<string> =>
  (await written(id, await ctx.ports.secrets.mac(nameOf(id)))).hash;

/** With its text: the answer of whatever made the key. */
export async function shownOnce(row: Record<string, unknown>, ctx: Ctx) {
  const id = String(row["id"]);
  const { text } = await written(id, await derivedAgain(ctx, row, nameOf(id)));
  return { ...apiKeyView(row as ApiKeyRow), key: text };
}
