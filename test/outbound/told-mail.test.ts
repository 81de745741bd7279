// What Resend and Postmark report about our mails: how far they came, bounces, complaints, and addresses on their own lists.
import { beforeEach, describe, expect, test } from "vitest";
import { canSend, type Sending } from "#test/kit/outbound.ts";
import { type Bound, bound, calls } from "#test/kit/providers.ts";
import { type World, world } from "#test/kit/world.ts";

let w: World;
let s: Sending;

beforeEach(async () => {
  w = await world();
  s = await canSend(w, w.a);
});

const read = async (id: string): Promise<Record<string, unknown>> =>
  (await w.fetch(`/v1/outbound/messages/${id}`, { key: w.a.apiKey })).json();
const rows = (what: string) => w.neon.query(`select x.* from ${what} x where x.project_id = $1`, [w.a.project]);

describe("e-mail's reports", () => {
  let mail: Bound;
  let mailed = 0;

  /** A mail that Resend or Postmark took. */
  async function mailTaken(provider: "resend" | "postmark"): Promise<{ id: string; taken: string }> {
    mail = await bound(w, w.a, provider);
    const id = w.runtime.ids.next("message");
    const taken = `taken-${++mailed}`;
    const place = [w.a.project, w.a.accountScope];
    await w.neon.query(
      `insert into outbound.senders (project_id, account_scope_id, id, provider, channel, name, address, credentials_sealed) values ($1, $2, $3, $4, 'email', 'Mail', $3, 'v1.none')`,
      [...place, `snd_${id}`, provider],
    );
    await w.neon.query(
      `insert into outbound.messages (project_id, account_scope_id, id, contact_id, channel, sender_id, class, recipient, recipient_hash, zones,
         body, idempotency_key, dedupe_key, written_by, state, seal, attempts, provider_message_id)
       values ($1, $2, $3, $4, 'email', 'snd_' || $3, 'marketing', 'mette@example.dk', 'hash-of-mette', '{UTC}', 'Hi', $3, $3, 'user:x', 'submitted', 'sealed', 1, $5)`,
      [...place, id, s.contact, taken],
    );
    await w.neon.query(
      `insert into outbound.attempts (project_id, account_scope_id, id, message_id, number, sender_id, token, outcome, provider_message_id)
       values ($1, $2, 'att_' || $3, $3, 1, 'snd_' || $3, gen_random_uuid(), 'accepted', $4)`,
      [...place, id, taken],
    );
    return { id, taken };
  }

  test("Resend: sent names the Message-ID, a hard bounce shuts the address out, a complaint the person", async () => {
    const { id, taken } = await mailTaken("resend");
    const event = (type: string, more: Record<string, unknown> = {}) =>
      calls(w, mail, { type, created_at: "x", data: { email_id: taken, message_id: "<out-1@mail.example>", ...more } });
    await event("email.sent");
    await event("email.delivery_delayed");
    const [row] = await w.neon.query("select state, mail_id from outbound.messages where id = $1", [id]);
    expect(row).toEqual({ state: "sent", mail_id: "out-1@mail.example" });
    for (const _ of [1, 2]) await event("email.bounced", { bounce: { type: "Permanent" } });
    expect(await read(id)).toMatchObject({ state: "failed", reason: "resend_bounced_permanent" });
    expect(await rows("outbound.suppressions")).toMatchObject([{ reason: "bounce", channel: "email" }]);
    expect(await rows("people.consents")).toEqual([]);
    for (const _ of [1, 2]) await event("email.complained");
    expect(await rows("outbound.contact_channel_policies")).toMatchObject([
      { opted_out_by: "complaint", channel: "email" },
    ]);
    expect(await rows("people.consents")).toMatchObject([{ granted: false, scope: "marketing" }]);
  });

  test("Postmark: delivered, an answering machine, a complaint, an address on its own list", async () => {
    const { id, taken } = await mailTaken("postmark");
    await calls(w, mail, { RecordType: "Delivery", MessageID: taken, Recipient: "mette@example.dk" });
    expect(await read(id)).toMatchObject({ state: "delivered" });
    await calls(w, mail, { RecordType: "Bounce", MessageID: taken, ID: 7, Type: "AutoResponder", TypeCode: 64 });
    expect(await rows("outbound.suppressions")).toEqual([]);
    await calls(w, mail, {
      RecordType: "SpamComplaint",
      MessageID: taken,
      ID: 8,
      TypeCode: 100001,
      Email: "mette@example.dk",
    });
    expect(await read(id)).toMatchObject({ state: "delivered" });
    expect(await rows("people.consents")).toHaveLength(1);
    for (const _ of [1, 2])
      await calls(w, mail, {
        RecordType: "SubscriptionChange",
        MessageID: "",
        Recipient: "other@example.dk",
        SuppressSending: true,
        SuppressionReason: "HardBounce",
      });
    expect((await rows("outbound.suppressions")).map((row) => row["reason"]).sort()).toEqual(["bounce", "complaint"]);
  });
});
