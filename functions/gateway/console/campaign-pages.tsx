/** Campaigns as pages, and the forms on them. */
import type { Context } from "hono";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together, type Verb } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import {
  approveCampaign,
  cancelCampaign,
  dryRunCampaign,
  getCampaign,
  listCampaignEvents,
  listCampaigns,
  pauseCampaign,
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
import type { CampaignDryRun } from "./shapes.ts";
import { sayFault } from "./trouble.tsx";
import { listed, turnedTo } from "./turning.ts";

export async function campaignsPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const [campaigns, memory] = await together(ctx, [
    [listCampaigns, { limit: 50, ...(await turnedTo(c, "campaigns")) }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view = { seat, campaigns: await listed(c, "campaigns", campaigns) };
  return answerFramed(c, { seat, place: "outbox", title: "Campaigns", body: <CampaignsPage view={view} /> });
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
  // Judged only where it is asked for: it writes the members and messages, and undoes them.
  const dry = filterIn(c, "dry");
  const canJudge = campaign.state === "draft" || campaign.state === "approved";
  const judged = dry && canJudge ? await judgedFrom(ctx, { id, from: dry }) : null;
  const view = { seat, campaign, events: await listed(c, "events", events), kind, judged };
  return answerFramed(c, { seat, place: "outbox", title: campaign.name, body: <CampaignPage view={view} /> });
}

/** Whoever has no sender or template yet is told so in the place of an answer. */
async function judgedFrom(ctx: Ctx, { id, from }: { id: string; from: string }): Promise<CampaignDryRun | string> {
  try {
    return await dryRunCampaign.run(ctx, from === "first" ? { id } : { id, from });
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.kind !== "unprocessable") throw thrown;
    return sayFault(thrown);
  }
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
