// The endpoint's PGlite side: speaks to the engine, takes turns, and lets each request begin in its user's role.
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { Worker } from "node:worker_threads";
import { takePidLock } from "../pid-lock.ts";
import type { Backend } from "./backend.ts";
import { beginAs, checkStatements, findRole, SUPERUSER } from "./login.ts";
import type { Engine, EngineCall, EngineData } from "./pglite-engine.ts";
import type { ThreadCall, ThreadReply } from "./pglite-thread.ts";
import type { SqlRequest, SqlResult, Statement } from "./protocol.ts";
import { Turns } from "./turns.ts";
import { pipeline, readOutput, script } from "./wire.ts";

export type PgliteOptions = {
  /** Folder of the data files; in memory when absent. */
  dataDir?: string;
  /** Path of a tar made by `dump()`, loaded into an empty database. */
  snapshot?: string;
  /** Milliseconds that a request may wait for its turn. */
  patience?: number;
  /** In this thread: half a millisecond a request less, and nobody else is served while one runs. Else in one of its own. */
  inThread?: boolean;
};

export async function openPglite(options: PgliteOptions): Promise<Backend> {
  const unlock = options.dataDir === undefined ? async () => {} : await lockFolder(options.dataDir);
  try {
    const data = { dataDir: options.dataDir ?? null, snapshot: options.snapshot ?? null };
    const engine = await (options.inThread ? openEngineHere(data) : startThread(data));
    return pgliteBackend(engine, { turns: new Turns(options.patience ?? 15_000), unlock });
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function lockFolder(dataDir: string): Promise<() => Promise<void>> {
  await mkdir(dirname(dataDir), { recursive: true });
  return takePidLock(`${dataDir}.lock`);
}

/** Loaded when it is wanted: whoever leaves PGlite to its thread need not compile it here. */
async function openEngineHere(data: EngineData): Promise<Engine> {
  const { openEngine } = await import("./pglite-engine.ts");
  return openEngine(data);
}

async function startThread(data: EngineData): Promise<Engine> {
  const worker = new Worker(new URL("./pglite-thread.ts", import.meta.url), { workerData: data });
  const waiting = new Map<number, PromiseWithResolvers<Uint8Array>>();
  let last = 0;
  let dead: Error | null = null;
  const expect = (id: number): Promise<Uint8Array> => {
    const promise = Promise.withResolvers<Uint8Array>();
    waiting.set(id, promise);
    return promise.promise;
  };
  const die = (error: Error) => {
    dead ??= error;
    for (const promise of waiting.values()) promise.reject(dead);
    waiting.clear();
  };
  worker.on("error", die);
  worker.on("exit", () => die(new Error("the PGlite thread has ended")));
  worker.on("message", (reply: ThreadReply) => {
    const promise = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.failure !== undefined) promise?.reject(new Error(reply.failure));
    else promise?.resolve(reply.bytes ?? new Uint8Array());
  });
  await expect(0);
  return {
    call(body: EngineCall) {
      if (dead !== null) return Promise.reject(dead);
      last += 1;
      worker.postMessage({ ...body, id: last } satisfies ThreadCall);
      return expect(last);
    },
  };
}

type Parts = { turns: Turns; unlock: () => Promise<void> };

function pgliteBackend(engine: Engine, { turns, unlock }: Parts): Backend {
  const sessions = new Map<string, Statement[]>([[SUPERUSER, []]]);
  const send = async (bytes: Uint8Array): Promise<SqlResult[]> => {
    const { results, error } = readOutput(await engine.call({ kind: "run", bytes }));
    if (error !== null) throw error;
    return results;
  };
  const admit = async (user: string): Promise<Statement[]> => {
    const known = sessions.get(user);
    if (known !== undefined) return known;
    const [role] = await send(pipeline([findRole(user)]));
    const session = beginAs(user, role?.rows[0]);
    sessions.set(user, session);
    return session;
  };
  return {
    owner: { user: SUPERUSER, password: SUPERUSER },
    database: "postgres",
    run(request) {
      return turns.take(async () => {
        const { before, after } = frame(request, await admit(request.login.user));
        const results = await send(pipeline([...before, ...request.statements, ...after]));
        return results.slice(before.length, before.length + request.statements.length);
      });
    },
    async exec(sql) {
      await turns.take(() => send(script(sql)));
    },
    dump: () => turns.take(() => engine.call({ kind: "dump" })),
    async close() {
      await turns.take(() => engine.call({ kind: "close" }));
      await unlock();
    },
  };
}

/** The statements around the client's own: transaction and role. The superuser's single statement stands alone. */
function frame(
  { login, begin, statements }: SqlRequest,
  session: Statement[],
): { before: Statement[]; after: Statement[] } {
  const superuser = login.user === SUPERUSER;
  if (!superuser) checkStatements(statements);
  if (superuser && begin === null) return { before: [], after: [] };
  return { before: [say(`begin ${begin ?? ""}`), ...session], after: [say("commit")] };
}

function say(query: string): Statement {
  return { query, params: [] };
}
