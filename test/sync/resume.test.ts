// Runs that are killed, overtaken, refused, throttled or cancelled: none of them loses its place or passes what is not written.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { count, rows } from "#test/inbox/chatwoot.ts";
import { accountState, type Bound, bound, connect, mirrorState, reconcile, start, step } from "./account.ts";

let it: Bound;
beforeEach(async () => {
  it = await bound();
  for (let i = 0; i < 28; i += 1) {
    const at = new Date(it.w.clock.now().getTime() - (40 - i) * 60_000);
    it.office.customer.writes({ contact: { name: `Kunde ${i}`, phone: `+452030${4000 + i}` }, text: `Hej ${i}`, at });
  }
  it.office.webhooks.drain();
});
afterEach(() => it.close());

const marks = () => count(it.w, it.w.a, "inbox.sync_watermarks", "cursor_ts is not null");
const pending = async () =>
  rows(
    it.w,
    it.w.a,
    "select id, due_at::text as due from shared.outbox where project_id = $1 and kind = 'inbox.reconcile' and state = 'pending'",
  );

/** The same account for another tenant. */
async function twin(): Promise<Bound> {
  const again = await bound();
  const { account } = again.office;
  for (const [id, row] of it.office.account.contacts) account.contacts.set(id, row);
  for (const [id, row] of it.office.account.contactInboxes) account.contactInboxes.set(id, row);
  for (const [id, row] of it.office.account.conversations) account.conversations.set(id, row);
  for (const row of it.office.account.messages.values()) account.addMessage(row);
  return again;
}

const kills = [1, 2, 9, 27, 30, 33].flatMap((call, i) => [
  { call, kind: i % 2 ? ("before" as const) : ("after-commit" as const) },
]);

test.each(kills)(
  "killed $kind at the write after call $call, a run goes on, and its watermark waits for the end",
  async ({ call, kind }) => {
    const again = await twin();
    let made = 0;
    again.office.troubles.onCall = () => {
      made += 1;
      if (made === call) again.w.neon.faults.next({ kind, match: /advance_run/ });
    };
    const run = await start(again);
    expect(await step(again, run)).toMatchObject({ status: 503 });
    expect(again.w.neon.faults.pending).toBe(0);
    expect(await rows(again.w, again.w.a, "select 1 from inbox.sync_watermarks where project_id = $1")).toEqual([]);
    // Until its lease is over the dead one's place is kept.
    expect(await step(again, run)).toMatchObject({ status: 429 });
    again.w.clock.advance(121_000);
    let told = await step(again, run);
    for (; told.more; told = await step(again, run)) again.w.clock.advance(1_000);
    expect(told).toMatchObject({ state: "done" });
    expect(await mirrorState(again.w)).toEqual(accountState(again.office));
    await again.close();
  },
);

test("a worker that dies leaves a message behind, which the sweep publishes when its lease is over", async () => {
  const run = await start(it);
  const [staged] = await pending();
  expect(staged).toBeDefined();
  await it.w.neon.query(
    "update inbox.sync_runs set token = 'dead', lease_until = $2::timestamptz + interval '2 minutes' where id = $1",
    [run, it.w.clock.now().toISOString()],
  );
  expect(await step(it, run)).toMatchObject({ status: 429 });
  it.w.clock.advance(121_000);
  expect(await step(it, run)).toMatchObject({ state: "done" });
  expect(await pending()).toEqual([]);
});

test("an overtaken step writes nothing, and a cancelled run ends without a watermark", async () => {
  const run = await start(it);
  it.office.troubles.onCall = (call) => {
    if (!call.includes("/messages")) return;
    it.office.troubles.onCall = () => undefined;
    void it.w.fetch(`/v1/inbox/sources/${it.w.a.source.id}/sync/cancel`, {
      key: it.w.a.apiKey,
      json: {},
      headers: { "idempotency-key": '"cancel"' },
    });
  };
  const told = await step(it, run);
  expect(told).toMatchObject({ state: "superseded", more: false });
  expect(await count(it.w, it.w.a, "inbox.cw_messages")).toBe(0);
  expect(await marks()).toBe(0);
  expect(await step(it, run)).toMatchObject({ state: "cancelled", more: false });
});

test("two at once: one works, the other is told to come later; a second start is refused", async () => {
  const run = await start(it);
  await expect(start(it)).rejects.toThrow("409 sync_running");
  const both = await Promise.all([step(it, run), step(it, run)]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 429]);
  expect(await mirrorState(it.w)).toEqual(accountState(it.office));
});

describe("a source that is unwell", () => {
  test("429: the next message comes when it was asked to, and it is no failure", async () => {
    it.office.troubles.plan({ kind: "status", status: 429, retryAfter: 42, skip: 2, times: 1 });
    const told = await step(it);
    expect(told).toMatchObject({ state: "running", more: true });
    const message = it.w.queue.published.findLast(({ kind }) => kind === "inbox.reconcile");
    expect(message?.delaySeconds).toBe(42);
    const [run] = await rows(it.w, it.w.a, "select failures, error from inbox.sync_runs where project_id = $1");
    expect(run).toEqual({ failures: 0, error: "source_limited" });
    it.w.clock.advance(42_000);
    expect(await step(it, told.run)).toMatchObject({ state: "done" });
  });

  test("a refused token ends the run at once with its code, and a new one works", async () => {
    await connect(it.w, it.office, "not-the-token");
    expect(await step(it)).toMatchObject({ state: "failed", more: false });
    const [run] = await rows(it.w, it.w.a, "select state, error from inbox.sync_runs where project_id = $1");
    expect(run).toEqual({ state: "failed", error: "source_token_refused" });
    expect(await count(it.w, it.w.a, "shared.events", "kind = 'inbox.sync.failed'")).toBe(1);
    await connect(it.w, it.office);
    expect(await reconcile(it)).toMatchObject({ state: "done" });
  });

  test("one conversation that cannot be read keeps back the watermark, nobody else", async () => {
    const [broken] = it.office.account.conversations.keys();
    it.office.troubles.plan({ kind: "status", status: 500, path: new RegExp(`/conversations/${broken}/messages`) });
    let told = await step(it);
    for (let i = 0; told.more && i < 12; i += 1) {
      it.w.clock.advance(300_000);
      told = await step(it, told.run);
    }
    expect(told).toMatchObject({ state: "done" });
    expect(await count(it.w, it.w.a, "inbox.cw_messages")).toBe(27);
    expect(await marks()).toBe(0);
    it.office.troubles.clear();
    it.w.clock.advance(60_000);
    await reconcile(it);
    expect([await count(it.w, it.w.a, "inbox.cw_messages"), await marks()]).toEqual([28, 1]);
  });
});
