// Drafts that nobody wrote: what a closed job teaches, and what is asked again and again without an answer.

import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { raw, send } from "#brain/kernel/batch.ts";
import { ctxOf, systemOf } from "#test/kit/ctx.ts";
import { deliver } from "#test/kit/jobs.ts";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { type Entry, type Knowing, knowing } from "./knowing.ts";

let w: World;

beforeAll(async () => {
  w = await world();
});

describe("a question that is asked again and again without an answer", () => {
  const question = "Do you also service Zanussi dryers? Call +45 20 30 40 50";
  let k: Knowing;
  let b: Tenant;
  const night = async () => (await deliver(w, "memory.knowledge.propose", { project: b.project })).json();
  const drafts = async () =>
    (await k.call<{ data: Entry[] }>("owner", "knowledge?origin=questions&status=draft")).body.data;
  const asked = async (text: string, times: number) => {
    for (let i = 0; i < times; i++) {
      w.clock.advance(60_000);
      await k.ask(text, { kind: "public" });
    }
  };

  beforeAll(async () => {
    b = await tenant(w.neon, "asked");
    k = await knowing(w, b);
  });

  test("proposes one draft of type faq, without numbers in its title and without an invented word", async () => {
    await asked(question, 2);
    expect(await night()).toEqual({ proposed: 0 });
    await asked("Call +45 20 30 40 50! do you also SERVICE a Zanussi dryer", 1);
    expect(await night()).toEqual({ proposed: 1 });
    expect(await night()).toEqual({ proposed: 0 });
    const [draft] = await drafts();
    const full = await k.call<Entry & { asked: unknown[] }>("owner", `knowledge/${draft?.id}`);
    expect(full.body).toMatchObject({
      type: "faq",
      visibility: "internal",
      body: "",
      title: expect.stringContaining("Zanussi"),
    });
    expect(full.body.title).not.toMatch(/20 30/);
    expect(full.body.asked).toHaveLength(3);
  });

  test("and, dismissed, none until it was asked as often again", async () => {
    const [draft] = await drafts();
    await k.call("lead", `knowledge/${draft?.id}/dismiss`, { version: 1, reason: "We do not." });
    await asked(question, 2);
    expect(await night()).toEqual({ proposed: 0 });
    await asked(question, 1);
    expect(await night()).toEqual({ proposed: 1 });
    expect((await drafts()).map(({ id }) => id)).not.toContain(draft?.id);
  });

  test("nor one that is answered by now, or was asked long ago", async () => {
    await asked("Where can I park the van?", 3);
    await k.live({ title: "Parking", body: "You can park the van behind the hall.", visibility: "client" });
    await asked("Where can I park the van?", 1);
    expect(await night()).toEqual({ proposed: 0 });
    await asked("Is there coffee in the hall at night?", 2);
    w.clock.advance(31 * 86_400_000);
    await asked("Is there coffee in the hall at night?", 2);
    expect(await night()).toEqual({ proposed: 0 });
  });
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
    await expect(send(ctx, [raw(ctx, lone)])).rejects.toMatchObject({ code: "event_unknown" });
    expect(await w.neon.query("select id from memory.kb_entries where id = 'kbe_lone'")).toEqual([]);
  });
});
