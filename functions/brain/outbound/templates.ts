/** Templates: written, replaced by a newer row, retired. A row's words never change, so that what was approved stays what it was. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { page, paged, paging, version } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { Channel } from "./message.ts";
import {
  Language,
  Template,
  TemplateClass,
  TemplateName,
  type TemplateView,
  templateColumns,
  templateView,
} from "./template.ts";
import { assertFillable, Variable, VariableName } from "./template-text.ts";

const words = () => ({
  subject: z.string().min(1).max(300).optional().describe("Of an e-mail"),
  text: z
    .string()
    .min(1)
    .max(20_000)
    .describe("With gaps like {{name}}; {{contact_name}} and {{brand}} fill themselves"),
  variables: z.record(VariableName(), Variable()).default({}),
});

const refusals = ["placeholder_malformed", "placeholder_unknown", "variable_reserved", "variable_wrong"];
const view = (row: Record<string, unknown>) => templateView(row as unknown as TemplateView);

export const createTemplate = verb(
  {
    name: "outbound.templates.create",
    summary: "Write a template; the first row of a name and channel is the one other languages fall back to",
    needs: "outbound:write",
    effect: "write",
    faults: ["template_exists", ...refusals],
    input: () =>
      z.object({ name: TemplateName(), language: Language(), channel: Channel(), class: TemplateClass(), ...words() }),
    output: Template,
    example: () => ({
      name: "boiler-ready",
      language: "en",
      channel: "sms" as const,
      class: "transactional" as const,
      text: "Hello {{contact_name}}, your boiler is ready.",
    }),
  },
  async (ctx, { text, variables, subject = null, ...input }) => {
    assertFillable({ body: text, subject, variables });
    const id = ctx.ids.next("template");
    return commit(ctx, {
      status: 201,
      change: sql`insert into outbound.templates as t (project_id, id, name, language, channel, class, subject, body, variables, is_fallback)
        select shared.scope(), ${id}, ${input.name}, ${input.language}, ${input.channel}, ${input.class}, ${subject}, ${text},
          ${JSON.stringify(variables)}::jsonb, not exists (select from outbound.templates o where o.project_id = shared.scope()
            and o.name = ${input.name} and o.channel = ${input.channel} and o.retired_at is null)
        -- The same words again are the same row.
        on conflict (project_id, name, language, channel) where retired_at is null do update set updated_at = t.updated_at
          where t.body = excluded.body and t.subject is not distinct from excluded.subject and t.variables = excluded.variables and t.class = excluded.class
        returning ${templateColumns}`,
      event: { kind: "outbound.template.created", ref: ["template", id] },
      lost: () => new Fault("conflict", "template_exists", { detail: "It has other words already: update that row." }),
    });
  },
  view,
);

export const updateTemplate = verb(
  {
    name: "outbound.templates.update",
    summary: "Replace a template's words: a new row, and the old one is retired; approved campaigns keep the old one",
    needs: "outbound:write",
    effect: "write",
    faults: ["template_unknown", "template_retired", "template_changed", ...refusals],
    input: () => z.object({ id: z.string().max(64), version: version(), ...words() }),
    output: Template,
    example: () => ({ id: "tpl_0", version: 1, text: "Your boiler is ready." }),
  },
  async (ctx, { id, version, text, variables, subject = null }) => {
    assertFillable({ body: text, subject, variables });
    const next = { old: id, version, id: ctx.ids.next("template"), subject, body: text, variables };
    return commit(ctx, {
      change: sql`select ${templateColumns} from outbound.replace_template(${JSON.stringify(next)}::jsonb) t`,
      event: { kind: "outbound.template.replaced", ref: ["template", id], payload: { by: next.id } },
      lost: () => whyNotTemplate(ctx, id),
    });
  },
  view,
);

export const retireTemplate = verb(
  {
    name: "outbound.templates.retire",
    summary: "Take a template out of use; what was approved with it goes on",
    needs: "outbound:write",
    effect: "write",
    faults: ["template_unknown", "template_retired", "template_is_fallback"],
    input: () => z.object({ id: z.string().max(64) }),
    output: Template,
  },
  async (ctx, { id }) =>
    commit(ctx, {
      change: sql`update outbound.templates t set retired_at = shared.clock(), updated_at = shared.clock(), version = t.version + 1
        where t.project_id = shared.scope() and t.id = ${id} and t.retired_at is null
          and case when t.is_fallback and exists (select from outbound.templates o where o.project_id = t.project_id and o.name = t.name
            and o.channel = t.channel and o.retired_at is null and o.id <> t.id) then shared.fail('conflict', 'template_is_fallback',
            jsonb_build_object('detail', 'Other languages fall back to this one: retire those first.')) else true end
        returning ${templateColumns}`,
      event: { kind: "outbound.template.retired", ref: ["template", id] },
      lost: () => whyNotTemplate(ctx, id),
    }),
  view,
);

async function whyNotTemplate(ctx: Ctx, id: string): Promise<Fault> {
  const [found] = await send(ctx, [templateStatement(ctx, id)]);
  const row = found.rows[0];
  if (!row) return new Fault("not_found", "template_unknown");
  if (row.retired_at)
    return new Fault("conflict", "template_retired", { detail: "A retired row is not changed; take the current one." });
  return new Fault("stale", "template_changed", { version: row.version, detail: "Read it again: it has changed." });
}

const templateStatement = (ctx: Ctx, id: string) =>
  raw<TemplateView>(
    ctx,
    sql`select ${templateColumns} from outbound.templates t where t.project_id = shared.scope() and t.id = ${id}`,
  );

export const getTemplate = reading(
  {
    name: "outbound.templates.get",
    summary: "One template",
    needs: "outbound:read",
    faults: ["template_unknown"],
    input: () => z.object({ id: z.string().max(64) }),
    output: Template,
  },
  {
    part: (ctx, { id }) => templateStatement(ctx, id),
    view: (found) => {
      const row = (found as { rows: TemplateView[] }).rows[0];
      if (!row) throw new Fault("not_found", "template_unknown");
      return templateView(row);
    },
  },
);

export const listTemplates = reading(
  {
    name: "outbound.templates.list",
    summary: "Templates in use, newest first; retired ones when asked for",
    needs: "outbound:read",
    input: () =>
      z.object({
        ...paging(),
        name: TemplateName().optional(),
        channel: Channel().optional(),
        retired: z.enum(["no", "yes"]).default("no"),
      }),
    output: () => page(Template()),
  },
  {
    part: (ctx, { limit, after, name, channel, retired }) =>
      raw<TemplateView>(
        ctx,
        sql`select ${templateColumns} from outbound.templates t
          where t.project_id = shared.scope() and (t.retired_at is not null) = ${retired === "yes"}::boolean
            and ${name ? sql`t.name = ${name}` : sql`true`} and ${channel ? sql`t.channel = ${channel}` : sql`true`}
            and ${after ? sql`(t.created_at, t.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by t.created_at desc, t.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: TemplateView[] }).rows, input, {
        view: templateView,
        position: (row) => ({ at: row.created_at, id: row.id }),
      }),
  },
);
