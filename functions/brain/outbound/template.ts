/** A template as its verbs show it, and the rows of one name that share a channel. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { instant } from "../kernel/schemas.ts";
import { Channel } from "./message.ts";
import { Variable, VariableName } from "./template-text.ts";

export const TemplateName = () => z.string().regex(/^[a-z][a-z0-9_-]{1,63}$/);
export const Language = () => z.string().regex(/^[a-z]{2}$/);
export const TemplateClass = () => z.enum(["marketing", "transactional"]);

export const Template = () =>
  z.object({
    id: z.string(),
    name: z.string(),
    language: z.string(),
    channel: Channel(),
    class: TemplateClass(),
    subject: z.string().nullable(),
    text: z.string(),
    variables: z.record(VariableName(), Variable()),
    fallback: z.boolean().describe("For people whose language has no row of this name on this channel"),
    retired_at: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
    version: z.int(),
  });

export type TemplateView = z.output<ReturnType<typeof Template>>;

/** Of a relation called `t`. */
export const templateColumns: SQL = sql`t.id, t.name, t.language, t.channel, t.class, t.subject, t.body as text, t.variables,
  t.is_fallback as fallback, t.retired_at, t.created_at, t.updated_at, t.version`;

export const templateView = (row: TemplateView): TemplateView => ({
  ...row,
  retired_at: instant(row.retired_at),
  created_at: instant(row.created_at),
  updated_at: instant(row.updated_at),
});

/** A relation `t` as an element of a list of texts. */
export const textObject: SQL = sql`jsonb_build_object('id', t.id, 'name', t.name, 'language', t.language, 'channel', t.channel,
  'class', t.class, 'subject', t.subject, 'body', t.body, 'variables', t.variables, 'fallback', t.is_fallback)`;

/** The name customers know the project by, where no sender says another. */
export const brandOf: SQL = sql`coalesce(nullif((select t.brand from outbound.settings t where t.project_id = shared.scope()), ''),
  (select p.name from identity.projects p where p.id = shared.scope()))`;
