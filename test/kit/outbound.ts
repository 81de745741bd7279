// A tenant that can send: a sender with sealed credentials, a person with a number, and a piece of evidence.
import { credentialsPlace } from "#brain/outbound/index.ts";
import { type Tenant, testSecrets, type World } from "./world.ts";

let made = 0;

export type Sending = { sender: string; contact: string; evidence: string; phone: string };

export async function canSend(w: World, tenant: Tenant, provider = "twilio"): Promise<Sending> {
  made += 1;
  const tag = `${process.pid}_${made}`;
  const place = { project_id: tenant.project, account_scope_id: tenant.accountScope };
  const sender = `snd_${tag}`;
  const contact = `con_${tag}`;
  const evidence = `evi_${tag}`;
  const phone = `+4520${String(300_000 + made).slice(-6)}`;
  const sealed = await testSecrets.seal(
    JSON.stringify({ token: "auth-token-of-the-tests" }),
    credentialsPlace({ id: sender, project: tenant.project }),
  );
  await w.neon.query(
    `insert into outbound.senders (project_id, account_scope_id, id, provider, channel, name, address, account, credentials_sealed)
     values ($1, $2, $3, $4, 'sms', 'Workshop', $5, 'AC1', $6)`,
    [place.project_id, place.account_scope_id, sender, provider, `+4570${String(100_000 + made).slice(-6)}`, sealed],
  );
  await person(w, tenant, { contact, phone });
  await w.neon.query(
    `insert into shared.evidence_items (project_id, account_scope_id, id, source_table, source_pk, content_hash, visibility, contact_id, occurred_at)
     values ($1, $2, $3, 'inbox.cw_messages', $3, 'h1', 1, $4, now())`,
    [place.project_id, place.account_scope_id, evidence, contact],
  );
  return { sender, contact, evidence, phone };
}

export async function person(
  w: World,
  tenant: Tenant,
  { contact, phone }: { contact: string; phone: string },
): Promise<void> {
  await w.neon.query(
    "insert into people.contacts (project_id, account_scope_id, id, name) values ($1, $2, $3, 'Mette')",
    [tenant.project, tenant.accountScope, contact],
  );
  await w.neon.query(
    `insert into people.contact_points (project_id, account_scope_id, id, contact_id, kind, value, value_norm)
     values ($1, $2, $3, $4, 'phone', $5, $5)`,
    [tenant.project, tenant.accountScope, `cpt_${contact}`, contact, phone],
  );
}
