/** What may leave, told without the product's own SQL: as approved, to whoever wants it, by day, under the cap, once. */
import type { Network } from "./carrier.ts";
import type { Wishes } from "./texts.ts";

export type Shown = { id: string; state: string; attempts: number; approval: string | null };

type Row = Shown & {
  contact: string;
  class: string;
  purpose: string | null;
  answers: string | null;
  body: string;
  through: boolean;
  words: string;
  stopped: boolean;
  held: boolean;
  consented: boolean | null;
  stops_on_reply: boolean;
  replays: number;
  approved_ms: number | null;
  at: string | null;
  quiet_from: string;
  quiet_until: string;
  near: number;
  cap: number;
};

/** Everything that an approval is about, as it stands; opt-outs; and how many of the person's messages have a place in the window. */
export const shown = `select m.id, m.state, m.attempts, m.approved_at::text || coalesce(m.approved_by, '') as approval, m.contact_id as contact, m.class,
    m.purpose, m.answers_to as answers, m.body, m.through_quiet as through, m.stop_on_reply as stops_on_reply, m.replays,
    extract(epoch from m.approved_at) * 1000 as approved_ms,
    concat_ws('|', m.body, m.recipient, m.sender_id, m.contact_id, m.evidence_refs::text, coalesce(s.cap_count, 3), coalesce(s.cap_seconds, 86400),
      coalesce(s.quiet_from, '21:00'), coalesce(s.quiet_until, '08:00'),
      (select string_agg(e.id || e.version || e.content_hash, ',' order by e.id) from shared.evidence_items e
        where e.project_id = m.project_id and e.id = any(m.evidence_refs))) as words,
    exists (select from outbound.contact_channel_policies c where c.project_id = m.project_id and c.contact_id = m.contact_id
      and c.channel = m.channel and c.opted_out_at is not null)
      or exists (select from outbound.suppressions x where x.project_id = m.project_id and x.recipient_hash = m.recipient_hash and x.lifted_at is null) as stopped,
    exists (select from outbound.contact_channel_policies c where c.project_id = m.project_id and c.contact_id = m.contact_id
      and c.channel = m.channel and c.held_at is not null) as held,
    (select c.granted from people.consents c where c.project_id = m.project_id and c.contact_id = m.contact_id and c.channel = m.channel
      and c.scope = 'marketing' order by c.occurred_at desc, c.id desc limit 1) as consented,
    t.started_at::text as at, coalesce(s.cap_count, 3) as cap,
    to_char(coalesce(s.quiet_from, '21:00'), 'HH24:MI') as quiet_from, to_char(coalesce(s.quiet_until, '08:00'), 'HH24:MI') as quiet_until,
    (select count(*)::int from outbound.messages r where r.project_id = m.project_id and r.contact_id = m.contact_id and r.class <> 'reply'
      and r.reserved_at > t.started_at - make_interval(secs => coalesce(s.cap_seconds, 86400))) as near
  from outbound.messages m left join outbound.settings s on s.project_id = m.project_id
    left join outbound.attempts t on t.project_id = m.project_id and t.message_id = m.id and t.number = m.attempts`;

const rank: Record<string, number> = { submitted: 1, sent: 2, delivered: 3, read: 4 };
const final = new Set(["cancelled", "blocked_opt_out", "read"]);
const wall = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/Copenhagen",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const isNight = (at: string, { quiet_from: from, quiet_until: until }: Row): boolean => {
  const now = wall.format(new Date(at));
  return from <= until ? now >= from && now < until : now >= from || now < until;
};

type Known = {
  rows: Record<string, unknown>[];
  network: Network;
  said: Wishes;
  seen: Map<string, Shown>;
  approved: Map<string, string>;
};

export function allowed({ rows, network, said, seen, approved }: Known): string[] {
  const broken = once(network);
  for (const row of rows as Row[]) {
    const before = seen.get(row.id);
    if (row.approval && row.approval !== before?.approval) approved.set(row.id, row.words);
    if (before) broken.push(...back(before, row));
    if (row.attempts > (before?.attempts ?? 0))
      broken.push(...leaving(row, approved.get(row.id)), ...unwanted(row, said));
    seen.set(row.id, row);
  }
  return broken;
}

/** I4: a second time only after the provider said that the first would not arrive, or that it had none. */
function once({ taken }: Network): string[] {
  return taken.flatMap((one, at) =>
    taken.slice(0, at).some(({ ref, failed, denied }) => ref === one.ref && !failed && !denied)
      ? [`I4: the provider took ${one.ref} twice`]
      : [],
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
  const { id, at, class: of, through, near, cap } = row;
  return [
    ...(words === undefined ? [`I5: message ${id} leaves without approval`] : []),
    ...(words !== undefined && words !== row.words ? [`I5: message ${id} leaves otherwise than it was approved`] : []),
    ...(at !== null && of !== "reply" && !through && isNight(at, row)
      ? [`I5: message ${id} leaves at night (${at})`]
      : []),
    ...(of !== "reply" && near > cap ? [`I5: message ${id} leaves as number ${near} of ${cap}`] : []),
  ];
}

const farewell = /Svar START for at tilmelde dig igen\.$|Reply START to subscribe again\.$/;

/** I5: what its reader said counts as soon as he was answered, whatever our tables say. */
function unwanted(row: Row, { silent, wrote }: Wishes): string[] {
  const { id, contact, purpose, body, approved_ms } = row;
  const isFarewell = purpose === "stop_confirmation" && farewell.test(body);
  const ad = row.class === "marketing";
  // Whoever sends a failed one again has decided anew.
  const overtaken =
    row.stops_on_reply && row.replays === 0 && approved_ms !== null && Number(approved_ms) < (wrote.get(contact) ?? 0);
  return [
    ...((row.stopped || silent.has(contact)) && !isFarewell ? [`I5: message ${id} leaves after an opt-out`] : []),
    ...(ad && row.consented !== true ? [`I5: message ${id} leaves without consent`] : []),
    ...(ad && row.held ? [`I5: message ${id} leaves although an operator has to decide`] : []),
    ...(overtaken ? [`I5: message ${id} leaves although its reader has written since`] : []),
  ];
}
