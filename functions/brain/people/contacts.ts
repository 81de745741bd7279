/** People outside the firm: a list, and one with the ways to reach him. */
import { sql } from "drizzle-orm";
import { z } from "zod";
import { raw } from "../kernel/batch.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";

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
