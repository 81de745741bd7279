/** The firm that sends: its sender, its people, what it knows of its messages, and the day's pile of approved ones. */
import { credentialsPlace } from "#brain/outbound/index.ts";
import { secretsFrom } from "#providers/secrets.ts";
import type { Sim, SimTenant } from "./sim.ts";
import { vocabulary } from "./vocabulary.ts";

export type Known = { id: string; version: number; state: string };
export type Person = { id: string; phone: string };
export type Firm = {
  tenant: SimTenant;
  sender: string;
  source: string;
  number: string;
  people: Person[];
  evidence: string[];
  known: Map<string, Known>;
  /** Version of the rules, as last read. */
  rules: number;
  count: number;
};

/** With it Twilio signs what it tells. */
export const twilioToken = "twilio-auth-token-of-the-simulation";
const people = 5;
const pile = 5;

export const firmOf = (tenant: SimTenant): Firm => ({
  tenant,
  sender: "snd_1",
  source: "src_00000000000000000000000001",
  number: "+4570100100",
  people: [],
  evidence: [],
  known: new Map(),
  rules: 0,
  count: 0,
});

export function words(sim: Sim, firm: Firm): string {
  firm.count += 1;
  return `${firm.tenant.word} ${sim.rng.pick(vocabulary)} sms${firm.count}`;
}

/** A sender whose provider may call us, people with numbers and consents, two pieces of evidence. */
export async function open(sim: Sim, firm: Firm): Promise<void> {
  const { project, accountScope } = firm.tenant;
  const { query } = sim.house;
  const { seal } = secretsFrom(sim.isolates.current.ring);
  const ids = [project, accountScope];
  const place = { table: "identity.project_sources", column: "secret_sealed", row: firm.source, project };
  await query(
    `insert into identity.project_sources (project_id, account_scope_id, id, source_kind, external_id, secret_sealed)
     values ($1, $2, $3, 'twilio_number', $4, $5)`,
    [...ids, firm.source, firm.number, await seal(twilioToken, place)],
  );
  const token = JSON.stringify({ token: "of the simulation" });
  await query(
    `insert into outbound.senders (project_id, account_scope_id, id, provider, channel, name, address, account, source_id, credentials_sealed)
     values ($1, $2, $3, 'twilio', 'sms', 'Workshop', $4, 'AC1', $5, $6)`,
    [...ids, firm.sender, firm.number, firm.source, await seal(token, credentialsPlace({ id: firm.sender, project }))],
  );
  firm.people = Array.from({ length: people }, (_, n) => ({ id: `con_${n + 1}`, phone: `+452030401${n + 1}` }));
  const persons = `{${firm.people.map(({ id }) => id).join(",")}}`;
  const phones = `{${firm.people.map(({ phone }) => phone).join(",")}}`;
  await query(
    "insert into people.contacts (project_id, account_scope_id, id, name) select $1, $2, w.id, 'Mette' from unnest($3::text[]) w (id)",
    [...ids, persons],
  );
  await query(
    `insert into people.contact_points (project_id, account_scope_id, id, contact_id, kind, value, value_norm)
     select $1, $2, 'cpt_' || w.id, w.id, 'phone', w.phone, w.phone from unnest($3::text[], $4::text[]) w (id, phone)`,
    [...ids, persons, phones],
  );
  await query(
    `insert into people.consents (project_id, id, contact_id, channel, scope, granted, proof_ref, occurred_at)
     select $1, 'cns_' || w.id, w.id, 'sms', 'marketing', true, 'evi_1', '2026-01-01' from unnest($2::text[]) w (id)`,
    [project, persons],
  );
  firm.evidence = ["evi_1", "evi_2"];
  await query(
    `insert into shared.evidence_items (project_id, account_scope_id, id, source_table, source_pk, content_hash, visibility, contact_id, occurred_at)
     select $1, $2, w.id, 'inbox.cw_messages', w.id, 'h1', 1, 'con_1', '2026-11-14' from unnest($3::text[]) w (id)`,
    [...ids, `{${firm.evidence.join(",")}}`],
  );
}

/** A stretch of SQL as somebody of this project, at the world's time. */
export async function acting(
  sim: Sim,
  { tenant }: Firm,
  { actor, sql }: { actor: string; sql: string },
): Promise<void> {
  const context = {
    project_id: tenant.project,
    account_scope_id: tenant.accountScope,
    actor,
    request_id: `req_${actor}`,
    now: new Date(sim.time).toISOString(),
  };
  const set = Object.entries(context).map(([name, value]) => `select set_config('app.${name}', '${value}', true);`);
  await sim.house.exec(`begin; ${set.join(" ")} ${sql} commit;`);
}

/** What was approved this morning, all at once on its way: a sender has more than one message to send. */
export async function pileUp(sim: Sim, firm: Firm): Promise<void> {
  firm.count += 1;
  const tag = `${sim.seed}_${firm.count}`;
  sim.trace(`a pile of ${pile} messages is queued`);
  const drafts = Array.from({ length: pile }, (_, n) => {
    const contact = firm.people[n % people]?.id;
    const cls = sim.rng.pick(["transactional", "transactional", "marketing"]);
    const draft = { id: `msg_${tag}_${n}`, contact, channel: "sms", class: cls, body: words(sim, firm), parts: 1 };
    return { ...draft, language: "da", evidence: [sim.rng.pick(firm.evidence)] };
  });
  const mine = `m.project_id = '${firm.tenant.project}' and m.id like 'msg_${tag}_%'`;
  const wake = `obx_pile_${tag}`;
  await acting(sim, firm, {
    actor: "user:pile",
    sql: `${drafts.map((draft) => `select outbound.put_draft('${JSON.stringify(draft)}'::jsonb);`).join(" ")}
      update outbound.messages m set state = 'approved', approved_at = shared.clock(), approved_by = 'user:pile', seal = outbound.seal(m) where ${mine};
      update outbound.messages m set state = 'queued' where ${mine};
      select outbound.wake('${wake}', 'outbound.dispatch', '${firm.sender}', shared.clock());`,
  });
  const body = { sender: firm.sender };
  sim.qstash.accept({ kind: "outbound.dispatch", project: firm.tenant.project, id: wake, body }, sim.time);
}
