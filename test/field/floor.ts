// A house at work: clients, technicians who sign in, and calls to the API with a fresh idempotency key each.
import { randomUUID } from "node:crypto";
import { addKey } from "#db/bootstrap.ts";
import type { Tenant, World } from "#test/kit/world.ts";

export type Answer = { status: number; body: Record<string, unknown>; headers: Headers };

export const caller =
  (w: World, key: string) =>
  async (path: string, json?: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
    const fresh: Record<string, string> = json === undefined ? {} : { "idempotency-key": `"${randomUUID()}"` };
    const answer = await w.fetch(path, {
      key,
      headers: { ...fresh, ...headers },
      ...(json === undefined ? {} : { json }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      body: text ? (JSON.parse(text) as Record<string, unknown>) : {},
      headers: answer.headers,
    };
  };

export async function client(w: World, tenant: Tenant, name = "Mette Holm", phone?: string): Promise<string> {
  const id = w.runtime.ids.next("contact");
  await w.neon.query("insert into people.contacts (project_id, account_scope_id, id, name) values ($1, $2, $3, $4)", [
    tenant.project,
    tenant.accountScope,
    id,
    name,
  ]);
  if (phone)
    await w.neon.query(
      "insert into people.contact_points (project_id, account_scope_id, id, contact_id, kind, value, value_norm) values ($1, $2, $3, $4, 'phone', $5, $5)",
      [tenant.project, tenant.accountScope, w.runtime.ids.next("contactPoint"), id, phone],
    );
  return id;
}

/** A member in the role of a technician, with the technician that he is, and a key of his. */
export async function technician(w: World, tenant: Tenant, name = "Thomas Holm") {
  const user = randomUUID();
  await w.neon.query("insert into shared.users (id, name) values ($1, $2)", [user, name]);
  await w.neon.query(
    "insert into identity.memberships (project_id, account_scope_id, id, user_id, role) values ($1, $2, $3, $4, 'technician')",
    [tenant.project, tenant.accountScope, w.runtime.ids.next("membership"), user],
  );
  const made = await caller(w, tenant.apiKey)("/v1/field/techs", { name, user, timezone: "Europe/Copenhagen" });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  const key = await addKey(w.neon, { ...tenant, user, permissions: ["field:read", "field:work"], name });
  return { id: String(made.body["id"]), user, key, call: caller(w, key) };
}
