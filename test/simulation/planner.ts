/** People who talk to their planners: the same message again, in other words, by hand in between, and taken back. */
// Loaded with the first message otherwise: reading files is nothing that an engine can wait for.
import "#brain/assistant/understand/understand.ts";
import type { Answer, Area, Move, Sim, SimTenant } from "./sim.ts";

/** One wording of a message; the newer has the greater edit. */
type Wording = { edit: number; text: string; titles: string[]; heard: boolean };
type Message = { tenant: SimTenant; id: string; wordings: Wording[]; answered: Set<string>; isMeddled: boolean };

const mostMessages = 6;
const mostWordings = 3;

export function planner(sim: Sim): Area {
  const messages: Message[] = [];
  const silent = () =>
    messages.flatMap((one) => one.wordings.filter(({ heard }) => !heard).map((w) => [one, w] as const));
  const movesOf = (tenant: SimTenant): Move[] => {
    const own = messages.filter((one) => one.tenant === tenant);
    const known = own.filter(({ wordings }) => wordings.some(({ heard }) => heard));
    return [
      {
        weight: own.length < mostMessages ? 1 : 0,
        run: () => void messages.push(newMessage(sim, tenant, messages.length)),
      },
      ...own.map((one) => ({ weight: 0.2, run: () => reword(sim, one) })),
      ...own.map((one) => ({ weight: 0.3, run: () => deliver(sim, one, sim.rng.pick(one.wordings)) })),
      ...known.map((one) => ({ weight: 0.15, run: () => takeBack(sim, one) })),
      { weight: known.length > 0 ? 0.5 : 0, run: () => meddle(sim, known) },
    ];
  };
  return {
    name: "planner",
    moves: () => [
      ...sim.tenants.flatMap(movesOf),
      ...silent().map(([one, wording]) => ({ weight: 0.8, run: () => deliver(sim, one, wording) })),
    ],
    remaining: () => silent().map(([one, wording]) => ({ weight: 1, run: () => deliver(sim, one, wording) })),
    look,
    tell: (rows) => rows.map(({ broken }) => String(broken)),
    atRest: async () => [...(await mirrored(sim, messages)), ...(await circles(sim)), ...(await pure(sim))],
  };
}

/** Letters only: a number would be read as a time or an amount. */
const nameOf = (sim: Sim, tenant: SimTenant): string =>
  `${tenant.word} x${Array.from({ length: 5 }, () => String.fromCharCode(97 + sim.rng.below(26))).join("")}`;

function wording(sim: Sim, tenant: SimTenant, edit: number): Wording {
  const [a, b] = [nameOf(sim, tenant), nameOf(sim, tenant)];
  const texts = [
    { text: `- call ${a}\n- call ${b}`, titles: [`call ${a}`, `call ${b}`] },
    { text: `Paint ${a} depends on call ${b}`, titles: [`paint ${a}`, `call ${b}`] },
  ];
  return { edit, heard: false, ...sim.rng.pick(texts) };
}

const newMessage = (sim: Sim, tenant: SimTenant, count: number): Message => ({
  tenant,
  id: `${tenant.word}:${count}`,
  wordings: [wording(sim, tenant, 0)],
  answered: new Set(),
  isMeddled: false,
});

function reword(sim: Sim, one: Message): void {
  const newest = one.wordings.at(-1);
  if (!newest || one.wordings.length >= mostWordings) return;
  one.wordings.push(wording(sim, one.tenant, newest.edit + 1 + sim.rng.below(3)));
  one.answered.clear();
}

type Sent = { tenant: SimTenant; path: string; body: unknown; method?: string; key?: string };

