// The whole way out, with the real adapters and their stand-ins: six providers, sent once, lost answers settled, never twice.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Fault } from "#local/carriers.ts";
import { carriers } from "#providers/carriers/index.ts";
import { accounts, type Office, openOffice } from "#test/kit/carriers.ts";
import { deliverPublished } from "#test/kit/jobs.ts";
import { person } from "#test/kit/outbound.ts";
import { type World, world } from "#test/kit/world.ts";

const providers = ["twilio", "telnyx", "chatwoot", "telegram", "resend", "postmark"] as const;
type Provider = (typeof providers)[number];
const channels = {
  twilio: "sms",
  telnyx: "sms",
  chatwoot: "chat",
  telegram: "telegram",
  resend: "email",
  postmark: "email",
};

let w: World;
let office: Office;
let n = 0;

beforeEach(async () => {
  w = await world();
  office = await openOffice({ clock: w.clock });
  w.runtime.ports.carriers = carriers({ ...office.settings, now: w.clock.now });
  w.runtime.settings.privateSources = true;
});
afterEach(() => office.close());

type Body = Record<string, unknown> & { id: string; version: number; state: string };

async function post(path: string, json: unknown): Promise<{ status: number; body: Body }> {
  n += 1;
  const headers = { "idempotency-key": `"carriers-${n}"` };
  const answer = await w.fetch(`/v1/outbound${path}`, { method: "POST", key: w.a.apiKey, json, headers });
  await w.settled();
  return { status: answer.status, body: (await answer.json()) as Body };
}

const read = async (id: string) =>
  (await (await w.fetch(`/v1/outbound/messages/${id}`, { key: w.a.apiKey })).json()) as Body & {
    tried: { outcome: string }[];
    reason: string | null;
  };

async function sender(provider: Provider): Promise<string> {
  const { account, secrets } = office.account(provider);
  const address = {
    sms: "+4570101010",
    chat: "Nordvarme",
    telegram: "@nordvarme_bot",
    email: "service@nordvarme.example",
  }[channels[provider] as "sms"];
  const input = { provider, name: "Workshop", address, ...(account ? { account } : {}), credentials: secrets };
  const made = await post("/senders", input);
  expect(made).toMatchObject({ status: 201 });
  return made.body.id;
}

/** Somebody with an address on every channel, and a piece of evidence. */
async function mette(): Promise<{ contact: string; evidence: string }> {
  n += 1;
  const tag = `${process.pid}_c${n}`;
  const contact = `con_${tag}`;
  await person(w, w.a, { contact, phone: `+4521${String(100_000 + n).slice(-6)}` });
  for (const [kind, value] of [
    ["email", "mette@example.dk"],
    ["telegram", "5200000044"],
  ])
    await w.neon.query(
      `insert into people.contact_points (project_id, account_scope_id, id, contact_id, kind, value, value_norm) values ($1, $2, $3, $4, $5, $6, $6)`,
      [w.a.project, w.a.accountScope, `cpt_${kind}_${tag}`, contact, kind, value],
    );
  await w.neon.query(
    `insert into shared.evidence_items (project_id, account_scope_id, id, source_table, source_pk, content_hash, visibility, contact_id, occurred_at)
     values ($1, $2, $3, 'inbox.cw_messages', $3, 'h1', 1, $4, now())`,
    [w.a.project, w.a.accountScope, `evi_${tag}`, contact],
  );
  return { contact, evidence: `evi_${tag}` };
}

/** A chat is answered from within its conversation, so its drafts come from there and not from the API. */
async function chatDraft({ contact, evidence }: { contact: string; evidence: string }, from: string, text: string) {
  const id = `msg_${process.pid}_${n}`;
  await w.neon.query(
    `insert into outbound.messages (project_id, account_scope_id, id, contact_id, channel, sender_id, class, recipient, recipient_hash, zones, body,
       evidence_refs, thread, idempotency_key, dedupe_key, written_by, due_at)
     values ($1, $2, $3, $4, 'chat', $5, 'transactional', $6, 'h', '{Europe/Copenhagen}', $7, $8, $9, $3, $3, 'user:x', $10)`,
    [
      w.a.project,
      w.a.accountScope,
      id,
      contact,
      from,
      String(office.conversation),
      text,
      [evidence],
      JSON.stringify({ conversation: office.conversation }),
      w.clock.now().toISOString(),
    ],
  );
  return { id, version: 1 };
}

async function queued(provider: Provider): Promise<{ id: string; text: string; sender: string }> {
  const from = await sender(provider);
  const who = await mette();
  const text = `Your boiler is ready, number ${n}.`;
  const draft =
    provider === "chatwoot"
      ? await chatDraft(who, from, text)
      : (
          await post("/messages", {
            contact: who.contact,
            channel: channels[provider],
            sender: from,
            text,
            evidence: [who.evidence],
          })
        ).body;
  expect(await post(`/messages/${draft.id}/approve`, { version: draft.version })).toMatchObject({ status: 200 });
  expect(await post(`/messages/${draft.id}/send`, {})).toMatchObject({ body: { state: "queued" } });
  return { id: draft.id, text, sender: from };
}

