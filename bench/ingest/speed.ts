// Time per event: one call of inbox.ingest() against eight statements, near and far, alone and in batches.
import type { IngestEvent } from "#brain/inbox/events.ts";
import { either } from "../kit/options.ts";
import { elapsed, rounds } from "../kit/rounds.ts";
import type { Session } from "../kit/session.ts";
import { median, pairedRatio } from "../kit/stats.ts";
import { figure, ms, type Row, times } from "../kit/table.ts";
import { naiveStatements } from "./naive.ts";
import type { Supply } from "./supply.ts";

/** `ours` logs in as the serving role, under row security; `theirs` owns the tables. */
export type Lines = { ours: Session; theirs: Session; supply: Supply };

const ROUNDS = either({ quick: 4, normal: 15 });
const BATCH = 100;

type Spent = { time: number; cpu: number };
type Found = { ingest: Spent[]; naive: Spent[] };

/** Milliseconds per event, on the clock and of the server's CPU. */
async function spent(line: Session, count: number, work: () => Promise<void>): Promise<Spent> {
  const before = line.cpu();
  const time = await elapsed(work);
  return { time: time / count, cpu: (line.cpu() - before) / count };
}

const oneByOne = async ({ ours, supply }: Lines, events: IngestEvent[], distance: number): Promise<Spent> =>
  spent(ours, events.length, async () => {
    for (const event of events) await ours.together(supply.batch([event]), distance);
  });

const atOnce = async ({ ours, supply }: Lines, events: IngestEvent[]): Promise<Spent> =>
  spent(ours, events.length, async () => void (await ours.together(supply.batch(events))));

async function naively({ theirs, supply }: Lines, events: IngestEvent[], distance: number): Promise<Spent> {
  const made = events.map((event) => naiveStatements(event, supply.place));
  return spent(theirs, made.length, async () => {
    for (const statements of made) await theirs.apart(statements, distance);
  });
}

/** Turn and turn about: rounds() knows numbers only, so what was spent is kept beside it. */
async function contest(ingest: () => Promise<Spent>, naive: () => Promise<Spent>): Promise<Found> {
  const found: Found = { ingest: [], naive: [] };
  const kept = (list: Spent[], work: () => Promise<Spent>) => async (round: number) => {
    const one = await work();
    if (round > 0) list.push(one);
    return one.time;
  };
  await rounds({ ingest: kept(found.ingest, ingest), naive: kept(found.naive, naive) }, { rounds: ROUNDS });
  return found;
}

type Single = { distance: number; events: number; atLeast?: number };

export async function singles(lines: Lines, { distance, events, atLeast }: Single): Promise<Row> {
  const found = await contest(
    async () => oneByOne(lines, await lines.supply.events(events), distance),
    async () => naively(lines, await lines.supply.events(events), distance),
  );
  const what = distance === 0 ? "one event, no distance" : `one event, ${distance} ms a round trip`;
  return row(what, found, atLeast);
}

export async function batches(lines: Lines): Promise<Row> {
  const found = await contest(
    async () => atOnce(lines, await lines.supply.events(BATCH)),
    async () => naively(lines, await lines.supply.events(BATCH / 4), 0),
  );
  return row(`batches of ${BATCH}, an event`, found, 10);
}

export async function duplicates(lines: Lines): Promise<Row[]> {
  const known = await lines.supply.events(BATCH);
  await atOnce(lines, known);
  const naive = async () => naively(lines, await lines.supply.events(20), 0);
  return [
    row("a duplicate, against a new one naively", await contest(() => oneByOne(lines, known.slice(0, 20), 0), naive)),
    row(`${BATCH} duplicates, each`, await contest(() => atOnce(lines, known), naive)),
  ];
}

function row(what: string, found: Found, atLeast?: number): Row {
  const of = (list: Spent[], kind: keyof Spent) => list.map((one) => one[kind]);
  const ratio = pairedRatio(of(found.naive, "time"), of(found.ingest, "time"));
  const cpu = pairedRatio(of(found.naive, "cpu"), of(found.ingest, "cpu"));
  return {
    what,
    cells: [
      ms(median(of(found.ingest, "time"))),
      ms(median(of(found.naive, "time"))),
      times(ratio),
      ms(median(of(found.ingest, "cpu"))),
      ms(median(of(found.naive, "cpu"))),
      `${figure(cpu.ratio)}x`,
    ],
    ...(atLeast === undefined ? {} : { value: ratio.ratio, unit: "x", goal: { name: "P6", atLeast } }),
  };
}
