/** Outbound's public door: its verbs, and what others may use of it. */
import type { Verb } from "../kernel/verb.ts";
import { approveMessage, returnMessage, sendMessage, submitMessage } from "./approvals.ts";
import { dispatch } from "./dispatch.ts";
import { cancelMessage, createMessage, editMessage } from "./drafts.ts";
import { getMessage, listMessages } from "./messages.ts";
import { resolve } from "./resolve.ts";
import { reviewEvidence, reviewMessage } from "./review.ts";
import { createSender, disableSender, listSenders, resumeSender, rotateSenderCredentials } from "./senders.ts";
import { tellOutcome } from "./told.ts";
import { countMessages, listWaiting } from "./waiting.ts";
import { listWays } from "./ways.ts";

export { credentialsPlace } from "./account.ts";
export { approveMessage, returnMessage, sendMessage, submitMessage } from "./approvals.ts";
export { cancelMessage, createMessage, type Draft, editMessage, putDraft } from "./drafts.ts";
export { Message, type MessageRow, messageColumns, messageView, smsOf } from "./message.ts";
export { getMessage, listMessages } from "./messages.ts";
export { reviewEvidence, reviewMessage } from "./review.ts";
export { alphabets, cheaper, type Segments, segmentsOf, transliterated } from "./segments.ts";
export { type Field, type Provider, providers, senderKinds } from "./sender-kinds.ts";
export { createSender, disableSender, listSenders, resumeSender, rotateSenderCredentials } from "./senders.ts";
export { outboundSweep } from "./sweep.ts";
export { type Report, tellOutcome } from "./told.ts";
export { countMessages, listWaiting } from "./waiting.ts";
export { listWays } from "./ways.ts";

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
  reviewMessage,
  reviewEvidence,
  listWaiting,
  countMessages,
  listWays,
  createSender,
  listSenders,
  disableSender,
  resumeSender,
  rotateSenderCredentials,
  dispatch,
  resolve,
  tellOutcome,
] as unknown as Verb[];
