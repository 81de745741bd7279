/** The spine's public door. */
import type { Verb } from "../kernel/verb.ts";
import { listEvents } from "./events.ts";

export { Event, type EventRow, eventColumns, eventView, listEvents } from "./events.ts";
export { sweepVerbs } from "./sweep.ts";

export const verbs = [listEvents] as unknown as Verb[];
