/** Reading Chatwoot's payloads: the samples, their variants, and anything else without a throw. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clean } from "#brain/inbox/clean.ts";
import { fromMicros, instant, toMicros } from "#brain/inbox/instant.ts";
import { type Payload, readPayload } from "#brain/inbox/payload.ts";
import { project } from "#brain/inbox/project.ts";
import { type Json, sample } from "./chatwoot.ts";

const sentAt = "2026-11-15T06:25:03.000000Z";
const read = (body: Json): Payload => readPayload(clean(body) as Json & { event: string });
const told = (body: Json) => project(read(body), sentAt);
const message = (body: Json) => {
  const { message: found } = told(body);
  if (!found) throw new Error("no message was read");
  return found;
};
const s1 = () => sample("s1-incoming-text", 7);

describe("the samples", () => {
  it("S1, an incoming text, is a customer's message in his conversation", () => {
    const facts = told(s1());
    expect(facts.object).toBe("message:90117");
    expect(facts.message).toMatchObject({
      message_id: 90117,
      conversation_id: 482,
      contact_id: 5012,
      sender_type: "contact",
      private: false,
      message_type: "incoming",
      content: "Varmepumpen larmer igen, kan I komme torsdag?",
      created_at: "2026-11-15T06:25:02.744000Z",
      version_at: null,
      deleted: false,
    });
    expect(facts.conversation).toMatchObject({ conversation_id: 482, contact_id: 5012, inbox_id: 14, status: "open" });
    expect(facts.contacts).toHaveLength(1);
    expect(facts.contacts[0]).toMatchObject({ contact_id: 5012, phone: "+4520304050", email: "mette@example.dk" });
  });

  it("S2, a private note, is an agent's and not a contact's", () => {
    const note = message(sample("s2-private-note", 7));
    expect(note).toMatchObject({
      private: true,
      sender_type: "user",
      sender_id: 33,
      contact_id: 5012,
      content: "Kunden skylder 2 fakturaer, ring foerst",
    });
  });

  it("S3 has a picture and no words; S4 is a deletion, whatever its words", () => {
    expect(message(sample("s3-image-no-text", 7))).toMatchObject({
      content: null,
      attachments: [{ id: 771, file_type: "image" }],
    });
    const gone = message(sample("s4-deleted", 7));
    expect(gone).toMatchObject({ deleted: true, content: null, attachments: [], data: {} });
    expect(gone.version_at).not.toBeNull();
  });

  it("S5 and S6 speak of a conversation and a contact only", () => {
    const status = told(sample("s5-status-changed", 7));
    expect(status).toMatchObject({
      message: null,
      conversation: { status: "resolved", assignee_id: 33, updated_at: "2026-11-15T08:06:50.112000Z" },
    });
    expect(status.conversation?.data).toMatchObject({
      waiting_since: null,
      priority: "high",
      team: { id: 2, name: "Drift" },
    });
    const contact = told(sample("s6-contact-updated", 7));
    expect(contact).toMatchObject({
      message: null,
      conversation: null,
      contacts: [{ data: { name: "Mette Holm Jensen", identifier: "crm-88" } }],
    });
  });

  it("S7 is a visitor without a conversation; S8, typing, is nothing to keep", () => {
    expect(told(sample("s7-webwidget-triggered", 7))).toMatchObject({
      conversation: null,
      contacts: [{ contact_id: 5044, phone: null, email: null }],
    });
    expect(read(sample("s8-typing-on", 7))).toMatchObject({ kind: "ignored", reason: "typing" });
  });
});

describe("other spellings", () => {
  it("of numbers, times, kinds and empty objects mean the same", () => {
    const plain = s1();
    const spelt = {
      ...plain,
      id: "90117",
      created_at: 1794723902.744,
      message_type: 0,
      content_attributes: [],
      additional_attributes: [],
      account: { id: "7" },
      conversation: { ...(plain["conversation"] as Json), id: "482", custom_attributes: [], additional_attributes: [] },
    };
    expect(message(spelt)).toEqual(message(plain));
    expect(read(spelt).account).toBe(7);
    for (const [number, word] of ["incoming", "outgoing", "activity", "template"].entries()) {
      expect(message({ ...plain, message_type: number }).message_type).toBe(word);
    }
  });

  it("of the nested message count only for the message it is", () => {
    const edited = { ...s1(), event: "message_updated" };
    expect(message(edited).version_at).toBe("2026-11-15T06:25:02.771000Z");
    expect(message({ ...edited, id: 90118 }).version_at).toBe(sentAt);
  });

  it("of the account are looked for inside", () => {
    const { account, ...rest } = s1();
    expect(read(rest).account).toBe(7);
    expect(read({ event: "conversation_updated", id: 1 }).account).toBeNull();
    expect(account).toBeDefined();
  });

  it("rank the deliveries of one second: who reports a change knows best", () => {
    const [snapshot] = told(s1()).contacts;
    const [change] = told(sample("s6-contact-updated", 7)).contacts;
    const [creation] = told({ ...sample("s6-contact-updated", 7), event: "contact_created" }).contacts;
    const order = [creation, snapshot, change].map((c) => c?.heard_at ?? "");
    expect([...order].sort()).toEqual(order);
    expect(new Set(order).size).toBe(3);
  });
});

describe("anything else", () => {
  it("with a key of a sample missing, null or of another type is read or set aside, never thrown at", () => {
    const names = [
      "s1-incoming-text",
      "s2-private-note",
      "s3-image-no-text",
      "s4-deleted",
      "s5-status-changed",
      "s6-contact-updated",
      "s7-webwidget-triggered",
      "s8-typing-on",
    ];
    const odd = [undefined, null, 0, -1, "", "x", [], {}, true, [[]], "1e3"];
    let tried = 0;
    const spoil = (root: Json, node: unknown) => {
      if (typeof node !== "object" || node === null) return;
      for (const key of Object.keys(node)) {
        if (node === root && key === "event") continue;
        const holder = node as Json;
        const before = holder[key];
        for (const value of odd) {
          holder[key] = value;
          const facts = told(root);
          if (facts.message)
            expect(facts.message.private).toBe(
              root["private"] !== null &&
                root["private"] !== undefined &&
                root["private"] !== "" &&
                root["private"] !== 0 &&
                root["private"] !== false,
            );
          tried++;
        }
        holder[key] = before;
        spoil(root, before);
      }
    };
    for (const name of names) {
      const root = sample(name, 7);
      spoil(root, root);
    }
    expect(tried).toBeGreaterThan(5_000);
  });

  it("that is JSON at all is read without a throw, and cleaned for good", () => {
    const event = fc.constantFrom(
      "message_created",
      "message_updated",
      "conversation_updated",
      "contact_updated",
      "webwidget_triggered",
      "new",
      "__proto__",
      "constructor",
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: "binary", maxLength: 12 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 6 }),
        event,
        (rest, name) => {
          const cleaned = clean({ ...rest, event: name, pubsub_token: "t", deep: [{ "pubsub\0_token": "t" }] }) as Json;
          const text = JSON.stringify(cleaned);
          expect(text).not.toMatch(/pubsub_token|\\u0000|\\ud[89a-f]/i);
          expect(JSON.stringify(clean(JSON.parse(text)))).toBe(text);
          readPayload(cleaned as Json & { event: string });
        },
      ),
    );
  });

  it("is the same content whatever the order of its keys", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ maxLength: 12 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 6 }),
        (value) => {
          const turned = Object.fromEntries(Object.entries(value).reverse());
          expect(JSON.stringify(clean(turned))).toBe(JSON.stringify(clean(value)));
        },
      ),
    );
  });
});

describe("instant", () => {
  it("reads ISO and Unix times to the microsecond, and nothing that is none", () => {
    const same = [
      "2026-11-15T06:25:02.771Z",
      "2026-11-15 06:25:02.771 UTC",
      "2026-11-15T07:25:02.771+01:00",
      "2026-11-15T07:25:02,771+0100",
      1794723902.771,
      "1794723902.771",
      1794723902771,
      1794723902771000,
    ];
    for (const value of same) expect(instant(value), String(value)).toBe("2026-11-15T06:25:02.771000Z");
    expect(instant("2026-11-15T06:25")).toBe("2026-11-15T06:25:00.000000Z");
    expect(instant(1794723902.771234)).toBe("2026-11-15T06:25:02.771234Z");
    for (const none of [
      0,
      "0",
      -5,
      "",
      "yesterday",
      "2026-13-45T99:00:00Z",
      null,
      undefined,
      {},
      [],
      Number.NaN,
      Number.POSITIVE_INFINITY,
      1e30,
      "9999999999999999999999",
    ]) {
      expect(instant(none), String(none)).toBeNull();
    }
  });

  it("keeps its order and its value as text", () => {
    const micros = fc.integer({ min: 1, max: 7_258_118_399_999_999 });
    fc.assert(
      fc.property(micros, micros, (a, b) => {
        expect(toMicros(fromMicros(a))).toBe(a);
        expect(fromMicros(a) < fromMicros(b)).toBe(a < b);
        expect(instant(fromMicros(a))).toBe(fromMicros(a));
      }),
    );
  });
});
