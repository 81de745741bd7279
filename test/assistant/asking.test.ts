// Questions to the planner: what they are answered with, that they change nothing, and that they reach nobody else's.
import { beforeAll, describe, expect, test } from "vitest";
import { addKey } from "#db/bootstrap.ts";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { call as tool } from "#test/mcp/agent.ts";
import { call, idOf, say, summarized } from "./talking.ts";

let w: World;
const monday = "2026-11-16T08:00:00.000Z";
const minutes = 60_000;

beforeAll(async () => {
  w = await world({ now: monday });
});

describe("a question", () => {
  type Asked = { about: string | null; items: { entity_type: string; entity_id: string; title: string }[] };
  const ask = async (who: Tenant, text: string) => {
    const answer = await w.fetch("/v1/assistant/ask", { key: who.apiKey, json: { text } });
    expect(answer.status).toBe(200);
    return (await answer.json()) as Asked;
  };
  /** Each table with a project, hashed; those that a question may write apart. */
  async function state(who: Tenant): Promise<Record<string, unknown>> {
    const tables =
      await w.neon.query(`select a.attrelid::regclass::text as name from pg_attribute a join pg_class c on c.oid = a.attrelid
      join pg_namespace n on n.oid = c.relnamespace where a.attname = 'project_id' and c.relkind = 'r' and n.nspname !~ '^pg_'`);
    const parts = tables.map(
      ({ name }) => `select '${name}' as t, md5(to_jsonb(x)::text) as h from ${name} x where project_id = $1`,
    );
    const rows = await w.neon.query(
      `select t, md5(string_agg(h, '' order by h)) as h from (${parts.join(" union all ")}) z group by t`,
      [who.project],
    );
    return Object.fromEntries(rows.map(({ t, h }) => [String(t), h]));
  }

  test("writes nothing but what was shown, model calls and the ledger; the first one is what was shown, until it lapses", async () => {
    const own = await tenant(w.neon, "questions");
    await say(
      w,
      own,
      "- call Lund on Friday\n- call Dahl tomorrow\n- mend the fence\n- goal: fewer leaks\n- problem: the van does not start",
    );
    await say(w, own, "- sweep the yard is done");
    const yard = await say(w, own, "Sweep the yard");
    await say(w, own, "Sweep the yard is done");
    await w.settled();
    const before = await state(own);
    const asked: [string, string | null, string[]][] = [
      ["What are my goals?", "goals", ["Fewer leaks"]],
      ["Hvilke problemer er der?", "problems", ["The van does not start"]],
      ["What did I get done this week?", "done", ["Sweep the yard"]],
      ["What about the fences?", "search", ["Mend the fence"]],
      ["Hvad med Lund og fence?", "search", ["Mend the fence", "Call Lund"]],
      ["Why is the sky blue?", null, []],
      ["The plan", "today", ["Call Dahl", "Call Lund", "Mend the fence"]],
      ["What is due?", "due", ["Call Dahl", "Call Lund"]],
    ];
    for (const [text, about, titles] of asked) {
      const answer = await ask(own, text);
      expect([text, answer.about, answer.items.map(({ title }) => title).toSorted()]).toEqual([
        text,
        about,
        titles.toSorted(),
      ]);
    }
    await w.settled();
    const after = await state(own);
    const changed = Object.keys(after).filter((table) => after[table] !== before[table]);
    expect(changed.toSorted()).toEqual(["assistant.recent_context_items", "shared.events"]);
    const due = await ask(own, "What is due?");
    const done = await say(w, own, "done with the first one");
    expect(done.body.items).toMatchObject([{ entity_id: due.items[0]?.entity_id, title: "Call Dahl", op: "updated" }]);
    expect(idOf(yard.body, "Sweep the yard")).not.toBe("");
    w.clock.advance(61 * minutes);
    expect((await say(w, own, "done with the first one")).body).toMatchObject({
      items: [],
      questions: [{ kind: "unknown" }],
    });
    w.clock.set(monday);
  });

  test("never leaves the person's boundary: who owns the project, with every permission, finds nothing of a colleague's", async () => {
    const own = await tenant(w.neon, "boundaries");
    const other = "0195f3c0-0000-7000-8000-00000000c0d2";
    await w.neon.query("insert into shared.users (id, name) values ($1, 'Karen') on conflict do nothing", [other]);
    const karens = await addKey(w.neon, { ...own, user: other, permissions: ["assistant:use"] });
    await say(w, own, "- buy zanzibar paint tomorrow\n- goal: zanzibar for all\n- problem: zanzibar is far", {
      as: karens,
    });
    w.clock.advance(31 * minutes);
    await summarized(w, own);
    await say(w, own, "zanzibar again and again", { as: karens });
    const about = encodeURIComponent("What about zanzibar?");
    for (const path of [
      `assistant/context?query=${about}`,
      `search?q=zanzibar`,
      `memory/evidence?q=zanzibar`,
      "assistant/captures",
      "assistant/summaries",
    ]) {
      const found = await w.fetch(`/v1/${path}`, { key: own.apiKey });
      expect([path, found.status, (await found.text()).replaceAll("What about zanzibar?", "")]).toEqual([
        path,
        200,
        expect.not.stringMatching(/zanzibar (?:paint|for|is|again)|buy/i),
      ]);
    }
    for (const text of ["What about zanzibar?", "What are my goals?", "Any problems?", "What is due?", "The plan"])
      expect((await ask(own, text)).items).toEqual([]);
    const general = await w.fetch("/v1/ask", { key: own.apiKey, json: { question: "What about zanzibar paint?" } });
    expect([general.status, await general.text()]).toEqual([200, expect.not.stringMatching(/buy zanzibar|tomorrow/i)]);
    for (const [name, args] of [
      ["assistant_context", { query: "zanzibar" }],
      ["assistant_ask", { text: "What about zanzibar?" }],
      ["memory_search", { q: "zanzibar" }],
    ] as const) {
      const reply = await tool(w, name, args, { key: own.apiKey });
      expect([name, reply.status]).toEqual([name, 200]);
      expect(JSON.stringify(reply.body)).not.toMatch(/zanzibar (?:paint|for|is|again)/i);
    }
    // Her own planner knows it well.
    const hers = await call<Asked>(w, karens, "/v1/assistant/ask", { text: "What about zanzibar?" });
    expect(hers.body.items).toHaveLength(3);
    w.clock.set(monday);
  });
});
