/** Templates as pages, and the forms that write, replace and retire them. */
import type { Context } from "hono";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import {
  createTemplate,
  gapsOf,
  getTemplate,
  listTemplates,
  previewTemplate,
  retireTemplate,
  updateTemplate,
} from "#brain/outbound/index.ts";
import { listContacts } from "#brain/people/index.ts";
import { statusOf } from "../problem.ts";
import type { App } from "../runtime.ts";
import { filterIn, idIn, reader, readForm, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { saidOf } from "./mend.tsx";
import { once } from "./once.ts";
import { seatOf } from "./seat.ts";
import type { TemplateRow } from "./shapes.ts";
import { TemplateFormPage, type TypedTemplate } from "./template-form.tsx";
import { TemplatesPage, type TemplatesView } from "./templates-view.tsx";
import { listed, turnedTo } from "./turning.ts";
import { kindWords, shownAs, typedAs, type VariableKind } from "./typed-values.ts";

const place = "/console/templates";

const typedIn = (c: Context<App>, template: TemplateRow) =>
  new Map(Object.keys(template.variables).map((name) => [name, (c.req.query(`v_${name}`) ?? "").trim()]));

type Chosen = NonNullable<TemplatesView["chosen"]>;

async function chosenIn(c: Context<App>, template: TemplateRow): Promise<Chosen> {
  const typed = typedIn(c, template);
  const contact = filterIn(c, "contact") ?? "";
  if (!contact) return { template, contact, typed };
  const given = [...typed].filter(([, text]) => text !== "");
  const variables = Object.fromEntries(
    given.map(([name, text]) => [name, typedAs(text, template.variables[name]?.type ?? "text")]),
  );
  try {
    const said = await previewTemplate.run(await reader(c), { id: template.id, contact, variables });
    return { template, contact, typed, said };
  } catch (thrown) {
    if (!(thrown instanceof Fault) || !["unprocessable", "not_found", "invalid"].includes(thrown.kind)) throw thrown;
    return { template, contact, typed, wrong: thrown.extra.detail ?? "There is no such person." };
  }
}

export async function templatesPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const [id, name] = [filterIn(c, "template"), filterIn(c, "name")];
  const asked = [
    [listTemplates, { limit: 50, ...(name ? { name } : {}), ...(await turnedTo(c, "templates")) }],
    [memoryStatus, {}, "if permitted"],
    [listContacts, { limit: 100 }, "if permitted"],
  ] as const;
  const [templates, memory, contacts, template] = id
    ? await together(ctx, [...asked, [getTemplate, { id }]] as const)
    : [...(await together(ctx, asked)), undefined];
  const seat = seatOf(ctx, memory);
  const view: TemplatesView = {
    seat,
    templates: await listed(c, "templates", templates),
    contacts: contacts?.data ?? null,
    ...(template ? { chosen: await chosenIn(c, template) } : {}),
  };
  return answerFramed(c, { seat, place: "outbox", title: "Templates", body: <TemplatesPage view={view} /> });
}

const typedFrom = (row: TemplateRow): TypedTemplate => ({
  name: row.name,
  language: row.language,
  channel: row.channel,
  class: row.class,
  subject: row.subject ?? "",
  text: row.text,
  gaps: Object.entries(row.variables).map(([name, { type, default: given }]) => ({
    name,
    type,
    default: shownAs(given),
  })),
});

type Shown = { typed: TypedTemplate; said?: string[]; status?: number; changes?: { id: string; version: number } };

