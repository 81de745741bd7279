/** What each act in the account tells its subscribers, key for key as recorded payloads do. */
import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sign } from "#local/chatwoot/sign.ts";
import type { LocalChatwoot } from "#local/chatwoot.ts";
import { type Body, bodyOf, drained, fixtureAccount, METTE, only, SECRET } from "./account.ts";

const T = (time: string): string => `2026-11-15T${time}Z`;
const TEXT = "Varmepumpen larmer igen, kan I komme torsdag?";

let chatwoot: LocalChatwoot;
beforeEach(async () => {
  chatwoot = await fixtureAccount();
});
afterEach(() => chatwoot.close());

/** Every key with its kind of value: `conversation.meta.sender.id number`. Kinds tell 0 from null and ISO from Unix. */
function shape(value: unknown, path = ""): string[] {
  if (Array.isArray(value))
    return value.length === 0 ? [`${path}[]`] : [...new Set(value.flatMap((v) => shape(v, `${path}[]`)))];
  if (value === null) return [`${path} null`];
  if (typeof value !== "object") return [`${path} ${typeof value}`];
  const entries = Object.entries(value);
  return entries.length === 0
    ? [`${path} {}`]
    : entries.flatMap(([key, inner]) => shape(inner, `${path}.${key}`)).sort();
}

async function fixture(name: string): Promise<Body> {
  return JSON.parse(await readFile(new URL(`../../fixtures/chatwoot/${name}.json`, import.meta.url), "utf8")) as Body;
}

/** The first customer message of the fixtures, labelled as theirs. */
function open(): number {
  const { conversation } = chatwoot.customer.writes({ contact: METTE, text: TEXT, at: T("06:25:02.744") });
  chatwoot.agent.labels({ conversation: conversation.id, labels: ["haster"], at: T("06:25:03.000") });
  return conversation.id;
}

describe("webhook bodies have the recorded shapes", () => {
  it("an incoming text", async () => {
    chatwoot.webhooks.hold();
    open();
    chatwoot.webhooks.release();
    const body = only(drained(chatwoot), "message_created");
    expect(shape(body)).toEqual(shape(await fixture("s1-incoming-text")));
    expect(body).toMatchObject({ id: 90_117, message_type: "incoming", created_at: T("06:25:02.744"), content: TEXT });
    expect(body).toMatchObject({ conversation: { id: 482, waiting_since: 1_794_723_902, labels: ["haster"] } });
    expect(body).not.toHaveProperty("status");
    expect(body).not.toHaveProperty("attachments");
  });

  it("a private note, with the customer's message still the newest chat message", async () => {
    const conversation = open();
    chatwoot.agent.assigns({ conversation, agent: 33, at: T("06:30:00") });
    drained(chatwoot);
    chatwoot.agent.notes({ conversation, text: "Kunden skylder 2 fakturaer", at: T("06:31:40.002") });
    const bodies = drained(chatwoot);
    expect(bodies.map((b) => b.event)).toEqual(["message_created"]);
    const body = only(bodies, "message_created");
    expect(shape(body)).toEqual(shape(await fixture("s2-private-note")));
    expect(body).toMatchObject({
      private: true,
      message_type: "outgoing",
      conversation: { messages: [{ id: 90_117 }] },
    });
  });

  it("an image without text", async () => {
    const conversation = open();
    chatwoot.agent.assigns({ conversation, agent: 33 });
    drained(chatwoot);
    const pump = { fileName: "pumpe.jpg", contentType: "image/jpeg", fileSize: 182_233, width: 1280, height: 960 };
    chatwoot.customer.writes({ contact: METTE, text: null, at: T("06:40:11.310"), attachments: [pump] });
    expect(shape(only(drained(chatwoot), "message_created"))).toEqual(shape(await fixture("s3-image-no-text")));
  });

  it("a deletion, which is an update that says so and has lost its attachments", async () => {
    open();
    const pump = { fileName: "pumpe.jpg", contentType: "image/jpeg" };
    const { message } = chatwoot.customer.writes({
      contact: METTE,
      text: TEXT,
      attachments: [pump],
      at: T("06:41:00"),
    });
    drained(chatwoot);
    chatwoot.agent.deletes(message.id, T("06:45:00.120"));
    const bodies = drained(chatwoot);
    expect(bodies).toHaveLength(1);
    const body = only(bodies, "message_updated");
    expect(shape(body)).toEqual(shape(await fixture("s4-deleted")));
    expect(body).toMatchObject({ content: "This message was deleted", content_attributes: { deleted: true } });
  });

  it("a conversation resolved: status and update events, and an activity message no webhook tells of", async () => {
    chatwoot.account.teams.set(2, { id: 2, name: "Drift" });
    const conversation = open();
    chatwoot.agent.assigns({ conversation, agent: 33, at: T("06:30:00") });
    chatwoot.agent.prioritizes({ conversation, priority: "high", at: T("06:30:01") });
    chatwoot.agent.replies({ conversation, text: "Ja, torsdag kl. 9.", at: T("06:50:00.000") });
    chatwoot.account.conversation(conversation).teamId = 2;
    drained(chatwoot);
    chatwoot.resolves(conversation, T("07:00:10.112"));
    const bodies = drained(chatwoot);
    expect(bodies.map((b) => b.event)).toEqual(["conversation_status_changed", "conversation_updated"]);
    const body = only(bodies, "conversation_status_changed");
    const recorded = await fixture("s5-status-changed");
    expect(shape({ ...body, messages: [] })).toEqual(shape(recorded));
    expect(body).toMatchObject({ waiting_since: 0, updated_at: expect.closeTo(1_794_726_010.112, 3) });
    expect(body["changed_attributes"]).toEqual(recorded["changed_attributes"]);
    expect(chatwoot.account.messagesOf(conversation).at(-1)?.type).toBe("activity");
  });

  it("a contact changed, and silence where nothing changed", async () => {
    open();
    chatwoot.contact.changes(5012, { additionalAttributes: { city: "Aarhus" }, identifier: "crm-88" });
    drained(chatwoot);
    chatwoot.contact.changes(5012, { name: "Mette Holm Jensen", phone: METTE.phone });
    const bodies = drained(chatwoot);
    expect(shape(only(bodies, "contact_updated"))).toEqual(shape(await fixture("s6-contact-updated")));
    chatwoot.contact.changes(5012, { name: "Mette Holm Jensen" });
    expect(drained(chatwoot)).toEqual([]);
  });

  it("the website's widget opened, and typing", async () => {
    const opened = { contact: { name: "solitary-frog-112" }, inbox: 3, referer: "https://nordvarme.example/" };
    chatwoot.customer.opensWidget(opened);
    expect(shape(only(drained(chatwoot), "webwidget_triggered"))).toEqual(
      shape(await fixture("s7-webwidget-triggered")),
    );
    const conversation = open();
    drained(chatwoot);
    chatwoot.agent.types({ conversation, on: "on" });
    expect(shape(only(drained(chatwoot), "conversation_typing_on"))).toEqual(shape(await fixture("s8-typing-on")));
  });
});

