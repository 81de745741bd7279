/** What belongs to no project and whose time is over leaves with the tick, in a request of its own: it must not stop the tick. */
import { raw, send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import type { Housekeeping } from "../kernel/retention.ts";

/** Of each kind; the next tick takes more. */
const most = 500;

type Purged = Record<string, number>;

export async function keepHouse(ctx: Ctx, houses: readonly Housekeeping[]): Promise<void> {
  const own: Ctx = { ...ctx, meter: { requests: 0 } };
  const answers = (await send(
    own,
    houses.map((house) => raw<{ purged: Purged }>(own, house.purge(most))),
  )) as unknown as { rows: { purged: Purged }[] }[];
  const purged = Object.assign({}, ...answers.map(({ rows }) => rows[0]?.purged)) as Purged;
  if (Object.values(purged).some((rows) => rows > 0)) ctx.log({ housekeeping: "purged", ...purged });
}
