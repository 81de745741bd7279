/** A conversation or contact may be named by Chatwoot's own number or by ours. */
import { type SQL, sql } from "drizzle-orm";

const isNumber = (text: string) => /^[0-9]{1,18}$/.test(text);

/** A predicate on inbox.cw_conversations under the alias `v`. */
export const conversationIs = (ref: string): SQL =>
  isNumber(ref) ? sql`v.conversation_id = ${ref}::bigint` : sql`v.id = ${ref}`;

/** A predicate on inbox.cw_contacts under the alias `c`: every contact of the person whom a number or id names. */
export const contactIs = (ref: string): SQL => sql`c.person_id = any((select inbox.people_named(${ref}))::text[])`;
