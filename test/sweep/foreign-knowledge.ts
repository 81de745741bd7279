// An entry and a canary question of another tenant, for every route of knowledge that names one.
import type { World } from "#test/kit/world.ts";

async function entryOf(w: World): Promise<string> {
  const id = `kbe_${w.b.accountId}`;
  await w.neon.query(
    `insert into memory.kb_entries (project_id, account_scope_id, id, type, title, body)
     values ($1, $2, $3, 'faq', 'Theirs', 'Only theirs') on conflict do nothing`,
    [w.b.project, w.b.accountScope, id],
  );
  return id;
}

async function canaryOf(w: World): Promise<string> {
  const id = `can_${w.b.accountId}`;
  await w.neon.query(
    `insert into memory.canaries (project_id, account_scope_id, id, question, audience)
     values ($1, $2, $3, 'Theirs?', '{"kind":"staff"}') on conflict do nothing`,
    [w.b.project, w.b.accountScope, id],
  );
  return id;
}

export const foreignKnowledge: Record<string, (w: World) => Promise<string>> = {
  "memory.knowledge.get": entryOf,
  "memory.knowledge.versions": entryOf,
  "memory.knowledge.update": entryOf,
  "memory.knowledge.submit": entryOf,
  "memory.knowledge.return": entryOf,
  "memory.knowledge.publish": entryOf,
  "memory.knowledge.revise": entryOf,
  "memory.knowledge.deprecate": entryOf,
  "memory.knowledge.dismiss": entryOf,
  "memory.canaries.update": canaryOf,
  "memory.canaries.runs": canaryOf,
};
