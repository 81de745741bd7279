// The planner's memory: sessions end and are summed up once, old words leave and nothing that a summary states.
import { beforeAll, describe, expect, test } from "vitest";
import { addKey } from "#db/bootstrap.ts";
import { deliver } from "#test/kit/jobs.ts";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { call, idOf, rowsOf, say, summarized as summarizedIn } from "./talking.ts";

let w: World;
/** A Monday morning. */
const monday = "2026-11-16T08:00:00.000Z";
const minutes = 60_000;
const days = 24 * 60 * minutes;

beforeAll(async () => {
  w = await world({ now: monday });
});

type Counts = { turns: number; entities: number; summary: number };
type Context = {
  summary: { text: string } | null;
  turns: { text: string }[];
  entities: { entity_id: string; title: string; shown: number | null }[];
  query: string;
  policy: string;
  budget: { requested: number; applied: number; estimated_used: number };
  sources: Counts;
  trimmed: Counts;
};
const contextOf = async (who: Tenant, query: Record<string, string | number> = {}) =>
  (await call<Context>(w, who.apiKey, `/v1/assistant/context?${new URLSearchParams(query as never)}`)).body;
const summarized = (who: Tenant) => summarizedIn(w, who);
const summaries = (who: Tenant) =>
  w.neon.query(
    `select summary_type, period, author, summary_text, facts_json, source_event_ids, session_id from assistant.memory_summaries
      where project_id = $1 order by summary_type, ends_at`,
    [who.project],
  );
/** Ids that a summary rests on and the ledger does not have. */
const unresolved = (who: Tenant) =>
  w.neon.query(
    `select e.id from assistant.memory_summaries m, jsonb_array_elements_text(m.source_event_ids) e (id)
      where m.project_id = $1 and not exists (select from shared.events x where x.project_id = m.project_id and x.id = e.id)`,
    [who.project],
  );

