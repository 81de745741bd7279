/** A template's words for one real person: as a preview, or as the text of a draft. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { reading } from "../kernel/verb.ts";
import { asHtml } from "./mail-body.ts";
import { segmentsOf } from "./segments.ts";
import { brandOf, textObject } from "./template.ts";
import { filled, inLanguage, type TemplateText, Value, VariableName } from "./template-text.ts";

type Text = TemplateText & { channel: string; class: "marketing" | "transactional" };
type Found = { texts: Text[] | null; person: { name: string | null; language: string | null } | null; brand: string };

const person = (contact: string) =>
  sql`(select jsonb_build_object('name', c.name, 'language', c.language) from people.contacts c
    where c.project_id = shared.scope() and c.id = ${contact}) as person, ${brandOf} as brand`;

export const previewTemplate = reading(
  {
    name: "outbound.templates.preview",
    summary: "What a template would say to one person, and what it would cost as an SMS",
    needs: "outbound:read",
    faults: ["template_unknown", "contact_unknown", "variable_missing", "variable_wrong"],
    input: () =>
      z.object({
        id: z.string().max(64),
        contact: z.string().min(1).max(200),
        variables: z.record(VariableName(), Value()).default({}),
      }),
    output: () =>
      z.object({
        template: z.string().describe("The row whose language it is"),
        language: z.string(),
        fell_back: z.boolean().describe("The person's language has no row"),
        subject: z.string().nullable(),
        text: z.string(),
        html: z.string().nullable().describe("Of an e-mail, which leaves as text and as HTML of the same words"),
        sms: z.object({ alphabet: z.string(), parts: z.int(), culprits: z.array(z.string()) }).nullable(),
      }),
    example: () => ({ id: "tpl_0", contact: "con_example" }),
  },
  {
    part: (ctx, { id, contact }) =>
      raw<Found>(
        ctx,
        sql`select (select jsonb_agg(${textObject} order by t.language) from outbound.templates t, outbound.templates o
            where o.project_id = shared.scope() and o.id = ${id} and t.project_id = o.project_id and t.name = o.name
              and t.channel = o.channel and (t.id = o.id or t.retired_at is null and o.retired_at is null)) as texts, ${person(contact)}`,
      ),
    view: (found, { id, contact, variables }) => {
      const row = (found as { rows: Found[] }).rows[0];
      const asked = row?.texts?.find((text) => text.id === id);
      if (!row || !asked) throw new Fault("not_found", "template_unknown");
      if (!row.person) throw new Fault("not_found", "contact_unknown", { contact });
      const text = inLanguage(row.texts ?? [], row.person.language) ?? asked;
      const builtIns = { contact_name: row.person.name, brand: row.brand };
      const { subject, body } = filled(text, { values: variables, builtIns });
      const { alphabet, parts, culprits } = segmentsOf(body);
      return {
        template: text.id,
        language: text.language,
        fell_back: row.person.language !== null && text.language !== row.person.language,
        subject,
        text: body,
        html: asked.channel === "email" ? asHtml(body) : null,
        sms: asked.channel === "sms" ? { alphabet, parts, culprits } : null,
      };
    },
  },
);

export type Written = { template: string; class: Text["class"]; language: string; text: string; subject?: string };

/** The text of a draft: the template by its name, in the person's language. */
export async function writtenFrom(
  ctx: Ctx,
  asked: { template: string; channel: string; contact: string; variables: Record<string, Value> },
): Promise<Written> {
  const [found] = await send(ctx, [
    raw<Found>(
      ctx,
      sql`select (select jsonb_agg(${textObject} order by t.language) from outbound.templates t
          where t.project_id = shared.scope() and t.name = ${asked.template} and t.channel = ${asked.channel}
            and t.retired_at is null) as texts, ${person(asked.contact)}`,
    ),
  ]);
  const row = found.rows[0];
  if (!row?.person) throw new Fault("not_found", "contact_unknown");
  const text = inLanguage(row.texts ?? [], row.person.language) as Text | undefined;
  if (!text)
    throw new Fault("unprocessable", "template_unknown", {
      detail: `No template ${asked.template} is in use on ${asked.channel}.`,
    });
  const builtIns = { contact_name: row.person.name, brand: row.brand };
  const { subject, body } = filled(text, { values: asked.variables, builtIns });
  return { template: text.id, class: text.class, language: text.language, text: body, ...(subject ? { subject } : {}) };
}
