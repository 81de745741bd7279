// A first import from a Chatwoot on this machine, and a second run over what is known: messages a second, and CPU a message.

import { addMessage } from "#local/chatwoot/messages.ts";
import { startChatwoot } from "#local/chatwoot.ts";
import { signDelivery } from "#local/qstash/jwt.ts";
import { type BenchApp, bindings, newTenant, openApp, PUBLIC_URL, QSTASH, type Tenant } from "./kit/app.ts";
import { banner, either } from "./kit/options.ts";
import { pgliteStage, type Stage } from "./kit/stage.ts";
import { figure, print, type Row } from "./kit/table.ts";

const TALKS = either({ quick: 20, normal: 200 });
const TURNS = 50;

banner("sync: reading a whole Chatwoot account");
await onPglite();

type Office = Awaited<ReturnType<typeof startChatwoot>>;

function fill(office: Office): number {
  const clock = { now: () => new Date() };
  const begin = Date.now() - 90 * 86_400_000;
  for (let talk = 0; talk < TALKS; talk += 1) {
    const at = (turn: number) => new Date(begin + (talk * TURNS + turn) * 60_000);
    const contact = { name: `Kunde ${talk}`, phone: `+45203${10_000 + talk}` };
    const { conversation } = office.customer.writes({ contact, text: `Hej, det er kunde ${talk}`, at: at(0) });
    const sender = { kind: "contact", id: conversation.contactId } as const;
    for (let turn = 1; turn < TURNS; turn += 1) {
      const content = `Varmepumpen i hus ${talk} larmer igen, det er ${turn}. gang, kan I komme torsdag?`;
      const how = { conversation, type: "incoming", content, at: at(turn), sender } as const;
      addMessage({ account: office.account, webhooks: office.webhooks, clock }, how);
    }
  }
  return office.account.messages.size;
}

async function deliver(app: BenchApp, body: Record<string, unknown>): Promise<{ run: string; more: boolean }> {
  const text = JSON.stringify(body);
  const url = `${PUBLIC_URL}/jobs/inbox.reconcile`;
  const signature = signDelivery(QSTASH.current, { url, body: Buffer.from(text), now: new Date(), id: "jwt_bench" });
  const headers = { "content-type": "application/json", "upstash-signature": signature };
  const answer = await app.fetch(new Request(url, { method: "POST", headers, body: text }));
  await app.settled();
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as { run: string; more: boolean };
}

async function run(app: BenchApp, tenant: Tenant): Promise<{ ms: number; cpu: number; steps: number }> {
  const began = performance.now();
  const before = process.cpuUsage();
  let told = await deliver(app, { project: tenant.project });
  let steps = 1;
  for (; told.more; steps += 1) told = await deliver(app, { project: tenant.project, run: told.run });
  const { user, system } = process.cpuUsage(before);
  return { ms: performance.now() - began, cpu: (user + system) / 1000, steps };
}

async function connected(stage: Stage, app: BenchApp, { tenant, office }: { tenant: Tenant; office: Office }) {
  const place = {
    table: "identity.project_sources",
    column: "api_token_sealed",
    row: tenant.source.id,
    project: tenant.project,
  };
  await stage.neon.query("update identity.project_sources set api_url = $1, api_token_sealed = $2 where id = $3", [
    office.url,
    await app.runtime.ports.secrets.seal(office.token, place),
    tenant.source.id,
  ]);
}

async function onPglite(): Promise<void> {
  const stage = await pgliteStage();
  const bound = { ...bindings({ databaseUrl: stage.appUrl, endpoint: stage.neon.url }), SOURCES_MAY_BE_PRIVATE: "yes" };
  const app = openApp(bound);
  const tenant = await newTenant(stage, app.runtime, "sync");
  const office = await startChatwoot({ accountId: tenant.accountId });
  try {
    const messages = fill(office);
    await connected(stage, app, { tenant, office });
    const first = await run(app, tenant);
    const second = await run(app, tenant);
    print({
      title: `${stage.label}: ${messages} messages in ${TALKS} conversations; process' CPU, the stand-in's and the database's included`,
      columns: ["messages/s", "CPU a message", "messages of the queue"],
      rows: [
        row("first import", { ...first, messages }),
        row("catch-up that finds nothing new", { ...second, messages }),
      ],
    });
  } finally {
    await office.close();
    await stage.close();
  }
}

function row(
  what: string,
  { ms, cpu, steps, messages }: { ms: number; cpu: number; steps: number; messages: number },
): Row {
  return { what, cells: [figure((messages / ms) * 1000), `${figure(cpu / messages)} ms`, String(steps)] };
}
