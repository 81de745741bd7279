/** What a stand-in for a place of documents can be told to do wrong. */
import type { Answer } from "../loopback.ts";

export type Fault = (path: string) => Answer | undefined;

export function faults() {
  let fault: Fault | undefined;
  return {
    /** The answer to this path, if it is to be a wrong one. */
    at: (path: string): Answer | undefined => fault?.(path),
    /** Paths that fit are answered with this, until `ok`. */
    answer: (answer: Answer, fits = /./) => {
      fault = (path) => (fits.test(path) ? answer : undefined);
    },
    /** As `answer`, but only from the n-th such request on. */
    after: (requests: number, answer: Answer, fits = /./) => {
      let left = requests;
      fault = (path) => {
        if (!fits.test(path)) return undefined;
        left -= 1;
        return left < 0 ? answer : undefined;
      };
    },
    ok: () => {
      fault = undefined;
    },
  };
}

export type Faults = ReturnType<typeof faults>;