describe("a session", () => {
  test("ends when nothing is said, is summed up once, and the next begins; days and weeks are made of what they hold", async () => {
    const own = await tenant(w.neon, "sessions");
    const first = await say(
      w,
      own,
      "- buy paint by Friday\n- paint the hall, blocked by the permit\n- goal: a tidy shop",
    );
    const same = await say(w, own, "buy paint is done");
    expect(same.body.session).toBe(first.body.session);
    expect(await summarized(own)).toEqual([]);
    w.clock.advance(31 * minutes);
    expect(await summarized(own)).toEqual([{ session: 1, daily: 0, weekly: 0 }]);
    const [session] = await rowsOf(
      w,
      own,
      "sessions",
      "id, ended_at, last_activity_at, summarized_at is not null as is_summarized",
    );
    expect(session).toMatchObject({ id: first.body.session, is_summarized: true });
    expect(session?.["ended_at"]).toEqual(session?.["last_activity_at"]);
    const [summary] = await summaries(own);
    expect(summary).toMatchObject({ summary_type: "session", author: "rules", period: first.body.session });
    expect(summary?.["summary_text"]).toContain("Done: Buy paint (due 2026-11-20).");
    expect(summary?.["facts_json"]).toEqual(
      expect.arrayContaining([
        {
          kind: "done",
          ref_type: "task",
          ref_id: idOf(first.body, "Buy paint"),
          title: "Buy paint",
          status: "done",
          due_date: "2026-11-20",
        },
        expect.objectContaining({ kind: "made", ref_type: "goal", status: "active" }),
        expect.objectContaining({ kind: "linked", link_type: "blocks" }),
      ]),
    );
    expect(summary?.["source_event_ids"]).toHaveLength(4);
    expect(await unresolved(own)).toEqual([]);

    // The afternoon's session, the next day, and the Monday after.
    w.clock.advance(180 * minutes);
    const later = await say(w, own, "Call Lund tomorrow");
    expect(later.body.session).not.toBe(first.body.session);
    w.clock.advance(days);
    expect(await summarized(own)).toEqual([{ session: 1, daily: 1, weekly: 0 }]);
    w.clock.advance(7 * days);
    expect(await summarized(own)).toEqual([{ session: 0, daily: 0, weekly: 1 }]);
    const all = await summaries(own);
    expect(all.map(({ summary_type, period }) => [summary_type, period])).toEqual([
      ["daily", "2026-11-16"],
      ["session", first.body.session],
      ["session", later.body.session],
      ["weekly", "2026-W47"],
    ]);
    const [daily, , , weekly] = all;
    expect(daily?.["summary_text"]).toMatch(/Tasks: .*Call Lund \(due 2026-11-17\).*Done: Buy paint/);
    expect(weekly?.["facts_json"]).toEqual(daily?.["facts_json"]);
    expect(weekly?.["source_event_ids"]).toHaveLength(6);
    expect(await unresolved(own)).toEqual([]);
    await expect(
      w.neon.query(`update assistant.memory_summaries set source_event_ids = '["evt_nowhere"]' where project_id = $1`, [
        own.project,
      ]),
    ).rejects.toThrow(/not in the ledger/);
    await w.neon.query(
      `insert into shared.tombstones (project_id, id, object_type, object_id, reason) values ($1, 'tmb-gone', 'event', 'evt_gone', 'gdpr_delete')`,
      [own.project],
    );
    await w.neon.query(
      `update assistant.memory_summaries set source_event_ids = '["evt_gone"]' where project_id = $1 and summary_type = 'daily'`,
      [own.project],
    );
    const path = "/v1/assistant/summaries";
    const { body } = await call<{ data: { type: string; period: string }[] }>(w, own.apiKey, path);
    expect(body.data.map(({ type }) => type).toSorted()).toEqual(["daily", "session", "session", "weekly"]);
    expect((await call<typeof body>(w, own.apiKey, `${path}?type=weekly`)).body.data).toMatchObject([
      { type: "weekly", period: "2026-W47", author: "rules", facts: daily?.["facts_json"] },
    ]);
    w.clock.set(monday);
  });

  test("of everybody is summed up for himself, by several runs at once no more than once", async () => {
    const own = await tenant(w.neon, "two-people");
    const other = "0195f3c0-0000-7000-8000-00000000c0d1";
    await w.neon.query("insert into shared.users (id, name) values ($1, 'Karen') on conflict do nothing", [other]);
    const karens = await addKey(w.neon, { ...own, user: other, permissions: ["assistant:use"] });
    await say(w, own, "Call Lund");
    await say(w, own, "Order a canary cage", { as: karens });
    w.clock.advance(31 * minutes);
    const job = () => deliver(w, "assistant.summarize", { project: own.project });
    await Promise.all([job(), job()]);
    const rows = await rowsOf(w, own, "memory_summaries", "user_id, summary_text");
    expect(rows).toHaveLength(2);
    expect(rows).toEqual(
      expect.arrayContaining([
        { user_id: own.user, summary_text: "Tasks: Call Lund." },
        { user_id: other, summary_text: "Tasks: Order a canary cage." },
      ]),
    );
    const told = await w.neon.query(
      "select user_id, payload from shared.events where project_id = $1 and kind = 'assistant.summary.written' order by id",
      [own.project],
    );
    expect(told.map((row) => row["user_id"]).toSorted()).toEqual([own.user, other].toSorted());
    expect((await contextOf(own)).summary?.text).toBe("Tasks: Call Lund.");
    w.clock.set(monday);
  });
});

