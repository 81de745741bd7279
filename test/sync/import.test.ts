// A first import, and what a second run finds to do: nothing.
import { afterEach, beforeEach, expect, test } from "vitest";
import { count, rows } from "#test/inbox/chatwoot.ts";
import { accountState, type Bound, bound, mirrorState, reconcile, versions } from "./account.ts";

let it: Bound;
beforeEach(async () => {
  it = await bound();
});
afterEach(() => it.close());

const minute = (n: number): Date => new Date(Date.UTC(2026, 8, 1, 8, n));

/** So many customers who each wrote and were answered. */
function talks(n: number): void {
  const { office } = it;
  for (let i = 0; i < n; i += 1) {
    const { conversation } = office.customer.writes({
      contact: { name: `Kunde ${i}`, phone: `+452030${String(4000 + i)}` },
      text: `Varmepumpen larmer, nummer ${i}`,
      at: minute(i),
    });
    office.agent.replies({ conversation: conversation.id, text: `Vi kommer torsdag, nummer ${i}`, at: minute(i) });
    if (i % 3 === 0)
      office.agent.notes({ conversation: conversation.id, text: `Nøglen ligger hos naboen ${i}`, at: minute(i) });
  }
}

test("an account that was never heard of arrives whole, and a second run writes nothing", async () => {
  talks(30);
  it.office.webhooks.drain();
  const told = await reconcile(it);
  expect(told).toMatchObject({ state: "done", more: false });
  expect(await mirrorState(it.w)).toEqual(accountState(it.office));
  const [mark] = await rows(
    it.w,
    it.w.a,
    "select source, cursor_ts::text as at, cursor_id from inbox.sync_watermarks where project_id = $1",
  );
  const newest = Math.max(...it.office.account.messages.keys());
  expect(mark).toMatchObject({ source: it.w.a.source.id, cursor_id: String(newest) });
  it.w.clock.advance(60_000);
  const before = await versions(it.w);
  expect(await reconcile(it)).toMatchObject({ state: "done", written: 0 });
  expect(await versions(it.w)).toBe(before);
});

test("private notes stay inside the house, and every text waits for its vector once", async () => {
  talks(4);
  it.office.webhooks.drain();
  await reconcile(it);
  const seen = await rows(
    it.w,
    it.w.a,
    "select m.private, k.visibility, e.visibility as cited from inbox.cw_messages m join memory.chunks k on k.project_id = m.project_id and k.source_pk = m.id join shared.evidence_items e on e.project_id = m.project_id and e.source_pk = m.id where m.project_id = $1",
  );
  expect(seen).toHaveLength(10);
  for (const { private: isPrivate, visibility, cited } of seen)
    expect([visibility, cited]).toEqual(isPrivate ? [2, 2] : [1, 1]);
  expect(await count(it.w, it.w.a, "memory.pending")).toBe(10);
  expect(await count(it.w, it.w.a, "shared.outbox", "kind = 'memory.embed' and state = 'pending'")).toBe(1);
});
