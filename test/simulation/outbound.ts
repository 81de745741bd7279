/** What leaves the house: written, approved, changed behind its back, answered, stopped; and what the provider took of it. */
import { type Firm, firmOf, type Known, open, pileUp, words } from "./firm.ts";
import { atLast, kept, waiting } from "./outbound-rest.ts";
import { allowed, type Shown, shown } from "./outbound-rules.ts";
import { reports } from "./reports.ts";
import type { Area, Move, Sim } from "./sim.ts";
import { carryTexts, type Moods, texts, wishes } from "./texts.ts";

/** How often who does what. */
type Habits = {
  write: number;
  pile: number;
  approve: number;
  send: number;
  edit: number;
  cancel: number;
  behind: number;
  rules: number;
  reports: number;
  idle: number;
} & Moods;
const usual: Habits = {
  ...{
    write: 1,
    pile: 0.4,
    approve: 2,
    send: 3,
    edit: 0.3,
    cancel: 0.15,
    behind: 0.3,
    rules: 0.15,
    reports: 1.5,
    idle: 0,
  },
  ...{ stops: 0.25, starts: 0.25, others: 0.25 },
};

export const outbound = (sim: Sim): Area => outboundOf({})(sim);

/** The same where some things are done more often, or not at all. */
export const outboundOf =
  (habits: Partial<Habits>) =>
  (sim: Sim): Area => {
    const often = { ...usual, ...habits };
    const { network } = sim;
    const [tenant] = sim.tenants;
    if (!network || !tenant) return { name: "outbound", moves: () => [] };
    const firm = firmOf(tenant);
    const said = wishes();
    const seen = new Map<string, Shown>();
    const approved = new Map<string, string>();
    const told = new Map<string, Set<string>>();
    const left = () => [...carryTexts(sim, firm, said), ...reports(sim, { network, told, often: often.reports })];
    return {
      name: "outbound",
      moves: () =>
        firm.people.length > 0
          ? [
              ...acts(sim, firm, often),
              ...texts(sim, firm, { known: said, moods: often }),
              ...reports(sim, { network, told, often: often.reports }),
            ]
          : [{ weight: 20, run: () => open(sim, firm) }],
      remaining: left,
      watch: (request) => fence(sim, request),
      look: shown,
      tell: (rows) => allowed({ rows, network, said, seen, approved }),
      isSettled: async () => (await waiting(sim)).length === 0,
      atRest: async () => [...(await waiting(sim)), ...(await kept(sim, { network, told })), ...(await atLast(sim))],
    };
  };

function acts(sim: Sim, firm: Firm, often: Habits): Move[] {
  const { rng } = sim;
  const known = [...firm.known.values()];
  const some = (states: string[], weight: number, run: (one: Known) => void): Move[] => {
    const fitting = known.filter(({ state }) => states.includes(state));
    return fitting.length > 0 ? [{ weight, run: () => run(rng.pick(fitting)) }] : [];
  };
  const tell = (path: string, body: object) => post(sim, firm, path, body);
  return [
    { weight: often.write, run: () => write(sim, firm) },
    { weight: often.pile, run: () => pileUp(sim, firm) },
    ...some(["draft", "pending"], often.approve, ({ id, version }) => tell(`/${id}/approve`, { version })),
    ...some(["approved", "failed"], often.send, ({ id }) => tell(`/${id}/send`, {})),
    ...some(["draft", "approved", "queued"], often.edit, ({ id, version }) =>
      tell(`/${id}/edit`, { version, text: words(sim, firm) }),
    ),
    ...some(["draft", "approved", "queued"], often.cancel, ({ id, version }) => tell(`/${id}/cancel`, { version })),
    { weight: often.behind, run: () => behind(sim, firm) },
    { weight: often.rules, run: () => rules(sim, firm) },
    { weight: often.idle, run: () => {} },
  ];
}

function write(sim: Sim, firm: Firm): void {
  const { rng } = sim;
  const cls = rng.pick(["transactional", "transactional", "marketing", "reply"]);
  const through = cls === "transactional" && rng.chance(0.2) ? { through_quiet: true } : {};
  const contact = (rng.chance(0.6) ? firm.people[0] : rng.pick(firm.people))?.id;
  const evidence = [rng.pick(firm.evidence)];
  post(sim, firm, "", { contact, channel: "sms", class: cls, text: words(sim, firm), evidence, ...through });
}

