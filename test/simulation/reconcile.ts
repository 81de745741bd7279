/** Healing: webhooks are lost, nothing tells of what was removed, and yet the mirror becomes what the account is, row for row. */
import { isDeepStrictEqual } from "node:util";
import { signedHeaders } from "#local/chatwoot/sign.ts";
import { accountState, mirrorOf } from "#test/sync/account.ts";
import { promising } from "./extraction.ts";
import { forgotten } from "./forgotten.ts";
import type { SimOffice } from "./office.ts";
import type { Area, AreaOf, Move, Sim, SimTenant } from "./sim.ts";
import { vocabulary } from "./vocabulary.ts";

type Parcel = { id: string; event: string; body: Uint8Array };
type Line = {
  tenant: SimTenant;
  office: SimOffice;
  transit: Parcel[];
  said: Map<number, string[]>;
  count: number;
  /** Whether every other text holds a promise. */
  promises: boolean;
};

/** Runs that began after this point met no fault. */
type Rest = { began?: number; versions?: string; second?: boolean };

export const reconcile: AreaOf = (sim) => reconcileOf(sim, { promises: false });
export const reconcilePromises: AreaOf = (sim) => reconcileOf(sim, { promises: true });

function reconcileOf(sim: Sim, { promises }: { promises: boolean }): Area {
  const rest: Rest = {};
  const { office } = sim;
  const tenant = sim.tenants.at(-1);
  if (!office || !tenant) return { name: "reconcile", moves: () => [] };
  const line: Line = { tenant, office, transit: [], said: new Map(), count: 0, promises };
  const marks = { last: "" };
  office.meanwhile = () => void sim.rng.pick([...acts(sim, line)]).run();
  return {
    name: "reconcile",
    moves: () => [...acts(sim, line), ...carry(sim, line), { weight: 0.8, run: () => start(sim, tenant) }],
    remaining: () => {
      if (rest.versions === undefined || rest.second) return carry(sim, line);
      rest.second = true;
      return [{ weight: 1, run: () => start(sim, tenant, "catch_up") }];
    },
    look: mark,
    tell: (rows) => watermark(sim, line, { rows, marks }),
    isSettled: () => healed(sim, line, rest),
    atRest: async () => [...(await same(sim, line)), ...(await silent(sim, tenant, rest)), ...(await gone(sim, line))],
  };
}

function words(sim: Sim, line: Line): string {
  line.count += 1;
  const { rng } = sim;
  const [first, second, last] = [rng.pick(vocabulary), rng.pick(vocabulary), `ord${line.count}o${rng.below(1e6)}`];
  return line.promises && line.count % 2 === 0
    ? `${first}. ${promising(`${second} ${line.tenant.word}`, last)}`
    : `${line.tenant.word} ${first} ${second} ${last}`;
}

function acts(sim: Sim, line: Line): Move[] {
  const { rng } = sim;
  const { customer, agent, contact, removes, account } = line.office;
  const conversations = [...account.conversations.values()];
  const contacts = [...account.contacts.values()];
  const living = [...account.messages.values()].filter(
    (one) => one.type !== "activity" && one.contentAttributes["deleted"] !== true,
  );
  const say = (made: { id: number; content: string | null }) => {
    line.said.set(made.id, [...(line.said.get(made.id) ?? []), made.content ?? ""]);
    sim.trace(`${line.tenant.word}: ${made.id} is "${made.content}"`);
  };
  const writes = () => {
    const known = contacts.length > 0 && rng.chance(0.6);
    const number = 10 + account.contacts.size + line.count;
    const person = known ? rng.pick(contacts).id : { name: `Kunde ${number}`, phone: `+45203040${number}` };
    const theirs = conversations.filter(({ contactId }) => contactId === person);
    const at = theirs.length > 0 && rng.chance(0.7) ? { conversation: rng.pick(theirs).id } : {};
    say(customer.writes({ contact: person, text: words(sim, line), ...at }).message);
  };
  const told = (what: string, act: () => unknown) => () => {
    sim.trace(`${line.tenant.word}: ${what}`);
    act();
  };
  const some = <T>(list: readonly T[], weight: number, act: (one: T) => void): Move[] =>
    list.length > 0 ? [{ weight, run: () => act(rng.pick(list)) }] : [];
  const talk = (kind: "replies" | "notes") => (of: { id: number }) =>
    say(agent[kind]({ conversation: of.id, text: words(sim, line) }));
  return [
    { weight: 2, run: writes },
    ...some(conversations, 0.7, talk("replies")),
    ...some(conversations, 0.4, talk("notes")),
    ...some(living, 1, (one) => say(agent.edits(one.id, words(sim, line)))),
    ...some(living, 0.4, (one) => told(`deletes ${one.id}`, () => agent.deletes(one.id))()),
    ...some(conversations, 0.3, (one) => void agent.resolves(one.id)),
    ...some(conversations, 0.2, (one) => void agent.labels({ conversation: one.id, labels: [rng.pick(vocabulary)] })),
    ...some(contacts, 0.2, (one) => void contact.changes(one.id, { name: `Kunde ${words(sim, line)}` })),
    ...some(living, 0.2, (one) => told(`${one.id} vanishes`, () => removes.message(one.id))()),
    ...some(conversations, 0.1, (one) => told(`conversation ${one.id} vanishes`, () => removes.conversation(one.id))()),
    ...some(contacts, 0.05, (one) => told(`contact ${one.id} vanishes`, () => removes.contact(one.id))()),
    ...(contacts.length > 1 ? some(contacts.slice(1), 0.15, (from) => merge(sim, line, from.id)) : []),
  ];
}

