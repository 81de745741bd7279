// Entities, facts and relationships of another tenant, for the routes that name one.
import type { World } from "#test/kit/world.ts";

type Place = { project: string; accountScope: string; user: string };

async function place(
  w: World,
  { project, accountScope }: Place,
  ids: { entity: string; other: string; fact: string; relationship: string },
) {
  const at = [project, accountScope];
  for (const [type, id] of [
    ["Company", ids.entity],
    ["Person", ids.other],
  ])
    await w.neon.query(
      "insert into world.entities (project_id, account_scope_id, id, type, name) values ($1, $2, $3, $4, 'Theirs') on conflict do nothing",
      [...at, id, type],
    );
  await w.neon.query(
    `insert into world.facts (project_id, account_scope_id, id, subject_entity_id, key, value, value_type, origin, source_type, source_ref)
     select $1, $2, $3, $4, 'made', '"theirs"', 'string', 'sweep', 'external', 'sweep'
     where not exists (select from world.facts where project_id = $1 and id = $3)`,
    [...at, ids.fact, ids.entity],
  );
  await w.neon.query(
    `insert into world.relationships (project_id, account_scope_id, id, src_entity_id, rel_type, dst_entity_id, origin, source_type, source_ref)
     select $1, $2, $3, $4, 'OWNS', $5, 'sweep', 'external', 'sweep'
     where not exists (select from world.relationships where project_id = $1 and id = $3)`,
    [...at, ids.relationship, ids.other, ids.entity],
  );
}

/** A rehearsal in which one thing was said and answered, and what came up in it. */
async function rehearse(
  w: World,
  { project, accountScope, user }: Place,
  ids: { session: string; entity: string; other: string; proposed: string },
) {
  const own = [project, accountScope, user];
  const { session, entity, other, proposed } = ids;
  await w.neon.query(
    "insert into world.sessions (project_id, account_scope_id, user_id, id) values ($1, $2, $3, $4) on conflict do nothing",
    [...own, session],
  );
  for (const [part, id] of [
    ["self", entity],
    ["counterparty", other],
  ])
    await w.neon.query(
      "insert into world.session_entities (project_id, account_scope_id, user_id, session_id, entity_id, part) values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
      [...own, session, id, part],
    );
  await w.neon.query(
    `insert into world.facts (project_id, account_scope_id, user_id, id, subject_entity_id, key, value, value_type, origin, source_type, source_ref, session_id, review_state)
     select $1, $2, $3, $4, $5, 'rent', '1', 'number', 'sweep', 'model_extracted', 'sweep', $6, 'proposed'
     where not exists (select from world.facts where project_id = $1 and id = $4)`,
    [...own, proposed, entity, session],
  );
  await w.neon.query(
    `insert into world.context_packs (project_id, account_scope_id, user_id, id, session_id, hash, knower, content, as_of, known_at)
     values ($1, $2, $3, $4, $5, 'abc', $6, '{"upto": 1}', now(), now()) on conflict do nothing`,
    [...own, `pck_${session}`, session, `entity:${other}`],
  );
  await w.neon.query(
    `insert into world.messages (project_id, account_scope_id, user_id, id, session_id, role, content, seq, pack_id)
     values ($1, $2, $3, $4, $5, 'counterparty', 'theirs', 1, $6) on conflict do nothing`,
    [...own, `msg_${session}`, session, `pck_${session}`],
  );
}

const idsOf = (w: World) => ({
  entity: `ent_${w.b.accountId}`,
  other: `ent_${w.b.accountId}_x`,
  fact: `fct_${w.b.accountId}`,
  relationship: `rel_${w.b.accountId}`,
  session: `rhs_${w.b.accountId}`,
  proposed: `fct_${w.b.accountId}_p`,
});

const theirs = (kind: "entity" | "fact" | "relationship" | "session" | "proposed") => async (w: World) => {
  const ids = idsOf(w);
  await place(w, w.b, ids);
  await rehearse(w, w.b, ids);
  return ids[kind];
};

/** What the examples of the world's verbs name, in the first tenant. */
export async function exampleWorld(w: World): Promise<void> {
  const ids = { entity: "ent_example", other: "ent_other", fact: "fct_example", relationship: "rel_example" };
  await place(w, w.a, ids);
  const twin = { entity: "ent_twin", other: "ent_third", fact: "fct_twin", relationship: "rel_twin" };
  await place(w, w.a, twin);
  await rehearse(w, w.a, { ...ids, session: "rhs_example", proposed: "fct_proposed" });
  await rehearse(w, w.a, { ...ids, session: "rhs_ended", proposed: "fct_proposed_too" });
}

export const foreignWorld: Record<string, (w: World) => Promise<string>> = {
  "world.entities.get": theirs("entity"),
  "world.entities.behind": theirs("entity"),
  "world.entities.update": theirs("entity"),
  "world.entities.archive": theirs("entity"),
  "world.entities.restore": theirs("entity"),
  "world.entities.merge": theirs("entity"),
  "world.entities.unmerge": theirs("entity"),
  "world.tiers.set": async (w) => w.b.user,
  "world.entities.knows": theirs("entity"),
  "world.facts.get": theirs("fact"),
  "world.facts.explain": theirs("fact"),
  "world.facts.close": theirs("fact"),
  "world.facts.knowers": theirs("fact"),
  "world.facts.set_knower": theirs("fact"),
  "world.relationships.close": theirs("relationship"),
  "world.facts.review": theirs("proposed"),
  "world.sessions.get": theirs("session"),
  "world.sessions.end": theirs("session"),
  "world.sessions.say": theirs("session"),
  "world.sessions.replay": theirs("session"),
};
