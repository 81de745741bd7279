/** Writing a campaign and changing it before it starts, as pages and the forms on them. */
import type { Context } from "hono";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import {
  createCampaign,
  getCampaign,
  listSegments,
  listSenders,
  listTemplates,
  updateCampaign,
} from "#brain/outbound/index.ts";
import { statusOf } from "../problem.ts";
import type { App } from "../runtime.ts";
import {
  type CampaignChannel,
  CampaignFormPage,
  type CampaignFormView,
  campaignChannels,
  gapsIn,
  type TypedCampaign,
  type TypedStep,
  units,
} from "./campaign-form.tsx";
import { campaignPath } from "./campaigns-view.tsx";
import { idIn, reader, readForm, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { saidOf } from "./mend.tsx";
import { once } from "./once.ts";
import { seatOf } from "./seat.ts";
import type { CampaignFull } from "./shapes.ts";
import { shownAs, typedAs } from "./typed-values.ts";

const channelIn = (text: string | undefined): CampaignChannel =>
  campaignChannels.find((channel) => channel === text) ?? "sms";

/** What can be chosen from, with everything that was typed. */
async function choices(ctx: Ctx, typed: TypedCampaign): Promise<Omit<CampaignFormView, "said">> {
  const [segments, templates, senders, memory] = await together(ctx, [
    [listSegments, { limit: 100 }],
    [listTemplates, { limit: 100, channel: typed.channel }],
    [listSenders, { limit: 100 }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  return { seat, typed, segments: segments.data, templates: templates.data, senders: senders.data };
}

type More = Pick<CampaignFormView, "changes"> & { said?: string[]; status?: number };

function answerForm(c: Context<App>, found: Omit<CampaignFormView, "said">, { status, said = [], ...more }: More) {
  const view: CampaignFormView = { ...found, ...more, said };
  const title = more.changes ? `Change ${found.typed.name}` : "New campaign";
  const body = <CampaignFormPage view={view} />;
  return answerFramed(c, { seat: found.seat, place: "outbox", title, body, ...(status ? { status } : {}) });
}

const first: TypedStep = { template: "", wait: "", unit: "days", stops: true };

export async function newCampaignPage(c: Context<App>): Promise<Response> {
  const typed: TypedCampaign = {
    name: "",
    channel: channelIn(c.req.query("channel")),
    class: "marketing",
    segment: "",
    sender: "",
    steps: [first],
    values: new Map(),
  };
  return answerForm(c, await choices(await reader(c), typed), {});
}

function waitOf(seconds: number): Pick<TypedStep, "wait" | "unit"> {
  if (seconds === 0) return { wait: "", unit: "days" };
  const unit = seconds % 86_400 === 0 ? "days" : "hours";
  return { wait: String(seconds / (units[unit]?.seconds ?? 1)), unit };
}

const typedFrom = (row: CampaignFull): TypedCampaign => ({
  name: row.name,
  channel: row.channel,
  class: row.class,
  segment: row.segment,
  sender: row.sender ?? "",
  steps: row.steps.map(({ template, wait_seconds, stop_on_reply }) => ({
    template,
    ...waitOf(wait_seconds),
    stops: stop_on_reply,
  })),
  values: new Map(Object.entries(row.variables).map(([name, value]) => [name, shownAs(value)])),
});

export async function changeCampaignPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const row = await getCampaign.run(ctx, { id: idIn(c) });
  return answerForm(c, await choices(ctx, typedFrom(row)), { changes: { id: row.id, version: row.version } });
}

function typedIn(form: Map<string, string>): TypedCampaign {
  const line = (name: string) => (form.get(name) ?? "").trim();
  const places = [...form.keys()].flatMap((name) => /^template(\d{1,2})$/.exec(name)?.[1] ?? []);
  const steps = places.map((at) => ({
    template: line(`template${at}`),
    wait: line(`wait${at}`),
    unit: line(`unit${at}`),
    stops: form.has(`stop${at}`),
  }));
  const values = [...form].flatMap(([name, text]) => {
    const gap = /^v_([a-z][a-z0-9_]{2,39})$/.exec(name)?.[1];
    return gap && text.trim() !== "" ? [[gap, text.trim()] as const] : [];
  });
  return {
    name: line("name"),
    channel: channelIn(line("channel")),
    class: line("class"),
    segment: line("segment"),
    sender: line("sender"),
    steps: steps.filter(({ template }) => template !== ""),
    values: new Map(values),
  };
}

/** A gap that nothing would fill is asked for here: when the campaign runs, its people would only be passed over. */
function missingIn(found: Pick<CampaignFormView, "typed" | "templates">): string[] {
  const { values } = found.typed;
  const missing = [...gapsIn(found)].filter(([name, one]) => one.default === undefined && !values.has(name));
  return missing.map(([name]) => `Nothing is known to say for {{${name}}}: fill it in below.`);
}

function inputFrom({ typed, templates }: Pick<CampaignFormView, "typed" | "templates">) {
  const gaps = gapsIn({ typed, templates });
  const values = [...typed.values].flatMap(([name, text]) => {
    const gap = gaps.get(name);
    return gap ? [[name, typedAs(text, gap.type)] as const] : [];
  });
  return {
    name: typed.name,
    segment: typed.segment,
    ...(typed.sender ? { sender: typed.sender } : {}),
    variables: Object.fromEntries(values),
    steps: typed.steps.map(({ template, wait, unit, stops }) => ({
      template,
      wait_seconds: Math.round(Number(wait.replace(",", ".")) * (units[unit]?.seconds ?? Number.NaN)),
      stop_on_reply: stops,
    })),
  };
}

const named: Record<string, string> = {
  name: "Name",
  segment: "To",
  steps: "Messages",
  variables: "What fills the gaps",
  sender: "From",
};

const mendable = new Set(["invalid_input", "segment_unknown", "sender_missing", "campaign_changed"]);

export async function campaignForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const id = c.req.param("id");
  const version = Number(form.get("version"));
  const changes = id ? { changes: { id, version } } : {};
  const found = await choices(ctx, typedIn(form));
  const missing = missingIn(found);
  if (missing.length > 0) return answerForm(c, found, { said: missing, status: 422, ...changes });
  try {
    const input = inputFrom(found);
    const { channel, class: kind } = found.typed;
    const made = id
      ? await once(ctx, { verb: updateCampaign, input: { id: idIn(c), version, ...input }, form })
      : await once(ctx, { verb: createCampaign, input: { channel, class: kind, ...input }, form });
    const code = id ? "campaign_edited" : "campaign_drafted";
    return seeOther(c, await withNote(c, campaignPath(made.id), { code }));
  } catch (thrown) {
    if (!(thrown instanceof Fault) || !mendable.has(thrown.code)) throw thrown;
    return answerForm(c, found, { said: saidOf(thrown, named), status: statusOf(thrown.kind), ...changes });
  }
}
