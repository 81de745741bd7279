/** The field's public door: its verbs, and what others may use of it. */
import type { Verb } from "../kernel/verb.ts";
import { fetchMail } from "./fetch.ts";
import { hear } from "./hear.ts";
import { addNote, removeNote } from "./job-notes.ts";
import { addPart, removePart } from "./job-parts.ts";
import { assignJob, cancelJob, createJob, moveJob, updateJob } from "./job-writes.ts";
import { getJob, listJobs } from "./jobs.ts";
import { attachMessage, getMessage, listMessages } from "./messages.ts";
import { planning } from "./planning.ts";
import { suggestReply } from "./suggest.ts";
import { activateTech, createTech, deactivateTech, getTech, listTechs, updateTech } from "./techs.ts";

export { hear } from "./hear.ts";
export type { Incoming, Told } from "./incoming.ts";
export { addNote, removeNote } from "./job-notes.ts";
export { addPart, removePart } from "./job-parts.ts";
export { type JobEvent, replayJob, type Told as ToldJob } from "./job-replay.ts";
export { assignJob, cancelJob, createJob, moveJob, updateJob } from "./job-writes.ts";
export { getJob, listJobs } from "./jobs.ts";
export { type Header, incomingOf, longestMail, type Mail } from "./mail.ts";
export { attachMessage, getMessage, listMessages } from "./messages.ts";
export { noticesWake } from "./notices.ts";
export * from "./planning.ts";
export { retained } from "./retained.ts";
export { suggestReply } from "./suggest.ts";
export { fieldSweep } from "./sweep.ts";
export { activateTech, createTech, deactivateTech, getTech, listTechs, updateTech } from "./techs.ts";

const techs = [listTechs, getTech, createTech, updateTech, activateTech, deactivateTech];
const jobs = [listJobs, getJob, createJob, updateJob, moveJob, cancelJob, assignJob];
const belongings = [addPart, removePart, addNote, removeNote];

export const verbs = [
  ...[hear, fetchMail, listMessages, getMessage, attachMessage, suggestReply],
  ...[...techs, ...jobs, ...belongings],
  ...planning,
] as unknown as Verb[];
