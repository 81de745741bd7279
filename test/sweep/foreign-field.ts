// One job and one technician of another tenant, for every route of the field that names one.
import type { World } from "#test/kit/world.ts";

const place = ({ b }: World) => [b.project, b.accountScope, `${b.accountId}`];

export async function techOf(w: World): Promise<string> {
  await w.neon.query(
    "insert into field.techs (project_id, account_scope_id, id, name) values ($1, $2, 'tec_' || $3, 'Someone') on conflict do nothing",
    place(w),
  );
  return `tec_${w.b.accountId}`;
}

export async function jobOf(w: World): Promise<string> {
  await w.neon.query(
    "insert into people.contacts (project_id, account_scope_id, id, name) values ($1, $2, 'con_' || $3, 'Someone') on conflict do nothing",
    place(w),
  );
  await w.neon.query(
    `insert into field.jobs (project_id, account_scope_id, id, number, client_id, title) values ($1, $2, 'job_' || $3, 900001, 'con_' || $3, 'Theirs')
     on conflict do nothing`,
    place(w),
  );
  return `job_${w.b.accountId}`;
}

async function photoOf(w: World): Promise<string> {
  await w.neon.query(
    `insert into field.job_photos (project_id, account_scope_id, id, job_id, state, type, bytes, added_by, stored_at)
     values ($1, $2, 'pho_' || $3, $4, 'stored', 'image/png', 11, 'sweep', now()) on conflict do nothing`,
    [...place(w), await jobOf(w)],
  );
  return `pho_${w.b.accountId}`;
}

const named = (of: string, verbs: string[], make: (w: World) => Promise<string>) =>
  Object.fromEntries(verbs.map((verb) => [`field.${of}.${verb}`, make]));

export const foreignField: Record<string, (w: World) => Promise<string>> = {
  ...named("techs", ["get", "update", "activate", "deactivate"], techOf),
  ...named("jobs", ["get", "update", "move", "cancel", "assign"], jobOf),
  ...named("parts", ["add", "remove"], jobOf),
  ...named("photos", ["add", "delete"], jobOf),
  ...named("photos", ["carry"], photoOf),
  ...named("notes", ["add", "remove"], jobOf),
};
