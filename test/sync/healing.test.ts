// The demo's webhooks, a fifth of them lost and the rest shuffled: one reconcile makes the mirror what the account is.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { retell, storyAgents } from "#local/business/retelling.ts";
import { pluck, seeded } from "#local/chatwoot/seeded.ts";
import { signedHeaders } from "#local/chatwoot/sign.ts";
import { count, rows } from "#test/inbox/chatwoot.ts";
import { accountState, arrive, type Bound, bound, mirrorState, reconcile, versions } from "./account.ts";

let it: Bound;
beforeEach(async () => {
  it = await bound();
});
afterEach(() => it.close());

/** Sent as the survivors of a bad day: in an order and with losses that the seed decides. */
async function badDay(seed: number, messages: number): Promise<{ sent: number; lost: number }> {
  const { w, office } = it;
  const story = retell({ accountId: w.a.accountId, startedAt: w.clock.now(), messages, seed: `day ${seed}` });
  office.account.restore(story.account.rows());
  for (const agent of storyAgents) office.account.agents.set(agent.id, agent);
  const random = seeded(seed);
  const waiting = story.webhooks.filter(() => random() >= 0.2);
  const lost = story.webhooks.length - waiting.length;
  for (let next = pluck(waiting, random); next; next = pluck(waiting, random)) {
    const headers = signedHeaders(w.a.source.secret, { id: next.id, at: w.clock.now(), body: next.body });
    await w.fetch(`/v1/hooks/chatwoot/${w.a.source.id}`, { method: "POST", headers, body: Buffer.from(next.body) });
    w.clock.advance(200);
  }
  await w.settled();
  w.clock.advance(60_000);
  return { sent: story.webhooks.length - lost, lost };
}

describe.each([11, 12])("seed %i", (seed) => {
  test("nothing stays lost, and a second run writes nothing", async () => {
    const { sent, lost } = await badDay(seed, 90);
    expect([sent > 100, lost > 20]).toEqual([true, true]);
    expect(await mirrorState(it.w)).not.toEqual(accountState(it.office));
    const told = await reconcile(it);
    expect(told).toMatchObject({ state: "done" });
    expect(told.written).toBeGreaterThan(0);
    expect(await mirrorState(it.w)).toEqual(accountState(it.office));
    expect(await count(it.w, it.w.a, "inbox.cw_messages", "needs_refetch")).toBe(0);
    it.w.clock.advance(60_000);
    const before = await versions(it.w);
    expect(await reconcile(it)).toMatchObject({ state: "done", written: 0 });
    expect(await versions(it.w)).toBe(before);
  });
});

