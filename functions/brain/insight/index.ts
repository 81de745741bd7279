/** Insight's public door: reads over all other domains. */
import type { Verb } from "../kernel/verb.ts";
import { dataset } from "./dataset.ts";
import { listTimeline, timelineKinds } from "./timeline.ts";

export { dataset, listTimeline, timelineKinds };

export const verbs = [listTimeline] as unknown as Verb[];
