/** What is true of whom: written down by several sources, said again, ended, believed wrongly, erased; and what is erased stays away. */
import { forgotten } from "./forgotten.ts";
import type { Answer, Area, Move, Sim, SimTenant } from "./sim.ts";

type Thing = {
  tenant: SimTenant;
  kind: "entity" | "fact";
  id: string;
  words: string[];
  body: object;
  heard: boolean;
  of?: Thing;
};

const mostEntities = 3;
const mostFacts = 9;
const mostErasures = 2;

export function worldOf(sim: Sim): Area {
  const things: Thing[] = [];
  const asked = new Map<string, { tenant: SimTenant; path: string; body: object }>();
  const again = new Set<Thing>();
  const gone = forgotten(sim);
  const isGone = (one: Thing): boolean => gone.has(one.id) || (one.of !== undefined && gone.has(one.of.id));
  const deliver = (one: Thing) => {
    const wasGone = isGone(one);
    const path = one.kind === "entity" ? "/v1/world/entities" : "/v1/world/facts";
    send(sim, { ...one, path }, ({ status }) => {
      if (status !== 201) return;
      one.heard = true;
      if (wasGone) sim.accuse(`I9: ${one.id} was erased and is written down again`);
    });
  };
  const movesOf = (tenant: SimTenant): Move[] => {
    const own = things.filter((one) => one.tenant === tenant);
    const entities = own.filter(({ kind, heard }) => kind === "entity" && heard);
    const facts = own.filter(({ kind, heard }) => kind === "fact" && heard);
    const some = <T>(list: T[], weight: number, act: (one: T) => void): Move[] =>
      list.length > 0 ? [{ weight, run: () => act(sim.rng.pick(list)) }] : [];
    const make = (made: Thing) => {
      things.push(made);
      deliver(made);
    };
    return [
      {
        weight: own.length - facts.length < mostEntities ? 0.4 : 0,
        run: () => make(entity(sim, tenant, things.length)),
      },
      ...some(entities, facts.length < mostFacts ? 1.2 : 0.1, (of) => make(fact(sim, of, things.length))),
      ...some(own, 0.8, deliver),
      ...some(facts, 0.4, (one) => close(sim, one)),
      ...some(facts, 0.4, (one) => believe(sim, one, entities)),
      ...some([...facts, ...entities], 0.3, (one) => erase(sim, { tenant, kind: one.kind, id: one.id }, asked)),
      ...messageMoves(sim, tenant, asked),
    ];
  };
  return {
    name: "world",
    moves: () => sim.tenants.flatMap(movesOf),
    // Whoever has it still tells it once more.
    remaining: () =>
      things
        .filter((one) => isGone(one) && !again.has(one))
        .map((one) => ({
          weight: 1,
          run: () => {
            again.add(one);
            deliver(one);
          },
        })),
    look,
    tell: (rows) => {
      for (const { done } of rows) if (done) gone.add(String(done));
      return rows.flatMap(({ broken }) => (broken ? [String(broken)] : []));
    },
    isSettled: async () => (await running(sim)).length === 0,
    atRest: async () => [
      ...(await running(sim)),
      ...(await words(sim, things.filter(isGone))),
      ...(await proved(sim, asked)),
    ],
  };
}

const secretWord = (sim: Sim, count: number): string => `ord${count}w${sim.rng.below(1e9)}`;
const letters = (sim: Sim): string =>
  Array.from({ length: 12 }, () => String.fromCharCode(97 + sim.rng.below(26))).join("");

function entity(sim: Sim, tenant: SimTenant, count: number): Thing {
  const [id, name] = [`ent_${letters(sim)}`, `${tenant.word} ${secretWord(sim, count)}`];
  const body = { id, name, type: sim.rng.pick(["Person", "Company", "Offer"]) };
  return { tenant, kind: "entity", id, words: [name], body, heard: false };
}

const days = (sim: Sim): string => new Date(Date.UTC(2026, 0, 1 + sim.rng.below(60))).toISOString();

/** Few attributes and sources, so that they meet. */
function fact(sim: Sim, of: Thing, count: number): Thing {
  const [id, said] = [`fct_${letters(sim)}`, `${of.tenant.word} ${secretWord(sim, count)}`];
  const [since, until] = [days(sim), days(sim)].sort();
  const body = {
    id,
    subject: of.id,
    attribute: sim.rng.pick(["price.hourly", "opening"]),
    value: said,
    value_type: "string",
    ...(sim.rng.chance(0.6) ? { valid_from: since } : {}),
    ...(sim.rng.chance(0.3) && since !== until ? { valid_to: until } : {}),
    provenance: { source_type: sim.rng.pick(["external", "model_extracted"]), source_ref: sim.rng.pick(["a", "b"]) },
  };
  return { tenant: of.tenant, kind: "fact", id, words: [said], body, heard: false, of };
}

type Sent = { tenant: SimTenant; path: string; body: object; method?: string };

