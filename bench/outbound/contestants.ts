// The three queues, each with messages of its own and the same carrier, ready to take turns.
import { type BenchApp, bindings, openApp } from "../kit/app.ts";
import { openSession } from "../kit/session.ts";
import type { Stage } from "../kit/stage.ts";
import { openLine } from "./line.ts";
import { openOurs } from "./ours.ts";
import { plainMessages, plainTables, type Send, sendPlain } from "./plain.ts";
import { GRAPHILE_CONNECTIONS, openBoss, openGraphile, type Queue } from "./queues.ts";

export type Turn = { count: number; batch: number; distance: number };
/** Of one message: time, the server's CPU, round trips. */
export type Spent = { ms: number; cpu: number; requests: number };
export type Name = "ours" | "boss" | "boss checked" | "graphile" | "graphile checked";
export type Contest = { take: Record<Name, (turn: Turn) => Promise<Spent>>; close(): Promise<void> };

/** A carrier that takes everything at once: what is measured is the queue. */
function carrier() {
  let taken = 0;
  const send: Send = async ({ id }) => {
    taken += 1;
    return `sid-${id}`;
  };
  return { send, taken: () => taken };
}

export async function openContest(stage: Stage, app: BenchApp, people: number): Promise<Contest> {
  const direct = stage.direct;
  if (!direct) throw new Error("a server has URLs of its own");
  const session = await openSession(direct.appUrl);
  const ours = await openOurs(stage, { app, session, people });
  const bossLine = openLine(direct.ownerUrl, 1);
  const graphileLine = openLine(direct.ownerUrl, GRAPHILE_CONNECTIONS);
  const boss = await openBoss(bossLine);
  const graphile = await openGraphile(graphileLine);
  await plainTables(bossLine);

  type Measured = { turn: Turn; line: { cpu(): number }; work: (send: Send) => Promise<number> };
  const timed = async ({ turn, line, work }: Measured): Promise<Spent> => {
    const { send, taken } = carrier();
    const before = line.cpu();
    const began = performance.now();
    const requests = await work(send);
    const ms = performance.now() - began;
    const cpu = line.cpu() - before;
    if (taken() !== turn.count) throw new Error(`${taken()} of ${turn.count} were sent`);
    return { ms: ms / turn.count, cpu: cpu / turn.count, requests: requests / turn.count };
  };

  const theirs = (queue: Queue, line: typeof bossLine, checks: "checked" | "bare") => async (turn: Turn) => {
    const ids = await plainMessages(line, { count: turn.count, people });
    await queue.fill(ids);
    line.counted();
    line.goAway(turn.distance);
    const work = async (send: Send) => {
      const bare = (some: string[]) => Promise.all(some.map((id) => send({ id, to: "", text: "" })));
      await queue.drain(turn.batch, checks === "checked" ? (some) => sendPlain(line, some, send) : bare);
      return line.counted();
    };
    const spent = await timed({ turn, line, work });
    line.goAway(0);
    return spent;
  };

  return {
    take: {
      ours: async (turn) => {
        await ours.fill(turn.count);
        return timed({ turn, line: session, work: (send) => ours.drain({ ...turn, send }) });
      },
      boss: theirs(boss, bossLine, "bare"),
      "boss checked": theirs(boss, bossLine, "checked"),
      graphile: theirs(graphile, graphileLine, "bare"),
      "graphile checked": theirs(graphile, graphileLine, "checked"),
    },
    close: async () => {
      await boss.close();
      await graphile.close();
      await Promise.all([session.close(), bossLine.close(), graphileLine.close()]);
    },
  };
}

export const appOn = (stage: Stage): BenchApp =>
  openApp(bindings({ databaseUrl: stage.appUrl, endpoint: stage.neon.url }));
