/** What may leave, told without the product's own SQL: as approved, to whoever wants it, by day, under the cap, once. */
import type { Network } from "./carrier.ts";

export type Shown = { id: string; state: string; attempts: number; approval: string | null };

type Row = Shown & {
  contact: string;
  class: string;
  through: boolean;
  words: string;
  stopped: boolean;
  at: string | null;
  near: number;
  cap: number;
};

/** Everything that an approval is about, as it stands; opt-outs; and how many of the person's messages have a place in the window. */
export const shown = `select m.id, m.state, m.attempts, m.approved_at::text || coalesce(m.approved_by, '') as approval, m.contact_id as contact, m.class,
    m.through_quiet as through,
    concat_ws('|', m.body, m.recipient, m.sender_id, m.contact_id, m.evidence_refs::text, coalesce(s.cap_count, 3),
      (select string_agg(e.id || e.version || e.content_hash, ',' order by e.id) from shared.evidence_items e
        where e.project_id = m.project_id and e.id = any(m.evidence_refs))) as words,
    exists (select from outbound.contact_channel_policies c where c.project_id = m.project_id and c.contact_id = m.contact_id
      and c.channel = m.channel and c.opted_out_at is not null)
      or exists (select from outbound.suppressions x where x.project_id = m.project_id and x.recipient_hash = m.recipient_hash and x.lifted_at is null) as stopped,
    t.started_at::text as at, coalesce(s.cap_count, 3) as cap,
    (select count(*)::int from outbound.messages r where r.project_id = m.project_id and r.contact_id = m.contact_id and r.class <> 'reply'
      and r.reserved_at > t.started_at - interval '1 day') as near
  from outbound.messages m left join outbound.settings s on s.project_id = m.project_id
    left join outbound.attempts t on t.project_id = m.project_id and t.message_id = m.id and t.number = m.attempts`;

const rank: Record<string, number> = { submitted: 1, sent: 2, delivered: 3, read: 4 };
const final = new Set(["cancelled", "blocked_opt_out", "read"]);
const wall = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Copenhagen", hour: "2-digit", hour12: false });
const isNight = (at: string): boolean => {
  const hour = Number(wall.format(new Date(at)));
  return hour >= 21 || hour < 8;
};

type Known = {
  rows: Record<string, unknown>[];
  network: Network;
  seen: Map<string, Shown>;
  approved: Map<string, string>;
};

export function allowed({ rows, network, seen, approved }: Known): string[] {
  const broken = once(network);
  for (const row of rows as Row[]) {
    const before = seen.get(row.id);
    if (row.approval && row.approval !== before?.approval) approved.set(row.id, row.words);
    if (before) broken.push(...back(before, row));
    if (row.attempts > (before?.attempts ?? 0)) broken.push(...leaving(row, approved.get(row.id)));
    seen.set(row.id, row);
  }
  return broken;
}

/** I4. */
function once({ taken }: Network): string[] {
  const refs = taken.map(({ ref }) => ref);
  return [...new Set(refs.filter((ref, at) => refs.indexOf(ref) !== at))].map(
    (ref) => `I4: the provider took ${ref} twice`,
  );
}

/** I6. */
function back(before: Shown, { id, state }: Row): string[] {
  const fell = (rank[before.state] ?? 0) > (rank[state] ?? 0) && state !== "failed" && state !== "blocked_opt_out";
  const left = final.has(before.state) && state !== before.state;
  return fell || left ? [`I6: message ${id} went from ${before.state} to ${state}`] : [];
}

/** I5, at the moment of the claim: whoever is on the wire by then cannot be called back. */
function leaving(row: Row, words: string | undefined): string[] {
  const { id, at, class: of, through, stopped, near, cap } = row;
  return [
    ...(words === undefined ? [`I5: message ${id} leaves without approval`] : []),
    ...(words !== undefined && words !== row.words ? [`I5: message ${id} leaves otherwise than it was approved`] : []),
    ...(stopped ? [`I5: message ${id} leaves after an opt-out`] : []),
    ...(at !== null && of !== "reply" && !through && isNight(at) ? [`I5: message ${id} leaves at night (${at})`] : []),
    ...(of !== "reply" && near > cap ? [`I5: message ${id} leaves as number ${near} of ${cap}`] : []),
  ];
}
