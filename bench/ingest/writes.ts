// What an event leaves behind: bytes of write-ahead log and tuples, for new ones and for repeats, and what a passage's text costs.
import { enter } from "../kit/app.ts";
import { either } from "../kit/options.ts";
import type { Session, Statement } from "../kit/session.ts";
import { median } from "../kit/stats.ts";
import { figure, ms, type Row } from "../kit/table.ts";
import { messageText, randomFrom } from "../kit/texts.ts";
import { naiveStatements } from "./naive.ts";
import type { Lines } from "./speed.ts";

const EVENTS = either({ quick: 100, normal: 500 });
const TUPLES: Statement = {
  text: "select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::int as tuples from pg_stat_xact_user_tables",
  values: [],
};
const bytes = (value: number): string => `${figure(value)} B`;

async function position(owner: Session): Promise<bigint> {
  const [rows] = await owner.together([
    { text: "select pg_current_wal_insert_lsn() - '0/0'::pg_lsn as at", values: [] },
  ]);
  return BigInt(String(rows?.[0]?.["at"]));
}

/** Bytes of write-ahead log while the work runs; nobody else writes on this server. */
async function logged(owner: Session, work: () => Promise<unknown>): Promise<number> {
  const before = await position(owner);
  await work();
  return Number((await position(owner)) - before);
}

export async function walPerEvent({ ours, theirs, supply }: Lines): Promise<Row[]> {
  const one = await supply.events(EVENTS);
  const many = await supply.events(EVENTS);
  const naive = (await supply.events(EVENTS)).map((event) => naiveStatements(event, supply.place));
  const alone = await logged(theirs, async () => {
    for (const event of one) await ours.together(supply.batch([event]));
  });
  const batched = await logged(theirs, async () => {
    for (let at = 0; at < many.length; at += 100) await ours.together(supply.batch(many.slice(at, at + 100)));
  });
  const apart = await logged(theirs, async () => {
    for (const statements of naive) await theirs.apart(statements);
  });
  return [
    { what: "a new event", cells: [bytes(alone / EVENTS), bytes(apart / EVENTS), ""] },
    { what: "a new event, batches of 100", cells: [bytes(batched / EVENTS), bytes(apart / EVENTS), ""] },
  ];
}

export async function duplicateWrites({ ours, theirs, supply }: Lines): Promise<Row> {
  const known = await supply.events(50);
  await ours.together(supply.batch(known));
  const samples: number[] = [];
  const tuples: number[] = [];
  for (const event of known) {
    samples.push(await logged(theirs, () => ours.together(supply.batch([event]))));
    const results = await ours.together([...supply.batch([event]), TUPLES]);
    tuples.push(Number(results.at(-1)?.[0]?.["tuples"]));
  }
  const most = Math.max(...tuples);
  return {
    what: "a duplicate (middle; most tuples)",
    cells: [bytes(median(samples)), "", `${most}`],
    value: most,
    unit: " tuples",
    goal: { name: "P5", atMost: 0 },
  };
}

type Source = Record<string, unknown>;

/** memory.put_chunks() alone: words, both languages' stems, every index, and the row that asks for a vector. */
export async function textSide({ ours, theirs, supply }: Lines): Promise<Row[]> {
  const random = randomFrom(4);
  const sources = (count: number): Source[] =>
    Array.from({ length: count }, () => ({
      source_table: "memory.kb_entries",
      source_pk: crypto.randomUUID(),
      conversation: null,
      seq: null,
      contact: null,
      visibility: 2,
      occurred_at: "2026-11-15T08:00:00Z",
      lang: random() < 0.5 ? "english" : "danish",
      fresh: true,
      chunks: [{ id: crypto.randomUUID(), text: messageText(random) }],
    }));
  const put = async (some: Source[]): Promise<number> => {
    const [, plan] = await ours.together([
      enter({ kind: "system", project: supply.tenant.project, job: "bench" }),
      {
        text: "explain (analyze, timing off, format json) select memory.put_chunks($1::jsonb)",
        values: [JSON.stringify(some)],
      },
    ]);
    const explained = plan?.[0]?.["QUERY PLAN"] as { "Execution Time": number }[] | undefined;
    return (explained?.[0]?.["Execution Time"] ?? Number.NaN) / some.length;
  };
  await put(sources(10));
  const [alone, batched]: number[][] = [[], []];
  const single = await logged(theirs, async () => {
    for (const source of sources(EVENTS / 2)) alone?.push(await put([source]));
  });
  const together = await logged(theirs, async () => {
    for (let made = 0; made < EVENTS; made += 100) batched?.push(await put(sources(100)));
  });
  return [
    text("a passage, single", { time: median(alone ?? []), wal: single / (EVENTS / 2), atMost: 0.3 }),
    text("a passage, 100 at once", { time: median(batched ?? []), wal: together / EVENTS, atMost: 0.15 }),
  ].flat();
}

function text(what: string, found: { time: number; wal: number; atMost: number }): Row[] {
  return [
    {
      what,
      cells: [ms(found.time), bytes(found.wal)],
      value: found.time,
      unit: " ms",
      goal: { name: "P4", atMost: found.atMost },
    },
    {
      what: "  its log",
      cells: ["", bytes(found.wal)],
      value: found.wal / 1000,
      unit: " KB",
      goal: { name: "P4", atMost: 2.2 },
    },
  ];
}
