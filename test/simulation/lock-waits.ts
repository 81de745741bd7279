/** SKIP LOCKED, on a Postgres with many sessions: whom a claim waits for, told by the server's own lists and not by a clock. */
import pg from "pg";
import type { RaceDatabase } from "#test/kit/database.ts";
import { deliver } from "#test/kit/jobs.ts";
import { put, remembering } from "#test/memory/waiting.ts";

const guard = "for update of q skip locked";

/** What a claim did while another session held two of six waiting rows. */
export type Waited = { waitsForHolder: boolean; embeddedMeanwhile: number };

const look = "select $1 = any(pg_blocking_pids(l.pid)) as waits from pg_locks l where not l.granted";

export async function claimBesideHolder(neon: RaceDatabase): Promise<Waited> {
  const w = await remembering({ neon });
  await put(w, w.a, ["one", "two", "three", "four", "five", "six"]);
  const holder = new pg.Client({ connectionString: neon.direct.ownerUrl });
  await holder.connect();
  try {
    const { rows } = await holder.query("select pg_backend_pid() as pid");
    await holder.query("begin");
    await holder.query("select from memory.pending where project_id = $1 order by chunk_id limit 2 for update", [
      w.a.project,
    ]);
    let ended = false;
    const claim = deliver(w, "memory.embed", { project: w.a.project }).finally(() => {
      ended = true;
    });
    let waitsForHolder = false;
    while (!ended && !waitsForHolder) {
      waitsForHolder = (await neon.query(look, [rows[0].pid])).some(({ waits }) => waits === true);
    }
    const [done] = await neon.query("select count(*)::int as n from memory.vectors where project_id = $1", [
      w.a.project,
    ]);
    await holder.query("commit");
    await claim;
    return { waitsForHolder, embeddedMeanwhile: Number(done?.["n"]) };
  } finally {
    await holder.end();
  }
}

/** The same with the guard taken out of the installed function, which is put back afterwards. */
export async function claimWithoutSkipping(neon: RaceDatabase): Promise<Waited> {
  const [row] = await neon.query("select pg_get_functiondef('memory.claim'::regproc) as text");
  const text = String(row?.["text"]);
  if (!text.includes(guard)) throw new Error(`memory.claim has no "${guard}"`);
  await neon.exec(text.replace(guard, "for update of q"));
  try {
    return await claimBesideHolder(neon);
  } finally {
    await neon.exec(text);
  }
}
