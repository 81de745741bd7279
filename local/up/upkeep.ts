/** PGlite has no autovacuum: somebody has to tidy up, at best while nobody is waiting. */
import type { LocalNeon } from "../neon.ts";

const LOOK_MS = 60_000;
/** So many requests since the last time make it worth while. */
const WORTH = 200;

/** @returns ends it */
export function keepTidy(neon: LocalNeon): () => void {
  let tidied = neon.stats().requests;
  let last = tidied;
  let busy = false;
  const timer = setInterval(() => {
    const { requests } = neon.stats();
    // Somebody has set the counters back.
    if (requests < tidied) tidied = 0;
    const quiet = requests - last < 5;
    last = requests;
    if (busy || !quiet || requests - tidied < WORTH) return;
    busy = true;
    tidied = requests;
    neon
      .maintain()
      .catch((error: unknown) => console.error(`The database could not be tidied: ${String(error)}`))
      .finally(() => {
        busy = false;
      });
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
