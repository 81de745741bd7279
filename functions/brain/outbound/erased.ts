/** What was written to whoever is erased keeps its place and its fate, no words and no address; that he wanted none stays, as a keyed hash. */
import { sql } from "drizzle-orm";
import { blank, doomed, type Erasure, names } from "../kernel/erasure.ts";

const his = sql`r.contact_id in ${doomed("person")}`;
const house = "The house's own words and rules";
const codes = "Ids and codes";

export const erased: Erasure = {
  first: [sql`select outbound.begin_erasure()`],
  waits: {
    // What is on the wire is settled within minutes, one way or the other.
    "outbound.messages": sql`select count(*) from outbound.messages r where r.project_id = shared.scope() and r.state = 'submitting' and ${his}`,
  },
  parts: [
    {
      table: "outbound.attempts",
      how: "redact",
      whose: sql`r.message_id in (select m.id from outbound.messages m where m.project_id = r.project_id and m.state <> 'submitting'
        and m.contact_id in ${doomed("person")})`,
      blank: { provider_message_id: blank.none },
      keeps: "code request_id told_code sender_id",
    },
    {
      table: "outbound.messages",
      how: "redact",
      stone: "outbound.messages",
      whose: sql`r.state <> 'submitting' and (${his})`,
      blank: {
        recipient: blank.word,
        recipient_hash: blank.text,
        zones: sql`'{UTC}'`,
        subject: blank.none,
        body: blank.word,
        variables: blank.none,
        thread: blank.json,
        // A check ties the key of what answers a word to that word's id.
        idempotency_key: sql`case when r.purpose is null then 'erased:' || r.id else r.idempotency_key end`,
        dedupe_key: sql`'erased:' || r.id`,
        note: blank.none,
        seal: sql`case when r.seal is not null then 'erased' end`,
        policy: blank.none,
        provider_message_id: blank.none,
        mail_id: blank.none,
      },
      todo: sql`r.erased_at is null`,
      also: {
        erased_at: sql`coalesce(r.erased_at, shared.clock())`,
        reserved_at: blank.none,
        updated_at: sql`shared.clock()`,
        version: sql`r.version + 1`,
      },
      keeps: "brand language evidence_refs answers_to campaign_id code written_by writers approved_by",
    },
    {
      // To somebody else, a member's planner among them. What was approved goes back to its writer by its seal.
      table: "outbound.messages",
      how: "redact",
      whose: sql`r.state <> 'submitting' and ${names("subject", "body", "variables")}`,
      blank: { subject: blank.none, body: blank.word, variables: blank.none },
    },
    {
      table: "outbound.contact_channel_policies",
      how: "redact",
      whose: sql`${his} or ${names("note")}`,
      blank: { note: blank.none },
      keeps: "brand evidence_id held_evidence_id decided_by",
    },
    { table: "outbound.suppressions", how: "exempt", why: "Keyed hashes: that he wanted nothing outlives him" },
    { table: "outbound.campaign_members", how: "exempt", why: codes },
    { table: "outbound.campaign_events", how: "exempt", why: codes },
    ...["campaigns", "campaign_steps", "campaign_segments", "templates", "senders", "settings"].map((table) => ({
      table: `outbound.${table}`,
      how: "exempt" as const,
      why: house,
    })),
    { table: "outbound.calling_codes", how: "exempt", why: "Part of the product" },
    { table: "outbound.transitions", how: "exempt", why: "Part of the product" },
  ],
  mentions: {
    "outbound.templates": sql`shared.names_him(concat_ws(' ', r.subject, r.body)) or shared.says_name(concat_ws(' ', r.subject, r.body))`,
    "outbound.campaigns": sql`shared.names_him(r.name || r.variables::text) or shared.says_name(r.name || r.variables::text)`,
    "outbound.campaign_segments": sql`shared.names_him(r.name || r.filter::text) or shared.says_name(r.name || r.filter::text)`,
  },
};
