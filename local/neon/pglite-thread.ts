// PGlite in a thread of its own: Postgres messages come in, Postgres messages go out, one request at a time.
import { readFile } from "node:fs/promises";
import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { btree_gin } from "@electric-sql/pglite/contrib/btree_gin";
import { btree_gist } from "@electric-sql/pglite/contrib/btree_gist";
import { citext } from "@electric-sql/pglite/contrib/citext";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { pgcrypto } from "@electric-sql/pglite/contrib/pgcrypto";
import { unaccent } from "@electric-sql/pglite/contrib/unaccent";
import { vector } from "@electric-sql/pglite-pgvector";
import { isIdle, script } from "./wire.ts";

export type ThreadData = { dataDir: string | null; snapshot: string | null };
export type ThreadCall = { id: number; kind: "run"; bytes: Uint8Array } | { id: number; kind: "dump" | "close" };
export type ThreadReply = { id: number; bytes?: Uint8Array; failure?: string };

const data = workerData as ThreadData;
const port = parentPort;
if (port === null) throw new Error("pglite-thread.ts runs as a worker thread only");

const db = await PGlite.create({
  ...(data.dataDir === null ? {} : { dataDir: data.dataDir }),
  ...(data.snapshot === null ? {} : { loadDataDir: new Blob([await readFile(data.snapshot)]) }),
  extensions: { btree_gin, btree_gist, citext, pg_trgm, pgcrypto, unaccent, vector },
});

async function run(bytes: Uint8Array): Promise<Uint8Array> {
  const output = await db.execProtocolRaw(bytes, { syncToFs: false });
  if (!isIdle(output)) await db.execProtocolRaw(script("rollback"), { syncToFs: false });
  // A view into wasm memory cannot be handed to another thread.
  return output.slice();
}

async function dump(): Promise<Uint8Array> {
  const file = await db.dumpDataDir("none");
  return new Uint8Array(await file.arrayBuffer());
}

async function answer(call: ThreadCall): Promise<ThreadReply> {
  try {
    if (call.kind === "run") return { id: call.id, bytes: await run(call.bytes) };
    if (call.kind === "dump") return { id: call.id, bytes: await dump() };
    await db.close();
    return { id: call.id };
  } catch (cause) {
    return { id: call.id, failure: cause instanceof Error ? cause.message : String(cause) };
  }
}

port.on("message", async (call: ThreadCall) => {
  const reply = await answer(call);
  const transfer = reply.bytes ? [reply.bytes.buffer as ArrayBuffer] : [];
  port.postMessage(reply, transfer);
  if (call.kind === "close") port.close();
});
port.postMessage({ id: 0 } satisfies ThreadReply);
