/** The mirror: every webhook that was acknowledged is in it once, whole, and newest wins in any order. */
import {
  carry,
  customers,
  type Desk,
  deskOf,
  type Habits,
  intruder,
  type Told,
  usualHabits,
  type Webhook,
} from "./chatwoot.ts";
import type { Area, Sim } from "./sim.ts";

type Row = Record<string, unknown>;
type Applied = Webhook & { at: number };
type Message = Extract<Told, { kind: "message" }>;

/** For others: the staff rotate secrets there. */
export const desks = new WeakMap<Sim, Desk[]>();

export const inbox = (sim: Sim): Area => inboxOf({})(sim);

/** The same with customers who have other habits. */
export const inboxOf =
  (habits: Partial<Habits>) =>
  (sim: Sim): Area => {
    const kinds = { ...usualHabits, ...habits };
    // Whoever can be asked for the truth is compared with that.
    const all = (sim.office ? sim.tenants.slice(0, -1) : sim.tenants).map(deskOf);
    desks.set(sim, all);
    const seen = new Map<string, string>();
    const kept = new Map<string, number>();
    return {
      name: "inbox",
      moves: () => all.flatMap((desk) => [...customers(sim, desk, kinds), ...carry(sim, desk)]),
      remaining: () => all.flatMap((desk) => carry(sim, desk)),
      look,
      tell: (rows) => {
        for (const [delivery, at] of storedIn(rows)) kept.set(delivery, at);
        const broken = rows.flatMap((row) => (row["broken"] === null ? [] : [String(row["broken"])]));
        return [...broken, ...acknowledged(all, kept), ...forward(rows, seen)];
      },
      atRest: async () => {
        const broken = acknowledged(all, await stored(sim));
        for (const desk of all) broken.push(...(await mirrored(sim, desk)));
        return [...broken, ...(await erased(sim, all))];
      },
    };
  };

/** What one query can see: nothing twice, nothing erased that is still there, nothing of a stranger; and what has versions. */
const look = `select 'I1: delivery ' || delivery_id || ' is stored twice' as broken, null as id, null as version, null as delivery, null as at
      from inbox.deliveries where outcome <> 'replayed' group by project_id, source_id, delivery_id having count(*) > 1
    union all select 'I1: content ' || content_key || ' is stored twice', null, null, null, null from inbox.deliveries
      where content_key is not null group by project_id, source_id, content_key having count(*) > 1
    union all select 'I1: ' || kind || ' of ' || ref_id || ' is in the ledger twice', null, null, null, null from shared.events
      where kind in ('message.received', 'message.deleted') group by project_id, kind, ref_id having count(*) > 1
    union all select 'I9: deleted message ' || m.id || ' still has its words', null, null, null, null from inbox.cw_messages m
      where m.deleted_at is not null and (m.content is not null
        or exists (select from memory.chunks c where c.project_id = m.project_id and c.source_pk = m.id))
    union all select 'I1: words of a stranger in message ' || m.id, null, null, null, null from inbox.cw_messages m
      where m.content like '%${intruder}%'
    union all select 'I7: message ' || m.id || ' lies in another project', null, null, null, null from inbox.cw_messages m
      where m.id not like 'cwmsg:' || m.project_id || ':%'
    union all select null, id, to_char(updated_at, 'YYYYMMDDHH24MISS.US'), null, null from inbox.cw_conversations
      where xmin::text::bigint >= since
    union all select null, id, case when deleted_at is not null then '~' else coalesce(to_char(updated_at, 'YYYYMMDDHH24MISS.US'), '') end,
      null, null from inbox.cw_messages where xmin::text::bigint >= since
    union all select null, 'evidence ' || id, lpad(version::text, 8, '0'), null, null from shared.evidence_items
      where xmin::text::bigint >= since
    union all select null, null, null, delivery_id, (extract(epoch from sent_at) * 1000)::text from inbox.deliveries
      where outcome <> 'replayed' and xmin::text::bigint >= since`;

/** When each delivery that took effect was sent, by its signature. */
const storedIn = (rows: Row[]): Map<string, number> =>
  new Map(rows.flatMap((row) => (row["delivery"] === null ? [] : [[String(row["delivery"]), Number(row["at"])]])));

const effective =
  "select delivery_id as delivery, extract(epoch from sent_at) * 1000 as at from inbox.deliveries where outcome <> 'replayed'";

const stored = async ({ house }: Sim): Promise<Map<string, number>> => storedIn(await house.query(effective));

function acknowledged(all: Desk[], kept: Map<string, number>): string[] {
  return all.flatMap(({ accepted }) =>
    [...accepted].flatMap(([delivery, outcome]) =>
      outcome === "duplicate" || kept.has(delivery)
        ? []
        : [`I1: ${delivery} was answered "${outcome}" and is not stored`],
    ),
  );
}

/** I6: what has a version never goes back. */
function forward(rows: Row[], seen: Map<string, string>): string[] {
  return rows.flatMap((row) => {
    if (row["id"] === null) return [];
    const [id, version] = [String(row["id"]), String(row["version"])];
    const before = seen.get(id) ?? "";
    seen.set(id, version);
    return version < before ? [`I6: ${id} went back from ${before} to ${version}`] : [];
  });
}

