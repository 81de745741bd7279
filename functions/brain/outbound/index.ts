/** Outbound's public door: its verbs, and what others may use of it. */
import type { Verb } from "../kernel/verb.ts";
import { approveMessage, returnMessage, sendMessage, submitMessage } from "./approvals.ts";
import { resolveMessage } from "./by-hand.ts";
import { createCampaign, updateCampaign } from "./campaign-drafts.ts";
import { dryRunCampaign } from "./campaign-dry-run.ts";
import { approveCampaign, cancelCampaign, pauseCampaign, resumeCampaign, startCampaign } from "./campaign-moves.ts";
import { runCampaigns } from "./campaign-run.ts";
import { countSegment, createSegment, getSegment, listSegments, updateSegment } from "./campaign-segments.ts";
import { getCampaign, listCampaignEvents, listCampaigns } from "./campaigns.ts";
import { listConsents, recordConsent } from "./consents.ts";
import { dispatch } from "./dispatch.ts";
import { cancelMessage, createMessage, editMessage } from "./drafts.ts";
import { dryRun } from "./dry-run.ts";
import { decideHold, listHolds } from "./holds.ts";
import { getMessage, listMessages } from "./messages.ts";
import { capPolicy, getPolicies, listPolicies, optIn, optOut } from "./policies.ts";
import { resolve } from "./resolve.ts";
import { reviewEvidence, reviewMessage } from "./review.ts";
import {
  createSender,
  disableSender,
  listSenders,
  paceSender,
  resumeSender,
  rotateSenderCredentials,
} from "./senders.ts";
import { getSettings, updateSettings } from "./settings.ts";
import { tellOutcome } from "./told.ts";
import { unsubscribe } from "./unsubscribe.ts";
import { countMessages, listWaiting } from "./waiting.ts";
import { listWays } from "./ways.ts";

export { credentialsPlace } from "./account.ts";
export { approveMessage, returnMessage, sendMessage, submitMessage } from "./approvals.ts";
export { listConsents, recordConsent } from "./consents.ts";
export { erased } from "./erased.ts";

import { previewTemplate } from "./template-use.ts";
import { createTemplate, getTemplate, listTemplates, retireTemplate, updateTemplate } from "./templates.ts";

export { resolveMessage } from "./by-hand.ts";
export { createCampaign, updateCampaign } from "./campaign-drafts.ts";
export { dryRunCampaign } from "./campaign-dry-run.ts";
export { approveCampaign, cancelCampaign, pauseCampaign, resumeCampaign, startCampaign } from "./campaign-moves.ts";
export { campaignRule } from "./campaign-run.ts";
export { countSegment, createSegment, getSegment, listSegments, updateSegment } from "./campaign-segments.ts";
export { getCampaign, listCampaignEvents, listCampaigns } from "./campaigns.ts";
export { cancelMessage, createMessage, type Draft, editMessage, putDraft } from "./drafts.ts";
export { dryRun } from "./dry-run.ts";
export { flowOf } from "./flow.ts";
export { decideHold, listHolds } from "./holds.ts";
export { type Heard, type Said, saidIn } from "./keywords.ts";
export { Message, type MessageRow, messageColumns, messageView, smsOf } from "./message.ts";
export { getMessage, listMessages } from "./messages.ts";
export { capPolicy, getPolicies, listPolicies, optIn, optOut } from "./policies.ts";
export { reviewEvidence, reviewMessage } from "./review.ts";
export { alphabets, cheaper, type Segments, segmentsOf, transliterated } from "./segments.ts";
export { type Field, type Provider, providers, senderKinds } from "./sender-kinds.ts";
export {
  createSender,
  disableSender,
  listSenders,
  paceSender,
  resumeSender,
  rotateSenderCredentials,
} from "./senders.ts";
export { getSettings, updateSettings } from "./settings.ts";
export { outboundSweep } from "./sweep.ts";
export { fill, gapsOf, inLanguage, type TemplateText, type Value, type Variable } from "./template-text.ts";
export { previewTemplate } from "./template-use.ts";
export { createTemplate, getTemplate, listTemplates, retireTemplate, updateTemplate } from "./templates.ts";
export { type Report, tellOutcome } from "./told.ts";
export {
  type Subscription,
  subscriptionIn,
  unsubscribe,
  unsubscribeClaim,
  unsubscribeHeaders,
  unsubscribePath,
  unsubscribeToken,
  unsubscribeUrl,
} from "./unsubscribe.ts";
export { countMessages, listWaiting } from "./waiting.ts";
export { listWays } from "./ways.ts";

export const verbs = [
  createMessage,
  editMessage,
  cancelMessage,
  resolveMessage,
  submitMessage,
  approveMessage,
  returnMessage,
  sendMessage,
  listMessages,
  getMessage,
  createSender,
  listSenders,
  disableSender,
  resumeSender,
  paceSender,
  rotateSenderCredentials,
  reviewMessage,
  reviewEvidence,
  listWaiting,
  countMessages,
  listWays,
  dispatch,
  resolve,
  tellOutcome,
  listPolicies,
  getPolicies,
  optOut,
  optIn,
  capPolicy,
  listHolds,
  decideHold,
  recordConsent,
  listConsents,
  getSettings,
  updateSettings,
  dryRun,
  unsubscribe,
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
