// The calendar of fifty technicians with ninety days of appointments: search and board in one request each, against a request per technician and day.
import { registry } from "#brain/registry.ts";
import { type BenchApp, bindings, contextOn, newTenant, openApp, type Tenant } from "./kit/app.ts";
import { banner, either } from "./kit/options.ts";
import { elapsed, rounds } from "./kit/rounds.ts";
import { type Stage, serverStage } from "./kit/stage.ts";
import { median, pairedRatio } from "./kit/stats.ts";
import { ms, print, times } from "./kit/table.ts";

const TECHS = 50;
const DAYS = 90;
const ROUNDS = either({ quick: 3, normal: 9 });

banner("calendar: fifty technicians, ninety days of appointments");
const stage = await serverStage();
await measure(stage).finally(stage.close);

async function measure(stage: Stage): Promise<void> {
  const app = openApp(bindings({ databaseUrl: stage.appUrl, endpoint: stage.neon.url }));
  const tenant = await newTenant(stage, app.runtime, "calendar");
  await plan(stage, tenant);
  await stage.neon.query("analyze");
  const search = { days: 14, minutes: 30, limit: 50 };
  const far = { ...search, limit: 500 };
  const took = await rounds(
    {
      "search, the next fifty": () => elapsed(() => ask(app, tenant, { name: "field.slots.find", input: search })),
      "search, five hundred": () => elapsed(() => ask(app, tenant, { name: "field.slots.find", input: far })),
      "search, naive": () => elapsed(() => naive(stage, tenant, 14)),
      "board of a day": () => elapsed(() => ask(app, tenant, { name: "field.calendar.board", input: { days: 1 } })),
      "board of a week": () => elapsed(() => ask(app, tenant, { name: "field.calendar.board", input: { days: 7 } })),
      "board of a week, naive": () => elapsed(() => naive(stage, tenant, 7)),
    },
    { rounds: ROUNDS },
  );
  const against = (slow: keyof typeof took, fast: keyof typeof took) => times(pairedRatio(took[slow], took[fast]));
  const row = (what: keyof typeof took, requests: number, note: string) => ({
    what,
    cells: [ms(median(took[what])), String(requests), note],
  });
  print({
    title: `${stage.label}: ${TECHS} technicians, ${TECHS * DAYS * 4} appointments`,
    columns: ["time", "requests", ""],
    rows: [
      row("search, the next fifty", 1, `the naive one takes ${against("search, naive", "search, the next fifty")}`),
      row("search, five hundred", 1, ""),
      row("search, naive", TECHS * (14 + 2), "a request per technician and day, and two per technician"),
      row("board of a day", 1, ""),
      row("board of a week", 1, `the naive one takes ${against("board of a week, naive", "board of a week")}`),
      row("board of a week, naive", TECHS * (7 + 2), ""),
    ],
  });
}

async function plan(stage: Stage, tenant: Tenant): Promise<void> {
  const place = [tenant.project, tenant.accountScope];
  const put = (statement: string, values: unknown[] = []) => stage.neon.query(statement, [...place, ...values]);
  await put(
    "insert into people.contacts (project_id, account_scope_id, id, name) values ($1, $2, 'con_bench', 'Somebody')",
  );
  await put(
    `insert into field.techs (project_id, account_scope_id, id, name, timezone) select $1, $2, 'tec_' || lpad(i::text, 3, '0'), 'Technician ' || i, 'Europe/Copenhagen'
     from generate_series(1, $3::int) i`,
    [TECHS],
  );
  const each = `generate_series(1, $3::int) t, generate_series(0, $4::int - 1) d, unnest('{7,9,11,13}'::int[]) h`;
  const name = "lpad(t::text, 3, '0') || '_' || lpad(d::text, 3, '0') || '_' || h";
  await put(
    `insert into field.jobs (project_id, account_scope_id, id, number, client_id, title) select $1, $2, 'job_' || ${name},
       (row_number() over ())::int, 'con_bench', 'Yearly service' from ${each}`,
    [TECHS, DAYS],
  );
  // Four appointments of an hour and a quarter a day, at times that differ a little.
  await put(
    `insert into field.schedule (project_id, account_scope_id, id, job_id, tech_id, start_ts, end_ts, blocked_from, blocked_until)
     select $1, $2, 'apt_' || ${name}, 'job_' || ${name}, 'tec_' || lpad(t::text, 3, '0'), b, b + interval '75 minutes', b, b + interval '75 minutes'
     from ${each}, lateral (select date_trunc('day', now()) + make_interval(days => d, hours => h, mins => (t * 7 + d * 3) % 30) as b) s`,
    [TECHS, DAYS],
  );
  await put(
    `insert into field.blackouts (project_id, account_scope_id, id, tech_id, starts, ends) select $1, $2, 'blk_' || t || '_' || k, 'tec_' || lpad(t::text, 3, '0'),
       (now() at time zone 'UTC')::date + k * 11, (now() at time zone 'UTC')::date + k * 11 + 1 from generate_series(1, $3::int) t, generate_series(1, 8) k`,
    [TECHS],
  );
}

/** As it is done by who asks for what he needs when he needs it: each technician's rules, then each of his days. */
async function naive(stage: Stage, tenant: Tenant, days: number): Promise<number> {
  const { query } = stage.neon;
  let found = 0;
  for (let t = 1; t <= TECHS; t += 1) {
    const tech = `tec_${String(t).padStart(3, "0")}`;
    await query(
      "select * from field.working_blocks b join field.working_weeks w on w.project_id = b.project_id and w.id = b.week_id where w.project_id = $1 and w.tech_id = $2",
      [tenant.project, tech],
    );
    await query("select * from field.blackouts where project_id = $1 and (tech_id is null or tech_id = $2)", [
      tenant.project,
      tech,
    ]);
    for (let day = 0; day < days; day += 1) {
      const rows = await query(
        `select start_ts, end_ts from field.schedule where project_id = $1 and tech_id = $2 and status in ('planned', 'confirmed', 'done')
           and start_ts >= date_trunc('day', now()) + make_interval(days => $3::int) and start_ts < date_trunc('day', now()) + make_interval(days => $3::int + 1)`,
        [tenant.project, tech, day],
      );
      const busy = rows.map((row) => [Date.parse(String(row["start_ts"])), Date.parse(String(row["end_ts"]))] as const);
      const midnight = new Date().setUTCHours(0, 0, 0, 0) + day * 86_400_000;
      for (let half = 14; half < 30; half += 1) {
        const from = midnight + half * 1_800_000;
        if (!busy.some(([start, end]) => start < from + 3_600_000 && end > from)) found += 1;
      }
    }
  }
  return found;
}

type Asked = { name: string; input: Record<string, unknown> };

/** A read as its owner's key would ask it; more than one request is a mistake. */
async function ask(app: BenchApp, tenant: Tenant, { name, input }: Asked): Promise<void> {
  const ctx = contextOn(app.runtime, { kind: "system", project: tenant.project, job: name });
  const verb = registry.find((one) => one.name === name);
  if (!verb) throw new Error(`no verb ${name}`);
  const told = (await verb.run(ctx, input)) as { data?: unknown[]; techs?: unknown[] };
  if (ctx.meter.requests !== 1) throw new Error(`${ctx.meter.requests} requests`);
  if ((told.data ?? told.techs ?? []).length === 0) throw new Error("nothing found");
}
