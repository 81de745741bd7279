/** A technician's appointments as iCalendar (RFC 5545, 7986): UTC, stable names, what was called off stays marked. Pure. */
import ical, { ICalCalendarMethod, ICalEventStatus } from "ical-generator";

export type FeedEvent = {
  /** The chain's first appointment: a calendar keeps it by this name, however often it is moved. */
  chain: string;
  sequence: number;
  start: Date;
  end: Date;
  changed: Date;
  title: string;
  number: number;
  location: string;
  status: string;
};

const states: Readonly<Record<string, ICalEventStatus>> = {
  planned: ICalEventStatus.TENTATIVE,
  confirmed: ICalEventStatus.CONFIRMED,
  done: ICalEventStatus.CONFIRMED,
};

/** Only what he needs to be there: no client's name, number or notes, because addresses of calendars get around. */
export function feedText(of: { name: string; host: string; events: readonly FeedEvent[] }): string {
  const calendar = ical({
    prodId: { company: "Omneuro", product: "Calendar" },
    method: ICalCalendarMethod.PUBLISH,
    name: of.name,
    ttl: 3600,
  });
  for (const event of of.events)
    calendar.createEvent({
      id: `${event.chain}@${of.host}`,
      sequence: event.sequence,
      // The same bytes until something changes, so that a calendar that asks again is told nothing.
      stamp: event.changed,
      lastModified: event.changed,
      start: event.start,
      end: event.end,
      summary: `#${event.number} ${event.title}`,
      ...(event.location ? { location: event.location } : {}),
      status: states[event.status] ?? ICalEventStatus.CANCELLED,
    });
  return calendar.toString();
}
