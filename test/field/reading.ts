// What the house holds after customers have written: rows of one tenant, by table.
import type { Tenant, World } from "#test/kit/world.ts";

export type Row = Record<string, unknown>;

export const rows = (w: World, tenant: Tenant, what: string, where = "true"): Promise<Row[]> =>
  w.neon.query(`select x.* from ${what} x where x.project_id = $1 and (${where})`, [tenant.project]);

export const counts = async (w: World, tenant: Tenant): Promise<Record<string, number>> => {
  const tables = [
    "field.messages",
    "field.deliveries",
    "people.contacts",
    "people.contact_points",
    "shared.events",
    "shared.evidence_items",
    "memory.chunks",
    "memory.pending",
    "shared.outbox",
  ];
  const found = await Promise.all(tables.map(async (name) => [name, (await rows(w, tenant, name)).length] as const));
  return Object.fromEntries(found);
};
