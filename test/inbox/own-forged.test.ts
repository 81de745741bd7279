/** References to what we wrote that are not what we wrote: unknown, copied, from elsewhere. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { arrive, type Bound, bound } from "#test/sync/account.ts";
import { count, heard, message, rows } from "./chatwoot.ts";
import { carry, isOursIn, mirrored, notedIn, talking, words } from "./writing.ts";

let it_: Bound;
beforeAll(async () => {
  it_ = await bound();
});
afterAll(() => it_.close());
beforeEach(async () => {
  it_.office.troubles.onChanged = () => undefined;
  await arrive(it_);
});
const noted = (text: string) => notedIn(it_, text);
const isOurs = (text: string, id: string) => isOursIn(it_, { text, id });

describe("what is not ours", () => {
  const forged = async (change: Record<string, unknown>, ref: string, of = it_.w.a) => {
    const { conversation, contact } = await talking(it_);
    const at = { account: of.accountId, conversation: conversation.id, contact: contact.id };
    const text = words();
    const sender = { id: 31, name: "Lars", email: "lars@nordvarme.example", type: "user" };
    const told = message(at, {
      content: text,
      message_type: "outgoing",
      private: true,
      sender,
      content_attributes: { omneuro_ref: ref },
      ...change,
    });
    expect(await heard(it_.w, of, told)).toBe("stored");
    return text;
  };
  const snapshot = () => rows(it_.w, it_.w.a, "select * from inbox.own_writes order by id, $1::uuid");

  it("an unknown reference, another conversation's, another tenant's or a customer's changes nothing", async () => {
    const { id } = await noted(words());
    await carry(it_);
    it_.office.webhooks.drain();
    const before = await snapshot();
    const texts = [
      await forged({}, "own_0000000000000000000000000a"),
      await forged({}, id),
      await forged({ private: false }, id),
      await forged({}, "msg_0000000000000000000000000a"),
      await forged({ message_type: "incoming", private: false, sender: undefined }, id),
    ];
    await forged({}, id, it_.w.b);
    expect(await snapshot()).toEqual(before);
    for (const text of texts) expect(await mirrored(it_, text)).toEqual([expect.objectContaining({ own_ref: null })]);
    expect(await count(it_.w, it_.w.b, "inbox.cw_messages", "own_ref is not null")).toBe(0);
  });

  it("a copy of the reference in the same conversation is somebody else's; Chatwoot's own answer outranks it", async () => {
    const text = words();
    const { id, conversation } = await noted(text);
    const copied = words();
    it_.office.troubles.onChanged = async () => {
      const kept = it_.office.webhooks.drain();
      it_.office.agent.notes({ conversation, text: copied, contentAttributes: { omneuro_ref: id } });
      await arrive(it_);
      it_.office.webhooks.captured.push(...kept);
    };
    await carry(it_);
    it_.office.troubles.onChanged = () => undefined;
    await arrive(it_);
    await isOurs(text, id);
    expect(await mirrored(it_, copied)).toEqual([expect.objectContaining({ own_ref: null })]);
  });
});