/** Everything that is due by now, and what follows from it. */
async function runDue(): Promise<void> {
  for (let i = 0; i < 6; i++) {
    const rows = await w.neon.query(
      `select id, kind, payload from shared.outbox where project_id = $1 and kind like 'outbound.%' and state = 'pending' and due_at <= $2`,
      [w.a.project, w.clock.now().toISOString()],
    );
    if (rows.length === 0) return;
    w.queue.published.splice(0);
    for (const { id, kind, payload } of rows)
      w.queue.published.push({
        id: String(id),
        kind: String(kind),
        project: w.a.project,
        body: payload as Record<string, unknown>,
      });
    for (const { status, body } of await deliverPublished(w)) expect({ status, body }).toMatchObject({ status: 200 });
  }
}

async function hours(count: number): Promise<void> {
  for (let minute = 0; minute < count * 60; minute += 20) {
    w.clock.advance(20 * 60_000);
    await runDue();
  }
}

const arrived = (provider: Provider, text: string) => office.got(provider).filter((got) => got.text === text).length;

describe.each(providers)("by %s", (provider) => {
  test("an approved message arrives once, however often the queue comes by", async () => {
    const { id, text } = await queued(provider);
    await runDue();
    await hours(1);
    expect(await read(id)).toMatchObject({
      state: expect.stringMatching(/^(submitted|sent)$/),
      tried: [{ outcome: "accepted" }],
    });
    expect(arrived(provider, text)).toBe(1);
  });

  test("a message whose answer was lost has arrived once, and is not sent again", async () => {
    const { id, text } = await queued(provider);
    office.troubles.next(provider, { kind: "lose" });
    await runDue();
    expect(await read(id)).toMatchObject({ state: "unknown", reason: "connection_lost" });
    await hours(4);
    const blind = provider === "telnyx" || provider === "telegram";
    expect(await read(id)).toMatchObject(
      blind ? { state: "unknown", reason: "unresolved" } : { state: expect.stringMatching(/^(submitted|sent)$/) },
    );
    expect(arrived(provider, text)).toBe(1);
  });

  test("a message that was lost on its way arrives once where the provider can be asked, and else waits for a person", async () => {
    const { id, text } = await queued(provider);
    office.troubles.next(provider, { kind: "drop" });
    await runDue();
    expect(await read(id)).toMatchObject({ state: "unknown" });
    await hours(4);
    const blind = provider === "telnyx" || provider === "telegram";
    expect(await read(id)).toMatchObject(
      blind ? { state: "unknown", reason: "unresolved" } : { state: expect.stringMatching(/^(submitted|sent)$/) },
    );
    expect(arrived(provider, text)).toBe(blind ? 0 : 1);
  });

  test("refused credentials pause the sender, cost the message nothing, and are seen with their reason", async () => {
    const { id, text, sender } = await queued(provider);
    const faults: Fault[] = Array.from({ length: 8 }, () => ({ kind: "answer", status: 401 }));
    office.troubles.next(provider, ...faults);
    await runDue();
    const [row] = ((await (await w.fetch("/v1/outbound/senders", { key: w.a.apiKey })).json()) as { data: Body[] })
      .data;
    expect(row).toMatchObject({ id: sender, state: "paused", reason: expect.stringMatching(/401/), waiting: 1 });
    await hours(1);
    expect(arrived(provider, text)).toBe(0);
    expect(await read(id)).toMatchObject({ state: "queued" });
    office.troubles.ok();
    expect(await post(`/senders/${sender}/resume`, {})).toMatchObject({ body: { state: "works" } });
    await hours(1);
    expect(await read(id)).toMatchObject({ state: expect.stringMatching(/^(submitted|sent)$/) });
    expect(arrived(provider, text)).toBe(1);
  });
});

test("a number that said STOP to Twilio itself opts the person out here, too", async () => {
  const { id } = await queued("twilio");
  const { recipient } = (await read(id)) as unknown as { recipient: string };
  office.block("twilio", recipient);
  await runDue();
  expect(await read(id)).toMatchObject({ state: "blocked_opt_out", reason: "opt_out" });
  const rows = await w.neon.query("select opted_out_by from outbound.contact_channel_policies where project_id = $1", [
    w.a.project,
  ]);
  expect(rows).toEqual([{ opted_out_by: "provider" }]);
});

test("credentials that are replaced work at once; the old ones are what the provider refused", async () => {
  const from = await sender("telnyx");
  const wrong = await post(`/senders/${from}/rotate-credentials`, { credentials: { api_key: "KEY-of-somebody-else" } });
  expect(wrong.status).toBe(200);
  const who = await mette();
  const draft = await post("/messages", {
    contact: who.contact,
    channel: "sms",
    text: "Hello",
    evidence: [who.evidence],
  });
  await post(`/messages/${draft.body.id}/approve`, { version: draft.body.version });
  await post(`/messages/${draft.body.id}/send`, {});
  await runDue();
  expect(await read(draft.body.id)).toMatchObject({ state: "queued", reason: "telnyx_10009" });
  await post(`/senders/${from}/rotate-credentials`, { credentials: { api_key: accounts.telnyx.key } });
  await hours(1);
  expect(await read(draft.body.id)).toMatchObject({ state: "submitted" });
});

test("a draft says what an emoji costs, and how the same is said for less", async () => {
  await sender("twilio");
  const who = await mette();
  const plain = "We come tomorrow at ten. ".repeat(4).trim();
  const { body } = await post("/messages", { contact: who.contact, channel: "sms", text: `${plain} 👍` });
  expect(body["sms"]).toEqual({
    alphabet: "UCS-2",
    parts: 2,
    culprits: ["👍"],
    warning: "👍 makes this 2 SMS instead of 1.",
    cheaper: { text: plain, parts: 1 },
  });
});
