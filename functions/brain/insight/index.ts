/** Insight's public door: reads over all other domains, and what follows from them. */
import type { Schedule } from "../kernel/schedule.ts";
import type { Verb } from "../kernel/verb.ts";
import { dataset } from "./dataset.ts";
import { getOfferGrounds } from "./offer-grounds.ts";
import { listPromises, promiseSchedule, promiseStates, settlePromise, watchPromises } from "./promises.ts";
import { dismissRisk, listRisks } from "./risks.ts";
import { listTimeline, timelineKinds } from "./timeline.ts";

export { erased } from "./erased.ts";
export {
  dataset,
  dismissRisk,
  getOfferGrounds,
  listPromises,
  listRisks,
  listTimeline,
  promiseStates,
  settlePromise,
  timelineKinds,
};

export const schedules: readonly Schedule[] = [promiseSchedule];

export const verbs = [
  listTimeline,
  listPromises,
  settlePromise,
  watchPromises,
  listRisks,
  dismissRisk,
  getOfferGrounds,
] as unknown as Verb[];
