/** The assistant's public door: its verbs. */
import type { Schedule } from "../kernel/schedule.ts";
import type { Verb } from "../kernel/verb.ts";
import { ask } from "./ask.ts";
import { capture } from "./capture.ts";
import { listCaptures, undoCapture } from "./captures.ts";
import { context } from "./context.ts";
import { createLink, listLinks, removeLink } from "./links.ts";
import { map } from "./map.ts";
import { askOwnEmail, proveOwnEmail } from "./own-email.ts";
import { plan, whyPlanned } from "./plan.ts";
import { review } from "./review.ts";
import { getRhythm, updateRhythm } from "./rhythm.ts";
import { sendRhythm } from "./rhythm-send.ts";
import { listSummaries } from "./summaries.ts";
import { summarize, summarizeSchedule } from "./summarize.ts";
import { makeChatCode, showChat, unlinkChat } from "./telegram/binding.ts";
import { hearChat } from "./telegram/hear.ts";
import { goals, problems, tasks } from "./things.ts";

export { erased } from "./erased.ts";
export { retained } from "./retained.ts";
export type { Heard } from "./telegram/hear.ts";
export { takeWhen } from "./understand/when.ts";

export {
  ask,
  askOwnEmail,
  capture,
  context,
  createLink,
  getRhythm,
  goals,
  hearChat,
  listCaptures,
  listLinks,
  listSummaries,
  makeChatCode,
  map,
  plan,
  problems,
  proveOwnEmail,
  removeLink,
  review,
  showChat,
  tasks,
  undoCapture,
  unlinkChat,
  updateRhythm,
  whyPlanned,
};

export const schedules: readonly Schedule[] = [summarizeSchedule];

export const verbs = [
  ask,
  capture,
  listCaptures,
  undoCapture,
  plan,
  whyPlanned,
  map,
  context,
  listSummaries,
  summarize,
  review,
  getRhythm,
  updateRhythm,
  sendRhythm,
  askOwnEmail,
  proveOwnEmail,
  ...Object.values(tasks),
  ...Object.values(goals),
  ...Object.values(problems),
  listLinks,
  createLink,
  removeLink,
  makeChatCode,
  showChat,
  unlinkChat,
  hearChat,
] as unknown as Verb[];
