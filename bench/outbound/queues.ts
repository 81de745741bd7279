// pg-boss and graphile-worker, driven as fast as their own interfaces allow: one worker, one connection, nothing in between.
import { Logger, makeWorkerUtils, runTaskList, runTaskListOnce } from "graphile-worker";
import { PgBoss } from "pg-boss";
import type { Line } from "./line.ts";

export type Handler = (ids: string[]) => Promise<unknown>;

export type Queue = {
  fill(ids: string[]): Promise<void>;
  /** Hands every job to the handler, so many at a time, until none is left. */
  drain(batch: number, handle: Handler): Promise<void>;
  close(): Promise<void>;
};

type Payload = { id: string };

export async function openBoss(line: Line): Promise<Queue> {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => line.query(text, values) },
    // Its housekeeping would run beside the others' turns too.
    supervise: false,
    schedule: false,
  });
  boss.on("error", (error) => console.error(error));
  await boss.start();
  await boss.createQueue("messages");
  return {
    fill: async (ids) => {
      await boss.insert(
        "messages",
        ids.map((id) => ({ data: { id } })),
      );
      await line.query("analyze");
    },
    drain: async (batchSize, handle) => {
      for (;;) {
        const jobs = await boss.fetch<Payload>("messages", { batchSize });
        if (jobs.length === 0) return;
        await handle(jobs.map(({ data }) => data.id));
        await boss.complete(
          "messages",
          jobs.map(({ id }) => id),
        );
      }
    },
    close: () => boss.stop({ graceful: false }),
  };
}

const silent = new Logger(() => () => {});

/** One connection listens, one is the worker's, one the handler's; only one of them has something to do at a time. */
export const GRAPHILE_CONNECTIONS = 3;

export async function openGraphile(line: Line): Promise<Queue> {
  const utils = await makeWorkerUtils({ pgPool: line.pool, logger: silent });
  await utils.migrate();
  return {
    fill: async (ids) => {
      await utils.addJobs(ids.map((id) => ({ identifier: "message", payload: { id } })));
      await line.query("analyze");
    },
    drain: async (batch, handle) => {
      const task = async (payload: unknown) => void (await handle([(payload as Payload).id]));
      if (batch === 1) {
        const client = await line.pool.connect();
        const options = { logger: silent, noHandleSignals: true };
        await runTaskListOnce(options, { message: task }, client).promise;
        client.release();
        return;
      }
      return drainLocally(line, { batch, task });
    },
    close: async () => utils.release(),
  };
}

type Locally = { batch: number; task: (payload: unknown) => Promise<void> };

/** As its manual says for high load: jobs are fetched so many at once, handled side by side, and completed together. */
async function drainLocally(line: Line, { batch, task }: Locally): Promise<void> {
  const { rows } = await line.query("select count(*)::int as n from graphile_worker.jobs");
  let left = Number(rows[0]?.["n"]);
  const emptied = Promise.withResolvers<void>();
  const counted = async (payload: unknown) => {
    await task(payload);
    left -= 1;
    if (left === 0) emptied.resolve();
  };
  const worker = { localQueue: { size: batch }, completeJobBatchDelay: 0 };
  const options = { concurrency: batch, logger: silent, noHandleSignals: true, preset: { worker } };
  const working = runTaskList(options, { message: counted }, line.pool);
  await emptied.promise;
  await working.gracefulShutdown();
}
