// What a passage's vector costs to write and to keep, beside one in a plain column with an HNSW index.

import { either } from "../kit/options.ts";
import { elapsed, rounds } from "../kit/rounds.ts";
import { median, pairedRatio } from "../kit/stats.ts";
import { figure, ms, type Row, times } from "../kit/table.ts";
import { randomFrom } from "../kit/texts.ts";
import { direction, vectorText } from "../kit/vectors.ts";
import { backlog, type Drain, drain } from "./drain.ts";

const ROWS = 100;
const KNOWN = either({ quick: 200, normal: 2000 });
const ROUNDS = either({ quick: 2, normal: 4 });

async function logPosition({ stage }: Drain): Promise<number> {
  const [row] = await stage.neon.query("select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::float8 as at");
  return Number(row?.["at"]);
}

/** Vectors in a table as they are usually kept: float32, and a graph over all of them. */
async function plainTable(of: Drain): Promise<(count: number) => Promise<void>> {
  const random = randomFrom(12);
  const { neon } = of.stage;
  await neon.exec(`drop schema if exists bench cascade; create schema bench;
    create table bench.plain (id bigint generated always as identity primary key, embedding ext.vector(1536));
    create index on bench.plain using hnsw (embedding ext.vector_cosine_ops)`);
  const insert = async (count: number) => {
    const vectors = Array.from({ length: count }, () => vectorText(direction(random)));
    await neon.query(
      "insert into bench.plain (embedding) select v::ext.vector from jsonb_array_elements_text($1::jsonb) v",
      [JSON.stringify(vectors)],
    );
  };
  for (let made = 0; made < KNOWN; made += ROWS) await insert(ROWS);
  return insert;
}

export async function vectorSide(of: Drain): Promise<Row[]> {
  const insertPlain = await plainTable(of);
  const bytes: number[] = [];
  const found = await rounds(
    {
      ours: async () => {
        await backlog(of, ROWS);
        const before = await logPosition(of);
        const spent = await elapsed(() => drain(of));
        bytes.push(((await logPosition(of)) - before) / ROWS);
        return spent / ROWS;
      },
      plain: async () => (await elapsed(() => insertPlain(ROWS))) / ROWS,
    },
    { rounds: ROUNDS },
  );
  await of.stage.neon.exec("drop schema bench cascade");
  const ratio = pairedRatio(found.plain, found.ours);
  const log = median(bytes) / 1000;
  return [
    {
      what: "a vector, claimed and settled",
      cells: [ms(median(found.ours)), ms(median(found.plain)), times(ratio)],
      value: ratio.ratio,
      unit: "x",
      goal: { name: "P4", atLeast: 30 },
      note: `the other one is float32 with an HNSW index over ${KNOWN} vectors; it grows dearer with every one`,
    },
    {
      what: "  its log, queue and all",
      cells: [`${figure(log)} KB`],
      value: log,
      unit: " KB",
      goal: { name: "P4", atMost: 4.5 },
    },
    await stored(of),
  ];
}

/** Bytes a passage keeps beside its text: its vector with both indexes, and the indexes of its text. */
async function stored({ stage }: Drain): Promise<Row> {
  await stage.neon.maintain();
  const [row] = await stage.neon.query(`select
      pg_total_relation_size('memory.vectors')::float8 / (select count(*) from memory.vectors) as vector,
      pg_relation_size('memory.chunks_words')::float8 / (select count(*) from memory.chunks) as words,
      pg_indexes_size('memory.chunks')::float8 / (select count(*) from memory.chunks) as indexes`);
  const kb = (name: string) => Number(row?.[name]) / 1000;
  const all = kb("vector") + kb("indexes");
  return {
    what: "stored beside a passage's text",
    cells: [`${figure(all)} KB`],
    value: all,
    unit: " KB",
    goal: { name: "P4", atMost: 4.8 },
    note: `${figure(kb("vector"))} KB vector, code and their indexes; ${figure(kb("indexes"))} KB the text's indexes, ${figure(kb("words"))} of it words`,
  };
}
