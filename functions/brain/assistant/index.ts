/** The assistant's public door: its verbs. */
import type { Verb } from "../kernel/verb.ts";
import { capture } from "./capture.ts";
import { listCaptures, undoCapture } from "./captures.ts";

export { capture, listCaptures, undoCapture };

export const verbs = [capture, listCaptures, undoCapture] as unknown as Verb[];
