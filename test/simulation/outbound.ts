/** What leaves the house: written, approved, changed behind its back, stopped; and what the provider took of it. */
import { credentialsPlace } from "#brain/outbound/index.ts";
import { secretsFrom } from "#providers/secrets.ts";
import { allowed, type Shown } from "./outbound-rules.ts";
import type { Area, Move, Sim, SimTenant } from "./sim.ts";
import { vocabulary } from "./vocabulary.ts";

type Known = { id: string; version: number; state: string };
type Firm = {
  tenant: SimTenant;
  sender: string;
  people: string[];
  evidence: string[];
  known: Map<string, Known>;
  count: number;
};

export function outbound(sim: Sim): Area {
  const { network } = sim;
  const [tenant] = sim.tenants;
  if (!network || !tenant) return { name: "outbound", moves: () => [] };
  const firm: Firm = { tenant, sender: "snd_1", people: [], evidence: [], known: new Map(), count: 0 };
  const seen = new Map<string, Shown>();
  const approved = new Map<string, string>();
  return {
    name: "outbound",
    moves: () => (firm.people.length > 0 ? acts(sim, firm) : [{ weight: 20, run: () => open(sim, firm) }]),
    watch: (request) => fence(sim, request),
    afterStep: () => allowed({ sim, network, seen, approved }),
    isSettled: async () => (await waiting(sim)).length === 0,
    atRest: async () => [...(await waiting(sim)), ...(await kept(sim, network.taken))],
  };
}

/** A sender, three people, two pieces of evidence. */
async function open(sim: Sim, firm: Firm): Promise<void> {
  const { project, accountScope } = firm.tenant;
  const { query } = sim.house;
  const place = credentialsPlace({ id: firm.sender, project });
  const sealed = await secretsFrom(sim.isolates.current.ring).seal(
    JSON.stringify({ token: "of the simulation" }),
    place,
  );
  const ids = [project, accountScope];
  await query(
    `insert into outbound.senders (project_id, account_scope_id, id, provider, channel, name, address, account, credentials_sealed)
     values ($1, $2, $3, 'twilio', 'sms', 'Workshop', '+4570100100', 'AC1', $4)`,
    [...ids, firm.sender, sealed],
  );
  for (const n of [1, 2, 3]) {
    const person = `con_${n}`;
    await query("insert into people.contacts (project_id, account_scope_id, id, name) values ($1, $2, $3, 'Mette')", [
      ...ids,
      person,
    ]);
    await query(
      `insert into people.contact_points (project_id, account_scope_id, id, contact_id, kind, value, value_norm)
       values ($1, $2, $3, $4, 'phone', $5, $5)`,
      [...ids, `cpt_${n}`, person, `+452030401${n}`],
    );
    await query(
      `insert into people.consents (project_id, id, contact_id, channel, scope, granted, proof_ref, occurred_at)
       values ($1, $2, $3, 'sms', 'marketing', true, 'evi_1', '2026-01-01')`,
      [project, `cns_${n}`, person],
    );
    firm.people.push(person);
  }
  for (const n of [1, 2]) {
    await query(
      `insert into shared.evidence_items (project_id, account_scope_id, id, source_table, source_pk, content_hash, visibility, contact_id, occurred_at)
       values ($1, $2, $3, 'inbox.cw_messages', $3, 'h1', 1, 'con_1', '2026-11-14')`,
      [...ids, `evi_${n}`],
    );
    firm.evidence.push(`evi_${n}`);
  }
}

function acts(sim: Sim, firm: Firm): Move[] {
  const { rng } = sim;
  const known = [...firm.known.values()];
  const some = (states: string[], weight: number, run: (one: Known) => void): Move[] => {
    const fitting = known.filter(({ state }) => states.includes(state));
    return fitting.length > 0 ? [{ weight, run: () => run(rng.pick(fitting)) }] : [];
  };
  const tell = (path: string, body: object) => post(sim, firm, path, body);
  return [
    { weight: 1.5, run: () => write(sim, firm) },
    ...some(["draft", "pending"], 3, ({ id, version }) => tell(`/${id}/approve`, { version })),
    ...some(["approved", "failed"], 4, ({ id }) => tell(`/${id}/send`, {})),
    ...some(["draft", "approved", "queued"], 0.3, ({ id, version }) =>
      tell(`/${id}/edit`, { version, text: words(sim, firm) }),
    ),
    ...some(["draft", "approved", "queued"], 0.15, ({ id, version }) => tell(`/${id}/cancel`, { version })),
    ...some(["approved", "queued"], 0.5, ({ id }) => behind(sim, firm, id)),
    { weight: 0.1, run: () => rules(sim, firm) },
    { weight: 0.2, run: () => stop(sim, firm) },
  ];
}

function words(sim: Sim, firm: Firm): string {
  firm.count += 1;
  return `${firm.tenant.word} ${sim.rng.pick(vocabulary)} sms${firm.count}`;
}

