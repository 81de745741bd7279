// One person of another tenant, his address and a proposal about him, for every route that names one.
import type { World } from "#test/kit/world.ts";

export async function contactOf(w: World): Promise<string> {
  const id = `con_${w.b.accountId}`;
  await w.neon.query(
    "insert into people.contacts (project_id, account_scope_id, id, name) values ($1, $2, $3, 'Someone') on conflict do nothing",
    [w.b.project, w.b.accountScope, id],
  );
  return id;
}

async function pointOf(w: World): Promise<string> {
  const id = `cpt_${w.b.accountId}`;
  await w.neon.query(
    `insert into people.contact_points (project_id, account_scope_id, id, contact_id, kind, value, value_norm)
     values ($1, $2, $3, $4, 'phone', '+4520304051', '+4520304051') on conflict do nothing`,
    [w.b.project, w.b.accountScope, id, await contactOf(w)],
  );
  return id;
}

async function proposalOf(w: World): Promise<string> {
  const id = `mpr_${w.b.accountId}`;
  const one = await contactOf(w);
  await w.neon.query(
    "insert into people.contacts (project_id, account_scope_id, id, name) values ($1, $2, $3, 'Another') on conflict do nothing",
    [w.b.project, w.b.accountScope, `${one}_x`],
  );
  await w.neon.query(
    `insert into people.merge_proposals (project_id, account_scope_id, id, contact_id, other_contact_id, kind, why)
     values ($1, $2, $3, $4, $5, 'phone', 'unproven') on conflict do nothing`,
    [w.b.project, w.b.accountScope, id, one, `${one}_x`],
  );
  return id;
}

export const foreignPeople: Record<string, (w: World) => Promise<string>> = {
  "people.contacts.get": contactOf,
  "people.contacts.update": contactOf,
  "people.contacts.merge": contactOf,
  "people.contacts.unmerge": contactOf,
  "people.consents.get": contactOf,
  "people.consents.set": contactOf,
  "people.points.add": contactOf,
  "people.points.remove": pointOf,
  "people.proposals.accept": proposalOf,
  "people.proposals.dismiss": proposalOf,
};
