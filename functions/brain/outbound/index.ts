/** Outbound's public door: its verbs, and what others may use of it. */
import type { Verb } from "../kernel/verb.ts";
import { approveMessage, returnMessage, sendMessage, submitMessage } from "./approvals.ts";
import { dispatch } from "./dispatch.ts";
import { cancelMessage, createMessage, editMessage } from "./drafts.ts";
import { getMessage, listMessages } from "./messages.ts";
import { resolve } from "./resolve.ts";

export { credentialsPlace } from "./account.ts";
export { approveMessage, returnMessage, sendMessage, submitMessage } from "./approvals.ts";
export { cancelMessage, createMessage, type Draft, editMessage, putDraft } from "./drafts.ts";
export { type Heard, type Said, saidIn } from "./keywords.ts";
export { getMessage, listMessages } from "./messages.ts";
export { type Segments, segmentsOf } from "./segments.ts";
export { outboundSweep } from "./sweep.ts";

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
] as unknown as Verb[];
