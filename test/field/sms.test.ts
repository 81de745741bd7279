// A customer writes an SMS: he is met or known, his message is kept, remembered and on the ledger, once; and nothing is answered.
import { beforeEach, describe, expect, test } from "vitest";
import { type Bound, bound, calls, fresh, seconds, smsForm, twilioCalls } from "#test/kit/providers.ts";
import { type World, world } from "#test/kit/world.ts";
import { counts, rows } from "./reading.ts";

let w: World;
let source: Bound;

beforeEach(async () => {
  w = await world();
  source = await bound(w, w.a, "twilio");
});

const write = (from: string, text: string, more: Record<string, string> = {}) =>
  twilioCalls(w, source, smsForm(source, from, text, more));

describe("an SMS from a number nobody knows", () => {
  test("makes a person, one message, one line in the ledger and evidence, and is answered with nothing", async () => {
    const phone = `+45${fresh()}`;
    const form = smsForm(source, phone, "wheel shuts off on bumps", { OptOutType: "HELP" });
    const answer = await twilioCalls(w, source, form, { headers: { "i-twilio-idempotency-token": "token-1" } });
    await w.settled();
    expect([answer.status, answer.headers.get("content-type"), await answer.text()]).toEqual([
      200,
      "text/xml; charset=utf-8",
      "<Response/>",
    ]);

    const [message, ...others] = await rows(w, w.a, "field.messages");
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      direction: "inbound",
      channel: "sms",
      body: "wheel shuts off on bumps",
      address: phone,
      provider_message_id: form.MessageSid,
      meta: { provider_id: form.MessageSid, opt_out_type: "HELP", delivery_token: "token-1" },
    });
    const [person] = await rows(w, w.a, "people.contacts", `id = '${message?.["contact_id"]}'`);
    expect(person).toMatchObject({ preferred_channel: "sms", language: "en" });
    expect(await rows(w, w.a, "people.contact_points", `contact_id = '${person?.["id"]}'`)).toMatchObject([
      { kind: "phone", value_norm: phone },
    ]);
    expect(await rows(w, w.a, "shared.events", "kind like 'client.%'")).toMatchObject([
      { kind: "client.message", actor: `client:${person?.["id"]}`, ref_type: "client", ref_id: person?.["id"] },
    ]);
    expect(await rows(w, w.a, "shared.evidence_items")).toMatchObject([
      { source_table: "field.messages", source_pk: message?.["id"], visibility: 1, contact_id: person?.["id"] },
    ]);
    expect(await rows(w, w.a, "memory.chunks")).toMatchObject([
      { text: "wheel shuts off on bumps", visibility: 1, contact_id: person?.["id"] },
    ]);
    expect(w.queue.published.map(({ kind }) => kind)).toEqual(["memory.embed"]);
  });

  test("again, in the same words or under the same name, writes nothing more", async () => {
    const form = smsForm(source, `+45${fresh()}`, "Hej, kommer I i dag?");
    await twilioCalls(w, source, form);
    const before = await counts(w, w.a);
    expect((await twilioCalls(w, source, form)).status).toBe(200);
    expect((await twilioCalls(w, source, { ...form, SmsStatus: "received", Added: "without notice" })).status).toBe(
      200,
    );
    expect(await counts(w, w.a)).toEqual(before);
  });

  test("under the same name with other words is a replay: kept apart, reported once, believed never", async () => {
    const form = smsForm(source, `+45${fresh()}`, "Yes please");
    await twilioCalls(w, source, form);
    const forged = { ...form, Body: "Cancel everything" };
    for (const _ of [1, 2]) expect((await twilioCalls(w, source, forged)).status).toBe(200);
    expect(await rows(w, w.a, "field.messages")).toMatchObject([{ body: "Yes please" }]);
    expect(await rows(w, w.a, "shared.events", "kind = 'security.replay_conflict'")).toHaveLength(1);
    expect(await rows(w, w.a, "field.deliveries", "outcome = 'replayed'")).toHaveLength(1);
  });

  test("takes one request to the database once the source is known", async () => {
    await write(`+45${fresh()}`, "first");
    await w.settled();
    w.neon.resetStats();
    await write(`+45${fresh()}`, "second");
    expect(w.neon.stats().requests).toBe(1);
  });

  test("ten at once make one person", async () => {
    const phone = `+45${fresh()}`;
    await Promise.all(Array.from({ length: 10 }, (_, i) => write(phone, `part ${i}`)));
    expect(await rows(w, w.a, "people.contact_points", `value_norm = '${phone}'`)).toHaveLength(1);
    const messages = await rows(w, w.a, "field.messages");
    expect(messages.map((row) => Number(row["seq"])).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(new Set(messages.map((row) => row["thread_id"])).size).toBe(1);
  });
});

