/** How one person can be written to, and what he has said about it. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { Fault } from "../kernel/fault.ts";
import { reading } from "../kernel/verb.ts";
import { Channel } from "./message.ts";

const Way = () =>
  z.object({
    sender: z.string(),
    name: z.string(),
    provider: z.string(),
    channel: Channel(),
    brand: z.string(),
    from: z.string(),
    address: z.string().nullable().describe("Null where he has none; a chat's address is its conversation"),
    suppressed: z.string().nullable().describe("Why this address must not be written to"),
  });

const Policy = () =>
  z.object({
    channel: Channel(),
    brand: z.string(),
    opted_out_at: z.string().nullable(),
    opted_out_by: z.string().nullable(),
    held_at: z.string().nullable(),
    cap_count: z.int().nullable(),
    cap_seconds: z.int().nullable(),
    version: z.int(),
  });

const Consent = () => z.object({ channel: z.string(), granted: z.boolean(), at: z.string() });

const Quiet = () =>
  z.object({
    from: z.string(),
    until: z.string(),
    ends_at: z
      .string()
      .nullable()
      .describe(
        "When it is no quiet hour in any of the zones; this moment where it is none now, null where it never is",
      ),
    is_now: z.boolean(),
  });

const Ways = () =>
  z.object({
    contact: z.string(),
    name: z.string().nullable(),
    erased: z.boolean(),
    zones: z.array(z.string()),
    quiet: Quiet().describe("The project's quiet hours, where the person may be"),
    ways: z.array(Way()),
    policies: z.array(Policy()),
    consents: z.array(Consent()).describe("The last word about marketing, by channel"),
  });

type View = z.output<ReturnType<typeof Ways>>;
type Row = Omit<View, "quiet"> & {
  quiet_from: string;
  quiet_until: string;
  waking_at: string | null;
  asked_at: string;
};

const iso = (text: string) => new Date(text).toISOString();

export const listWays = reading(
  {
    name: "outbound.people.ways",
    summary: "How a person can be written to: senders, addresses, opt-outs, consents",
    needs: "outbound:read",
    faults: ["contact_unknown"],
    input: () => z.object({ id: z.string().min(1).max(64) }),
    output: Ways,
  },
  {
    part: (ctx, { id }) =>
      raw<Row>(
        ctx,
        sql`select c.id as contact, c.name, c.erased_at is not null as erased, z.zones, shared.clock() as asked_at,
            to_char(q.quiet_from, 'HH24:MI') as quiet_from, to_char(q.quiet_until, 'HH24:MI') as quiet_until,
            nullif(outbound.waking_at(z.zones, q.quiet_from, q.quiet_until, shared.clock()), 'infinity') as waking_at,
            (select coalesce(jsonb_agg(jsonb_build_object('sender', s.id, 'name', s.name, 'provider', s.provider, 'channel', s.channel,
                'brand', s.brand, 'from', s.address, 'address', a.address, 'suppressed', (select u.reason from outbound.suppressions u
                  where u.project_id = c.project_id and u.channel = s.channel and u.brand in ('', s.brand) and u.lifted_at is null
                    and u.recipient_hash = outbound.recipient_hash(s.channel, a.address) limit 1)) order by s.created_at, s.id), '[]')
              from (select x.* from outbound.senders x where x.project_id = c.project_id and x.disabled_at is null
                  order by x.created_at, x.id limit 50) s
                left join lateral (select t.value_norm as address from people.contact_points t
                  where t.project_id = c.project_id and t.contact_id = any(w.ids)
                    and t.kind = case s.channel when 'sms' then 'phone' when 'email' then 'email' when 'telegram' then 'telegram' end
                  order by t.contact_id = c.id desc, t.created_at, t.id limit 1) a on true) as ways,
            (select coalesce(jsonb_agg(jsonb_build_object('channel', p.channel, 'brand', p.brand, 'opted_out_at', p.opted_out_at,
                'opted_out_by', p.opted_out_by, 'held_at', p.held_at, 'cap_count', p.cap_count, 'cap_seconds', p.cap_seconds,
                'version', p.version) order by p.channel, p.brand), '[]')
              from (select distinct on (x.channel, x.brand) x.* from outbound.contact_channel_policies x
                where x.project_id = c.project_id and x.contact_id = any(w.ids)
                order by x.channel, x.brand, x.opted_out_at, x.held_at, x.cap_count, x.contact_id) p) as policies,
            (select coalesce(jsonb_agg(jsonb_build_object('channel', k.channel, 'granted', k.granted, 'at', k.occurred_at) order by k.channel), '[]')
              from (select distinct on (e.channel) e.channel, e.granted, e.occurred_at from people.consents e
                where e.project_id = c.project_id and e.contact_id = any(w.ids) and e.scope = 'marketing'
                order by e.channel, e.occurred_at desc, e.id desc) k) as consents
          from people.contacts c
            cross join lateral (select people.same_person(array[c.id]) as ids offset 0) w
            cross join lateral (select outbound.zones_of(c.id, (select t.value_norm from people.contact_points t where t.project_id = c.project_id
              and t.contact_id = any(w.ids) and t.kind = 'phone' order by t.contact_id = c.id desc, t.created_at, t.id limit 1)) as zones) z
            cross join lateral (select (r.rule->>'quiet_from')::time as quiet_from, (r.rule->>'quiet_until')::time as quiet_until
              from (select outbound.rules(c.id, 'sms', '') as rule) r) q
          where c.project_id = shared.scope() and c.id = ${id}`,
      ),
    view: (found) => {
      const row = (found as { rows: Row[] }).rows[0];
      if (!row) throw new Fault("not_found", "contact_unknown");
      const { quiet_from, quiet_until, waking_at, asked_at, ...shown } = row;
      const ends_at = waking_at && iso(waking_at);
      return {
        ...shown,
        quiet: { from: quiet_from, until: quiet_until, ends_at, is_now: ends_at !== iso(asked_at) },
        policies: row.policies.map((one) => ({
          ...one,
          opted_out_at: one.opted_out_at && iso(one.opted_out_at),
          held_at: one.held_at && iso(one.held_at),
        })),
        consents: row.consents.map((one) => ({ ...one, at: iso(one.at) })),
      };
    },
  },
);
