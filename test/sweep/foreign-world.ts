// Entities, facts and relationships of another tenant, for the routes that name one.
import type { World } from "#test/kit/world.ts";

type Place = { project: string; accountScope: string };

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

const idsOf = (w: World) => ({
  entity: `ent_${w.b.accountId}`,
  other: `ent_${w.b.accountId}_x`,
  fact: `fct_${w.b.accountId}`,
  relationship: `rel_${w.b.accountId}`,
});

const theirs = (kind: "entity" | "fact" | "relationship") => async (w: World) => {
  const ids = idsOf(w);
  await place(w, w.b, ids);
  return ids[kind];
};

/** What the examples of the world's verbs name, in the first tenant. */
export const exampleWorld = (w: World): Promise<void> =>
  place(w, w.a, { entity: "ent_example", other: "ent_other", fact: "fct_example", relationship: "rel_example" });

export const foreignWorld: Record<string, (w: World) => Promise<string>> = {
  "world.entities.get": theirs("entity"),
  "world.entities.behind": theirs("entity"),
  "world.entities.update": theirs("entity"),
  "world.entities.archive": theirs("entity"),
  "world.entities.restore": theirs("entity"),
  "world.entities.knows": theirs("entity"),
  "world.facts.get": theirs("fact"),
  "world.facts.explain": theirs("fact"),
  "world.facts.close": theirs("fact"),
  "world.facts.knowers": theirs("fact"),
  "world.facts.set_knower": theirs("fact"),
  "world.relationships.close": theirs("relationship"),
};
