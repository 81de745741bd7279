/** People outside the firm: a list, one with the ways to reach him, and how he wants to be reached. */
import { sql } from "drizzle-orm";
import { z } from "zod";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";

const Contact = () =>
  z.object({
    id: z.string(),
    name: z.string().nullable(),
    preferred_channel: z.string().nullable(),
    language: z.string().nullable(),
    timezone: z.string().nullable(),
    merged_into: z.string().nullable(),
    points: z.array(z.object({ kind: z.string(), value: z.string() })),
    created_at: z.string(),
    updated_at: z.string(),
  });

type Row = z.output<ReturnType<typeof Contact>>;

const columns = sql`c.id, c.name, c.preferred_channel, c.language, c.timezone, c.merged_into, c.created_at, c.updated_at,
  (select coalesce(jsonb_agg(jsonb_build_object('kind', p.kind, 'value', p.value) order by p.kind, p.value), '[]')
    from people.contact_points p where p.project_id = c.project_id and p.contact_id = c.id) as points`;

const view = (row: Row): Row => ({
  id: row.id,
  name: row.name,
  preferred_channel: row.preferred_channel,
  language: row.language,
  timezone: row.timezone,
  merged_into: row.merged_into,
  points: row.points,
  created_at: instant(row.created_at),
  updated_at: instant(row.updated_at),
});

export const listContacts = reading(
  {
    name: "people.contacts.list",
    summary: "People, the one that changed last first",
    needs: "people:read",
    input: () => z.object(paging()),
    output: () => page(Contact()),
  },
  {
    part: (ctx, { limit, after }) =>
      raw<Row>(
        ctx,
        sql`select ${columns} from people.contacts c
          where ${after ? sql`(c.updated_at, c.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by c.updated_at desc, c.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, { view, position: (row) => ({ at: row.updated_at, id: row.id }) }),
  },
);

export const getContact = reading(
  {
    name: "people.contacts.get",
    summary: "One person and the ways to reach him",
    needs: "people:read",
    faults: ["contact_unknown"],
    input: () => z.object({ id: z.string().min(1).max(64) }),
    output: Contact,
  },
  {
    part: (ctx, { id }) => raw<Row>(ctx, sql`select ${columns} from people.contacts c where c.id = ${id}`),
    view: (found) => {
      const row = (found as { rows: Row[] }).rows[0];
      if (!row) throw new Fault("not_found", "contact_unknown");
      return view(row);
    },
  },
);

export const preferredChannels = ["chat", "sms", "email", "phone", "telegram"] as const;

export const updateContact = verb(
  {
    name: "people.contacts.update",
    summary: "Write down how a person likes to be reached, and in which language",
    needs: "people:write",
    effect: "write",
    faults: ["contact_unknown", "person_erased"],
    input: () =>
      z.object({
        id: z.string().min(1).max(200),
        preferred_channel: z.enum(preferredChannels).nullable().optional().describe("Null: nothing is known"),
        language: z
          .string()
          .regex(/^[a-z]{2}$/, "must be two letters, such as da")
          .nullable()
          .optional(),
      }),
    output: Contact,
    example: () => ({ id: "con_example", preferred_channel: "sms" as const }),
  },
  async (ctx, { id, ...change }) => {
    // What is left out stays as it is.
    const told = JSON.stringify(change);
    return commit(ctx, {
      change: sql`update people.contacts c set (preferred_channel, language)
          = (select n.preferred_channel, n.language from jsonb_populate_record(c, ${told}::jsonb) n),
          updated_at = shared.clock(), version = c.version + 1
        where c.project_id = shared.scope() and c.id = ${id} and case when c.erased_at is not null
          then shared.fail('conflict', 'person_erased') else true end
        returning ${columns}`,
      event: { kind: "people.contact.updated", ref: ["contact", id], payload: { changed: Object.keys(change).sort() } },
      lost: () => new Fault("not_found", "contact_unknown"),
    });
  },
  (row) => view(row as unknown as Row),
);
