/** Outbound's public door: its verbs, and what others may use of it. */
import type { Verb } from "../kernel/verb.ts";
import { approveMessage, returnMessage, sendMessage, submitMessage } from "./approvals.ts";
import { createCampaign, updateCampaign } from "./campaign-drafts.ts";
import { dryRunCampaign } from "./campaign-dry-run.ts";
import { approveCampaign, cancelCampaign, pauseCampaign, resumeCampaign, startCampaign } from "./campaign-moves.ts";
import { runCampaigns } from "./campaign-run.ts";
import { countSegment, createSegment, getSegment, listSegments, updateSegment } from "./campaign-segments.ts";
import { getCampaign, listCampaignEvents, listCampaigns } from "./campaigns.ts";
import { dispatch } from "./dispatch.ts";
import { cancelMessage, createMessage, editMessage } from "./drafts.ts";
import { getMessage, listMessages } from "./messages.ts";
import { resolve } from "./resolve.ts";
import { previewTemplate } from "./template-use.ts";
import { createTemplate, getTemplate, listTemplates, retireTemplate, updateTemplate } from "./templates.ts";

export { credentialsPlace } from "./account.ts";
export { approveMessage, returnMessage, sendMessage, submitMessage } from "./approvals.ts";
export { createCampaign, updateCampaign } from "./campaign-drafts.ts";
export { dryRunCampaign } from "./campaign-dry-run.ts";
export { approveCampaign, cancelCampaign, pauseCampaign, resumeCampaign, startCampaign } from "./campaign-moves.ts";
export { campaignRule } from "./campaign-run.ts";
export { countSegment, createSegment, getSegment, listSegments, updateSegment } from "./campaign-segments.ts";
export { getCampaign, listCampaignEvents, listCampaigns } from "./campaigns.ts";
export { cancelMessage, createMessage, type Draft, editMessage, putDraft } from "./drafts.ts";
export { getMessage, listMessages } from "./messages.ts";
export { type Segments, segmentsOf } from "./segments.ts";
export { outboundSweep } from "./sweep.ts";
export { previewTemplate } from "./template-use.ts";
export { createTemplate, getTemplate, listTemplates, retireTemplate, updateTemplate } from "./templates.ts";

export const verbs = [
  createMessage,
  editMessage,
  cancelMessage,
  submitMessage,
  approveMessage,
  returnMessage,
  sendMessage,
  listMessages,
  getMessage,
  dispatch,
  resolve,
  createTemplate,
  updateTemplate,
  retireTemplate,
  getTemplate,
  listTemplates,
  previewTemplate,
  createSegment,
  updateSegment,
  getSegment,
  listSegments,
  countSegment,
  createCampaign,
  updateCampaign,
  approveCampaign,
  startCampaign,
  pauseCampaign,
  resumeCampaign,
  cancelCampaign,
  listCampaigns,
  getCampaign,
  listCampaignEvents,
  dryRunCampaign,
  runCampaigns,
] as unknown as Verb[];
