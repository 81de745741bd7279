/** The field's public door: its verbs, and what others may use of it. */
import type { Verb } from "../kernel/verb.ts";
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
import { getMessage, listMessages } from "./messages.ts";
import { listNoticeRules, listNotices, updateNoticeRule } from "./notice-rules.ts";
import { tellNotices } from "./notices.ts";
import { findSlots } from "./slots.ts";
import { suggestReply } from "./suggest.ts";
import { dropWeek, getWeek, setWeek } from "./weeks.ts";

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
export { type Header, incomingOf, longestMail, type Mail } from "./mail.ts";
export { getMessage, listMessages } from "./messages.ts";
export { listNoticeRules, listNotices, updateNoticeRule } from "./notice-rules.ts";
export { noticesWake, tellNotices } from "./notices.ts";
export { retained } from "./retained.ts";
export { findSlots } from "./slots.ts";
export { suggestReply } from "./suggest.ts";
export { fieldSweep } from "./sweep.ts";
export { dropWeek, getWeek, setWeek } from "./weeks.ts";

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

export const verbs = [hear, fetchMail, listMessages, getMessage, suggestReply, ...calendar] as unknown as Verb[];
