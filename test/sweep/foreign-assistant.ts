// Rows of another tenant's planner, for the routes that name one.
import type { World } from "#test/kit/world.ts";

async function thingOf(w: World, table: string, prefix: string): Promise<string> {
  const id = `${prefix}_${w.b.accountId}`;
  await w.neon.query(
    `insert into assistant.${table} (project_id, account_scope_id, user_id, id, title, title_norm)
     select $1, $2, $3, $4, 'Theirs', 'theirs' where not exists (select from assistant.${table} where project_id = $1 and id = $4)`,
    [w.b.project, w.b.accountScope, w.b.user, id],
  );
  return id;
}

const taskOf = (w: World): Promise<string> => thingOf(w, "tasks", "tsk");
const goalOf = (w: World): Promise<string> => thingOf(w, "goals", "gol");
const problemOf = (w: World): Promise<string> => thingOf(w, "problems", "prb");

async function linkOf(w: World): Promise<string> {
  const id = `lnk_${w.b.accountId}`;
  await w.neon.query(
    `insert into assistant.entity_links (project_id, account_scope_id, user_id, id, from_entity_type, from_entity_id, to_entity_type, to_entity_id, link_type)
     values ($1, $2, $3, $4, 'task', $5, 'goal', $6, 'supports_goal') on conflict do nothing`,
    [w.b.project, w.b.accountScope, w.b.user, id, await taskOf(w), await goalOf(w)],
  );
  return id;
}

async function captureOf(w: World): Promise<string> {
  const id = `cap_${w.b.accountId}`;
  const own = [w.b.project, w.b.accountScope, w.b.user, id];
  for (const statement of [
    `assistant.sessions (project_id, account_scope_id, user_id, id, chat_id) values ($1, $2, $3, $4, 'sweep')`,
    `assistant.inbox_items (project_id, account_scope_id, user_id, id, chat_id, session_id, source, message_raw, message_norm)
       values ($1, $2, $3, $4, 'sweep', $4, 'rest', 'Theirs', 'theirs')`,
    `assistant.captures (project_id, account_scope_id, user_id, id, inbox_item_id, extractor, outcome)
       values ($1, $2, $3, $4, $4, 'rules', 'nothing')`,
  ])
    await w.neon.query(`insert into ${statement} on conflict do nothing`, own);
  return id;
}

/** What the examples of the planner's verbs name, in the first tenant. */
export async function exampleThings(w: World): Promise<void> {
  for (const [table, id] of [
    ["tasks", "tsk_example"],
    ["goals", "gol_example"],
  ])
    await w.neon.query(
      `insert into assistant.${table} (project_id, account_scope_id, user_id, id, title, title_norm) values ($1, $2, $3, $4, 'Example', 'example')`,
      [w.a.project, w.a.accountScope, w.a.user, id],
    );
}

export const foreignAssistant: Record<string, (w: World) => Promise<string>> = {
  "assistant.captures.undo": captureOf,
  "assistant.tasks.get": taskOf,
  "assistant.tasks.update": taskOf,
  "assistant.goals.get": goalOf,
  "assistant.goals.update": goalOf,
  "assistant.problems.get": problemOf,
  "assistant.problems.update": problemOf,
  "assistant.links.remove": linkOf,
};