describe("an SMS from a number", () => {
  const known = async (phone: string, name: string) => {
    const id = w.runtime.ids.next("contact");
    const place = [w.a.project, w.a.accountScope, id];
    await w.neon.query("insert into people.contacts (project_id, account_scope_id, id, name) values ($1, $2, $3, $4)", [
      ...place,
      name,
    ]);
    await w.neon.query(
      "insert into people.contact_points (project_id, account_scope_id, id, contact_id, kind, value, value_norm) values ($1, $2, $4, $3, 'phone', $5, $5)",
      [...place, w.runtime.ids.next("contactPoint"), phone],
    );
    return id;
  };
  const merge = (from: string, into: string) =>
    w.neon.query("update people.contacts set merged_into = $3 where project_id = $1 and id = $2", [
      w.a.project,
      from,
      into,
    ]);
  const writers = async () => (await rows(w, w.a, "field.messages")).map((row) => row["contact_id"]);

  test("that one person has is his, and his merged record's", async () => {
    const phone = `+45${fresh()}`;
    const [old, now] = [await known(phone, "Mette"), await known(phone, "Mette Holm")];
    await merge(old, now);
    await write(phone, "Det er mig");
    expect(await writers()).toEqual([now]);
  });

  test("that two share is nobody's guess: a record of its own, the same each time, until somebody merges it", async () => {
    const phone = `+45${fresh()}`;
    const [mother, daughter] = [await known(phone, "Anna"), await known(phone, "Ida")];
    await write(phone, "Hvornår kommer I?");
    await write(phone, "Hallo?");
    const [first, second] = await writers();
    expect(first).toBe(second);
    expect([mother, daughter]).not.toContain(first);
    await merge(String(first), mother);
    await merge(daughter, mother);
    await write(phone, "Tak");
    expect((await writers()).filter((id) => id === mother)).toHaveLength(1);
  });

  test("that another tenant's customer has makes a person here, and touches none there", async () => {
    const phone = `+45${fresh()}`;
    const theirs = await bound(w, w.b, "twilio");
    await twilioCalls(w, theirs, smsForm(theirs, phone, "to the other house"));
    const before = await counts(w, w.b);
    await write(phone, "to this house");
    expect(await counts(w, w.b)).toEqual(before);
    expect(await rows(w, w.a, "field.messages")).toMatchObject([{ body: "to this house" }]);
  });

  test("that is a name or a short number is a machine's: kept, not remembered, nobody's", async () => {
    for (const from of ["PostNord", "1231"]) await write(from, "Din pakke er på vej");
    expect(await rows(w, w.a, "field.messages")).toMatchObject([
      { contact_id: null, automatic: true },
      { contact_id: null, automatic: true },
    ]);
    expect(await rows(w, w.a, "memory.chunks")).toEqual([]);
    expect(await rows(w, w.a, "people.contacts")).toEqual([]);
  });
});

describe("what the door does not believe", () => {
  test("leaves nothing: a wrong signature, another address, no signature, an unknown source, another kind's door", async () => {
    const form = smsForm(source, `+45${fresh()}`, "hello");
    const before = await counts(w, w.a);
    const statuses = [
      await twilioCalls(w, { ...source, secret: "not-the-token" }, form),
      await twilioCalls(w, source, form, { headers: { "x-twilio-signature": "" } }),
      await twilioCalls(w, { ...source, id: w.runtime.ids.next("source") }, form),
      await calls(w, { ...source, provider: "telegram" }, { update_id: 1 }),
      await w.fetch(`/v1/hooks/twilio/${source.id}`),
    ].map(({ status }) => status);
    expect(statuses).toEqual([401, 401, 404, 404, 405]);
    expect(await counts(w, w.a)).toEqual(before);
  });

  test("a number that is another tenant's source is refused", async () => {
    const theirs = await bound(w, w.b, "twilio");
    expect(
      (await twilioCalls(w, source, smsForm(source, `+45${fresh()}`, "hello", { To: theirs.account }))).status,
    ).toBe(403);
    expect(await rows(w, w.a, "field.messages")).toEqual([]);
    expect(await rows(w, w.b, "field.messages")).toEqual([]);
  });

  test("more than an SMS can be is refused before it is read", async () => {
    expect((await twilioCalls(w, source, smsForm(source, `+45${fresh()}`, "x".repeat(70_000)))).status).toBe(413);
  });

  test("WhatsApp in the same form is acknowledged and kept, and is no SMS", async () => {
    await write("whatsapp:+4520304050", "hello");
    expect(await rows(w, w.a, "field.messages")).toEqual([]);
    expect(await rows(w, w.a, "field.deliveries")).toMatchObject([
      { outcome: "ignored", raw: { From: "whatsapp:+4520304050" } },
    ]);
  });
});

test("Telnyx tells of an SMS up to three times, with its own ids: one message", async () => {
  const telnyx = await bound(w, w.a, "telnyx");
  const event = (id: string) => ({
    data: {
      id,
      event_type: "message.received",
      payload: {
        id: "tx-1",
        from: { phone_number: `+4520${fresh().slice(0, 6)}` },
        to: [{ phone_number: telnyx.account }],
        text: "Hej",
        media: [{ url: "https://media.example/1", content_type: "image/jpeg", size: 12 }],
        received_at: "2026-11-15T07:59:00Z",
      },
    },
  });
  const first = event("ev-1");
  const outcomes = [];
  for (const told of [first, first, { data: { ...first.data, id: "ev-2" } }])
    outcomes.push(((await (await calls(w, telnyx, told)).json()) as { outcomes: string[] }).outcomes);
  expect(outcomes).toEqual([["stored"], ["duplicate"], ["stale"]]);
  expect(await rows(w, w.a, "field.messages")).toMatchObject([
    {
      provider: "telnyx",
      body: "Hej",
      attachments: [{ name: null, type: "image/jpeg", bytes: 12, url: "https://media.example/1" }],
    },
  ]);
  const odd = await calls(w, telnyx, { data: { id: "ev-3", event_type: "message.invented", payload: {} } });
  expect([odd.status, await odd.json()]).toEqual([200, { outcomes: ["ignored"] }]);
  const old = await calls(w, telnyx, first, { headers: { "telnyx-timestamp": String(Number(seconds(w)) - 1) } });
  expect(old.status).toBe(401);
});
