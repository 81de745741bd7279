// A campaign to 50,000 people: how long its dry run and writing it into the queue take, in how many requests, and the longest of them.
import { registry, verbFor } from "#brain/registry.ts";
import type { Db } from "#db/client.ts";
import { type BenchApp, bindings, contextOn, newTenant, openApp, type Tenant } from "./kit/app.ts";
import { banner, either } from "./kit/options.ts";
import { type Stage, serverStage } from "./kit/stage.ts";
import { figure, ms, print } from "./kit/table.ts";

const PEOPLE = either({ quick: 2000, normal: 50_000 });

banner("campaign: writing a campaign's members into the queue");
const stage = await serverStage();
await measure(stage).finally(stage.close);

async function measure(stage: Stage): Promise<void> {
  const app = openApp(bindings({ databaseUrl: stage.appUrl, endpoint: stage.neon.url }));
  const tenant = await newTenant(stage, app.runtime, "campaign");
  await people(stage, tenant);
  await stage.neon.query("analyze");
  const id = await approved(app, tenant);
  const judged = await dryRun(app, tenant, id);
  const started = await call(app, tenant, { name: "outbound.campaigns.start", input: { id } });
  const runs = await drain(app, tenant, id);
  const [held] = await stage.neon.query(
    "select count(*)::int as n, count(distinct contact_id)::int as people from outbound.messages where campaign_id = $1",
    [id],
  );
  if (held?.["n"] !== PEOPLE || held["people"] !== PEOPLE) throw new Error(`not each once: ${JSON.stringify(held)}`);
  const looked = await call(app, tenant, { name: "outbound.campaigns.get", input: { id } });
  const row = (what: string, calls: Called[], more: string) => {
    const spent = calls.reduce((sum, one) => sum + one.ms, 0);
    const requests = calls.reduce((sum, one) => sum + one.requests, 0);
    return { what, cells: [ms(spent), String(requests), ms(Math.max(...calls.map(({ longest }) => longest))), more] };
  };
  const rate = (calls: Called[]) => figure((PEOPLE * 1000) / calls.reduce((sum, one) => sum + one.ms, 0));
  const half = Math.floor(runs.length / 2);
  print({
    title: `${stage.label}: ${PEOPLE} members, each with a message sealed and queued`,
    columns: ["time", "requests", "longest request", ""],
    rows: [
      row("judging them all in a dry run", judged, `${rate(judged)} people/s, ${judged.length} calls`),
      row("taking the snapshot of the segment", [started], "one statement"),
      row("writing the messages", runs, `${rate(runs)} members/s, ${runs.length} runs`),
      row("  the first half of it", runs.slice(0, half), ""),
      row("  the second half", runs.slice(-half), ""),
      row("reading the campaign's page", [looked], "all counts and the chart"),
    ],
  });
}

async function people(stage: Stage, tenant: Tenant): Promise<void> {
  const place = [tenant.project, tenant.accountScope, PEOPLE];
  const each = "from generate_series(1, $3::int) i";
  await stage.neon.query(
    `insert into people.contacts (project_id, account_scope_id, id, name, language) select $1, $2, 'con_' || lpad(i::text, 7, '0'), 'Person ' || i, 'en' ${each}`,
    place,
  );
  await stage.neon.query(
    `insert into people.contact_points (project_id, account_scope_id, id, contact_id, kind, value, value_norm)
     select $1, $2, 'cpt_' || i, 'con_' || lpad(i::text, 7, '0'), 'phone', n, n from generate_series(1, $3::int) i, lateral (select '+4520' || lpad(i::text, 6, '0') as n) v`,
    place,
  );
  await stage.neon.query(
    `insert into people.consents (project_id, account_scope_id, id, contact_id, channel, scope, granted, proof_ref, occurred_at)
     select $1, $2, 'cns_' || i, 'con_' || lpad(i::text, 7, '0'), 'sms', 'marketing', true, 'form', '2026-01-01' ${each}`,
    place,
  );
  await stage.neon.query(
    `insert into outbound.senders (project_id, account_scope_id, id, provider, channel, name, address, credentials_sealed)
     values ($1, $2, 'snd_bench', 'twilio', 'sms', 'Bench', '+4570102030', 'v1.none')`,
    place.slice(0, 2),
  );
}

type Asked = { name: string; input: Record<string, unknown> };

type Row = Record<string, unknown> & { id: string; version: number };
type Called = { requests: number; ms: number; longest: number; told: Row };

/** A verb as its owner's key or its job would run it; what it would publish goes nowhere. */
async function call(app: BenchApp, tenant: Tenant, { name, input }: Asked): Promise<Called> {
  const ctx = contextOn(app.runtime, { kind: "system", project: tenant.project, job: name });
  const verb = verbFor("job", name) ?? registry.find((one) => one.name === name);
  if (!verb) throw new Error(`no verb ${name}`);
  let longest = 0;
  const batch: Db["batch"] = async (statements) => {
    const began = performance.now();
    const answers = await app.runtime.db.batch(statements);
    longest = Math.max(longest, performance.now() - began);
    return answers;
  };
  ctx.db = Object.assign(Object.create(app.runtime.db) as Db, { batch });
  const began = performance.now();
  const told = (await verb.run(ctx, input)) as Row;
  return { requests: ctx.meter.requests, ms: performance.now() - began, longest, told };
}

async function dryRun(app: BenchApp, tenant: Tenant, id: string): Promise<Called[]> {
  const calls: Called[] = [];
  for (let from: unknown; from !== null; from = calls.at(-1)?.told["next"])
    calls.push(
      await call(app, tenant, { name: "outbound.campaigns.dry_run", input: { id, ...(from ? { from } : {}) } }),
    );
  const people = calls.reduce((sum, { told }) => sum + Number(told["judged"]), 0);
  if (people !== PEOPLE) throw new Error(`${people} were judged`);
  return calls;
}

async function approved(app: BenchApp, tenant: Tenant): Promise<string> {
  const ask = async (name: string, input: Record<string, unknown>) => (await call(app, tenant, { name, input })).told;
  const text = "Hello {{contact_name}}, it is time for the yearly look at your boiler. {{brand}}";
  const words = { name: "yearly", language: "en", channel: "sms", class: "marketing", text };
  await ask("outbound.templates.create", words);
  const segment = await ask("outbound.segments.create", { name: "Everybody", filter: {} });
  const asked = { name: "Yearly", segment: segment.id, channel: "sms", steps: [{ template: "yearly" }] };
  const { id, version } = await ask("outbound.campaigns.create", asked);
  await ask("outbound.campaigns.approve", { id, version });
  return id;
}

async function drain(app: BenchApp, tenant: Tenant, id: string): Promise<Called[]> {
  const runs: Called[] = [];
  for (let queued = 0; queued < PEOPLE; ) {
    const run = await call(app, tenant, { name: "outbound.campaigns.run", input: { campaign: id } });
    if (run.told["queued"] === 0) throw new Error("a run wrote nothing");
    runs.push(run);
    queued += Number(run.told["queued"]);
  }
  return runs;
}
