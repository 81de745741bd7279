// Time per event: one call of inbox.ingest() against eight statements, near and far, alone and in batches.
import { either } from "../kit/options.ts";
import { elapsed, rounds } from "../kit/rounds.ts";
import type { Session } from "../kit/session.ts";
import { median, pairedRatio } from "../kit/stats.ts";
import { ms, type Row, times } from "../kit/table.ts";
import { naiveStatements } from "./naive.ts";
import type { Supply } from "./supply.ts";

/** `ours` logs in as the serving role, under row security; `theirs` owns the tables. */
export type Lines = { ours: Session; theirs: Session; supply: Supply };

const ROUNDS = either({ quick: 4, normal: 12 });
const BATCH = 100;

type Single = { distance: number; events: number; atLeast?: number };

export async function singles({ ours, theirs, supply }: Lines, { distance, events, atLeast }: Single): Promise<Row> {
  const found = await rounds(
    {
      ingest: async () => {
        const made = await supply.events(events);
        const spent = await elapsed(async () => {
          for (const event of made) await ours.together(supply.batch([event]), distance);
        });
        return spent / events;
      },
      naive: async () => {
        const made = (await supply.events(events)).map((event) => naiveStatements(event, supply.place));
        const spent = await elapsed(async () => {
          for (const statements of made) await theirs.apart(statements, distance);
        });
        return spent / events;
      },
    },
    { rounds: ROUNDS },
  );
  const what = distance === 0 ? "one event, no distance" : `one event, ${distance} ms a round trip`;
  return row(what, found, atLeast);
}

export async function batches({ ours, theirs, supply }: Lines): Promise<Row> {
  const found = await rounds(
    {
      ingest: async () => {
        const made = await supply.events(BATCH);
        return (await elapsed(() => ours.together(supply.batch(made)))) / BATCH;
      },
      naive: async () => {
        const made = (await supply.events(BATCH / 4)).map((event) => naiveStatements(event, supply.place));
        const spent = await elapsed(async () => {
          for (const statements of made) await theirs.apart(statements);
        });
        return spent / made.length;
      },
    },
    { rounds: ROUNDS },
  );
  return row(`batches of ${BATCH}, an event`, found, 10);
}

export async function duplicates({ ours, theirs, supply }: Lines): Promise<Row[]> {
  const known = await supply.events(BATCH);
  await ours.together(supply.batch(known));
  const found = await rounds(
    {
      single: async () => {
        const some = known.slice(0, 20);
        const spent = await elapsed(async () => {
          for (const event of some) await ours.together(supply.batch([event]));
        });
        return spent / some.length;
      },
      batch: async () => (await elapsed(() => ours.together(supply.batch(known)))) / BATCH,
      naive: async () => {
        const made = (await supply.events(20)).map((event) => naiveStatements(event, supply.place));
        const spent = await elapsed(async () => {
          for (const statements of made) await theirs.apart(statements);
        });
        return spent / made.length;
      },
    },
    { rounds: ROUNDS },
  );
  return [
    row("a duplicate, against a new one naively", { ingest: found.single, naive: found.naive }),
    row(`${BATCH} duplicates, each`, { ingest: found.batch, naive: found.naive }),
  ];
}

function row(what: string, found: { ingest: number[]; naive: number[] }, atLeast?: number): Row {
  const ratio = pairedRatio(found.naive, found.ingest);
  return {
    what,
    cells: [ms(median(found.ingest)), ms(median(found.naive)), times(ratio)],
    ...(atLeast === undefined ? {} : { value: ratio.ratio, unit: "x", goal: { name: "P6", atLeast } }),
  };
}