function send(sim: Sim, { tenant, path, body, method = "POST", key }: Sent, heard: (answer: Answer) => void): void {
  const headers = {
    authorization: `Bearer ${tenant.apiKey}`,
    "content-type": "application/json",
    "idempotency-key": key ?? `talk-${sim.rng.below(1e9)}`,
  };
  const init = { method, headers, ...(method === "GET" ? {} : { body: JSON.stringify(body) }) };
  sim.ask(`${tenant.word} ${method} ${path}`, { path, init }, (answer) => {
    if (!answer || sim.faults.strikes("staff.answer_lost", 0.2)) return;
    for (const { word } of sim.tenants)
      if (word !== tenant.word && answer.body.includes(word))
        sim.accuse(`I7: ${tenant.word} was answered with words of ${word}`);
    heard(answer);
  });
}

function deliver(sim: Sim, one: Message, said: Wording): void {
  const { tenant, id, wordings, answered } = one;
  const body = { text: said.text, source: "phone", client_message_id: id, edit: String(said.edit) };
  // A sender that crashed knows its key no more.
  const key = sim.rng.chance(0.5) ? { key: `${id}-${said.edit}` } : {};
  const heard = ({ status, body: told }: Answer) => {
    if (status !== 200) return;
    said.heard = true;
    if (said !== wordings.at(-1)) return;
    answered.add(String((JSON.parse(told) as { id: string }).id));
    if (answered.size > 1) sim.accuse(`P1: ${id} in the same words is ${[...answered].join(" and ")}`);
  };
  send(sim, { tenant, path: "/v1/assistant/capture", body, ...key }, heard);
  if (sim.faults.strikes("staff.asked_twice_at_once", 0.15))
    send(sim, { tenant, path: "/v1/assistant/capture", body }, heard);
}

function takeBack(sim: Sim, one: Message): void {
  const [capture] = one.answered;
  if (!capture) return;
  one.isMeddled = true;
  send(sim, { tenant: one.tenant, path: `/v1/assistant/captures/${capture}/undo`, body: {} }, () => {});
}

/** Tasks are listed, and one of a message is changed, or hung on another of it, by hand. */
function meddle(sim: Sim, known: Message[]): void {
  const one = sim.rng.pick(known);
  const { tenant } = one;
  one.isMeddled = true;
  const path = "/v1/assistant/tasks?limit=20";
  const [act, first, second] = [sim.rng.next(), sim.rng.next(), sim.rng.next()];
  const wanted = sim.rng.pick([{ status: "done" }, { status: "open" }, { status: "blocked" }, { priority: 1 }]);
  send(sim, { tenant, path, body: undefined, method: "GET" }, ({ status, body }) => {
    if (status !== 200) return;
    const { data } = JSON.parse(body) as { data: { id: string; title: string }[] };
    const titles = one.wordings.flatMap(({ titles: said }) => said);
    const mine = data.filter(({ title }) => titles.includes(title.toLowerCase()));
    const [a, b] = [mine[Math.floor(first * mine.length)], mine[Math.floor(second * mine.length)]];
    if (!a || !b) return;
    if (act < 0.5) send(sim, { tenant, path: `/v1/assistant/tasks/${a.id}`, body: wanted, method: "PATCH" }, () => {});
    else
      send(sim, { tenant, path: "/v1/assistant/links", body: { from: b.id, type: "depends_on", to: a.id } }, () => {});
  });
}

