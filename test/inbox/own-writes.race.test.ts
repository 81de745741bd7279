/** The answer of a write and its echo at the same moment, on a Postgres with many sessions. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Chatwoot } from "#brain/kernel/ports.ts";
import { raceDatabase } from "#test/kit/database.ts";
import { deliver } from "#test/kit/jobs.ts";
import { testSecrets, type World, world } from "#test/kit/world.ts";
import { conversation, count, heard, type Json, message, number, rows, type Talk, talk } from "./chatwoot.ts";

let w: World;
/** What happens while a call is under way, by conversation. */
const meanwhile = new Map<number, (ref: string) => Promise<{ id: number }>>();

const office: Partial<Chatwoot> = {
  write: async (_access, { conversation, ref }) => {
    const made = await meanwhile.get(conversation)?.(ref);
    if (!made) throw new Error("nobody waits for this");
    return made;
  },
};

beforeAll(async () => {
  w = await world({ neon: await raceDatabase(), chatwoot: () => office as Chatwoot });
  const place = {
    table: "identity.project_sources",
    column: "api_token_sealed",
    row: w.a.source.id,
    project: w.a.project,
  };
  await w.neon.query(
    "update identity.project_sources set api_url = 'https://chat.example', api_token_sealed = $1 where id = $2",
    [await testSecrets.seal("token-of-lars", place), w.a.source.id],
  );
});

const echo = (at: Talk, id: number, ref: string | null): Json =>
  message(at, {
    id,
    content: `Note ${id}`,
    message_type: "outgoing",
    private: true,
    sender: { id: 31, name: "Lars", email: "lars@nordvarme.example", type: "user" },
    content_attributes: ref === null ? {} : { omneuro_ref: ref },
  });

async function asked(at: Talk, kind: string, wanted: Json): Promise<string> {
  const id = `own_${String(number()).padStart(26, "0")}`;
  await w.neon.query(
    `insert into inbox.own_writes (project_id, account_scope_id, id, account_id, conversation_id, conversation_global_id, kind, wanted)
      values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)`,
    [
      w.a.project,
      w.a.accountScope,
      id,
      w.a.accountId,
      at.conversation,
      `cw:${w.a.project}:${w.a.accountId}:${at.conversation}`,
      kind,
      JSON.stringify(wanted),
    ],
  );
  return id;
}

const carry = (write: string) => deliver(w, "inbox.write", { project: w.a.project, id: `obx_${write}`, write });

describe("at once", () => {
  it("200 answers and their echoes, with the reference and without: one row, one link, one done, no deadlock", async () => {
    const talks = Array.from({ length: 4 }, () => talk(w.a));
    for (const at of talks) await heard(w, w.a, message(at));
    const lane = async (at: Talk, lane: number) => {
      for (let round = 0; round < 50; round++) {
        const id = number() + 1_000_000 * (lane + 1);
        const ref = await asked(at, "note", { text: `Note ${id}` });
        let hearing: Promise<string>[] = [];
        meanwhile.set(at.conversation, async (sent) => {
          const told = echo(at, id, round % 3 === 2 ? null : sent);
          // Both senders of one event, and the answer, now.
          hearing = [heard(w, w.a, told), heard(w, w.a, told)];
          return { id };
        });
        expect((await carry(ref)).status).toBe(200);
        expect((await Promise.all(hearing)).sort()).toEqual(["duplicate", "stored"]);
      }
    };
    await Promise.all(talks.map(lane));
    const [sum] = await rows(
      w,
      w.a,
      `select count(*)::int as writes, count(*) filter (where o.state = 'done' and o.linked_at is not null and m.own_ref = o.id)::int as linked, count(m.id)::int as messages
        from inbox.own_writes o left join inbox.cw_messages m on m.project_id = o.project_id and m.message_id = o.cw_message_id where o.project_id = $1`,
    );
    expect(sum).toEqual({ writes: 200, linked: 200, messages: 200 });
    expect(await count(w, w.a, "inbox.cw_messages", "private")).toBe(200);
    expect(await count(w, w.a, "shared.outbox", "kind = 'inbox.write' and state = 'pending'")).toBe(0);
  }, 120_000);

  it("ten workers on one write call Chatwoot once", async () => {
    const at = talk(w.a);
    await heard(w, w.a, message(at));
    const ref = await asked(at, "note", { text: "Only once" });
    let calls = 0;
    meanwhile.set(at.conversation, async () => {
      calls += 1;
      return { id: number() + 9_000_000 };
    });
    const statuses = (await Promise.all(Array.from({ length: 10 }, () => carry(ref)))).map(({ status }) => status);
    expect(calls).toBe(1);
    expect(statuses.every((status) => status === 200 || status === 429)).toBe(true);
  });

  it("many foreign changes at once open one breaker, once", async () => {
    const at = talk(w.a);
    await heard(w, w.a, message(at));
    for (let i = 0; i < 4; i++) {
      await asked(at, "status", { status: "snoozed" });
    }
    await w.neon.query(
      "update inbox.own_writes set attempts = 1, state = 'done', linked_at = shared.clock(), requested_at = $2 where conversation_id = $1 and kind = 'status'",
      [at.conversation, w.clock.now().toISOString()],
    );
    const change = (i: number) => ({
      ...conversation(at, { status: i % 2 ? "open" : "resolved", updated_at: 1794726400 + i }),
      event: "conversation_status_changed",
    });
    await Promise.all(Array.from({ length: 20 }, (_, i) => heard(w, w.a, change(i))));
    for (let i = 20; i < 26; i++) await heard(w, w.a, change(i));
    const [breaker] = await rows(w, w.a, "select times from inbox.flip_breakers where project_id = $1");
    expect(breaker).toEqual({ times: 1 });
    expect(await count(w, w.a, "shared.events", "kind = 'inbox.flip_breaker.opened'")).toBe(1);
  });
});
