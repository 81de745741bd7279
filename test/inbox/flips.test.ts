/** Two integrations that fight over a conversation: ours stops, says so, and goes on when it is calm. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { arrive, type Bound, bound } from "#test/sync/account.ts";
import { rows } from "./chatwoot.ts";
import { ask, carry, ledger, posts, talking, writeOf } from "./writing.ts";

let it_: Bound;
beforeAll(async () => {
  it_ = await bound();
});
afterAll(() => it_.close());
beforeEach(() => {
  it_.office.troubles.calls.length = 0;
});

const statusOf = async (conversation: number) =>
  (
    await rows(
      it_.w,
      it_.w.a,
      "select status from inbox.cw_conversations where project_id = $1 and conversation_id = $2",
      [conversation],
    )
  )[0]?.["status"];

const breakers = async () => {
  const answer = await it_.w.fetch("/v1/inbox/flip-breakers", { key: it_.w.a.apiKey });
  return (
    (await answer.json()) as { data: { number: number; open: boolean; times: number; closed_by: string | null }[] }
  ).data;
};

/** We close it whenever we hear that it is open; another bot opens it whenever it is closed. */
async function fight(conversation: number, rounds: number): Promise<{ flips: number; refused: number[] }> {
  const { office, w } = it_;
  let flips = 0;
  const refused: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const asked = await ask(it_, `${conversation}/status`, { status: "resolved" });
    if (asked.status === 202) {
      await carry(it_);
      flips += 1;
    } else {
      expect(asked.body.code).toBe("flip_breaker_open");
      refused.push(Number(asked.headers.get("retry-after")));
    }
    w.clock.advance(1_133);
    if (office.account.conversation(conversation).status === "resolved") {
      office.agent.reopens(conversation);
      flips += 1;
    }
    await arrive(it_);
    w.clock.advance(1_133);
  }
  return { flips, refused };
}

describe("a second bot that sets back whatever we set", () => {
  it("would flip it fifteen times in seventeen seconds; after eight we stop, and an operator sees it", async () => {
    const { conversation } = await talking(it_);
    const { flips, refused } = await fight(conversation.id, 8);
    expect(flips).toBe(8);
    expect(posts(it_)).toHaveLength(flips / 2);
    expect(refused.length).toBe(8 - flips / 2);
    for (const seconds of refused) expect(seconds).toBeGreaterThan(240);
    expect(await statusOf(conversation.id)).toBe("open");
    expect(await breakers()).toEqual([
      expect.objectContaining({ number: conversation.id, open: true, times: 1, closed_by: null }),
    ]);
    expect(await ledger(it_, "inbox.flip_breaker.%")).toEqual(["inbox.flip_breaker.opened"]);
  });

  it("assignee and labels of that conversation are left alone too, notes are not", async () => {
    const [open] = await breakers();
    const at = open?.number;
    expect((await ask(it_, `${at}/assignee`, { assignee: 31 })).status).toBe(409);
    expect((await ask(it_, `${at}/labels`, { labels: ["haster"] })).status).toBe(409);
    expect((await ask(it_, `${at}/notes`, { text: "Two bots are at it." })).status).toBe(202);
    const other = await talking(it_);
    expect((await ask(it_, `${other.conversation.id}/status`, { status: "resolved" })).status).toBe(202);
  });

  it("closes with time", async () => {
    const at = (await breakers())[0]?.number ?? 0;
    it_.w.clock.advance(300_000);
    expect((await ask(it_, `${at}/status`, { status: "resolved" })).status).toBe(202);
    expect((await breakers())[0]).toMatchObject({ open: false, times: 1 });
  });

  it("is closed by hand, and opens again when the fight goes on", async () => {
    const { conversation } = await talking(it_);
    await fight(conversation.id, 5);
    expect((await ask(it_, `${conversation.id}/status`, { status: "resolved" })).status).toBe(409);
    const closed = await ask(it_, `${conversation.id}/breaker/close`, {});
    expect([closed.status, (closed.body as unknown as { open: boolean }).open]).toEqual([200, false]);
    expect((await ask(it_, `${conversation.id}/breaker/close`, {})).body.code).toBe("flip_breaker_not_open");
    expect((await ask(it_, `${conversation.id}/status`, { status: "resolved" })).status).toBe(202);
    await carry(it_);
    await arrive(it_);
    it_.w.clock.advance(300_000);
    await fight(conversation.id, 5);
    expect((await breakers()).find(({ number }) => number === conversation.id)).toMatchObject({ open: true, times: 2 });
  });

  it("a write that was asked for before the breaker opened does not leave any more", async () => {
    const { conversation } = await talking(it_);
    await fight(conversation.id, 3);
    const waiting = await ask(it_, `${conversation.id}/status`, { status: "resolved" });
    const kept = it_.w.queue.published.splice(0);
    await rows(
      it_.w,
      it_.w.a,
      "insert into inbox.flip_breakers (project_id, account_scope_id, conversation_global_id, opened_at, open_until) select project_id, account_scope_id, id, $3, $3::timestamptz + interval '5 minutes' from inbox.cw_conversations where project_id = $1 and conversation_id = $2 on conflict (project_id, conversation_global_id) do update set opened_at = excluded.opened_at, open_until = excluded.open_until",
      [conversation.id, it_.w.clock.now().toISOString()],
    );
    const before = posts(it_).length;
    it_.w.queue.published.push(...kept);
    await carry(it_);
    expect(await writeOf(it_, waiting.body.id)).toMatchObject({ state: "failed", reason: "flip_breaker_open" });
    expect(posts(it_)).toHaveLength(before);
  });
});

describe("what is no fight", () => {
  it("staff who work fast, or we alone, open nothing", async () => {
    const { conversation } = await talking(it_);
    const opened = (await breakers()).length;
    for (let i = 0; i < 10; i++) {
      if (i % 2) it_.office.agent.reopens(conversation.id);
      else it_.office.agent.resolves(conversation.id);
      await arrive(it_);
      it_.w.clock.advance(1_000);
    }
    for (let i = 0; i < 8; i++) {
      await ask(it_, `${conversation.id}/labels`, { labels: [`l${i}`] });
      await carry(it_);
      await arrive(it_);
      it_.w.clock.advance(1_000);
    }
    expect(await breakers()).toHaveLength(opened);
    const unlinked = await rows(
      it_.w,
      it_.w.a,
      "select id from inbox.own_writes where project_id = $1 and kind = 'labels' and linked_at is null",
    );
    expect(unlinked).toEqual([]);
  });

  it("a status whose answer was lost is looked up, and left alone when somebody has changed it since", async () => {
    const { conversation } = await talking(it_);
    it_.office.troubles.plan({ kind: "lose", times: 1 });
    const first = await ask(it_, `${conversation.id}/status`, { status: "pending" });
    await carry(it_);
    it_.office.webhooks.drain();
    it_.w.clock.advance(61_000);
    await carry(it_);
    expect(await writeOf(it_, first.body.id)).toMatchObject({ state: "done" });

    it_.office.troubles.plan({ kind: "lose", times: 1 });
    const second = await ask(it_, `${conversation.id}/assignee`, { assignee: 31 });
    await carry(it_);
    it_.office.agent.assigns({ conversation: conversation.id, agent: null });
    it_.office.webhooks.drain();
    it_.w.clock.advance(61_000);
    await carry(it_);
    expect(await writeOf(it_, second.body.id)).toMatchObject({ state: "failed", reason: "not_applied" });
    expect(it_.office.account.conversation(conversation.id).assigneeId).toBeNull();
    expect(posts(it_)).toHaveLength(2);
  });
});