/** The deliveries that took effect, acknowledged or not, tell what the mirror must hold. */
async function mirrored(sim: Sim, desk: Desk): Promise<string[]> {
  const kept = await stored(sim);
  const applied = [...desk.sent.values()].flatMap((webhook) => {
    const at = kept.get(webhook.delivery);
    return at === undefined ? [] : [{ ...webhook, at }];
  });
  return [...(await messages(sim, desk, applied)), ...(await conversations(sim, desk, applied))];
}

/** A deletion is final; else the newest edit; else the creation. Of two that claim one time either may win. */
function decisive(applied: Applied[]): Map<number, Message[]> {
  const best = new Map<number, { rank: number; told: Message[] }>();
  for (const { told, at } of applied) {
    if (told.kind !== "message") continue;
    const rank = told.deleted ? Number.POSITIVE_INFINITY : (told.version ?? at);
    const known = best.get(told.message);
    if (!known || rank > known.rank) best.set(told.message, { rank, told: [told] });
    else if (rank === known.rank) known.told.push(told);
  }
  return new Map([...best].map(([id, { told }]) => [id, told]));
}

async function messages({ house }: Sim, { tenant }: Desk, applied: Applied[]): Promise<string[]> {
  const rows = await house.query(
    `select m.message_id, m.content, m.private, m.deleted_at is not null as deleted,
        (select string_agg(c.text || '|' || c.visibility, '~' order by c.chunk_index) from memory.chunks c
          where c.project_id = m.project_id and c.source_pk = m.id) as passages
      from inbox.cw_messages m where m.project_id = $1`,
    [tenant.project],
  );
  const found = new Map(rows.map((row) => [Number(row["message_id"]), row]));
  const wanted = decisive(applied);
  const missing = [...wanted.keys()].filter((id) => !found.has(id));
  const odd = [...found.keys()].filter((id) => !wanted.has(id));
  const differing = [...wanted].flatMap(([id, told]) => {
    const row = found.get(id);
    const off = row ? told.map((one) => differences(one, row)) : [];
    const [least = []] = off.sort((a, b) => a.length - b.length);
    return least.map((what) => `mirror: message ${id} of ${tenant.word}: ${what}`);
  });
  return [
    ...missing.map((id) => `I1: message ${id} of ${tenant.word} is not in the mirror`),
    ...odd.map((id) => `I1: message ${id} of ${tenant.word} is in the mirror and nobody told it`),
    ...differing,
  ];
}

function differences(told: Message, row: Row): string[] {
  const wanted = told.deleted
    ? { content: null, deleted: true, passages: null }
    : { content: told.text, deleted: false, private: told.private, passages: `${told.text}|${told.private ? 2 : 1}` };
  return Object.entries(wanted).flatMap(([name, value]) =>
    row[name] === value ? [] : [`${name} is ${JSON.stringify(row[name])} instead of ${JSON.stringify(value)}`],
  );
}

async function conversations({ house }: Sim, { tenant }: Desk, applied: Applied[]): Promise<string[]> {
  const rows = await house.query("select conversation_id, status from inbox.cw_conversations where project_id = $1", [
    tenant.project,
  ]);
  const newest = new Map<number, { version: number; status: string }>();
  for (const { held } of applied) {
    if (held && held.version > (newest.get(held.conversation)?.version ?? -1)) newest.set(held.conversation, held);
  }
  const found = new Map(rows.map((row) => [Number(row["conversation_id"]), String(row["status"])]));
  return [...newest].flatMap(([id, { status }]) =>
    found.get(id) === status
      ? []
      : [`mirror: conversation ${id} of ${tenant.word} is ${found.get(id)} instead of ${status}`],
  );
}

/** I9: words of a deleted message that nobody else said stand in no column of any table. */
async function erased(sim: Sim, all: Desk[]): Promise<string[]> {
  const kept = await stored(sim);
  const told = all
    .flatMap(({ sent }) => [...sent.values()])
    .flatMap((one) => (one.told.kind === "message" ? [{ ...one, told: one.told }] : []));
  const keyOf = ({ tenant, told: { message } }: (typeof told)[number]) => `${tenant.word} ${message}`;
  const gone = new Set(told.filter((one) => one.told.deleted && kept.has(one.delivery)).map(keyOf));
  const living = new Set(told.filter((one) => !gone.has(keyOf(one))).map(({ told: { text } }) => text));
  const texts = told
    .filter((one) => gone.has(keyOf(one)) && !living.has(one.told.text))
    .map(({ told: { text } }) => text);
  const words = [...new Set(texts)].map((text) => text.split(" ").at(-1) ?? text);
  if (words.length === 0) return [];
  const rows = await sim.house.query(sim.house.everywhere(), [words]);
  return rows.map((row) => `I9: "${String(row["word"])}" of a deleted message still stands in ${String(row["name"])}`);
}
