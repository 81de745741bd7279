// Our queue as the dispatch job drives it: what the provider said is written down together with the next claim, in one request.

import type { Ctx } from "#brain/kernel/ctx.ts";
import { type Claim, claim, type Result, settle } from "#brain/outbound/queue.ts";
import { type Statement as Query, rendered } from "#db/client.ts";
import { type BenchApp, contextOn, enter, newTenant, type Tenant } from "../kit/app.ts";
import type { Session, Statement } from "../kit/session.ts";
import type { Stage } from "../kit/stage.ts";
import type { Send } from "./plain.ts";

export type Ours = {
  tenant: Tenant;
  ctx: Ctx;
  /** New messages, approved and sealed with a piece of evidence each, one to each person in turn. */
  fill(count: number): Promise<void>;
  /** Sends what is due, so many a claim; how often the database was asked. */
  drain(how: { batch: number; send: Send; distance: number }): Promise<number>;
};

const SENDER = "snd_bench";

export async function openOurs(stage: Stage, of: { app: BenchApp; session: Session; people: number }): Promise<Ours> {
  const { app, session, people } = of;
  const tenant = await newTenant(stage, app.runtime, "outbound");
  await knownPeople(stage, { tenant, people });
  const credential = { kind: "system", project: tenant.project, job: "outbound.dispatch" } as const;
  const ctx = contextOn(app.runtime, credential);
  const entered = enter(credential);
  const ask = async (queries: Query[], distance: number) =>
    session.together([entered, ...queries.map(statementOf)], distance);
  let round = 0;
  return {
    tenant,
    ctx,
    fill: async (count) => {
      round += 1;
      await queued(stage, { tenant, count, people, round });
    },
    drain: async ({ batch, send, distance }) => {
      let said: { token: string; results: Result[] } | undefined;
      for (let requests = 1; ; requests++) {
        const token = ctx.ids.uuid();
        const settling = said ? [settle(ctx, said)] : [];
        const answers = await ask([...settling, claim(ctx, { sender: SENDER, token, batch })], distance);
        const claimed = answers.at(-1)?.[0]?.["claim"] as Claim;
        if (claimed.rows.length === 0) return requests;
        const results = await Promise.all(claimed.rows.map((row) => sent(row, send)));
        said = { token, results };
      }
    },
  };
}

async function sent({ id, attempt, to, body }: Claim["rows"][number], send: Send): Promise<Result> {
  const theirs = await send({ id, to, text: body });
  return { id, attempt, outcome: "accepted", provider_message_id: theirs, state: "submitted" };
}

function statementOf(query: Query): Statement {
  const { sql, params } = rendered(query.query);
  return { text: sql, values: params };
}

async function knownPeople(stage: Stage, { tenant, people }: { tenant: Tenant; people: number }): Promise<void> {
  const place = [tenant.project, tenant.accountScope];
  await stage.neon.query(
    `insert into outbound.senders (project_id, account_scope_id, id, provider, channel, name, address, credentials_sealed)
     values ($1, $2, '${SENDER}', 'twilio', 'sms', 'Bench', '+4570102030', 'v1.none')`,
    place,
  );
  // Far from night, and room under the cap for every round: both are checked, neither stops anybody.
  await stage.neon.query(
    `insert into outbound.settings (project_id, account_scope_id, cap_count, quiet_from, quiet_until)
     values ($1, $2, 1000, (now() at time zone 'UTC')::time + interval '10 hours', (now() at time zone 'UTC')::time + interval '12 hours')`,
    place,
  );
  await stage.neon.query(
    "insert into people.contacts (project_id, account_scope_id, id, name) select $1, $2, 'con_' || i, 'Person ' || i from generate_series(1, $3::int) i",
    [...place, people],
  );
}

type Fill = { tenant: Tenant; count: number; people: number; round: number };

async function queued(stage: Stage, { tenant, count, people, round }: Fill): Promise<void> {
  const place = [tenant.project, tenant.accountScope, round, count];
  await stage.neon.query(
    `insert into shared.evidence_items (project_id, account_scope_id, id, source_table, source_pk, content_hash, visibility, occurred_at)
     select $1, $2, 'evi_' || $3::int || '_' || i, 'inbox.cw_messages', 'm' || $3::int || '_' || i, 'h1', 1, now() from generate_series(1, $4::int) i`,
    place,
  );
  await stage.neon.query(
    `insert into outbound.messages (project_id, account_scope_id, id, contact_id, channel, sender_id, class, recipient, recipient_hash, zones, body,
        idempotency_key, dedupe_key, written_by, due_at, evidence_refs)
      select $1, $2, 'msg_' || lpad($3::int::text, 3, '0') || '_' || lpad(i::text, 6, '0'), 'con_' || 1 + i % $5::int, 'sms', '${SENDER}', 'transactional',
        '+4520' || lpad((i % $5::int)::text, 6, '0'), 'hash ' || i % $5::int, '{Europe/Copenhagen}', 'Your boiler is ready, number ' || i,
        $3::int || ':' || i, $3::int || ':' || i, 'user:x', now() - interval '1 minute', array['evi_' || $3::int || '_' || i]
      from generate_series(1, $4::int) i`,
    [...place, people],
  );
  await stage.neon.query(
    `with s as materialized (select set_config('app.project_id', $1, true) as done)
     update outbound.messages m set state = 'approved', approved_at = now(), approved_by = 'user:y', seal = outbound.seal(m)
       from s where m.project_id = $1::uuid and m.state = 'draft'`,
    [tenant.project],
  );
  await stage.neon.query("update outbound.messages set state = 'queued' where project_id = $1 and state = 'approved'", [
    tenant.project,
  ]);
  await stage.neon.query("analyze");
}
