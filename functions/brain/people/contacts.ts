/** People outside the firm: a list that can be searched, and one with the records that are him. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";
import { callingCodes } from "./calling-codes.ts";
import { type Card, Contact, cardView, contactId } from "./contact.ts";

type Row = { card: Card; id: string; at: string };

/** So many records at most match what was typed; of more nobody reads the list. */
const mostHits = 500;

const escaped = (text: string) => text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);

/** Names by the beginnings of their words. */
const words = (text: string) =>
  (text.match(/[\p{L}\p{N}]+/gu) ?? [])
    .slice(0, 8)
    .map((word) => `'${word}':*`)
    .join(" & ");

/** Numbers by their beginning: with the country, or without it where it is the project's. */
function digitsOf(text: string): SQL[] {
  const bare = text.replaceAll(/[\s().-]/g, "").replace(/^00/, "+");
  if (!/^\+?\d{3,15}$/.test(bare)) return [];
  if (bare.startsWith("+")) return [sql`${`${bare}%`}`];
  return [
    sql`'+' || (${callingCodes()}::jsonb->>(select j.region from identity.projects j where j.id = shared.scope())) || ${`${bare.replace(/^0/, "")}%`}`,
  ];
}

/** The records that speak for whoever `text` is the beginning of. */
function matching(text: string): SQL {
  const named = words(text);
  const begins = [sql`${`${escaped(text.trim().toLowerCase())}%`}`, ...digitsOf(text)];
  return sql`c.id in (select people.speaker_of(h.id) from (
      (select n.id from people.contacts n where n.project_id = shared.scope()
        and ${named ? sql`to_tsvector('simple'::regconfig, n.name) @@ to_tsquery('simple', ${named})` : sql`false`} limit ${mostHits})
      union
      (select t.contact_id from people.contact_points t where t.project_id = shared.scope()
        and (${sql.join(
          begins.map((start) => sql`t.value_norm like ${start}`),
          sql` or `,
        )}) limit ${mostHits})) h)`;
}

export const listContacts = reading(
  {
    name: "people.contacts.list",
    summary: "People, the one that changed last first; found by the beginning of a name, a number or an address",
    needs: "people:read",
    input: () => z.object({ ...paging(), q: z.string().trim().min(1).max(100).optional() }),
    output: () => page(Contact()),
  },
  {
    part: (ctx, { limit, after, q }) =>
      raw<Row>(
        ctx,
        sql`select people.card(x) as card, x.id, x.updated_at as at from (
            select c.* from people.contacts c
              where c.project_id = shared.scope() and c.merged_into is null and c.erased_at is null and ${q ? matching(q) : sql`true`}
                and ${after ? sql`(c.updated_at, c.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
              order by c.updated_at desc, c.id desc limit ${limit + 1}) x
          order by x.updated_at desc, x.id desc`,
      ),
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, {
        view: ({ card }) => cardView(card),
        position: ({ at, id }) => ({ at, id }),
      }),
  },
);

const Record = () =>
  z.object({
    id: z.string(),
    name: z.string().nullable(),
    origin: z.string(),
    merged_into: z.string().nullable(),
    version: z.int(),
    created_at: z.string(),
    merge: z
      .object({
        id: z.string(),
        reason: z.enum(["source", "operator", "proposal", "same_address"]),
        note: z.string().nullable(),
        actor: z.string(),
        at: z.string(),
      })
      .nullable()
      .describe("What holds it there"),
  });

const Person = () =>
  Contact().extend({
    speaker: z.string().describe("The record that speaks for this person"),
    records: z.array(Record()).describe("All records that are this person, the one that speaks for them first"),
  });

type PersonRow = { card: Card; speaker: string; records: z.output<ReturnType<typeof Record>>[] };

export const getContact = reading(
  {
    name: "people.contacts.get",
    summary: "One person: the ways to reach him, and the records that are him",
    needs: "people:read",
    faults: ["contact_unknown"],
    input: () => z.object({ id: contactId() }),
    output: Person,
  },
  {
    part: (ctx, { id }) =>
      raw<PersonRow>(
        ctx,
        sql`select people.card(c) as card, people.speaker_of(c.id) as speaker, people.records_of(c.id) as records
          from people.contacts c where c.project_id = shared.scope() and c.id = ${id}`,
      ),
    view: (found) => {
      const row = (found as { rows: PersonRow[] }).rows[0];
      if (!row) throw new Fault("not_found", "contact_unknown");
      return {
        ...cardView(row.card),
        speaker: row.speaker,
        records: row.records.map(({ merge, ...record }) => ({
          ...record,
          created_at: instant(record.created_at),
          merge: merge && { ...merge, at: instant(merge.at) },
        })),
      };
    },
  },
);
