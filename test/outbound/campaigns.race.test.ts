// Campaigns on a Postgres with many sessions: several enqueuers at once, a pause against claims, a reply against both.
import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { raw, send } from "#brain/kernel/batch.ts";
import { ctxOf, systemOf } from "#test/kit/ctx.ts";
import { type RaceDatabase, raceDatabase } from "#test/kit/database.ts";
import { deliver } from "#test/kit/jobs.ts";
import { type Campaigning, campaigning, members } from "./campaigning.ts";

let neon: RaceDatabase;
beforeAll(async () => {
  neon = await raceDatabase();
});

async function running(count: number, tag: string): Promise<{ c: Campaigning; id: string; people: string[] }> {
  const c = await campaigning({ neon });
  const people = await members(c.w, c.w.a, { count, tag });
  const made = await c.campaign({ filter: { all: [{ field: "name", contains: "Member" }] } });
  await c.post(`/campaigns/${made.id}/approve`, { version: made.version });
  expect(await c.post(`/campaigns/${made.id}/start`, {})).toMatchObject({ status: 200 });
  c.w.queue.published.splice(0);
  return { c, id: made.id, people };
}

const job = (c: Campaigning, name: string, body: Record<string, unknown>) =>
  deliver(c.w, name, { project: c.w.a.project, ...body });

test("two, then six enqueuers at once write each member once", async () => {
  const { c, id } = await running(1300, "r");
  const two = await Promise.all([1, 2].map(() => job(c, "outbound.campaigns.run", { campaign: id })));
  const six = await Promise.all([1, 2, 3, 4, 5, 6].map(() => job(c, "outbound.campaigns.run", { campaign: id })));
  expect([...two, ...six].map(({ status }) => status)).toEqual(Array(8).fill(200));
  const told = (await Promise.all([...two, ...six].map((answer) => answer.json()))) as { queued: number }[];
  expect(told.reduce((sum, { queued }) => sum + queued, 0)).toBe(1300);
  const [held] = await c.w.neon.query(
    `select count(*)::int as messages, count(distinct contact_id)::int as people,
       (select count(*)::int from outbound.campaign_members b where b.campaign_id = $1 and b.state = 'queued') as queued,
       (select count(*)::int from outbound.campaign_events e where e.campaign_id = $1) as events
     from outbound.messages where campaign_id = $1`,
    [id],
  );
  expect(held).toEqual({ messages: 1300, people: 1300, queued: 1300, events: 0 });
});

test("nothing is claimed after a pause was answered, however many dispatchers run", async () => {
  const { c, id } = await running(300, "p");
  await job(c, "outbound.campaigns.run", { campaign: id });
  let paused = false;
  const late: string[] = [];
  const claims = async () => {
    for (let i = 0; i < 8; i++) {
      const ctx = ctxOf(c.w, systemOf(c.w.a));
      const wasPaused = paused;
      const ids = {
        attempts: Array.from({ length: 10 }, () => ctx.ids.next("attempt")),
        events: Array.from({ length: 10 }, () => ctx.ids.next("event")),
        wake: ctx.ids.next("outbox"),
      };
      const [told] = await send(ctx, [
        raw<{ claim: { rows: { id: string }[] } }>(
          ctx,
          sql`select outbound.claim(${c.s.sender}, ${ctx.ids.uuid()}::uuid, 10, interval '90 seconds', ${JSON.stringify(ids)}::jsonb) as claim`,
        ),
      ]);
      if (wasPaused) late.push(...(told.rows[0]?.claim.rows.map((row) => row.id) ?? []));
    }
  };
  const pause = async () => {
    await new Promise((done) => setTimeout(done, 40));
    expect(await c.post(`/campaigns/${id}/pause`, {})).toMatchObject({ status: 200 });
    paused = true;
  };
  await Promise.all([claims(), claims(), claims(), claims(), pause()]);
  await claims();
  expect(late).toEqual([]);
});

test("a reply heard while the queue is being written ends the sequence: nothing of it waits afterwards", async () => {
  const { c, id, people } = await running(400, "e");
  const reply = async (contact: string) => {
    const ctx = ctxOf(c.w, systemOf(c.w.a));
    await send(ctx, [raw(ctx, sql`select outbound.end_membership(array[${contact}::text], 'reply_detected')`)]);
  };
  const some = people.filter((_, i) => i % 20 === 0);
  await Promise.all([
    job(c, "outbound.campaigns.run", { campaign: id }),
    ...some.map((contact) => reply(contact)),
    job(c, "outbound.dispatch", { sender: c.s.sender }),
  ]);
  const waiting = await c.w.neon.query(
    `select m.contact_id from outbound.messages m where m.campaign_id = $1 and m.contact_id = any($2::text[]) and m.state in ('queued', 'submitting')`,
    [id, some],
  );
  expect(waiting).toEqual([]);
  const ended = await c.w.neon.query(
    "select count(*)::int as n from outbound.campaign_members where campaign_id = $1 and contact_id = any($2::text[]) and state in ('ended', 'finished')",
    [id, some],
  );
  expect(ended).toEqual([{ n: some.length }]);
});
