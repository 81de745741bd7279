/** The field's public door: its verbs, and what others may use of it. */
import type { Schedule } from "../kernel/schedule.ts";
import type { Verb } from "../kernel/verb.ts";
import { takeActs } from "./acts.ts";
import {
  cancelAppointment,
  confirmAppointment,
  finishAppointment,
  getAppointment,
  listAppointments,
  missAppointment,
} from "./appointments.ts";
import { createBlackout, deleteBlackout, listBlackouts } from "./blackouts.ts";
import { book, reassign, reschedule } from "./bookings.ts";
import { getCalendar, updateCalendar } from "./calendar.ts";
import { fetchMail } from "./fetch.ts";
import { hear } from "./hear.ts";
import { addNote, removeNote } from "./job-notes.ts";
import { addPart, removePart } from "./job-parts.ts";
import { assignJob, cancelJob, createJob, moveJob, updateJob } from "./job-writes.ts";
import { getJob, listJobs } from "./jobs.ts";
import { attachMessage, getMessage, listMessages } from "./messages.ts";
import { listNoticeRules, listNotices, updateNoticeRule } from "./notice-rules.ts";
import { tellNotices } from "./notices.ts";
import { addPhoto, deletePhoto, storePhoto, sweepPhotos } from "./photos.ts";
import { findSlots } from "./slots.ts";
import { suggestReply } from "./suggest.ts";
import { sync } from "./sync.ts";
import { activateTech, createTech, deactivateTech, getTech, listTechs, updateTech } from "./techs.ts";
import { today } from "./today.ts";
import { dropWeek, getWeek, setWeek } from "./weeks.ts";

export { takeActs } from "./acts.ts";
export {
  cancelAppointment,
  confirmAppointment,
  finishAppointment,
  getAppointment,
  listAppointments,
  missAppointment,
} from "./appointments.ts";
export { createBlackout, deleteBlackout, listBlackouts } from "./blackouts.ts";
export { book, reassign, reschedule } from "./bookings.ts";
export { getCalendar, updateCalendar } from "./calendar.ts";
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
export { listNoticeRules, listNotices, updateNoticeRule } from "./notice-rules.ts";
export { noticesWake, tellNotices } from "./notices.ts";
export { largestPhoto, photoClaim, photoKey, photoPath, typeOf } from "./photo.ts";
export { addPhoto, deletePhoto, storePhoto } from "./photos.ts";
export { retained } from "./retained.ts";
export { findSlots } from "./slots.ts";
export { suggestReply } from "./suggest.ts";
export { fieldSweep } from "./sweep.ts";
export { sync } from "./sync.ts";
export { activateTech, createTech, deactivateTech, getTech, listTechs, updateTech } from "./techs.ts";
export { today } from "./today.ts";
export { dropWeek, getWeek, setWeek } from "./weeks.ts";

const techs = [listTechs, getTech, createTech, updateTech, activateTech, deactivateTech];
const jobs = [listJobs, getJob, createJob, updateJob, moveJob, cancelJob, assignJob];
const mobile = [today, takeActs, sync];
const photos = [addPhoto, deletePhoto, storePhoto, sweepPhotos];
const belongings = [addPart, removePart, addNote, removeNote];

/** The calendar's and the notices'. */
const calendar = [
  findSlots,
  book,
  reschedule,
  reassign,
  confirmAppointment,
  cancelAppointment,
  missAppointment,
  finishAppointment,
  getAppointment,
  listAppointments,
  getCalendar,
  updateCalendar,
  getWeek,
  setWeek,
  dropWeek,
  createBlackout,
  deleteBlackout,
  listBlackouts,
  tellNotices,
  listNoticeRules,
  updateNoticeRule,
  listNotices,
];

export const verbs = [
  ...[hear, fetchMail, listMessages, getMessage, attachMessage, suggestReply],
  ...[...techs, ...jobs, ...belongings, ...photos, ...mobile, ...calendar],
] as unknown as Verb[];

export const schedules: readonly Schedule[] = [{ kind: "field.photos.sweep", everySeconds: 21_600, missed: "once" }];
