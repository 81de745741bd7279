/** A rehearsal as it is shown: with whom, about what, and what was said in it. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { instant } from "../../kernel/schemas.ts";
import { templateNames } from "./templates.ts";

export const styles = ["polite", "neutral", "tough", "busy", "defensive"] as const;

const Party = () => z.object({ id: z.string(), name: z.string().nullable() });

export const Session = () =>
  z.object({
    id: z.string(),
    title: z.string().nullable(),
    template: z.string().nullable(),
    counterparty_style: z.enum(styles),
    counterparty: Party().nullable(),
    self: Party().nullable().describe("Whom `my` means"),
    attached: z.array(Party()),
    ended_at: z.string().nullable(),
    created_at: z.string(),
  });
export type SessionView = z.output<ReturnType<typeof Session>>;

export const Turn = () =>
  z.object({
    n: z.int(),
    role: z.enum(["user", "counterparty", "system", "coach"]),
    channel: z.enum(["roleplay", "coach"]),
    text: z.string(),
    said_at: z.string(),
    pack: z.string().nullable().describe("Hash of all that it was answered from"),
    flags: z.array(z.string()).describe("What was thrown away before this answer"),
  });
export type TurnView = z.output<ReturnType<typeof Turn>>;

export const template = () => z.enum(templateNames);

type PartyRow = { part: "self" | "counterparty" | "attached"; id: string; name: string | null };
export type SessionRow = {
  id: string;
  title: string | null;
  template_id: string | null;
  counterparty_style: SessionView["counterparty_style"];
  ended_at: string | null;
  created_at: string;
  parties: PartyRow[];
};

/** Of `s`, a row of world.sessions. */
export const partiesOf = sql`(select coalesce(jsonb_agg(jsonb_build_object('part', p.part, 'id', e.id, 'name', e.name) order by p.created_at, e.id), '[]')
  from world.session_entities p join world.entities e on e.project_id = p.project_id and e.id = p.entity_id
  where p.project_id = s.project_id and p.session_id = s.id)`;

export function sessionView(row: SessionRow): SessionView {
  const party = (part: PartyRow["part"]) =>
    row.parties.filter((one) => one.part === part).map(({ id, name }) => ({ id, name }));
  return {
    id: row.id,
    title: row.title,
    template: row.template_id,
    counterparty_style: row.counterparty_style,
    counterparty: party("counterparty")[0] ?? null,
    self: party("self")[0] ?? null,
    attached: party("attached"),
    ended_at: instant(row.ended_at),
    created_at: instant(row.created_at),
  };
}

export type TurnRow = {
  n: number;
  role: TurnView["role"];
  channel: TurnView["channel"];
  text: string;
  said_at: string;
  pack: string | null;
  flags: string[];
};

/** Lines of the caller's own rehearsal as jsonb; what was said in confidence only to whoever may have a coach. */
export const turnsOf = (session: SQL, narrowed: SQL = sql`true`): SQL =>
  sql`(select coalesce(jsonb_agg(jsonb_build_object('n', m.seq, 'role', m.role, 'channel', m.channel, 'text', m.content, 'said_at', m.created_at,
      'pack', (select c.hash from world.context_packs c where c.project_id = m.project_id and c.id = m.pack_id), 'flags', m.safety_flags) order by m.seq), '[]')
    from world.messages m where m.project_id = shared.scope() and m.session_id = ${session} and (m.channel = 'roleplay' or world.is_premium()) and ${narrowed})`;

export const turnView = (row: TurnRow): TurnView => ({ ...row, said_at: instant(row.said_at) });