describe("events of a user's act", () => {
  it("a first message makes contact, conversation and message, and starts the wait; a second is a message only", () => {
    chatwoot.customer.writes({ contact: METTE, text: "Hej" });
    expect(drained(chatwoot).map((b) => b.event)).toEqual([
      "contact_created",
      "conversation_created",
      "message_created",
      "conversation_updated",
    ]);
    chatwoot.customer.writes({ contact: METTE, text: "Er der nogen?" });
    expect(drained(chatwoot).map((b) => b.event)).toEqual(["message_created"]);
  });

  it("an answer ends the wait; writing into a resolved conversation opens it again", () => {
    const conversation = open();
    drained(chatwoot);
    chatwoot.agent.replies({ conversation, text: "Ja." });
    const updated = only(drained(chatwoot), "conversation_updated");
    expect(updated).toMatchObject({ waiting_since: 0 });
    expect(JSON.stringify(updated["changed_attributes"])).toContain("first_reply_created_at");
    chatwoot.resolves(conversation);
    drained(chatwoot);
    chatwoot.customer.writes({ contact: METTE, conversation, text: "Det larmer stadig" });
    expect(drained(chatwoot).map((b) => b.event)).toContain("conversation_status_changed");
    expect(chatwoot.account.conversation(conversation).status).toBe("open");
  });

  it("an automatic message has no sender and ends no wait", () => {
    const conversation = open();
    drained(chatwoot);
    chatwoot.automation.sends({ conversation, text: "Vi har lukket til mandag kl. 8" });
    const bodies = drained(chatwoot);
    expect(bodies.map((b) => b.event)).toEqual(["message_created"]);
    expect(bodies[0]).toMatchObject({ message_type: "template", sender: null, private: false });
    expect(bodies[0]).toMatchObject({ conversation: { messages: [{ message_type: 3, sender_id: null }] } });
    expect(chatwoot.account.conversation(conversation).waitingSince).not.toBeNull();
  });

  it("a job that runs late tells of now: the nested message is newer, an edit is already in the text", () => {
    chatwoot.webhooks.hold();
    const { message } = chatwoot.customer.writes({ contact: METTE, text: "Kom torsdg", at: T("08:00:00") });
    chatwoot.customer.writes({ contact: METTE, text: "og ring først", at: T("08:00:30") });
    chatwoot.agent.edits(message.id, "Kom torsdag", T("08:01:00"));
    chatwoot.webhooks.release();
    const [first] = drained(chatwoot).filter((b) => b.event === "message_created");
    expect(first).toMatchObject({ id: message.id, content: "Kom torsdag" });
    expect(first).toMatchObject({
      conversation: { messages: [{ id: message.id + 1, updated_at: T("08:00:30.000") }] },
    });
  });

  it("the past is in the body, the present in the signature", async () => {
    const now = new Date("2026-11-21T12:00:00.700Z");
    const story = await fixtureAccount({ clock: { now: () => now } });
    story.customer.writes({ contact: METTE, text: "Hej", at: "2026-08-21T08:00:00Z" });
    for (const delivery of story.webhooks.drain()) {
      const { "x-chatwoot-timestamp": timestamp = "", "x-chatwoot-signature": signature } = delivery.headers;
      expect(Number(timestamp)).toBe(1_795_262_400);
      expect(signature).toBe(sign(SECRET, timestamp, delivery.body));
      if (delivery.event === "message_created") expect(bodyOf(delivery)["created_at"]).toBe("2026-08-21T08:00:00.000Z");
    }
    await story.close();
  });
});
