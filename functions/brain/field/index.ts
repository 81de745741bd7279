/** The field's public door: its verbs, and what others may use of it. */
import type { Schedule } from "../kernel/schedule.ts";
import type { Verb } from "../kernel/verb.ts";
import { takeActs } from "./acts.ts";
import { fetchMail } from "./fetch.ts";
import { hear } from "./hear.ts";
import { addNote, removeNote } from "./job-notes.ts";
import { addPart, removePart } from "./job-parts.ts";
import { assignJob, cancelJob, createJob, moveJob, updateJob } from "./job-writes.ts";
import { getJob, listJobs } from "./jobs.ts";
import { attachMessage, getMessage, listMessages } from "./messages.ts";
import { addPhoto, carryPhoto, deletePhoto, storePhoto, sweepPhotos } from "./photos.ts";
import { planning } from "./planning.ts";
import { suggestReply } from "./suggest.ts";
import { sync } from "./sync.ts";
import { activateTech, createTech, deactivateTech, getTech, listTechs, updateTech } from "./techs.ts";
import { today } from "./today.ts";

export { takeActs } from "./acts.ts";
export { erased } from "./erased.ts";
export { hear } from "./hear.ts";
export type { Incoming, Told } from "./incoming.ts";
export { statuses } from "./job.ts";
export { addNote, removeNote } from "./job-notes.ts";
export { addPart, removePart } from "./job-parts.ts";
export { type JobEvent, replayJob, type Told as ToldJob } from "./job-replay.ts";
export { timeOf } from "./job-time.ts";
export { assignJob, cancelJob, createJob, moveJob, updateJob } from "./job-writes.ts";
export { getJob, listJobs } from "./jobs.ts";
export { type Header, incomingOf, longestMail, type Mail } from "./mail.ts";
export { attachMessage, getMessage, listMessages } from "./messages.ts";
export { noticesWake } from "./notices.ts";
export { largestPhoto, photoClaim, photoKey, photoPath, typeOf } from "./photo.ts";
export { addPhoto, carryPhoto, deletePhoto, storePhoto } from "./photos.ts";
export * from "./planning.ts";
export { retained } from "./retained.ts";
export { suggestReply } from "./suggest.ts";
export { fieldSweep } from "./sweep.ts";
export { sync } from "./sync.ts";
export { activateTech, createTech, deactivateTech, getTech, listTechs, updateTech } from "./techs.ts";
export { today } from "./today.ts";

const techs = [listTechs, getTech, createTech, updateTech, activateTech, deactivateTech];
const jobs = [listJobs, getJob, createJob, updateJob, moveJob, cancelJob, assignJob];
const mobile = [today, takeActs, sync];
const photos = [addPhoto, carryPhoto, deletePhoto, storePhoto, sweepPhotos];
const belongings = [addPart, removePart, addNote, removeNote];

export const verbs = [
  ...[hear, fetchMail, listMessages, getMessage, attachMessage, suggestReply],
  ...[...techs, ...jobs, ...belongings, ...photos, ...mobile],
  ...planning,
] as unknown as Verb[];

export const schedules: readonly Schedule[] = [{ kind: "field.photos.sweep", everySeconds: 21_600, missed: "once" }];