function write(sim: Sim, firm: Firm): void {
  const { rng } = sim;
  const cls = rng.pick(["transactional", "transactional", "marketing", "reply"]);
  const through = cls === "transactional" && rng.chance(0.2) ? { through_quiet: true } : {};
  const contact = rng.chance(0.6) ? firm.people[0] : rng.pick(firm.people);
  const evidence = [rng.pick(firm.evidence)];
  post(sim, firm, "", { contact, channel: "sms", class: cls, text: words(sim, firm), evidence, ...through });
}

function post(sim: Sim, firm: Firm, path: string, body: object): void {
  const headers = {
    authorization: `Bearer ${firm.tenant.apiKey}`,
    "content-type": "application/json",
    "idempotency-key": `outbound-${sim.rng.below(1e9)}`,
  };
  const init = { method: "POST", headers, body: JSON.stringify(body) };
  sim.ask(`message${path || " is written"}`, { path: `/v1/outbound/messages${path}`, init }, (answer) => {
    if (!answer || answer.status >= 300) return;
    const { id, version, state } = JSON.parse(answer.body) as Known;
    firm.known.set(id, { id, version, state });
  });
}

/** Somebody at the database, who asks nobody. */
async function behind(sim: Sim, { tenant, evidence }: Firm, id: string): Promise<void> {
  sim.trace(`behind the back of ${id}`);
  const changes = [
    [
      "update outbound.messages set body = body || '!' where project_id = $1 and id = $2 and state in ('approved', 'queued')",
      id,
    ],
    [
      "update outbound.messages set recipient = '+4520999999' where project_id = $1 and id = $2 and state in ('approved', 'queued')",
      id,
    ],
    [
      "update shared.evidence_items set version = version + 1, content_hash = content_hash || 'x' where project_id = $1 and id = $2",
      sim.rng.pick(evidence),
    ],
  ] as const;
  const [sql, of] = sim.rng.pick(changes);
  await sim.house.query(sql, [tenant.project, of]);
}

async function rules(sim: Sim, { tenant }: Firm): Promise<void> {
  const cap = 1 + sim.rng.below(4);
  sim.trace(`the cap is ${cap}`);
  await sim.house.query(
    `insert into outbound.settings (project_id, account_scope_id, cap_count) values ($1, $2, $3)
      on conflict (project_id) do update set cap_count = excluded.cap_count`,
    [tenant.project, tenant.accountScope, cap],
  );
}

/** The way of every door that hears STOP: one function, in the webhook's own transaction. */
async function stop(sim: Sim, firm: Firm): Promise<void> {
  const contact = sim.rng.pick(firm.people);
  firm.count += 1;
  sim.trace(`${contact} says STOP`);
  const [row] = await sim.house.query(
    "select recipient_hash as hash from outbound.messages where project_id = $1 and contact_id = $2 limit 1",
    [firm.tenant.project, contact],
  );
  const ids = ["pol", "sup", "cns", "evt"].map((kind) => `${kind}_stop_${firm.count}`);
  const said = { channel: "sms", contacts: [contact], addresses: row ? [row["hash"]] : [], by: "keyword", ids };
  const context = {
    project_id: firm.tenant.project,
    account_scope_id: firm.tenant.accountScope,
    actor: "system:stop",
    request_id: `req_stop_${firm.count}`,
    now: new Date(sim.time).toISOString(),
  };
  const set = Object.entries(context).map(([name, value]) => `select set_config('app.${name}', '${value}', true);`);
  await sim.house.exec(`begin; ${set.join(" ")} select outbound.opt_out('${JSON.stringify(said)}'::jsonb); commit;`);
}

/** Who settles moves only what his token holds. */
async function fence(
  { house }: Sim,
  request: Parameters<NonNullable<Area["watch"]>>[0],
): ReturnType<NonNullable<Area["watch"]>> {
  const settling = request.statements.find(({ query }) => query.includes("outbound.settle("));
  if (!settling) return undefined;
  const [token] = settling.params;
  const held = () => house.query("select id, token::text as token from outbound.messages where token is not null");
  const before = await held();
  return async () => {
    const after = new Map((await held()).map((row) => [row["id"], row["token"]]));
    const lost = before.filter((row) => row["token"] !== token && after.get(row["id"]) !== row["token"]);
    return lost.map(({ id }) => `fence: ${String(id)} was settled by a worker that did not hold it`);
  };
}

async function waiting({ house, time }: Sim): Promise<string[]> {
  const rows = await house.query(
    `select id, state from outbound.messages where state = 'submitting' or (state = 'unknown' and code <> 'unresolved')
      or (state = 'queued' and due_at <= $1::timestamptz)`,
    [new Date(time).toISOString()],
  );
  return rows.map(({ id, state }) => `no rest: message ${String(id)} is still ${String(state)}`);
}

/** What the provider took is told as sent, and nothing else is. */
async function kept({ house }: Sim, taken: readonly { ref: string }[]): Promise<string[]> {
  const rows = await house.query("select id, state from outbound.messages");
  const has = new Set(taken.map(({ ref }) => ref));
  const out = new Set(["submitted", "sent", "delivered", "read"]);
  return rows.flatMap(({ id, state }) =>
    state === "unknown" || has.has(String(id)) === out.has(String(state))
      ? []
      : [`I4: message ${String(id)} is ${String(state)} and the provider has ${has.has(String(id)) ? "it" : "none"}`],
  );
}