/** Transactions have numbers, and one session gives them in order: what was there before, and what one of them did. */
const look = `select 'P1: ' || i.client_msg_id || ' made "' || t.title || '" twice' as broken from assistant.tasks t
        join assistant.inbox_items i on i.project_id = t.project_id and i.id = t.source_inbox_item_id
        where t.status in ('open', 'blocked') group by i.project_id, i.client_msg_id, t.title having count(*) > 1
      union all select 'P2: two wordings of ' || i.client_msg_id || ' stand' from assistant.captures c
        join assistant.inbox_items i on i.project_id = c.project_id and i.id = c.inbox_item_id
        where c.undone_at is null and c.outcome = 'changed' group by i.project_id, i.client_msg_id having count(*) > 1
      union all select 'P3: ' || c.id || ' was taken back and its link ' || l.id || ' stands' from assistant.captures c
        join assistant.capture_changes r on r.project_id = c.project_id and r.capture_id = c.id and r.op = 'linked'
        join assistant.entity_links l on l.project_id = r.project_id and l.id = r.ref_id
        where c.undone_at is not null and c.xmin::text::bigint >= since
      union all select 'P3: ' || t.title || ' was put away and ' || l.id || ' hangs on it' from assistant.captures c
        join assistant.capture_changes r on r.project_id = c.project_id and r.capture_id = c.id and r.op = 'created'
        join assistant.tasks t on t.project_id = r.project_id and t.id = r.ref_id and t.xmin = c.xmin
        join assistant.entity_links l on l.project_id = t.project_id and t.id in (l.from_entity_id, l.to_entity_id)
          and l.xmin::text::bigint < c.xmin::text::bigint
        where c.undone_at is not null and t.status = 'archived' and c.xmin::text::bigint >= since
      union all select 'P4: ' || t.title || ' is ' || t.status || ' and has the times of another state' from assistant.tasks t
        where (t.status = 'done') <> (t.completed_at is not null) or (t.status = 'archived') <> (t.archived_at is not null)
      union all select 'I7: ' || t.title || ' is in the planner of ' || p.name from assistant.tasks t
        join identity.projects p on p.id = t.project_id where position(p.name in lower(t.title)) = 0`;

/** What nobody meddled with says what its newest wording says, in whatever order its wordings came. */
async function mirrored({ house }: Sim, messages: Message[]): Promise<string[]> {
  const rows = await house.query(
    `select i.client_msg_id as id, lower(t.title) as title from assistant.tasks t
      join assistant.inbox_items i on i.project_id = t.project_id and i.id = t.source_inbox_item_id where t.status = 'open' order by 1, 2`,
  );
  return messages
    .filter(({ isMeddled }) => !isMeddled)
    .flatMap(({ id, wordings }) => {
      const wanted = [...(wordings.at(-1)?.titles ?? [])].sort().join(", ");
      const found = rows
        .filter((row) => row["id"] === id)
        .map(({ title }) => String(title))
        .sort()
        .join(", ");
      return wanted === found ? [] : [`P5: ${id} says "${wanted}" and is "${found}"`];
    });
}

/** Waiting leads nowhere twice. */
async function circles({ house }: Sim): Promise<string[]> {
  const rows = await house.query(
    `with recursive waits as (
        select project_id, from_entity_id as a, to_entity_id as b from assistant.entity_links where link_type = 'depends_on'
        union select project_id, to_entity_id, from_entity_id from assistant.entity_links where link_type = 'blocks'
      ), on_the_way as (select project_id, a, b from waits union select o.project_id, o.a, w.b from on_the_way o
        join waits w on w.project_id = o.project_id and w.a = o.b)
      select a from on_the_way where a = b`,
  );
  return rows.map(({ a }) => `P6: ${String(a)} waits, in the end, for itself`);
}

/** At rest, twice asked: the same bytes, and nothing written. */
async function pure(sim: Sim): Promise<string[]> {
  const broken: string[] = [];
  const written = async () =>
    JSON.stringify(
      await sim.house.query("select max(xmin::text::bigint) as x, count(*)::int as n from assistant.tasks"),
    );
  for (const tenant of sim.tenants) {
    const before = await written();
    const plans = [await read(sim, tenant), await read(sim, tenant)];
    if (plans[0] !== plans[1] || !plans[0]?.includes('"today"'))
      broken.push(`P7: the plan of ${tenant.word} differs: ${plans.join(" | ")}`);
    if ((await written()) !== before) broken.push(`P7: the plan of ${tenant.word} wrote`);
  }
  return broken;
}

async function read(sim: Sim, tenant: SimTenant): Promise<string> {
  let said = "";
  send(sim, { tenant, path: "/v1/assistant/plan", body: undefined, method: "GET" }, ({ body }) => {
    said = body;
  });
  await sim.engine.idle();
  for (let [effect] = sim.engine.pending; effect; [effect] = sim.engine.pending) await sim.engine.perform(effect);
  return said;
}