function send(sim: Sim, { tenant, path, body, method = "POST" }: Sent, heard: (answer: Answer) => void): void {
  const headers = {
    authorization: `Bearer ${tenant.apiKey}`,
    "content-type": "application/json",
    "idempotency-key": `world-${sim.rng.below(1e9)}`,
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

function close(sim: Sim, { tenant, id }: Thing): void {
  const because = sim.rng.pick(["ended", "mistaken"]);
  send(sim, { tenant, path: `/v1/world/facts/${id}/close`, body: { because } }, () => {});
}

/** What he believes is said of the fact, and goes with it. */
function believe(sim: Sim, one: Thing, entities: Thing[]): void {
  const who = sim.rng.pick(entities);
  const status = sim.rng.pick(["confirmed", "unknown", "false_belief"]);
  const believed = `${one.tenant.word} ${secretWord(sim, one.words.length)}`;
  if (status === "false_belief") one.words.push(believed);
  const body = {
    knower: `entity:${who.id}`,
    status,
    ...(status === "false_belief" ? { believed_value: believed } : {}),
  };
  send(sim, { tenant: one.tenant, path: `/v1/world/facts/${one.id}/knowers`, body, method: "PUT" }, () => {});
}

type Asked = Map<string, Sent>;
type Subject = { tenant: SimTenant; kind: string; id: string };

function erase(sim: Sim, { tenant, kind, id }: Subject, asked: Asked): void {
  if (asked.size >= mostErasures) return;
  const sent = { tenant, path: "/v1/shared/erasures", body: { subject: { kind, id }, reason: "gdpr_delete" } };
  send(sim, sent, ({ status, body }) => {
    if (status === 202) asked.set(String((JSON.parse(body) as { id: string }).id), sent);
  });
}

/** Messages of an account that has them still, and tells of them again. */
function messageMoves(sim: Sim, tenant: SimTenant, asked: Asked): Move[] {
  const { office } = sim;
  if (!office || tenant !== sim.tenants.at(-1)) return [];
  const ids = [...office.account.messages.values()].flatMap(({ id, type }) => (type === "activity" ? [] : [id]));
  const erases = () => {
    const id = `cwmsg:${tenant.project}:${tenant.accountId}:${sim.rng.pick(ids)}`;
    sim.trace(`${tenant.word} erases ${id}`);
    erase(sim, { tenant, kind: "message", id }, asked);
  };
  return ids.length > 0 ? [{ weight: 0.3, run: erases }] : [];
}

const look = `select 'I14: ' || f.origin || ' says two things of ' || f.subject_entity_id || ' ' || f.key as broken, null as done from world.facts f
        where f.superseded_at is null and f.valid_to is null
        group by f.project_id, f.subject_entity_id, f.key, f.session_id, f.review_state, f.origin having count(*) > 1
      union all select 'I9: ' || t.object_id || ' has a tombstone and is there', null from shared.tombstones t
        where exists (select from world.facts f where f.project_id = t.project_id and f.id = t.object_id and t.object_type = 'fact')
          or exists (select from world.entities e where e.project_id = t.project_id and e.id = t.object_id and t.object_type = 'entity' and e.name is not null)
          or exists (select from world.knowledge_edges k where k.project_id = t.project_id and k.id = t.object_id and t.object_type = 'knowledge_edge')
      union all select 'I7: fact ' || f.id || ' lies in another project', null from world.facts f
        join identity.projects p on p.id = f.project_id where position(p.name in f.value::text) = 0
      union all select null, e.subject_id from shared.erasures e where e.state = 'done' and e.xmin::text::bigint >= since`;

async function running({ house }: Sim): Promise<string[]> {
  const rows = await house.query(
    "select subject_kind || ' ' || subject_id as left from shared.erasures where state <> 'done'",
  );
  return rows.map(({ left }) => `no rest: the erasure of ${String(left)} is not over`);
}

/** I9: what was erased stands in no column of any table. */
async function words({ house }: Sim, things: Thing[]): Promise<string[]> {
  const secrets = things.flatMap((one) => one.words.map((text) => text.split(" ").at(-1) ?? text));
  if (secrets.length === 0) return [];
  const rows = await house.query(house.everywhere(), [secrets]);
  return rows.map((row) => `I9: "${String(row["word"])}" was erased and stands in ${String(row["name"])}`);
}

/** Each manifest follows from what its steps took, and the audit chain holds. */
async function proved(sim: Sim, asked: Asked): Promise<string[]> {
  const broken: string[] = [];
  for (const [id, { tenant }] of asked) {
    let said = "";
    send(sim, { tenant, path: `/v1/shared/erasures/${id}/verify`, body: {}, method: "GET" }, ({ body }) => {
      said = body;
    });
    await sim.engine.idle();
    for (let [effect] = sim.engine.pending; effect; [effect] = sim.engine.pending) await sim.engine.perform(effect);
    if (!said.includes('"ok":true')) broken.push(`I8: the erasure ${id} does not verify: ${said}`);
  }
  return broken;
}
