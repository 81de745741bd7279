// Who may connect, start, watch and stop, and what is shown.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addKey } from "#db/bootstrap.ts";
import { signedIn, textOf } from "#test/console/visitor.ts";
import { rows } from "#test/inbox/chatwoot.ts";
import { world } from "#test/kit/world.ts";
import { type Bound, bound, reconcile, start, step } from "./account.ts";

let it: Bound;
beforeEach(async () => {
  it = await bound();
  it.office.customer.writes({ contact: { name: "Mette Holm", phone: "+4520304050" }, text: "Varmepumpen larmer" });
  it.office.webhooks.drain();
  it.w.clock.advance(60_000);
});
afterEach(() => it.close());

const post = (path: string, json: unknown, key = it.w.a.apiKey) =>
  it.w.fetch(path, { key, json, headers: { "idempotency-key": `"k-${Math.random()}"` } });

describe("connecting", () => {
  test("the token is sealed and in no answer; a private address is refused unless it is allowed", async () => {
    const path = `/v1/identity/sources/${it.w.a.source.id}/connect`;
    const token = "a-token-that-nobody-may-see";
    const refused = await post(path, { api_url: "http://127.0.0.1:1/", api_token: token });
    expect([refused.status, await refused.json()]).toEqual([
      400,
      expect.objectContaining({ code: "source_url_refused" }),
    ]);
    const answer = await post(path, { api_url: "https://chat.example/", api_token: token });
    const text = await answer.text();
    expect([answer.status, JSON.parse(text)]).toEqual([
      200,
      expect.objectContaining({ api_url: "https://chat.example", connected: true }),
    ]);
    expect(text).not.toContain(token);
    const [row] = await rows(
      it.w,
      it.w.a,
      "select api_token_sealed as sealed from identity.project_sources where project_id = $1",
    );
    expect(String(row?.["sealed"])).toMatch(/^v1\.t1\./);
    it.w.runtime.settings.privateSources = true;
    expect((await post(path, { api_url: it.office.url, api_token: it.office.token })).status).toBe(200);
    expect(await reconcile(it)).toMatchObject({ state: "done" });
  });

  test("a stored private address is not called where it is not allowed", async () => {
    const w = await world();
    expect((await post(`/v1/inbox/sources/${w.a.source.id}/sync`, {}, w.a.apiKey)).status).toBe(422);
  });
});

test("starting, watching and stopping need their permissions, and the status tells how far it is", async () => {
  const path = `/v1/inbox/sources/${it.w.a.source.id}/sync`;
  const reader = await addKey(it.w.neon, { ...it.w.a, permissions: ["inbox:read"], name: "reads" });
  expect((await post(path, {}, reader)).status).toBe(403);
  expect(await (await it.w.fetch(path, { key: reader })).json()).toEqual({ run: null, watermark: null });
  const run = await start(it);
  expect((await it.w.fetch(path, { key: reader })).status).toBe(200);
  expect(it.w.queue.published.map(({ kind, body }) => [kind, body])).toContainEqual(["inbox.reconcile", { run }]);
  await step(it, run);
  const told = await (await it.w.fetch(path, { key: reader })).json();
  expect(told).toMatchObject({
    run: { id: run, state: "done", messages: 1 },
    watermark: { message: expect.any(String) },
  });
  expect((await post(`${path}/cancel`, {})).status).toBe(404);
  const list = (await (await it.w.fetch("/v1/inbox/syncs", { key: reader })).json()) as { data: unknown[] };
  expect(list.data).toHaveLength(1);
});

test("the console starts a run, shows where it is without a script, and stops it", async () => {
  const { w } = it;
  const person = await signedIn(w, w.a);
  expect(textOf((await person.get("/console/sources")).html)).toContain("Read everything");
  const sent = await person.post(`/console/sources/${w.a.source.id}/sync`, { once: "one" });
  expect(sent.status).toBe(303);
  const page = await person.get(sent.place);
  expect(textOf(page.html)).toContain("First import");
  expect(textOf(page.html)).toContain("Reading has begun.");
  const live = await person.get("/console/sources?live=1");
  expect(live.html).toContain(`data-part="reading-${w.a.source.id}"`);
  await person.post(`/console/sources/${w.a.source.id}/sync/cancel`, { once: "two" });
  expect(textOf((await person.get("/console/sources")).html)).toContain("Cancelled");
  await reconcile(it);
  const shown = textOf((await person.get("/console/sources")).html);
  expect(shown).toContain("1 of 1 conversations and 1 message read");
  expect((await person.post(`/console/sources/${w.b.source.id}/sync`, { once: "three" })).status).toBe(404);
});

test("the hourly search for gaps reads the conversations that have one, and no other", async () => {
  const { w, office } = it;
  for (let i = 0; i < 12; i += 1) {
    office.customer.writes({ contact: { name: `Kunde ${i}`, phone: `+45203041${i + 10}` }, text: `Hej ${i}` });
  }
  office.webhooks.drain();
  w.clock.advance(60_000);
  await reconcile(it);
  w.clock.advance(30 * 86_400_000);
  // Outside every window that a catch-up would look at.
  const [first = 0] = office.account.conversations.keys();
  office.customer.writes({
    contact: { name: "Mette Holm", phone: "+4520304050" },
    text: "Er der nogen?",
    conversation: first,
  });
  office.webhooks.drain();
  w.clock.advance(60_000);
  office.troubles.calls.length = 0;
  const told = await reconcile(it, "inbox.gaps");
  expect(told).toMatchObject({ state: "done", messages: 2 });
  expect(office.troubles.calls.filter((call) => call.includes("/messages"))).toHaveLength(1);
  const [event] = await rows(
    w,
    w.a,
    "select payload from shared.events where project_id = $1 and kind = 'inbox.sync.done' order by ts desc limit 1",
  );
  expect(event).toMatchObject({ payload: { kind: "check", conversations: 1, written: 2 } });
});