function merge(sim: Sim, { tenant, office }: Line, from: number): void {
  const into = sim.rng.pick([...office.account.contacts.keys()].filter((id) => id !== from));
  sim.trace(`${tenant.word}: contact ${from} becomes ${into}`);
  office.removes.merge({ into, from });
}

/** Webhooks leave as the account made them; Chatwoot sends each once. */
function carry(sim: Sim, line: Line): Move[] {
  const { transit, tenant, office } = line;
  for (const { event, body } of office.webhooks.drain()) {
    line.count += 1;
    transit.push({ id: `whk-${sim.seed}-${line.count}`, event, body });
  }
  const [first] = transit;
  if (!first) return [];
  const send = () => {
    const overtaken = transit.length > 1 && sim.faults.strikes("webhook.overtaken", 0.4);
    const parcel = overtaken ? sim.rng.pick(transit.slice(1)) : first;
    transit.splice(transit.indexOf(parcel), 1);
    if (sim.faults.strikes("webhook.lost", 0.3)) {
      sim.trace(`${tenant.word}: webhook.lost ${parcel.event}`);
      return;
    }
    const headers = signedHeaders(sim.secrets.get(tenant) ?? tenant.source.secret, {
      id: parcel.id,
      at: new Date(sim.time),
      body: parcel.body,
    });
    const path = `/v1/hooks/chatwoot/${tenant.source.id}`;
    const init = { method: "POST", headers, body: Buffer.from(parcel.body) };
    sim.ask(`webhook ${parcel.id} ${parcel.event}`, { path, init }, () => {});
  };
  return [{ weight: 5, run: send }];
}

function start(sim: Sim, tenant: SimTenant, kind = sim.rng.pick(["catch_up", "check", "full"])): void {
  const headers = {
    authorization: `Bearer ${tenant.apiKey}`,
    "content-type": "application/json",
    "idempotency-key": `sync-${sim.rng.below(1e9)}`,
  };
  const init = { method: "POST", headers, body: JSON.stringify({ kind }) };
  sim.ask(`${tenant.word} starts ${kind}`, { path: `/v1/inbox/sources/${tenant.source.id}/sync`, init }, () => {});
}

const mark = "select project_id, cursor_ts::text as ts, cursor_id as id from inbox.sync_watermarks";
const known = `select message_id from inbox.cw_messages where project_id = $1 and message_id <= $2
  union select split_part(object_id, ':', 4)::bigint from shared.tombstones where project_id = $1 and object_id like 'cwmsg:%'`;

/** I12: what was written in the account up to the watermark is in the mirror, or was and is gone. */
async function watermark(
  { house }: Sim,
  { tenant, office }: Line,
  { rows: told, marks }: { rows: Record<string, unknown>[]; marks: { last: string } },
): Promise<string[]> {
  const [row] = told.filter((one) => one["project_id"] === tenant.project);
  const now = row ? `${row["ts"]} ${String(row["id"]).padStart(12, "0")}` : "";
  if (now === marks.last) return [];
  const back = now < marks.last ? [`I12: the watermark went back from ${marks.last} to ${now}`] : [];
  marks.last = now;
  const rows = await house.query(known, [tenant.project, String(row?.["id"] ?? 0)]);
  const stored = new Set(rows.map(({ message_id }) => Number(message_id)));
  const passed = [...office.account.messages.values()].filter(
    ({ id, type }) => type !== "activity" && id <= Number(row?.["id"]) && !stored.has(id),
  );
  return [...back, ...passed.map(({ id }) => `I12: the watermark ${now} passed message ${id}, which is not stored`)];
}

