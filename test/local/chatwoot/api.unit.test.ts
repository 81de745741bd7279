/** Chatwoot's API as a backfill reads it: pages, orders, windows, limits. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LocalChatwoot } from "#local/chatwoot.ts";
import { drained, fixtureAccount, METTE, only } from "./account.ts";

type Row = Record<string, unknown> & { id: number };
type Page = { payload: Row[]; meta: Record<string, number> };

let chatwoot: LocalChatwoot;
beforeEach(async () => {
  chatwoot = await fixtureAccount();
});
afterEach(() => chatwoot.close());

const TOKEN = { api_access_token: "token-of-lars" };

async function get<T>(path: string): Promise<T> {
  return (await fetch(`${chatwoot.api}${path}`, { headers: TOKEN })).json() as Promise<T>;
}

async function send(method: string, path: string, body: unknown): Promise<{ status: number; body: Row }> {
  const form = body instanceof FormData;
  const headers = form ? TOKEN : { ...TOKEN, "content-type": "application/json" };
  const answer = await fetch(`${chatwoot.api}${path}`, { method, headers, body: form ? body : JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as Row };
}

const minute = (n: number): Date => new Date(Date.UTC(2026, 8, 1, 8, n));

describe("the door", () => {
  it("asks for the token, and knows no other account", async () => {
    const status = async (path: string, headers: Record<string, string>) =>
      (await fetch(`${chatwoot.url}/api/v1/accounts/${path}`, { headers })).status;
    expect(await status("7/conversations", {})).toBe(401);
    expect(await status("7/conversations", { api_access_token: "wrong" })).toBe(401);
    expect(await status("8/conversations", TOKEN)).toBe(401);
    expect(await status("7/conversations", TOKEN)).toBe(200);
    expect(await status("7/conversations/99", TOKEN)).toBe(404);
    expect(await status("7/nothing", TOKEN)).toBe(404);
  });
});

describe("conversations", () => {
  beforeEach(() => {
    for (let n = 0; n < 30; n += 1) {
      chatwoot.customer.writes({
        contact: { name: `Kunde ${n}`, phone: `+45203040${10 + n}` },
        text: "Hej",
        at: minute(n),
      });
    }
    chatwoot.resolves(482, minute(40));
  });

  it("come 25 to a page, newest activity first, open ones unless asked for all", async () => {
    const list = async (query: string) => (await get<{ data: Page }>(`/conversations${query}`)).data;
    const open = await list("");
    expect(open.meta).toEqual({ mine_count: 0, assigned_count: 0, unassigned_count: 29, all_count: 29 });
    expect(open.payload.map((c) => c.id)).toEqual(Array.from({ length: 25 }, (_, n) => 511 - n));
    const all = await list("?status=all");
    expect(all.payload[0]?.id).toBe(482);
    expect((await list("?status=all&page=2")).payload).toHaveLength(5);
    expect((await list("?status=all&page=3")).payload).toEqual([]);
  });

  it("shift between pages while they are read: a reader of page two misses what woke up", async () => {
    const first = await get<{ data: Page }>("/conversations?status=all");
    const last = first.data.payload.at(-1)?.id ?? 0;
    chatwoot.customer.writes({ contact: 5013, text: "Hallo?", at: minute(50) });
    const second = await get<{ data: Page }>("/conversations?status=all&page=2");
    const seen = [...first.data.payload, ...second.data.payload].map((c) => c.id);
    expect(seen.filter((id) => id === last)).toHaveLength(2);
    expect(seen).not.toContain(483);
  });

  it("are filtered by conditions, joined by and / or", async () => {
    const status = { attribute_key: "status", filter_operator: "equal_to", values: ["resolved"], query_operator: "or" };
    const recent = {
      attribute_key: "created_at",
      filter_operator: "is_greater_than",
      values: ["2026-09-01T08:27:30Z"],
    };
    const both = await send("POST", "/conversations/filter", {
      payload: [status, { ...recent, query_operator: null }],
    });
    expect((both.body as unknown as Page).payload.map((c) => c.id)).toEqual([482, 511, 510]);
    const bad = await send("POST", "/conversations/filter", { payload: [{ ...status, attribute_key: "colour" }] });
    expect(bad.status).toBe(422);
  });

  it("show Unix times and the last message, whatever its kind", async () => {
    const one = await get<Row & { messages: Row[]; last_non_activity_message: Row }>("/conversations/482");
    expect(one).toMatchObject({
      id: 482,
      status: "resolved",
      waiting_since: 0,
      account_id: 7,
      created_at: 1_788_249_600,
    });
    expect(one.messages).toMatchObject([{ message_type: 2 }]);
    expect(one.last_non_activity_message).toMatchObject({ message_type: 0, content: "Hej" });
  });
});

describe("messages", () => {
  const ids = (page: Page): number[] => page.payload.map((message) => message.id);
  const messages = (query: string) => get<Page>(`/conversations/482/messages${query}`);

  it("come as the newest 20, 20 before an id, 100 after one, or all between two", async () => {
    for (let n = 0; n < 130; n += 1) chatwoot.customer.writes({ contact: METTE, text: `${n}`, at: minute(n) });
    const first = 90_117;
    expect(ids(await messages(""))).toEqual(Array.from({ length: 20 }, (_, n) => first + 110 + n));
    expect(ids(await messages(`?before=${first + 110}`))).toEqual(Array.from({ length: 20 }, (_, n) => first + 90 + n));
    expect(ids(await messages(`?after=${first}`))).toEqual(Array.from({ length: 100 }, (_, n) => first + 1 + n));
    expect(ids(await messages(`?after=${first}&before=${first + 130}`))).toHaveLength(130);
  });

  it("are cut by id but ordered by time, so that a cursor must follow the highest id", async () => {
    chatwoot.customer.writes({ contact: METTE, text: "new", at: minute(10) });
    chatwoot.customer.writes({ contact: METTE, text: "imported, older", at: minute(5) });
    expect(ids(await messages(""))).toEqual([90_118, 90_117]);
    expect(ids(await messages("?after=90117"))).toEqual([90_118]);
  });

  it("have integer types and Unix times, private notes and activity among them", async () => {
    chatwoot.customer.writes({ contact: METTE, text: "Hej", at: minute(0) });
    chatwoot.agent.notes({ conversation: 482, text: "Note", at: minute(1) });
    chatwoot.resolves(482, minute(2));
    const { payload } = await messages("");
    expect(payload).toMatchObject([
      { message_type: 0, created_at: 1_788_249_600, sender: { type: "contact" }, status: "sent" },
      { message_type: 1, private: true, sender: { type: "user", name: "Lars T" } },
      { message_type: 2, content: "Conversation was marked resolved" },
    ]);
    expect(payload[2]).not.toHaveProperty("sender");
    expect(payload[0]).not.toHaveProperty("attachments");
  });

  it("are sent, echoed as a webhook with our mark, and never again", async () => {
    chatwoot.customer.writes({ contact: METTE, text: "Hej" });
    drained(chatwoot);
    const mark = { omneuro_id: "m1" };
    const sent = await send("POST", "/conversations/482/messages", {
      content: "Vi kommer kl. 9",
      content_attributes: mark,
    });
    expect(sent.body).toMatchObject({
      message_type: 1,
      content: "Vi kommer kl. 9",
      content_attributes: mark,
      private: false,
    });
    const echo = only(drained(chatwoot), "message_created");
    expect(echo).toMatchObject({ id: sent.body.id, message_type: "outgoing", content_attributes: mark });
  });

  it("come in through an API inbox, at a time of their own, and only there", async () => {
    chatwoot.customer.writes({ contact: METTE, text: "Hej" });
    const incoming = { content: "Fra sms", message_type: "incoming", external_created_at: 1_788_000_000 };
    const api = await send("POST", "/conversations/482/messages", incoming);
    expect(api.body).toMatchObject({ message_type: 0, created_at: 1_788_000_000, sender: { id: 5012 } });
    chatwoot.customer.writes({ contact: METTE, text: "Hej", inbox: 3 });
    expect((await send("POST", "/conversations/483/messages", incoming)).status).toBe(422);
    const tooLong = await send("POST", "/conversations/482/messages", { content: "x".repeat(150_001) });
    expect(tooLong.status).toBe(422);
  });

  it("carry files from a form, whose links redirect to the bytes until the message is deleted", async () => {
    chatwoot.customer.writes({ contact: METTE, text: "Hej" });
    const form = new FormData();
    form.set("content", "Se billedet");
    form.set("private", "true");
    form.append("attachments[]", new File([new Uint8Array([1, 2, 3])], "pumpe.jpg", { type: "image/jpeg" }));
    const { body } = await send("POST", "/conversations/482/messages", form);
    expect(body).toMatchObject({
      private: true,
      attachments: [{ file_type: "image", extension: "jpg", file_size: 3 }],
    });
    const [file] = body["attachments"] as { data_url: string }[];
    const fetched = await fetch(file?.data_url ?? "");
    expect(fetched.redirected).toBe(true);
    expect(new Uint8Array(await fetched.arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]));
    chatwoot.agent.deletes(body.id);
    expect((await fetch(file?.data_url ?? "")).status).toBe(404);
  });

  it("move forward in delivery state, never back, and only in API inboxes", async () => {
    const { message } = chatwoot.customer.writes({ contact: METTE, text: "Hej" });
    const path = `/conversations/482/messages/${message.id}`;
    expect((await send("PATCH", path, { status: "read" })).body).toMatchObject({ status: "read" });
    drained(chatwoot);
    expect((await send("PATCH", path, { status: "delivered" })).body).toMatchObject({ status: "read" });
    expect(drained(chatwoot)).toEqual([]);
    const site = chatwoot.customer.writes({ contact: METTE, text: "Hej", inbox: 3 });
    const other = `/conversations/${site.conversation.id}/messages/${site.message.id}`;
    expect((await send("PATCH", other, { status: "read" })).status).toBe(403);
  });
});

describe("contacts", () => {
  it("come 15 to a page, without those who cannot be reached", async () => {
    for (let n = 0; n < 17; n += 1) {
      chatwoot.customer.writes({
        contact: { name: `Kunde ${n}`, email: `k${n}@example.com` },
        text: "Hej",
        at: minute(n),
      });
    }
    chatwoot.customer.opensWidget({ contact: { name: "solitary-frog-112" }, inbox: 3, referer: "https://x.example/" });
    const first = await get<Page>("/contacts?sort=-last_activity_at");
    expect(first.meta).toEqual({ count: 17, current_page: 1 });
    expect(first.payload).toHaveLength(15);
    expect(first.payload[0]).toMatchObject({ id: 5028, email: "k16@example.com" });
    expect((await get<Page>("/contacts?sort=-last_activity_at&page=2")).payload.map((c) => c.id)).toEqual([5013, 5012]);
  });

  it("are made with an address in an inbox, once, and a conversation can be opened with it", async () => {
    const person = { inbox_id: 14, name: "Jens Bro", phone_number: "+4520304051", email: "jens@example.com" };
    const made = await send("POST", "/contacts", person);
    const payload = (made.body as unknown as { payload: { contact: Row; contact_inbox: { source_id: string } } })
      .payload;
    expect(payload.contact_inbox.source_id).toBe("+4520304051");
    expect((await send("POST", "/contacts", person)).status).toBe(422);
    expect((await send("POST", "/contacts", { name: "x", phone_number: "20304050" })).status).toBe(422);
    drained(chatwoot);
    const opened = await send("POST", "/conversations", {
      source_id: payload.contact_inbox.source_id,
      status: "pending",
    });
    expect(opened.body).toMatchObject({ status: "pending", meta: { sender: { id: payload.contact.id } } });
    expect(only(drained(chatwoot), "conversation_created")).toMatchObject({ id: opened.body.id });
    expect(await get(`/contacts/${payload.contact.id}`)).toMatchObject({ payload: { name: "Jens Bro" } });
  });
});

describe("webhooks", () => {
  it("are registered once per URL, and tell their secret", async () => {
    const url = "http://127.0.0.1:9/hooks/second";
    const made = await send("POST", "/webhooks", {
      webhook: { url, name: "second", subscriptions: ["message_created"] },
    });
    const { webhook } = made.body["payload"] as { webhook: { secret: string } };
    expect(webhook.secret.length).toBeGreaterThan(20);
    expect((await send("POST", "/webhooks", { webhook: { url } })).status).toBe(422);
    expect((await send("POST", "/webhooks", { webhook: { url: `${url}2`, subscriptions: ["x"] } })).status).toBe(422);
    const { payload } = await get<{ payload: { webhooks: { url: string; secret: string }[] } }>("/webhooks");
    expect(payload.webhooks.find((known) => known.url === url)?.secret).toBe(webhook.secret);
    chatwoot.customer.writes({ contact: METTE, text: "Hej" });
    const second = chatwoot.webhooks.drain().filter((delivery) => delivery.url === url);
    expect(second.map((delivery) => delivery.event)).toEqual(["message_created"]);
  });
});
