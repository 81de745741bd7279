// Drafts that nobody wrote: what a closed job teaches, and what is asked again and again without an answer.

import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { raw, send } from "#brain/kernel/batch.ts";
import { ctxOf, systemOf } from "#test/kit/ctx.ts";
import { type World, world } from "#test/kit/world.ts";

let w: World;

beforeAll(async () => {
  w = await world();
});

describe("a job that is closed", () => {
  const propose = (proposal: string, n: number) => {
    const ctx = ctxOf(w, systemOf(w.a));
    const event = `evt_closed_${w.a.accountId}_${n}`;
    return send(ctx, [
      raw<{ id: string | null }>(
        ctx,
        sql`select memory.propose_entry(${`kbe_${n}_${w.a.accountId}`}, ${`evt_proposed_${w.a.accountId}_${n}`}, ${proposal},
          ${" Boiler  trips\nits overheat cutout "}, ${"Cleaned the pump filter. Parts: filter 12-7."}, ${event}) as id`,
      ),
      // The ledger row of the closing may come after what it proposes: they stand or fall together.
      raw(
        ctx,
        sql`insert into shared.events (project_id, id, request_id, kind, actor, ref_type, ref_id)
          values (shared.scope(), ${event}, 'req_x', 'job.status.changed', 'system', 'job', 'job_1')`,
      ),
    ]);
  };

  test("proposes one draft of type diag with the event it rests on, once", async () => {
    const [first] = await propose("job:job_1", 1);
    expect(first.rows).toEqual([{ id: `kbe_1_${w.a.accountId}` }]);
    const [again] = await propose("job:job_1", 2);
    expect(again.rows).toEqual([{ id: null }]);
    const entries = await w.neon.query(
      "select id, type, status, visibility, origin, title, body, source_event_id, version from memory.kb_entries where project_id = $1",
      [w.a.project],
    );
    expect(entries).toEqual([
      {
        id: `kbe_1_${w.a.accountId}`,
        type: "diag",
        status: "draft",
        visibility: 2,
        origin: "job",
        title: "Boiler trips its overheat cutout",
        body: "Cleaned the pump filter. Parts: filter 12-7.",
        source_event_id: `evt_closed_${w.a.accountId}_1`,
        version: 1,
      },
    ]);
    const events = await w.neon.query(
      "select kind, ref_id, payload->>'source_event' as source from shared.events where project_id = $1 and kind = 'memory.entry.proposed'",
      [w.a.project],
    );
    expect(events).toEqual([
      { kind: "memory.entry.proposed", ref_id: `kbe_1_${w.a.accountId}`, source: `evt_closed_${w.a.accountId}_1` },
    ]);
    const kept = await w.neon.query("select version, written_by from memory.kb_versions where project_id = $1", [
      w.a.project,
    ]);
    expect(kept).toEqual([{ version: 1, written_by: expect.stringMatching(/^system/) }]);
  });

  test("is not proposed without the event", async () => {
    const ctx = ctxOf(w, systemOf(w.a));
    const lone = sql`select memory.propose_entry('kbe_lone', 'evt_lone', 'job:lone', 'No event', 'x', 'evt_nowhere') as id`;
    await expect(send(ctx, [raw(ctx, lone)])).rejects.toThrow(/23503/);
    expect(await w.neon.query("select id from memory.kb_entries where id = 'kbe_lone'")).toEqual([]);
  });
});
