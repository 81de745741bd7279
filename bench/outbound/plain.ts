// What a program on somebody else's queue has to do by itself to send like us: know who opted out, keep the cap, write the attempt
// down before the call and the answer after it. One function before and one after, no approvals, no tenants, no ledger, no quiet hours.
import type { Line } from "./line.ts";

const schema = `
  create schema plain;
  create table plain.messages (id text primary key, contact text not null, recipient text not null, body text not null,
    state text not null default 'queued', reserved_at timestamptz, provider_id text, updated_at timestamptz not null default now());
  create index on plain.messages (contact, reserved_at) where reserved_at is not null;
  create table plain.attempts (id bigint generated always as identity primary key, message_id text not null references plain.messages,
    outcome text not null default 'submitting', started_at timestamptz not null default now(), finished_at timestamptz);
  create index on plain.attempts (message_id);
  create table plain.opted_out (contact text primary key);
  create function plain.take(ids text[]) returns setof plain.messages language plpgsql as $$ begin
    perform pg_advisory_xact_lock(k) from (select distinct hashtextextended(m.contact, 1) as k from plain.messages m where m.id = any(ids) order by 1) l;
    return query with judged as (
        select m.id, not exists (select from plain.opted_out o where o.contact = m.contact)
          and (select count(*) from plain.messages r where r.contact = m.contact and r.reserved_at > now() - interval '1 day') < 1000 as may
        from plain.messages m where m.id = any(ids) and m.state = 'queued'),
      moved as (update plain.messages m set state = case when j.may then 'submitting' else 'blocked' end,
          reserved_at = case when j.may then now() end, updated_at = now() from judged j where m.id = j.id returning m.*),
      tried as (insert into plain.attempts (message_id) select m.id from moved m where m.state = 'submitting')
      select * from moved m where m.state = 'submitting';
  end $$;
  create function plain.done(ids text[], theirs text[]) returns void language sql as $$
    with said as (select * from unnest(ids, theirs) s (id, provider_id)),
      moved as (update plain.messages m set state = 'submitted', provider_id = s.provider_id, updated_at = now() from said s where m.id = s.id)
    update plain.attempts t set outcome = 'accepted', finished_at = now() from said s where t.message_id = s.id and t.outcome = 'submitting' $$;
`;

export async function plainTables(line: Line): Promise<void> {
  await line.query(schema);
}

let written = 0;

/** New messages that wait, one to each person in turn; their ids. */
export async function plainMessages(
  line: Line,
  { count, people }: { count: number; people: number },
): Promise<string[]> {
  written += 1;
  const { rows } = await line.query(
    `insert into plain.messages (id, contact, recipient, body)
       select 'm' || $1::int || '_' || i, 'person ' || i % $3::int, '+4520' || lpad((i % $3::int)::text, 6, '0'), 'Your boiler is ready, number ' || i
       from generate_series(1, $2::int) i returning id`,
    [written, count, people],
  );
  await line.query("analyze plain.messages");
  return rows.map((row) => String(row["id"]));
}

export type Send = (message: { id: string; to: string; text: string }) => Promise<string>;

/** Judged, tried, sent, written down. */
export async function sendPlain(line: Line, ids: string[], send: Send): Promise<void> {
  const { rows } = await line.query("select * from plain.take($1)", [ids]);
  const sent = await Promise.all(
    rows.map(async (row) => ({
      id: String(row["id"]),
      theirs: await send({ id: String(row["id"]), to: String(row["recipient"]), text: String(row["body"]) }),
    })),
  );
  await line.query("select plain.done($1, $2)", [sent.map(({ id }) => id), sent.map(({ theirs }) => theirs)]);
}
