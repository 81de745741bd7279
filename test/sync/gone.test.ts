// What no webhook tells of: messages, conversations and contacts that are gone, and contacts that became one.
import { afterEach, beforeEach, expect, test } from "vitest";
import { count, rows } from "#test/inbox/chatwoot.ts";
import { accountState, arrive, type Bound, bound, mirrorState, reconcile, versions } from "./account.ts";

let it: Bound;
beforeEach(async () => {
  it = await bound();
});
afterEach(() => it.close());

const mette = { name: "Mette Holm", phone: "+4520304050" };
const karl = { name: "Karl Bech", phone: "+4520304051" };
const write = (contact: typeof mette, text: string) => it.office.customer.writes({ contact, text });

async function synced(): Promise<void> {
  it.w.clock.advance(60_000);
  expect(await reconcile(it)).toMatchObject({ state: "done" });
  it.w.clock.advance(60_000);
}

const tombs = async () =>
  (
    await rows(
      it.w,
      it.w.a,
      "select object_type, object_id, reason from shared.tombstones where project_id = $1 order by 1, 2",
    )
  ).map(({ object_type, object_id, reason }) => `${object_type} ${String(object_id).split(":").at(-1)} ${reason}`);

test("a message that vanished leaves no words, no passage and no citable evidence, and does not come back", async () => {
  const { w, office } = it;
  const { message } = write(mette, "Min pinkode er 4711");
  write(mette, "Glem det");
  const copies = [...office.webhooks.captured];
  await arrive(it);
  await synced();
  office.removes.message(message.id);
  await synced();
  expect(await tombs()).toEqual([`inbox.cw_messages ${message.id} source_delete`]);
  expect(await count(w, w.a, "memory.chunks")).toBe(1);
  expect(await count(w, w.a, "shared.evidence_items", "withdrawn_at is not null")).toBe(1);
  expect(await count(w, w.a, "inbox.cw_messages", "content like '%4711%'")).toBe(0);
  const before = await versions(w);
  await synced();
  expect(await versions(w)).toBe(before);
  // Sent once more under new delivery ids, as a queue does that was thought lost.
  office.webhooks.captured.push(
    ...copies.map((one) => ({ ...one, headers: { ...one.headers, "x-chatwoot-delivery": crypto.randomUUID() } })),
  );
  await arrive(it).catch(() => undefined);
  expect(await count(w, w.a, "inbox.cw_messages", "content like '%4711%'")).toBe(0);
});

test("a conversation and a contact that vanished go with all that was said", async () => {
  const { w, office } = it;
  const gone = write(karl, "Jeg flytter");
  write(mette, "Varmepumpen larmer");
  await arrive(it);
  await synced();
  office.removes.contact(gone.contact.id);
  await synced();
  expect((await tombs()).sort()).toEqual([
    `inbox.cw_contacts ${gone.contact.id} source_delete`,
    `inbox.cw_conversations ${gone.conversation.id} source_delete`,
    `inbox.cw_messages ${gone.message.id} source_delete`,
  ]);
  expect(await mirrorState(w)).toEqual(accountState(office));
  expect(
    await count(
      w,
      w.a,
      "inbox.cw_contacts",
      "(name = 'Karl Bech' or phone_number = '+4520304051' or data::text like '%Karl%')",
    ),
  ).toBe(0);
  const list = (await (await w.fetch("/v1/inbox/conversations", { key: w.a.apiKey })).json()) as { data: unknown[] };
  expect(list.data).toHaveLength(1);
});

test("merged contacts become one person, whose words are found under both", async () => {
  const { w, office } = it;
  const visitor = office.customer.writes({
    contact: { name: "solitary-frog-112" },
    inbox: 2,
    text: "Hvad koster et eftersyn?",
  });
  const known = write(mette, "Varmepumpen larmer");
  await arrive(it);
  await synced();
  office.removes.merge({ into: known.contact.id, from: visitor.contact.id });
  await synced();
  expect(await tombs()).toEqual([`inbox.cw_contacts ${visitor.contact.id} merge`]);
  expect(await mirrorState(w)).toEqual(accountState(office));
  const merged = await rows(
    w,
    w.a,
    "select c.name, i.name as into from people.contacts c join people.contacts i on i.project_id = c.project_id and i.id = c.merged_into where c.project_id = $1",
  );
  expect(merged).toEqual([{ name: "solitary-frog-112", into: "Mette Holm" }]);
  expect(await count(w, w.a, "people.merges")).toBe(1);
  expect(await count(w, w.a, "shared.events", "kind = 'contact.merged'")).toBe(1);
});

test("nothing is gone because an answer failed, was cut short, or came from a token that sees less", async () => {
  const { w, office } = it;
  for (let i = 0; i < 24; i += 1) write({ name: `Kunde ${i}`, phone: `+452030${4000 + i}` }, `Hej ${i}`);
  office.webhooks.drain();
  await synced();
  const before = (await mirrorState(w)).messages.length;
  // A proxy's page instead of Chatwoot's own 404, and a list that is empty for once.
  const rowsOf = [...office.account.conversations.values()];
  office.account.conversations.clear();
  w.clock.advance(60_000);
  const told = await reconcile(it);
  expect(told).toMatchObject({ state: "done" });
  for (const row of rowsOf) office.account.conversations.set(row.id, row);
  expect((await mirrorState(w)).messages).toHaveLength(before);
  const [run] = await rows(
    w,
    w.a,
    "select counts->>'held_back' as held from inbox.sync_runs where project_id = $1 order by started_at desc limit 1",
  );
  expect(Number(run?.["held"])).toBe(24);
  office.troubles.plan({ kind: "status", status: 404, path: /messages/, body: undefined });
  w.clock.advance(60_000);
  await reconcile(it);
  expect((await mirrorState(w)).conversations).toHaveLength(24);
});
