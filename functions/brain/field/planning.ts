/** The calendar's and the notices' part of the field's door. */
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
import { getBoard } from "./board.ts";
import { book, reassign, reschedule } from "./bookings.ts";
import { getCalendar, updateCalendar } from "./calendar.ts";
import { closeFeed, feedIn, feedPath, openFeed, readFeed } from "./feeds.ts";
import { listNoticeRules, listNotices, updateNoticeRule } from "./notice-rules.ts";
import { tellNotices } from "./notices.ts";
import { findSlots } from "./slots.ts";
import { dropWeek, getWeek, setWeek } from "./weeks.ts";

export {
  book,
  cancelAppointment,
  closeFeed,
  confirmAppointment,
  createBlackout,
  deleteBlackout,
  dropWeek,
  feedIn,
  feedPath,
  findSlots,
  finishAppointment,
  getAppointment,
  getBoard,
  getCalendar,
  getWeek,
  listAppointments,
  listBlackouts,
  listNoticeRules,
  listNotices,
  missAppointment,
  openFeed,
  readFeed,
  reassign,
  reschedule,
  setWeek,
  tellNotices,
  updateCalendar,
  updateNoticeRule,
};

export const planning = [
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
  getBoard,
  getCalendar,
  updateCalendar,
  getWeek,
  setWeek,
  dropWeek,
  createBlackout,
  deleteBlackout,
  listBlackouts,
  openFeed,
  closeFeed,
  readFeed,
  tellNotices,
  listNoticeRules,
  updateNoticeRule,
  listNotices,
] as unknown as Verb[];
