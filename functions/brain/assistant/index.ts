/** The assistant's public door: its verbs. */
import type { Verb } from "../kernel/verb.ts";
import { ask } from "./ask.ts";
import { capture } from "./capture.ts";
import { listCaptures, undoCapture } from "./captures.ts";
import { createLink, listLinks, removeLink } from "./links.ts";
import { plan, whyPlanned } from "./plan.ts";
import { makeChatCode, showChat, unlinkChat } from "./telegram/binding.ts";
import { hearChat } from "./telegram/hear.ts";
import { goals, problems, tasks } from "./things.ts";

export type { Heard } from "./telegram/hear.ts";

export {
  ask,
  capture,
  createLink,
  goals,
  hearChat,
  listCaptures,
  listLinks,
  makeChatCode,
  plan,
  problems,
  removeLink,
  showChat,
  tasks,
  undoCapture,
  unlinkChat,
  whyPlanned,
};

export const verbs = [
  ask,
  capture,
  listCaptures,
  undoCapture,
  plan,
  whyPlanned,
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