const headersOf = (sim: Sim, { tenant }: Firm) => ({
  authorization: `Bearer ${tenant.apiKey}`,
  "content-type": "application/json",
  "idempotency-key": `outbound-${sim.rng.below(1e9)}`,
});

function post(sim: Sim, firm: Firm, path: string, body: object): void {
  const init = { method: "POST", headers: headersOf(sim, firm), body: JSON.stringify(body) };
  sim.ask(`message${path || " is written"}`, { path: `/v1/outbound/messages${path}`, init }, (answer) => {
    if (!answer || answer.status >= 300) return;
    const { id, version, state } = JSON.parse(answer.body) as Known;
    firm.known.set(id, { id, version, state });
  });
}

/** Somebody at the database, who asks nobody, changes something that is approved or what it rests on. */
async function behind(sim: Sim, firm: Firm): Promise<void> {
  const of = "where project_id = $1 and id = $2";
  const rows = await sim.house.query(
    "select id from outbound.messages where project_id = $1 and state in ('approved', 'queued') order by id",
    [firm.tenant.project],
  );
  if (rows.length === 0) return;
  const { id } = sim.rng.pick(rows);
  sim.trace(`behind the back of ${String(id)}`);
  const changes = [
    [`update outbound.messages set body = body || '!' ${of}`, id],
    [`update outbound.messages set recipient = '+4520999999' ${of}`, id],
    [
      `update shared.evidence_items set version = version + 1, content_hash = content_hash || 'x' ${of}`,
      sim.rng.pick(firm.evidence),
    ],
  ] as const;
  const [sql, what] = sim.rng.pick(changes);
  await sim.house.query(sql, [firm.tenant.project, what]);
}

/** Nights at the recipient's: usual ones, two that have begun while the working day goes on, none. */
const nights = [
  ["21:00", "08:00"],
  ["08:30", "09:40"],
  ["09:00", "12:00"],
  ["00:00", "00:00"],
] as const;

/** The office changes the rules while messages wait: other hours, another cap, another window. */
function rules(sim: Sim, firm: Firm): void {
  const { rng } = sim;
  const [quiet_from, quiet_until] = rng.pick(nights);
  const change = rng.pick([
    { cap_count: 1 + rng.below(4) },
    { cap_count: 1 + rng.below(4), cap_seconds: rng.pick([600, 3600, 86_400]) },
    { quiet_from, quiet_until },
    { quiet_from, quiet_until },
  ]);
  sim.trace(`the rules become ${JSON.stringify(change)}`);
  const body = JSON.stringify({ version: firm.rules, ...change });
  const path = "/v1/outbound/settings";
  const learn = (answer: { status: number; body: string } | undefined) => {
    if (answer && answer.status < 300) firm.rules = (JSON.parse(answer.body) as { version: number }).version;
    else if (answer?.status === 409)
      sim.ask("rules are read", { path, init: { headers: headersOf(sim, firm) } }, learn);
  };
  sim.ask("rules change", { path, init: { method: "PATCH", headers: headersOf(sim, firm), body } }, learn);
}

/** Who settles moves only what his token holds. */
async function fence(
  { house }: Sim,
  request: Parameters<NonNullable<Area["watch"]>>[0],
): ReturnType<NonNullable<Area["watch"]>> {
  const settling = request.statements.find(({ query }) => query.includes("outbound.settle("));
  if (!settling) return undefined;
  const [token] = settling.params;
  const ids = (JSON.parse(settling.params[1] ?? "[]") as { id: string }[]).map(({ id }) => id);
  const held = () =>
    house.query("select id, token::text as token from outbound.messages where token is not null and id = any($1)", [
      `{${ids.join(",")}}`,
    ]);
  const before = await held();
  return async () => {
    const after = new Map((await held()).map((row) => [row["id"], row["token"]]));
    const lost = before.filter((row) => row["token"] !== token && after.get(row["id"]) !== row["token"]);
    return lost.map(({ id }) => `fence: ${String(id)} was settled by a worker that did not hold it`);
  };
}
