/** Chatwoot's jobs run in any order. Whatever the order, the end is the same. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { contact, conversation, deletion, edit, heard, type Json, message, rows, type Talk } from "./chatwoot.ts";

let w: World;
beforeAll(async () => {
  w = await world();
});

type Told = { payload: Json; at: Date };

const second = (n: number): Date => new Date(Date.parse("2026-11-15T08:00:00Z") + n * 1000);
const version = (n: number): string => new Date(Date.parse("2026-11-15T07:00:00.250Z") + n * 1000).toISOString();
const float = (n: number): number => 1794726302.5 + n;

/** A quarter of an hour in one conversation: four messages, edits, a deletion, a note, statuses, a change of name and back. */
function quarter(at: Talk): Told[] {
  const held = (n: number, change: Json = {}) =>
    conversation(at, { updated_at: float(n), status: n < 5 ? "open" : "resolved", ...change });
  const named = (name: string) => ({ ...contact(at, { name }), account: { id: at.account }, event: "contact_updated" });
  const one = message(at, { id: 501, content: "Varmen virker ikke i stuen", conversation: held(1) });
  const two = message(at, {
    id: 502,
    content: "Vi kommer i morgen klokken ti",
    conversation: held(2),
    message_type: "outgoing",
  });
  const note = message(at, {
    id: 503,
    content: "Kunden er ikke hjemme før klokken fire",
    private: true,
    conversation: held(3),
  });
  const gone = message(at, { id: 504, content: "Skriv ikke dette ned nogen steder", conversation: held(4) });
  const versioned = (of: Json, n: number, change: Json) => edit(at, of, { ...change, version: version(n) });
  return [
    { payload: { ...held(0), event: "conversation_created" }, at: second(0) },
    { payload: one, at: second(1) },
    { payload: versioned(one, 20, { content: "Varmen virker ikke i køkkenet" }), at: second(21) },
    { payload: versioned(one, 40, { content: "Varmen virker ikke i soveværelset" }), at: second(40) },
    // No version of its own: a newer message was the newest by then.
    { payload: { ...two, event: "message_updated", content: "Vi kommer i morgen klokken elleve" }, at: second(60) },
    { payload: two, at: second(2) },
    { payload: note, at: second(3) },
    { payload: gone, at: second(4) },
    { payload: versioned(gone, 50, { content: "Skriv heller ikke dette ned" }), at: second(50) },
    { payload: deletion(at, gone, version(30)), at: second(31) },
    { payload: { ...held(6, { labels: ["haster"] }), event: "conversation_status_changed" }, at: second(6) },
    { payload: { ...held(4, { priority: "high" }), event: "conversation_updated" }, at: second(7) },
    { payload: named("Mette Holm Jensen"), at: second(70) },
    { payload: named("Mette Holm"), at: second(80) },
  ];
}

/** All that a reader could see of it, without ids of ours, places in order of arrival and times of writing. */
async function seen(t: Tenant): Promise<Json> {
  const all = (sql: string) => rows(w, t, sql);
  return {
    contacts: await all("select contact_id, name, email, data, heard_at from inbox.cw_contacts where project_id = $1"),
    people: await all("select name from people.contacts where project_id = $1"),
    points: await all("select kind, value_norm from people.contact_points where project_id = $1 order by 1"),
    conversations: await all(
      "select conversation_id, status, assignee_id, turns, data, last_message_at, heard_at, updated_at, created_at from inbox.cw_conversations where project_id = $1",
    ),
    messages: await all(
      `select message_id, content, private, content_hash, attachments, data, heard_at, deleted_at, needs_refetch, created_at, updated_at
        from inbox.cw_messages where project_id = $1 order by 1`,
    ),
    passages: await all(
      "select right(source_pk, 3) as of, chunk_index, text, visibility, lang, occurred_at from memory.chunks where project_id = $1 order by 1, 2",
    ),
    waiting: await all("select text_hash from memory.pending where project_id = $1 order by 1"),
    evidence: await all(
      "select right(source_pk, 3) as of, content_hash, visibility, occurred_at, withdrawn_at from shared.evidence_items where project_id = $1 order by 1",
    ),
    tombstones: await all(
      "select right(object_id, 3) as of, deleted_at from shared.tombstones where project_id = $1 order by 1",
    ),
  };
}

const without = (account: number, value: unknown): string => JSON.stringify(value).replaceAll(String(account), "A");

async function tell(order: (told: Told[]) => Told[], how: "one by one" | "at once"): Promise<string> {
  const t = await tenant(w.neon, "order");
  const told = order(quarter({ account: t.accountId, conversation: 77, contact: 88 }));
  const say = ({ payload, at }: Told) => heard(w, t, payload, { at });
  if (how === "at once") await Promise.all(told.map(say));
  else for (const one of told) await say(one);
  return without(t.accountId, await seen(t));
}

describe("order of arrival", () => {
  it("in which it happened: what must be true at the end", async () => {
    const end = JSON.parse(
      await tell((told) => [...told].sort((x, y) => x.at.getTime() - y.at.getTime()), "one by one"),
    ) as Record<string, Json[]>;
    expect(end["messages"]?.map((m) => m["content"])).toEqual([
      "Varmen virker ikke i soveværelset",
      "Vi kommer i morgen klokken elleve",
      "Kunden er ikke hjemme før klokken fire",
      null,
    ]);
    expect(end["conversations"]).toMatchObject([
      { status: "resolved", turns: 4, data: { labels: ["haster"], priority: null } },
    ]);
    expect(end["contacts"]).toMatchObject([{ name: "Mette Holm" }]);
    expect(end["people"]).toMatchObject([{ name: "Mette Holm" }]);
    expect(end["passages"]?.map((p) => [p["of"], p["visibility"]])).toEqual([
      ["501", 1],
      ["502", 1],
      ["503", 2],
    ]);
  });

  it("makes no difference to the end", async () => {
    const inOrder = await tell((told) => told, "one by one");
    const size = quarter({ account: 1, conversation: 1, contact: 1 }).length;
    const permutation = fc.shuffledSubarray([...Array(size).keys()], { minLength: size, maxLength: size });
    await fc.assert(
      fc.asyncProperty(permutation, fc.constantFrom("one by one" as const, "at once" as const), async (order, how) => {
        expect(await tell((told) => order.map((i) => told[i] as Told), how)).toBe(inOrder);
      }),
      { numRuns: 25 },
    );
  });

  it("makes no difference with everything told two or three times either", async () => {
    const inOrder = await tell((told) => told, "one by one");
    expect(await tell((told) => [...told, ...told.toReversed(), ...told], "one by one")).toBe(inOrder);
  });
});