const runs = `select count(*) filter (where state = 'running')::int as running,
    count(*) filter (where state = 'done' and kind <> 'check' and started_at >= $2::timestamptz)::int as done,
    (select count(*)::int from inbox.cw_messages m where m.project_id = $1 and m.needs_refetch) as doubtful
  from inbox.sync_runs where project_id = $1`;

/** One complete run with nothing going wrong, and then another one. */
async function healed(sim: Sim, line: Line, rest: Rest): Promise<boolean> {
  const { tenant } = line;
  // By now no webhook is on its way any more: what comes after a run may be older than it.
  rest.began ??= sim.time + 1;
  const began = new Date(rest.began).toISOString();
  const [row] = await sim.house.query(runs, [tenant.project, began]);
  if (!row || Number(row["running"]) > 0 || Number(row["done"]) === 0 || Number(row["doubtful"]) > 0) return false;
  if (rest.versions === undefined) {
    rest.versions = await versions(sim, tenant);
    rest.began = sim.time + 1;
    return false;
  }
  return rest.second === true;
}

/** Whether a message of the account was erased here: whatever the account has still, it is not told again. */
const isForgotten = (sim: Sim, { tenant }: Line, id: number): boolean =>
  forgotten(sim).has(`cwmsg:${tenant.project}:${tenant.accountId}:${id}`);

async function same(sim: Sim, line: Line): Promise<string[]> {
  const { house } = sim;
  const { tenant, office } = line;
  const [wanted, found] = [accountState(office), await mirrorOf((sql) => house.query(sql, [tenant.project]))];
  // A message that nobody has any more leaves its place, without its words.
  const isLeft = ({ id, deleted }: { id: number; deleted: boolean }) => !deleted || office.account.messages.has(id);
  const mirror = { ...found, messages: found.messages.filter(isLeft) };
  const kinds = ["contacts", "conversations", "messages"] as const;
  return kinds.flatMap((kind) => {
    const [have, should] = [byId(mirror[kind]), byId(wanted[kind])];
    const ids = [...new Set([...have.keys(), ...should.keys()])];
    return ids
      .filter((id) => kind !== "messages" || !isForgotten(sim, line, id))
      .flatMap((id) => differences(have.get(id), should.get(id)).map((text) => `mirror: ${kind} ${id} ${text}`));
  });
}

function differences(have: Fields | undefined, should: Fields | undefined): string[] {
  if (!have || !should) return have === should ? [] : [have ? "is in the mirror only" : "is not in the mirror"];
  return Object.keys(should)
    .filter((name) => !isDeepStrictEqual(have[name], should[name]))
    .map((name) => `has ${name} ${JSON.stringify(have[name])} instead of ${JSON.stringify(should[name])}`);
}

type Fields = Record<string, unknown>;
const byId = (rows: readonly ({ id: number } & Fields)[]): Map<number, Fields> =>
  new Map(rows.map((row) => [row.id, row]));

async function versions({ house }: Sim, { project }: SimTenant): Promise<string> {
  const tables = [
    "inbox.cw_contacts",
    "inbox.cw_conversations",
    "inbox.cw_messages",
    "shared.evidence_items",
    "shared.tombstones",
    "people.contacts",
    "people.contact_points",
  ];
  const parts = tables.map((name) => `select '${name}' || t.ctid || t.xmin as v from ${name} t where project_id = $1`);
  const sum = `select md5(string_agg(v, ' ' order by v)) as sum from (${parts.join(" union all ")}) x`;
  return String((await house.query(sum, [project]))[0]?.["sum"]);
}

async function silent(sim: Sim, tenant: SimTenant, { versions: before }: Rest): Promise<string[]> {
  if (before === undefined) return ["no rest: no run was complete although nothing goes wrong"];
  return before === (await versions(sim, tenant)) ? [] : ["mirror: a second run wrote something"];
}

/** I9: what the account no longer has, or was erased here, stands in no column of any table. */
async function gone(sim: Sim, line: Line): Promise<string[]> {
  const { house } = sim;
  const { office, said } = line;
  const isGone = (id: number) => {
    if (isForgotten(sim, line, id)) return true;
    const message = office.account.messages.get(id);
    return message === undefined || message.contentAttributes["deleted"] === true;
  };
  const texts = [...said].filter(([id]) => isGone(id)).flatMap(([, all]) => all);
  if (texts.length === 0) return [];
  const rows = await house.query(house.everywhere(), [texts.map((text) => text.split(" ").at(-1) ?? text)]);
  return rows.map((row) => `I9: "${String(row["word"])}" of a removed message still stands in ${String(row["name"])}`);
}
