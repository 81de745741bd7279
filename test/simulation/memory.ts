/** Remembering: each vector is of the words beside it, only who holds a claim may finish it, and nothing waits for ever. */
import { createHash } from "node:crypto";
import type { SqlRequest } from "#local/neon/protocol.ts";
import { simulatedVector } from "./outside.ts";
import type { Area, Sim } from "./sim.ts";

export function memory(sim: Sim): Area {
  return {
    name: "memory",
    moves: () => [],
    watch: (request) => fences(sim, request),
    look,
    tell: (rows) => rows.map(({ broken }) => String(broken)),
    isSettled: async () => (await waiting(sim)).length === 0,
    atRest: async () => [...(await waiting(sim)), ...(await vectors(sim))],
  };
}

const look = `select 'I2: passage ' || c.source_pk || ' has the vector of other words' as broken
        from memory.vectors v join memory.chunks c on c.project_id = v.project_id and c.id = v.chunk_id where v.text_hash <> c.text_hash
      union all select 'I2: vector ' || v.chunk_id || ' has no passage' from memory.vectors v
        where not exists (select from memory.chunks c where c.project_id = v.project_id and c.id = v.chunk_id)
      union all select 'I2: ' || q.chunk_id || ' waits with other words' from memory.pending q
        where not exists (select from memory.chunks c where c.project_id = q.project_id and c.id = q.chunk_id and c.text_hash = q.text_hash)
      union all select 'I7: vector ' || v.chunk_id || ' shows itself to others than its passage' from memory.vectors v
        join memory.chunks c on c.project_id = v.project_id and c.id = v.chunk_id
        where v.visibility <> c.visibility or v.contact_id is distinct from c.contact_id`;

/** I3 and the promise that everything comes to rest: no wake-up left, each passage ready or failed for a reason. */
async function waiting({ house, time }: Sim): Promise<string[]> {
  const rows = await house.query(
    `select 'no rest: outbox row ' || o.kind || ' is still ' || o.state as left from shared.outbox o where o.state = 'pending' and o.due_at <= $1::timestamptz
      union all select case when q.token is null then 'no rest: ' else 'I3: still claimed: ' end || q.chunk_id
        from memory.pending q where q.failed_at is null or q.error is null
      union all select 'no rest: passage without vector: ' || c.id from memory.chunks c
        where not exists (select from memory.vectors v where v.project_id = c.project_id and v.chunk_id = c.id)
          and not exists (select from memory.pending q where q.project_id = c.project_id and q.chunk_id = c.id)`,
    [new Date(time).toISOString()],
  );
  return rows.map(({ left }) => String(left));
}

/** I2 to the letter: the numbers stored are those of the words stored. */
async function vectors({ house }: Sim): Promise<string[]> {
  const rows = await house.query(
    `select c.text, c.source_pk, md5(v.embedding::text) as md5 from memory.vectors v
      join memory.chunks c on c.project_id = v.project_id and c.id = v.chunk_id`,
  );
  return rows.flatMap(({ text, source_pk, md5 }) => {
    const wanted = createHash("md5")
      .update(`[${simulatedVector(String(text)).join(",")}]`)
      .digest("hex");
    return wanted === md5 ? [] : [`I2: the vector of ${String(source_pk)} is not that of "${String(text)}"`];
  });
}

const uuid = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
const listOf = (text: string | null | undefined): string[] =>
  (text ?? "{}").slice(1, -1).replaceAll('"', "").split(",");

type Held = { id: string; token: string | null; hash: string; leased: boolean };

async function held({ house }: Sim, at: string): Promise<Held[]> {
  const rows = await house.query(
    `select chunk_id as id, token, text_hash as hash, coalesce(lease_until > $1::timestamptz, false) as leased from memory.pending`,
    [at],
  );
  return rows as Held[];
}

/** Who settles takes only what his token still holds; who claims takes only what nobody holds. */
async function fences(sim: Sim, request: SqlRequest): ReturnType<NonNullable<Area["watch"]>> {
  const settling = request.statements.find(({ query }) => query.includes("memory.settle("));
  const claiming = request.statements.find(({ query }) => query.includes("memory.claim("));
  const { params } = settling ?? claiming ?? {};
  const token = params?.[0];
  if (!params || !token || !uuid.test(token)) return undefined;
  const at = nowOf(request) ?? new Date(sim.time).toISOString();
  const before = await held(sim, at);
  const [ids, hashes] = settling ? [listOf(params[2]), listOf(params[3])] : [[], []];
  return async () => {
    const after = new Map((await held(sim, at)).map((row) => [row.id, row]));
    if (!settling) {
      const robbed = before.filter((row) => row.leased && row.token !== token && after.get(row.id)?.token === token);
      return robbed.map(({ id }) => `fence: ${id} was claimed while another worker held it`);
    }
    const lost = before.filter((row) => {
      const place = ids.indexOf(row.id);
      return place >= 0 && row.hash === hashes[place] && row.token !== token && !after.has(row.id);
    });
    // A text that is already known is served by any vector of it.
    const stale = before.filter((row) => {
      const place = ids.indexOf(row.id);
      return place >= 0 && row.token === token && !hashes.includes(row.hash) && !after.has(row.id);
    });
    return [
      ...lost.map(({ id }) => `fence: ${id} was settled by a worker that no longer held it`),
      ...stale.map(({ id }) => `I2: ${id} was settled with the vector of other words`),
    ];
  };
}

/** The time that a request brings along for SQL. */
function nowOf(request: SqlRequest): string | undefined {
  const context = request.statements[0]?.params.find((param) => param?.startsWith("{"));
  return context ? (JSON.parse(context) as { now?: string }).now : undefined;
}
