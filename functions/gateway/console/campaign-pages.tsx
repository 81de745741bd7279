/** Campaigns and templates as pages, and the forms on them. */
import type { Context } from "hono";
import { Fault } from "#brain/kernel/fault.ts";
import { together, type Verb } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import {
  approveCampaign,
  cancelCampaign,
  getCampaign,
  getTemplate,
  listCampaignEvents,
  listCampaigns,
  listTemplates,
  pauseCampaign,
  previewTemplate,
  resumeCampaign,
  startCampaign,
} from "#brain/outbound/index.ts";
import type { App } from "../runtime.ts";
import { CampaignPage } from "./campaign-view.tsx";
import { CampaignsPage, campaignPath } from "./campaigns-view.tsx";
import { filterIn, idIn, reader, readForm, seeOther, writer } from "./door.ts";
import { type NoteCode, withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { once } from "./once.ts";
import { seatOf } from "./seat.ts";
import type { TemplateRow } from "./shapes.ts";
import { TemplatesPage, type TemplatesView } from "./templates-view.tsx";
import { listed, turnedTo } from "./turning.ts";

export async function campaignsPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const [campaigns, memory] = await together(ctx, [
    [listCampaigns, { limit: 50, ...(await turnedTo(c, "campaigns")) }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view = { seat, campaigns: await listed(c, "campaigns", campaigns) };
  return answerFramed(c, { seat, place: "access", title: "Campaigns", body: <CampaignsPage view={view} /> });
}

export async function campaignPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const id = idIn(c);
  const kind = filterIn(c, "kind");
  const [campaign, events, memory] = await together(ctx, [
    [getCampaign, { id }],
    [listCampaignEvents, { id, limit: 25, ...(kind ? { kind } : {}), ...(await turnedTo(c, "events")) }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view = { seat, campaign, events: await listed(c, "events", events), kind };
  return answerFramed(c, { seat, place: "access", title: campaign.name, body: <CampaignPage view={view} /> });
}

const moves: Record<string, { verb: Verb; note: NoteCode }> = {
  approve: { verb: approveCampaign as unknown as Verb, note: "campaign_approved" },
  start: { verb: startCampaign as unknown as Verb, note: "campaign_started" },
  pause: { verb: pauseCampaign as unknown as Verb, note: "campaign_paused" },
  resume: { verb: resumeCampaign as unknown as Verb, note: "campaign_resumed" },
  cancel: { verb: cancelCampaign as unknown as Verb, note: "campaign_cancelled" },
};

export async function moveCampaignForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const id = idIn(c);
  const name = c.req.param("act") ?? "";
  const move = Object.hasOwn(moves, name) ? moves[name] : undefined;
  if (!move) throw new Fault("not_found", "route_unknown");
  const input = name === "approve" ? { id, version: Number(form.get("version")) } : { id };
  await once(await writer(c, form), { verb: move.verb, input, form });
  return seeOther(c, await withNote(c, campaignPath(id), { code: move.note }));
}

/** What was typed, as the kind of value that the gap takes. */
function typedAs(text: string, type: TemplateRow["variables"][string]["type"]): unknown {
  if (type === "number") return Number(text.replace(",", "."));
  const money = type === "money" ? /^(\d{1,12}) ?([A-Z]{3})$/.exec(text) : null;
  return money ? { amount: Number(money[1]), currency: money[2] } : text;
}

const typedIn = (c: Context<App>, template: TemplateRow) =>
  new Map(Object.keys(template.variables).map((name) => [name, (c.req.query(`v_${name}`) ?? "").trim()]));

async function chosenIn(c: Context<App>, template: TemplateRow): Promise<NonNullable<TemplatesView["chosen"]>> {
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
  ] as const;
  const [templates, memory, template] = id
    ? await together(ctx, [...asked, [getTemplate, { id }]] as const)
    : [...(await together(ctx, asked)), undefined];
  const seat = seatOf(ctx, memory);
  const view: TemplatesView = {
    seat,
    templates: await listed(c, "templates", templates),
    ...(template ? { chosen: await chosenIn(c, template) } : {}),
  };
  return answerFramed(c, { seat, place: "access", title: "Templates", body: <TemplatesPage view={view} /> });
}
