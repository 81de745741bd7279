/** Insight's public door: reads over all other domains. */
import type { Verb } from "../kernel/verb.ts";
import { listTimeline, timelineKinds } from "./timeline.ts";

export { listTimeline, timelineKinds };

export const verbs = [listTimeline] as unknown as Verb[];
