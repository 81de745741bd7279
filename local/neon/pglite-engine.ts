// PGlite itself: Postgres messages in, Postgres messages out, one request at a time.
import { readFile } from "node:fs/promises";
import { PGlite } from "@electric-sql/pglite";
import { btree_gin } from "@electric-sql/pglite/contrib/btree_gin";
import { btree_gist } from "@electric-sql/pglite/contrib/btree_gist";
import { citext } from "@electric-sql/pglite/contrib/citext";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { pgcrypto } from "@electric-sql/pglite/contrib/pgcrypto";
import { unaccent } from "@electric-sql/pglite/contrib/unaccent";
import { vector } from "@electric-sql/pglite-pgvector";
import { isIdle, script } from "./wire.ts";

export type EngineData = { dataDir: string | null; snapshot: string | null };
export type EngineCall = { kind: "run"; bytes: Uint8Array } | { kind: "dump" | "close" };
export type Engine = { call(body: EngineCall): Promise<Uint8Array> };

export async function openEngine({ dataDir, snapshot }: EngineData): Promise<Engine> {
  const db = await PGlite.create({
    ...(dataDir === null ? {} : { dataDir }),
    ...(snapshot === null ? {} : { loadDataDir: new Blob([await readFile(snapshot)]) }),
    extensions: { btree_gin, btree_gist, citext, pg_trgm, pgcrypto, unaccent, vector },
  });

  async function run(bytes: Uint8Array): Promise<Uint8Array> {
    const output = await db.execProtocolRaw(bytes, { syncToFs: false });
    if (!isIdle(output)) await db.execProtocolRaw(script("rollback"), { syncToFs: false });
    // A view into wasm memory is gone with the next request, and cannot be handed to another thread.
    return output.slice();
  }

  async function dump(): Promise<Uint8Array> {
    const file = await db.dumpDataDir("none");
    return new Uint8Array(await file.arrayBuffer());
  }

  return {
    async call(body) {
      if (body.kind === "run") return run(body.bytes);
      if (body.kind === "dump") return dump();
      await db.close();
      return new Uint8Array();
    },
  };
}
