// A colleague at work on people's records: the calls he makes, and records that are there before he comes.
import { randomUUID } from "node:crypto";
import type { Tenant, World } from "#test/kit/world.ts";

// biome-ignore lint/suspicious/noExplicitAny: answers are read by what a test expects of them
export type Answer = { status: number; body: any };

export async function call(
  w: World,
  tenant: Tenant,
  [method, path]: [string, string],
  json?: unknown,
): Promise<Answer> {
  const answer = await w.fetch(`/v1${path}`, {
    method,
    key: tenant.apiKey,
    ...(json === undefined ? {} : { json }),
    headers: method === "GET" ? {} : { "idempotency-key": randomUUID() },
  });
  return { status: answer.status, body: await answer.json() };
}

export const office = (w: World, tenant: Tenant) => ({
  get: (path: string) => call(w, tenant, ["GET", path]),
  post: (path: string, json: unknown) => call(w, tenant, ["POST", path], json),
  patch: (path: string, json: unknown) => call(w, tenant, ["PATCH", path], json),
});

export type Known = { name?: string | null; phone?: string; email?: string; proof?: "told" | "channel" | "office" };

/** A record as intake leaves it, looked at by nobody yet. */
export async function known(
  w: World,
  tenant: Tenant,
  { name = null, phone, email, proof = "channel" }: Known,
): Promise<string> {
  const id = w.runtime.ids.next("contact");
  const place = [tenant.project, tenant.accountScope];
  await w.neon.query(
    "insert into people.contacts (project_id, account_scope_id, id, name, created_at) values ($1, $2, $3, $4, $5)",
    [...place, id, name, w.clock.now().toISOString()],
  );
  w.clock.advance(1000);
  for (const [kind, value] of [
    ["phone", phone],
    ["email", email],
  ]) {
    if (!value) continue;
    await w.neon.query(
      `insert into people.contact_points (project_id, account_scope_id, id, contact_id, kind, value, value_norm, proof)
       values ($1, $2, $3, $4, $5, $6, $6, $7)`,
      [...place, w.runtime.ids.next("contactPoint"), id, kind, value, proof],
    );
  }
  return id;
}

export const speaker = async (w: World, tenant: Tenant, id: string): Promise<string> =>
  (await office(w, tenant).get(`/people/contacts/${id}`)).body.speaker;

export async function versionOf(w: World, tenant: Tenant, id: string): Promise<number> {
  return (await office(w, tenant).get(`/people/contacts/${id}`)).body.version;
}

export async function merge(w: World, tenant: Tenant, from: string, into: string): Promise<Answer> {
  const version = await versionOf(w, tenant, from);
  return office(w, tenant).post(`/people/contacts/${from}/merge`, { version, into, note: "Same voice" });
}

export async function unmerge(w: World, tenant: Tenant, id: string): Promise<Answer> {
  return office(w, tenant).post(`/people/contacts/${id}/unmerge`, { version: await versionOf(w, tenant, id) });
}