describe("a catch-up", () => {
  const day = 86_400_000;
  const write = (text: string, conversation?: number) =>
    it.office.customer.writes({
      contact: { name: "Mette Holm", phone: "+4520304050" },
      text,
      ...(conversation ? { conversation } : {}),
    });

  test("finds a message, an edit, a note and a status whose webhooks were lost, within the week", async () => {
    const { w, office } = it;
    const { conversation, message } = write("Varmepumpen larmer");
    await arrive(it);
    w.clock.advance(60_000);
    await reconcile(it);
    w.clock.advance(3 * day);
    office.agent.edits(message.id, "Varmepumpen larmer meget");
    write("Er der nogen?", conversation.id);
    office.agent.notes({ conversation: conversation.id, text: "Nøglen ligger hos naboen" });
    office.resolves(conversation.id);
    office.contact.changes(conversation.contactId, { name: "Mette Holm Jensen" });
    office.webhooks.drain();
    w.clock.advance(60_000);
    const told = await reconcile(it);
    expect(told).toMatchObject({ state: "done" });
    expect(await mirrorState(w)).toEqual(accountState(office));
    // Three messages, the conversation, the contact: the rest was known.
    expect(told.written).toBe(5);
  });

  test("asks for the messages of a week, not of all time, and for no conversation that has long been quiet", async () => {
    const { w, office } = it;
    const { conversation } = write("Første besked");
    office.customer.writes({ contact: { name: "Karl Bech", phone: "+4520304051" }, text: "Tak for hjælpen" });
    office.webhooks.drain();
    w.clock.advance(60_000);
    await reconcile(it);
    w.clock.advance(20 * day);
    write("Nyt spørgsmål", conversation.id);
    w.clock.advance(60_000);
    await reconcile(it);
    w.clock.advance(60_000);
    office.troubles.calls.length = 0;
    await reconcile(it);
    const reads = office.troubles.calls.filter((call) => call.includes("/messages"));
    expect(reads).toHaveLength(1);
    expect(reads[0]).not.toContain("after=0");
  });

  test("an edit that a webhook tells after the snapshot wins, an older one that comes late does not", async () => {
    const { w, office } = it;
    const { conversation, message } = write("Kan I komme torsdag?");
    w.clock.advance(5_000);
    office.agent.edits(message.id, "Kan I komme fredag?");
    const late = office.webhooks.drain();
    w.clock.advance(5_000);
    office.agent.edits(message.id, "Kan I komme lørdag?");
    office.webhooks.drain();
    w.clock.advance(5_000);
    await reconcile(it);
    office.webhooks.captured.push(...late);
    await arrive(it);
    expect((await mirrorState(w)).messages).toMatchObject([{ id: message.id, content: "Kan I komme lørdag?" }]);
    w.clock.advance(5_000);
    office.agent.edits(message.id, "Kan I komme søndag?");
    await arrive(it);
    expect((await mirrorState(w)).messages).toMatchObject([
      { conversation: conversation.id, content: "Kan I komme søndag?" },
    ]);
  });

  test("who wakes up while the list is read is read again", async () => {
    const { w, office } = it;
    for (let i = 0; i < 30; i += 1) {
      const at = new Date(w.clock.now().getTime() - (40 - i) * 60_000);
      office.customer.writes({ contact: { name: `Kunde ${i}`, phone: `+452030${4000 + i}` }, text: `Hej ${i}`, at });
    }
    office.troubles.onCall = (call) => {
      if (!call.includes("page=2") || !call.includes("/conversations?")) return;
      office.troubles.onCall = () => undefined;
      // From the second page, not yet read, to the front of the first, which was.
      office.customer.writes({ contact: { name: "Kunde 0", phone: "+4520304000" }, text: "Hallo?" });
    };
    office.webhooks.drain();
    await reconcile(it);
    office.webhooks.drain();
    expect(await mirrorState(w)).toEqual(accountState(office));
  });

  test("a check moves no watermark, since older messages may be missing", async () => {
    const { w, office } = it;
    const { conversation, message } = write("Varmepumpen larmer");
    office.webhooks.drain();
    w.clock.advance(1_000);
    write("Er der nogen?", conversation.id);
    await arrive(it);
    w.clock.advance(60_000);
    expect(await reconcile(it, "inbox.gaps")).toMatchObject({ state: "done" });
    const marks = () => rows(w, w.a, "select cursor_id from inbox.sync_watermarks where project_id = $1");
    expect(await marks()).toEqual([]);
    await reconcile(it);
    expect((await mirrorState(w)).messages.map(({ id }) => id)).toContain(message.id);
    expect(await marks()).toHaveLength(1);
  });

  test("takes a conversation's newer version when all else of it was heard: what was sent before and comes late must lose", async () => {
    const { w, office } = it;
    const { conversation } = write("Varmepumpen larmer");
    w.clock.advance(10_000);
    write("Er der nogen?", conversation.id);
    office.webhooks.captured = office.webhooks.drain().filter(({ event }) => event !== "conversation_updated");
    await arrive(it);
    w.clock.advance(60_000);
    await reconcile(it);
    expect(await mirrorState(w)).toEqual(accountState(office));
  });
});
