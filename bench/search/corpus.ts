// Tenants of a chosen size for search: conversations with words, clustered vectors made inside the database, and the same
// vectors in float32 in a table of the bench's own, which an exact scan can be held against.
import type { Tenant } from "../kit/app.ts";
import type { Stage } from "../kit/stage.ts";
import { messageText, type Random, randomFrom } from "../kit/texts.ts";
import { DIMENSIONS, direction, vectorText } from "../kit/vectors.ts";

export const MODEL = "bench-1536";
const CENTRES = 64;
const NOISES = 256;
/** Length of each of the three noises that a text has around its subject's centre: two texts of one subject have a cosine near 0.5. */
const NOISE = 0.6;
const TURNS = 20;
const BATCH = 500;

export type Pool = { centres: Float32Array[]; noises: Float32Array[] };

/** Directions that all vectors of this stage are made of, in the database and here. */
export async function openPool(stage: Stage): Promise<Pool> {
  const random = randomFrom(31);
  const centres = Array.from({ length: CENTRES }, () => direction(random));
  const noises = Array.from({ length: NOISES }, () => direction(random).map((value) => value * NOISE));
  await stage.neon.exec(`drop schema if exists bench cascade; create schema bench;
    create table bench.part (kind text, i int, v ext.vector(${DIMENSIONS}), primary key (kind, i));
    create table bench.exact (project_id uuid, chunk_id uuid, embedding ext.vector(${DIMENSIONS}));
    create index on bench.exact (project_id);
    insert into memory.models (name) values ('${MODEL}') on conflict do nothing`);
  for (const [kind, list] of Object.entries({ centre: centres, noise: noises })) {
    for (let at = 0; at < list.length; at += 64) {
      const texts = list.slice(at, at + 64).map(vectorText);
      await stage.neon.query(
        "insert into bench.part select $1, $2 + n - 1, v::ext.vector from jsonb_array_elements_text($3::jsonb) with ordinality x (v, n)",
        [kind, at, JSON.stringify(texts)],
      );
    }
  }
  return { centres, noises };
}

/** A question's vector: a subject, and what no stored text has. */
export function questionVector(pool: Pool, random: Random): Float32Array {
  const pick = (list: Float32Array[]) => list[Math.floor(random() * list.length)] ?? new Float32Array(DIMENSIONS);
  const parts = [
    pick(pool.centres),
    pick(pool.noises),
    pick(pool.noises),
    direction(random).map((value) => value * NOISE),
  ];
  return Float32Array.from({ length: DIMENSIONS }, (_, i) => parts.reduce((sum, part) => sum + (part[i] ?? 0), 0));
}

/** Passages with vectors in a tenant; `from` continues where an earlier call ended. */
export async function fill(stage: Stage, tenant: Tenant, of: { from: number; count: number }): Promise<void> {
  const random = randomFrom(of.from + 77);
  for (let at = of.from; at < of.from + of.count; at += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, of.from + of.count - at) }, (_, i) => row(random, at + i));
    await insert(stage, tenant, rows);
  }
  await stage.neon.query(
    `insert into memory.corpus as k (project_id, account_scope_id, chunks, tokens, model_id)
       select $1::uuid, $2::uuid, count(*), sum(len), (select id from memory.models where name = $3) from memory.chunks where project_id = $1::uuid
     on conflict (project_id) do update set chunks = excluded.chunks, tokens = excluded.tokens, model_id = excluded.model_id`,
    [tenant.project, tenant.accountScope, MODEL],
  );
}

function row(random: Random, n: number) {
  const some = (of: number) => Math.floor(random() * of);
  return {
    n,
    conversation: Math.floor(n / TURNS),
    seq: n % TURNS,
    text: messageText(random),
    centre: some(CENTRES),
    noises: [some(NOISES), some(NOISES), some(NOISES)],
  };
}

async function insert(stage: Stage, tenant: Tenant, rows: ReturnType<typeof row>[]): Promise<void> {
  await stage.neon.query(
    `with given as materialized (
       select r.*, gen_random_uuid() as id, to_tsvector('english', r.text) as tsv, ext.l2_normalize(c.v operator(ext.+) a.v operator(ext.+) b.v operator(ext.+) d.v) as f
       from jsonb_to_recordset($3::jsonb) r (n int, conversation int, seq int, text text, centre int, noises int[])
         join bench.part c on c.kind = 'centre' and c.i = r.centre
         join bench.part a on a.kind = 'noise' and a.i = r.noises[1]
         join bench.part b on b.kind = 'noise' and b.i = r.noises[2]
         join bench.part d on d.kind = 'noise' and d.i = r.noises[3]
     ), put as (
       insert into memory.chunks (project_id, account_scope_id, id, source_table, source_pk, chunk_index, conversation_global_id, seq,
           contact_id, visibility, occurred_at, lang, len, text, text_hash, tsv)
         select $1::uuid, $2::uuid, g.id, 'inbox.cw_messages', 'bench:' || g.n, 0, 'cw:' || $1::uuid || ':1:' || g.conversation, g.seq,
           'con_' || g.conversation % 500, 1, timestamptz '2026-01-01' + g.n * interval '1 minute', 'english', length(g.tsv), g.text,
           left(encode(sha256(convert_to(g.text || g.n, 'UTF8')), 'hex'), 32), g.tsv
         from given g
     ), kept as (
       insert into bench.exact select $1::uuid, g.id, g.f from given g
     )
     insert into memory.vectors (project_id, account_scope_id, chunk_id, model_id, visibility, contact_id, occurred_at, text_hash, code, embedding)
       select $1::uuid, $2::uuid, g.id, (select id from memory.models where name = $4), 1, 'con_' || g.conversation % 500,
         timestamptz '2026-01-01' + g.n * interval '1 minute', left(encode(sha256(convert_to(g.text || g.n, 'UTF8')), 'hex'), 32),
         ext.binary_quantize(h)::bit(${DIMENSIONS}), h
       from given g, lateral (select g.f::ext.halfvec(${DIMENSIONS}) as h offset 0) x`,
    [tenant.project, tenant.accountScope, JSON.stringify(rows), MODEL],
  );
}
