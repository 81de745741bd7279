/** What pages about campaigns say, beside the words every page uses. Pure. */
import { number } from "./words.ts";

export { personName } from "./shapes.ts";
export { dateTime, number, sentence, span } from "./words.ts";

/** `1 person`, `1,204 people`. */
export const counted = (value: number, noun: string, many = `${noun}s`): string =>
  `${number(value)} ${value === 1 ? noun : many}`;
