// A customer who writes through an SMS inbox of Chatwoot, and whom we write to from a number of our own.
import { contact, conversation, heard, type Json, message, number, type Talk, talk } from "#test/inbox/chatwoot.ts";
import { deliverPublished } from "#test/kit/jobs.ts";
import { canSend } from "#test/kit/outbound.ts";
import type { Tenant, World } from "#test/kit/world.ts";

export type Customer = {
  talk: Talk;
  person: string;
  phone: string;
  evidence: string;
  sender: string;
  conversation(): Json;
};

export async function customer(w: World, tenant: Tenant): Promise<Customer> {
  const [known] = await w.neon.query("select id from outbound.senders where project_id = $1 limit 1", [tenant.project]);
  const sender = known ? String(known["id"]) : (await canSend(w, tenant)).sender;
  const at = talk(tenant);
  const phone = String(contact(at)["phone_number"]);
  const made = () =>
    conversation(at, {
      channel: "Channel::TwilioSms",
      contact_inbox: { id: number(), contact_id: at.contact, inbox_id: 14, source_id: phone },
    });
  // Long ago, so that nothing of today is older.
  const first = message(at, { content: "Kedlen larmer", created_at: "2026-11-01T08:00:00.000Z", conversation: made() });
  if ((await heard(w, tenant, first)) !== "stored") throw new Error("the first message was not stored");
  const [row] = await w.neon.query(
    `select c.person_id as person, e.id as evidence from inbox.cw_contacts c
      join shared.evidence_items e on e.project_id = c.project_id and e.contact_id = c.person_id
      where c.project_id = $1 and c.contact_id = $2`,
    [tenant.project, at.contact],
  );
  return {
    talk: at,
    person: String(row?.["person"]),
    evidence: String(row?.["evidence"]),
    phone,
    sender,
    conversation: made,
  };
}

let asked = 0;

/** Written, approved and sent on its way, as staff does it. */
export async function queueMessage(w: World, tenant: Tenant, of: Customer, more: Json = {}): Promise<string> {
  const post = async (path: string, json: unknown) => {
    asked += 1;
    const answer = await w.fetch(`/v1/outbound/messages${path}`, {
      method: "POST",
      key: tenant.apiKey,
      json,
      headers: { "idempotency-key": `"c${asked}"` },
    });
    const body = (await answer.json()) as { id: string; version: number };
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(body)}`);
    return body;
  };
  const text = `Your boiler is ready, number ${asked}.`;
  const made = await post("", {
    contact: of.person,
    channel: "sms",
    text,
    evidence: [of.evidence],
    sender: of.sender,
    ...more,
  });
  await post(`/${made.id}/approve`, { version: made.version });
  await post(`/${made.id}/send`, {});
  await w.settled();
  return made.id;
}

/** What is due now is sent, whoever was to be woken. */
export async function dispatchDue(w: World, tenant: Tenant): Promise<void> {
  await w.settled();
  w.queue.published.splice(0);
  w.queue.published.push({ kind: "outbound.dispatch", project: tenant.project, id: `obx_${++asked}`, body: {} });
  for (const { status, body } of await deliverPublished(w)) {
    if (status !== 200) throw new Error(`dispatch: ${status} ${JSON.stringify(body)}`);
  }
  w.queue.published.splice(0);
}