async function answerForm(c: Context<App>, ctx: Ctx, { status, said = [], ...shown }: Shown): Promise<Response> {
  const [, memory] = await together(ctx, [
    [listTemplates, { limit: 1 }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const body = <TemplateFormPage view={{ seat, said, ...shown }} />;
  const title = shown.changes ? `Change ${shown.typed.name}` : "New template";
  return answerFramed(c, { seat, place: "outbox", title, body, ...(status ? { status } : {}) });
}

const blank: TypedTemplate = {
  name: "",
  language: "",
  channel: "sms",
  class: "transactional",
  subject: "",
  text: "",
  gaps: [],
};

/** `?like=` begins with the words of another row, for another language. */
export async function newTemplatePage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const like = filterIn(c, "like");
  if (!like) return answerForm(c, ctx, { typed: blank });
  const row = await getTemplate.run(ctx, { id: like });
  return answerForm(c, ctx, { typed: { ...typedFrom(row), language: "" } });
}

export async function changeTemplatePage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const row = await getTemplate.run(ctx, { id: idIn(c) });
  return answerForm(c, ctx, { typed: typedFrom(row), changes: { id: row.id, version: row.version } });
}

const line = (form: Map<string, string>, name: string) => (form.get(name) ?? "").trim();

function typedOf(form: Map<string, string>): TypedTemplate {
  const places = [...form.keys()].flatMap((name) => /^gap(\d{1,2})$/.exec(name)?.[1] ?? []);
  const gaps = places.map((at) => ({
    name: line(form, `gap${at}`).replaceAll(/[{}\s]/g, ""),
    type: line(form, `type${at}`),
    default: line(form, `default${at}`),
  }));
  return {
    name: line(form, "name"),
    language: line(form, "language").toLowerCase(),
    channel: line(form, "channel"),
    class: line(form, "class"),
    subject: line(form, "subject"),
    text: (form.get("text") ?? "").replaceAll("\r\n", "\n"),
    gaps: gaps.filter(({ name }) => name !== ""),
  };
}

function wordsOf({ channel, subject, text, gaps }: TypedTemplate) {
  const variables = gaps.map(({ name, type, default: given }) => {
    const kind = Object.hasOwn(kindWords, type) ? (type as VariableKind) : "text";
    return [name, { type, ...(given === "" ? {} : { default: typedAs(given, kind) }) }] as const;
  });
  return { text, variables: Object.fromEntries(variables), ...(subject && channel === "email" ? { subject } : {}) };
}

/** Gaps of the text that no row describes yet come back as rows, so that only their kind is left to say. */
function withGaps(typed: TypedTemplate): TypedTemplate {
  const known = new Set([...typed.gaps.map(({ name }) => name), "contact_name", "brand"]);
  const found = gapsOf(`${typed.subject}\n${typed.text}`).filter((name) => !known.has(name));
  return { ...typed, gaps: [...typed.gaps, ...found.map((name) => ({ name, type: "text", default: "" }))] };
}

const named: Record<string, string> = {
  name: "Name",
  language: "Language",
  text: "Text",
  subject: "Subject",
  variables: "The gaps",
};

const mendable = new Set([
  "invalid_input",
  "template_exists",
  "template_changed",
  "template_retired",
  "placeholder_malformed",
  "placeholder_unknown",
  "variable_reserved",
  "variable_wrong",
]);

const complaints = (fault: Fault): string[] =>
  fault.code === "placeholder_unknown"
    ? [`${fault.extra.detail ?? ""} Its row is below now: say what kind of value it is, and save again.`]
    : saidOf(fault, named);

export async function templateForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const typed = typedOf(form);
  const id = c.req.param("id");
  const version = Number(form.get("version"));
  try {
    const words = wordsOf(typed);
    const { name, language, channel, class: kind } = typed;
    const made = id
      ? await once(ctx, { verb: updateTemplate, input: { id: idIn(c), version, ...words }, form })
      : await once(ctx, { verb: createTemplate, input: { name, language, channel, class: kind, ...words }, form });
    return seeOther(
      c,
      await withNote(c, `${place}?template=${encodeURIComponent(made.id)}`, { code: "template_saved" }),
    );
  } catch (thrown) {
    if (!(thrown instanceof Fault) || !mendable.has(thrown.code)) throw thrown;
    const changes = id ? { changes: { id, version } } : {};
    const shown = { typed: withGaps(typed), said: complaints(thrown), status: statusOf(thrown.kind), ...changes };
    return answerForm(c, ctx, shown);
  }
}

export async function retireTemplateForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  await once(await writer(c, form), { verb: retireTemplate, input: { id: idIn(c) }, form });
  return seeOther(c, await withNote(c, place, { code: "template_retired" }));
}
