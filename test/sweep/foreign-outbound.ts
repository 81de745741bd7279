// Rows of outbound in another tenant, for the routes that name one.
import type { World } from "#test/kit/world.ts";
import { contactOf } from "./foreign-people.ts";

export async function messageOf(w: World): Promise<string> {
  const id = `msg_${w.b.accountId}`;
  const contact = await contactOf(w);
  const place = [w.b.project, w.b.accountScope];
  await w.neon.query(
    `insert into outbound.senders (project_id, account_scope_id, id, provider, channel, name, address, credentials_sealed)
     values ($1, $2, 'snd_sweep', 'twilio', 'sms', 'Sweep', '+4570101010', 'v1.none') on conflict do nothing`,
    place,
  );
  await w.neon.query(
    `insert into outbound.messages (project_id, account_scope_id, id, contact_id, channel, sender_id, class, recipient, recipient_hash, zones,
       body, idempotency_key, dedupe_key, written_by)
     values ($1, $2, $3, $4, 'sms', 'snd_sweep', 'reply', '+4520304050', 'h', '{UTC}', 'Hi', $3, $3, 'user:x') on conflict do nothing`,
    [...place, id, contact],
  );
  return id;
}

export async function senderOf(w: World): Promise<string> {
  await messageOf(w);
  return "snd_sweep";
}

export async function templateOf(w: World): Promise<string> {
  const id = `tpl_${w.b.accountId}`;
  await w.neon.query(
    `insert into outbound.templates (project_id, account_scope_id, id, name, language, channel, class, body)
     values ($1, $2, $3, 'theirs', 'en', 'sms', 'marketing', 'Hi') on conflict do nothing`,
    [w.b.project, w.b.accountScope, id],
  );
  return id;
}

export async function holdOf(w: World): Promise<string> {
  const id = `pol_${w.b.accountId}`;
  await w.neon.query(
    `insert into outbound.contact_channel_policies (project_id, account_scope_id, id, contact_id, channel, held_at)
     values ($1, $2, $3, $4, 'sms', now()) on conflict do nothing`,
    [w.b.project, w.b.accountScope, id, await contactOf(w)],
  );
  return id;
}

export async function segmentOf(w: World): Promise<string> {
  const id = `seg_${w.b.accountId}`;
  await w.neon.query(
    `insert into outbound.campaign_segments (project_id, account_scope_id, id, name, filter)
     values ($1, $2, $3, 'Theirs', '{}') on conflict do nothing`,
    [w.b.project, w.b.accountScope, id],
  );
  return id;
}

export async function campaignOf(w: World): Promise<string> {
  const id = `cmp_${w.b.accountId}`;
  await w.neon.query(
    `insert into outbound.campaigns (project_id, account_scope_id, id, name, channel, segment_id, written_by)
     values ($1, $2, $3, 'Theirs', 'sms', $4, 'user:x') on conflict do nothing`,
    [w.b.project, w.b.accountScope, id, await segmentOf(w)],
  );
  return id;
}

/** Verbs whose path names a row of outbound's, or a person it writes to. */
export const outboundMakers = {
  "outbound.messages.get": messageOf,
  "outbound.messages.edit": messageOf,
  "outbound.messages.submit": messageOf,
  "outbound.messages.approve": messageOf,
  "outbound.messages.return": messageOf,
  "outbound.messages.send": messageOf,
  "outbound.messages.cancel": messageOf,
  "outbound.messages.resolve": messageOf,
  "outbound.senders.disable": senderOf,
  "outbound.senders.resume": senderOf,
  "outbound.senders.pace": senderOf,
  "outbound.senders.rotate_credentials": senderOf,
  "outbound.people.ways": contactOf,
  "outbound.policies.get": contactOf,
  "outbound.policies.opt_out": contactOf,
  "outbound.policies.opt_in": contactOf,
  "outbound.policies.cap": contactOf,
  "outbound.holds.decide": holdOf,
  "outbound.templates.get": templateOf,
  "outbound.templates.update": templateOf,
  "outbound.templates.retire": templateOf,
  "outbound.templates.preview": templateOf,
  "outbound.segments.get": segmentOf,
  "outbound.segments.update": segmentOf,
  "outbound.campaigns.get": campaignOf,
  "outbound.campaigns.events": campaignOf,
  "outbound.campaigns.dry_run": campaignOf,
  "outbound.campaigns.update": campaignOf,
  "outbound.campaigns.approve": campaignOf,
  "outbound.campaigns.start": campaignOf,
  "outbound.campaigns.pause": campaignOf,
  "outbound.campaigns.resume": campaignOf,
  "outbound.campaigns.cancel": campaignOf,
};