describe("a context", () => {
  test("never goes above its budget, and keeps policy and query at the least; it says what it left out", async () => {
    const own = await tenant(w.neon, "contexts");
    await say(w, own, "Paint the hall");
    w.clock.advance(31 * minutes);
    await summarized(own);
    for (let n = 1; n <= 10; n++) {
      w.clock.advance(minutes);
      await say(w, own, Array.from({ length: 3 }, (_, i) => `- call customer number ${n} about part ${i}`).join("\n"));
    }
    const whole = await contextOf(own, { query: "What about the hall?" });
    expect(whole).toMatchObject({
      sources: { turns: 8, entities: 25, summary: 1 },
      trimmed: { turns: 0, entities: 0, summary: 0 },
      budget: { requested: 3000, applied: 3000 },
    });
    expect(whole.turns.at(-1)?.text).toContain("number 10");
    // Shown last by the last capture, and what the question names, before all that is newer.
    expect(whole.entities.map(({ shown }) => shown).slice(0, 4)).toEqual([1, 2, 3, null]);
    expect(whole.entities[3]?.title).toBe("Paint the hall");
    for (const budget of [1, 64, 100, 200, 400, 800]) {
      const less = await contextOf(own, { query: "What about the hall?", budget });
      expect(less).toMatchObject({
        query: "What about the hall?",
        policy: whole.policy,
        budget: { requested: budget },
      });
      expect(less.budget.estimated_used).toBeLessThanOrEqual(less.budget.applied);
      expect(less.turns.length + less.trimmed.turns).toBe(8);
      expect(less.entities.length + less.trimmed.entities).toBe(25);
    }
    expect((await contextOf(own, { query: "q".repeat(900), budget: 64 })).query).toHaveLength(900);
    expect(await contextOf(own, { query: "What?", chat: "another" })).toMatchObject({ summary: null, turns: [] });
    w.clock.set(monday);
  });
});

describe("old words", () => {
  const night = async (who: Tenant) => {
    const answer = await deliver(w, "shared.retention.run", { project: who.project });
    return (await answer.json()) as { removed: Record<string, number>; kept: Record<string, Record<string, number>> };
  };

  test("leave after thirty days and their summary, and stay where a summary cites them; tasks still come from them", async () => {
    const own = await tenant(w.neon, "old-words");
    const sent = { source: "telegram", client_message_id: "7:1" };
    const made = await say(w, own, "Order canary gaskets on Friday", sent);
    await say(w, own, "fligmol brantig xyzzy");
    w.clock.advance(40 * days);
    // No summary yet: nothing leaves.
    expect(await night(own)).toMatchObject({
      removed: { "assistant.shown": 1 },
      kept: { "assistant.turns": { awaits_summary: 2 } },
    });
    await summarized(own);
    const facts = (await summaries(own)).map(({ facts_json }) => facts_json);
    expect(await night(own)).toMatchObject({
      removed: { "assistant.turns": 1 },
      kept: { "assistant.turns": { cited_by_summary: 1 } },
    });
    expect(await rowsOf(w, own, "inbox_items", "message_raw, message_norm, removed_at is null as is_kept")).toEqual(
      expect.arrayContaining([
        { message_raw: "", message_norm: "", is_kept: false },
        { message_raw: "fligmol brantig xyzzy", message_norm: "fligmol brantig xyzzy", is_kept: true },
      ]),
    );
    expect((await summaries(own)).map(({ facts_json }) => facts_json)).toEqual(facts);
    const [task] = await rowsOf(w, own, "tasks", "id, title, due_date::text, source_inbox_item_id");
    expect(task).toMatchObject({
      title: "Order canary gaskets",
      due_date: "2026-11-20",
      source_inbox_item_id: made.body.inbox_item,
    });
    // A repetition is still that message, and it can still be taken back.
    expect((await say(w, own, "Order canary gaskets on Friday", sent)).body).toMatchObject({
      repeated: true,
      id: made.body.id,
    });
    expect((await contextOf(own)).turns).toEqual([]);
    expect((await night(own)).removed).toEqual({});

    w.clock.advance(330 * days);
    expect((await night(own)).removed).toMatchObject({ "assistant.captures": 2, "assistant.questions": 1 });
    expect(await rowsOf(w, own, "capture_changes")).toEqual([]);
    const undone = await call(w, own.apiKey, `/v1/assistant/captures/${made.body.id}/undo`, {});
    expect([undone.status, undone.body["code"]]).toEqual([409, "capture_too_old"]);
    const again = await say(w, own, "Order canary gaskets on Friday", sent);
    expect(again.body).toMatchObject({ repeated: true, counts: { tasks_created: 1 }, items: [] });
    expect(again.bytes).not.toContain("gaskets");
    expect(await unresolved(own)).toEqual([]);
    w.clock.set(monday);
  });
});
