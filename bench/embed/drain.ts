// Database work of embedding a backlog: claim and settle, against writing the same vectors and nothing else.
import type { BenchApp, Tenant } from "../kit/app.ts";
import { enter } from "../kit/app.ts";
import { either } from "../kit/options.ts";
import { elapsed, rounds } from "../kit/rounds.ts";
import type { Session, Statement } from "../kit/session.ts";
import type { Stage } from "../kit/stage.ts";
import { median, pairedRatio } from "../kit/stats.ts";
import { figure, type Row, times } from "../kit/table.ts";
import { messageText, randomFrom } from "../kit/texts.ts";
import { direction, vectorText } from "../kit/vectors.ts";

const BATCH = 100;
const ROWS = either({ quick: 200, normal: 500 });
const ROUNDS = either({ quick: 2, normal: 6 });
export const MODEL = "bench-1536";

export type Drain = { stage: Stage; app: BenchApp; tenant: Tenant; ours: Session; theirs: Session };

/** Vectors are random and known beforehand: neither contestant waits for a model. */
const random = randomFrom(11);
const POOL = Array.from({ length: 200 }, () => vectorText(direction(random)));
const vectorsFor = (count: number): string[] =>
  Array.from({ length: count }, () => POOL[Math.floor(random() * POOL.length)] ?? "");

/** New passages without vectors, one text each; ids in order of time, as the product makes them. */
export async function backlog({ stage, app, tenant }: Drain, count: number): Promise<void> {
  const rows = Array.from({ length: count }, () => {
    const id = app.runtime.ids.uuid();
    return { id, text: `${messageText(random)} ${id}` };
  });
  await stage.neon.query(
    `with put as (
       insert into memory.chunks (project_id, account_scope_id, id, source_table, source_pk, chunk_index, visibility, occurred_at, lang,
           len, text, text_hash, tsv)
         select $1::uuid, $2::uuid, r.id, 'memory.kb_entries', 'kb_' || r.id, 0, 2, now(), 'english',
           length(to_tsvector('english', r.text)), r.text, left(encode(sha256(convert_to(r.text, 'UTF8')), 'hex'), 32),
           to_tsvector('english', r.text)
         from jsonb_to_recordset($3::jsonb) r (id uuid, text text) returning id, text_hash)
     insert into memory.pending (project_id, account_scope_id, chunk_id, text_hash) select $1::uuid, $2::uuid, id, text_hash from put`,
    [tenant.project, tenant.accountScope, JSON.stringify(rows)],
  );
}

type Claimed = { rows: { id: string; hash: string }[]; more: boolean };

/** Claims and settles until nothing is left; the ids that got a vector. */
export async function drain({ app, tenant, ours }: Drain): Promise<string[]> {
  const { ids } = app.runtime;
  const entered = enter({ kind: "system", project: tenant.project, job: "memory.embed" }, "memory:write");
  const done: string[] = [];
  for (let more = true; more; ) {
    const token = ids.uuid();
    const [, answer] = await ours.together([
      entered,
      claim([token, MODEL, BATCH, ids.next("outbox"), ids.next("event")]),
    ]);
    const claimed = answer?.[0]?.["claim"] as Claimed;
    more = claimed.more;
    if (claimed.rows.length === 0) break;
    const chunks = claimed.rows.map(({ id }) => id);
    const hashes = claimed.rows.map(({ hash }) => hash);
    await ours.together([
      entered,
      settle([token, MODEL, chunks, hashes, vectorsFor(chunks.length), ids.next("event")]),
    ]);
    done.push(...chunks);
  }
  return done;
}

const claim = (values: unknown[]): Statement => ({
  text: "select memory.claim($1, $2, $3, interval '120 seconds', 5, $4, $5) as claim",
  values,
});

const settle = (values: unknown[]): Statement => ({
  text: "select memory.settle($1, $2, $3::uuid[], $4::text[], $5::text[], $6) as settled",
  values,
});

/** The least that could be done: the vectors written over, in the same table with the same indexes, no queue, no checks. */
async function writeOnly({ tenant, theirs }: Drain, chunks: string[]): Promise<void> {
  for (let at = 0; at < chunks.length; at += BATCH) {
    const some = chunks.slice(at, at + BATCH);
    await theirs.together([
      {
        text: `with u as materialized (select i, v::ext.halfvec(1536) as h from unnest($2::uuid[], $3::text[]) u (i, v))
          update memory.vectors v set embedding = u.h, code = ext.binary_quantize(u.h)::bit(1536), embedded_at = now()
          from u where v.project_id = $1 and v.chunk_id = u.i`,
        values: [tenant.project, some, vectorsFor(some.length)],
      },
    ]);
  }
}

export async function drainRate(of: Drain): Promise<Row> {
  let settled: string[] = [];
  await backlog(of, BATCH);
  settled = await drain(of);
  const found = await rounds(
    {
      drain: async () => {
        await backlog(of, ROWS);
        return elapsed(async () => {
          settled = await drain(of);
        });
      },
      write: async () => {
        const spent = await elapsed(() => writeOnly(of, settled));
        return (spent / settled.length) * ROWS;
      },
    },
    { rounds: ROUNDS },
  );
  const ratio = pairedRatio(found.write, found.drain);
  const rate = (samples: number[]) => `${figure((ROWS / median(samples)) * 1000)}/s`;
  return {
    what: "rows drained, against written over",
    cells: [rate(found.drain), rate(found.write), times(ratio)],
    value: ratio.ratio,
    unit: "x",
    goal: { name: "P8", atLeast: 0.85 },
  };
}
