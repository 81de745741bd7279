// A planner with five thousand tasks and twenty thousand links: its plan in one request, beside the same plan from rows that are in memory already.

import { planOf } from "#brain/assistant/planning.ts";
import type { State } from "#brain/assistant/score.ts";
import { type BenchApp, bindings, newTenant, openApp, PUBLIC_URL, type Tenant } from "./kit/app.ts";
import { banner, either } from "./kit/options.ts";
import { elapsed, rounds } from "./kit/rounds.ts";
import { pgliteStage, type Stage, serverStage } from "./kit/stage.ts";
import { median, pairedRatio } from "./kit/stats.ts";
import { ms, print, type Row, times } from "./kit/table.ts";

const SIZES = { tasks: 5_000, waits: 15_000, supports: 5_000, goals: 100 };
const ROUNDS = either({ quick: 3, normal: 11 });

banner("plan: five thousand tasks, twenty thousand links");
for (const open of [pgliteStage, serverStage]) {
  const stage = await open();
  await measure(stage).finally(stage.close);
}

async function measure(stage: Stage): Promise<void> {
  const app = openApp(bindings({ databaseUrl: stage.appUrl, endpoint: stage.neon.url }));
  const tenant = await newTenant(stage, app.runtime, "plan");
  await furnish(stage, tenant);
  const text = await documentOf(stage, tenant);
  const took = await rounds(
    {
      whole: () => elapsed(() => ask(app, tenant, "/v1/assistant/plan")),
      nothing: () => elapsed(() => ask(app, tenant, "/v1/assistant/goals?limit=1")),
      memory: () => elapsed(async () => planOf(JSON.parse(text) as State)),
    },
    { rounds: ROUNDS },
  );
  const row = (what: string, name: keyof typeof took, note: string): Row => ({
    what,
    cells: [ms(median(took[name])), note],
  });
  print({
    title: stage.label,
    columns: ["time", ""],
    rows: [
      row("the plan, through the API", "whole", `${times(pairedRatio(took.whole, took.memory))} the one from memory`),
      row("one goal, through the API", "nothing", ""),
      row("read from the text in memory, and planned", "memory", `${(text.length / 1024).toFixed(0)} KiB of text`),
    ],
  });
}

/** Nothing waits for what stands behind it, so there is no circle. A third is done: whoever waits for it is ready. */
async function furnish(stage: Stage, tenant: Tenant): Promise<void> {
  const owner = [tenant.project, tenant.accountScope, tenant.user];
  const put = (statement: string, values: number[] = []) => stage.neon.query(statement, [...owner, ...values]);
  await put(
    `insert into assistant.goals (project_id, account_scope_id, user_id, id, title, title_norm)
       select $1, $2, $3, 'gol_' || i, 'Goal ' || i, 'goal ' || i from generate_series(1, $4::int) i`,
    [SIZES.goals],
  );
  await put(
    `insert into assistant.tasks (project_id, account_scope_id, user_id, id, title, title_norm, status, priority, due_date, updated_at)
       select $1, $2, $3, 'tsk_' || i, 'Task ' || i, 'task ' || i, case when i % 3 = 0 then 'done' else 'open' end, 1 + i % 4,
         case when i % 2 = 0 then current_date + i % 90 - 5 end, now() - make_interval(hours => i % 900) from generate_series(1, $4::int) i`,
    [SIZES.tasks],
  );
  const link = (from: string, type: string, to: string, count: number) =>
    put(
      `insert into assistant.entity_links (project_id, account_scope_id, user_id, id, from_entity_type, from_entity_id, to_entity_type, to_entity_id, link_type)
         select $1, $2, $3, 'lnk_${type}_' || i, 'task', ${from}, ${type === "supports_goal" ? "'goal'" : "'task'"}, ${to}, '${type}'
         from generate_series(1, $4::int) i on conflict do nothing`,
      [count],
    );
  // The search for a circle at each of fifteen thousand links is another bench.
  await stage.neon.query("alter table assistant.entity_links disable trigger user");
  const waiter = `(i % ${SIZES.tasks - 10} + 11)`;
  await link(
    `'tsk_' || ${waiter}`,
    "depends_on",
    `'tsk_' || (${waiter} - 1 - (i / ${SIZES.tasks}) * 3 - i % 3)`,
    SIZES.waits,
  );
  await link(`'tsk_' || i`, "supports_goal", `'gol_' || (1 + i % ${SIZES.goals})`, SIZES.supports);
  await stage.neon.query("alter table assistant.entity_links enable trigger user");
  await stage.neon.query("analyze");
}

/** The same document that a plan is made of, as text. */
async function documentOf(stage: Stage, { project, user }: Tenant): Promise<string> {
  const rows = await stage.neon.query(
    `select assistant.plan_state()::text as state from (select set_config('app.project_id', $1, true), set_config('app.user_id', $2, true)) entered`,
    [project, user],
  );
  return String(rows[0]?.["state"]);
}

async function ask(app: BenchApp, tenant: Tenant, path: string): Promise<void> {
  const answer = await app.fetch(
    new Request(PUBLIC_URL + path, { headers: { authorization: `Bearer ${tenant.apiKey}` } }),
  );
  const said = await answer.text();
  if (answer.status !== 200) throw new Error(`${path} was answered ${answer.status}: ${said}`);
  const requests = /requests=(\d+)/.exec(answer.headers.get("server-timing") ?? "")?.[1];
  if (requests !== "1") throw new Error(`${path} took ${requests} requests to the database`);
}
