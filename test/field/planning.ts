// A house that plans: technicians, clients and jobs, and the calls that book them.
import type { Tenant, World } from "#test/kit/world.ts";

let made = 0;
function tag(): string {
  made += 1;
  return `plan_${process.pid}_${made}`;
}

export async function technician(
  w: World,
  tenant: Tenant,
  also: { timezone?: string; active?: boolean; name?: string } = {},
): Promise<string> {
  const id = `tec_${tag()}`;
  await w.neon.query(
    "insert into field.techs (project_id, account_scope_id, id, name, timezone, active) values ($1, $2, $3, $4, $5, $6)",
    [
      tenant.project,
      tenant.accountScope,
      id,
      also.name ?? "Thomas Holm",
      also.timezone ?? "Europe/Copenhagen",
      also.active ?? true,
    ],
  );
  return id;
}

export async function client(
  w: World,
  tenant: Tenant,
  also: { phone?: string; email?: string; language?: string; prefers?: string } = {},
): Promise<string> {
  const id = `con_${tag()}`;
  await w.neon.query(
    "insert into people.contacts (project_id, account_scope_id, id, name, language, preferred_channel) values ($1, $2, $3, 'Mette', $4, $5)",
    [tenant.project, tenant.accountScope, id, also.language ?? null, also.prefers ?? null],
  );
  for (const [kind, value] of [
    ["phone", also.phone],
    ["email", also.email],
  ] as const)
    if (value)
      await w.neon.query(
        "insert into people.contact_points (project_id, account_scope_id, id, contact_id, kind, value, value_norm) values ($1, $2, $3, $4, $5, $6, $6)",
        [tenant.project, tenant.accountScope, `cpt_${tag()}`, id, kind, value],
      );
  return id;
}

export async function jobFor(
  w: World,
  tenant: Tenant,
  also: { client?: string; kind?: string; status?: string; title?: string; tech?: string } = {},
): Promise<string> {
  const id = `job_${tag()}`;
  const person = also.client ?? (await client(w, tenant));
  await w.neon.query(
    `insert into field.jobs (project_id, account_scope_id, id, number, client_id, title, kind, status, cancel_reason, assigned_tech_id)
     values ($1, $2, $3, (select coalesce(max(number), 500000) + 1 from field.jobs where project_id = $1 and number > 500000), $4, $5, $6, $7, case when $7 = 'cancelled' then 'x' end, $8)`,
    [
      tenant.project,
      tenant.accountScope,
      id,
      person,
      also.title ?? "Boiler",
      also.kind ?? "visit",
      also.status ?? "intake",
      also.tech ?? null,
    ],
  );
  return id;
}

/** What tests read of an answer. */
export type Answered = Record<string, unknown> & { data: Record<string, string>[] };

/** One call of the API with a key of its own; the body beside the status. */
export async function call(
  w: World,
  tenant: Tenant,
  path: string,
  sent?: { json: unknown; method?: string; idempotency?: string },
) {
  const headers: Record<string, string> = sent ? { "idempotency-key": sent.idempotency ?? `plan-${tag()}` } : {};
  const init = sent ? { json: sent.json, headers, ...(sent.method ? { method: sent.method } : {}) } : { headers };
  const answer = await w.fetch(path, { key: tenant.apiKey, ...init });
  return { status: answer.status, body: (await answer.json()) as Answered };
}
