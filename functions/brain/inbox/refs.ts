/** A conversation or contact may be named by Chatwoot's own number or by ours. */
import { type SQL, sql } from "drizzle-orm";

const isNumber = (text: string) => /^[0-9]{1,18}$/.test(text);

/** A predicate on inbox.cw_conversations under the alias `v`. */
export const conversationIs = (ref: string): SQL =>
  isNumber(ref) ? sql`v.conversation_id = ${ref}::bigint` : sql`v.id = ${ref}`;

/** A predicate on inbox.cw_contacts under the alias `c`: its number, its id, or the person behind it. */
export const contactIs = (ref: string): SQL =>
  isNumber(ref) ? sql`c.contact_id = ${ref}::bigint` : sql`(c.id = ${ref} or c.person_id = ${ref})`;
