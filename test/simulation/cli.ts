/** `npm run simulate`: any range of seeds, a rate, a summary, and for each failure what replays it. */
import { parseArgs } from "node:util";
import { openHouse } from "./house.ts";
import { failureText, shrink, summary } from "./report.ts";
import { type Outcome, runSeed } from "./run.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "200" },
    from: { type: "string", default: "1" },
    steps: { type: "string" },
    trace: { type: "boolean", default: false },
  },
});
const [seeds, from] = [Number(values.seeds), Number(values.from)];
/** Without it each seed has its own. */
const length = values.steps === undefined ? {} : { steps: Number(values.steps) };
const house = await openHouse();
const outcomes: Outcome[] = [];
const began = performance.now();

for (let seed = from; seed < from + seeds; seed += 1) {
  const outcome = await runSeed(seed, { house, ...length });
  // Ten thousand traces would fill the memory.
  outcomes.push({ ...outcome, trace: [] });
  if (values.trace) console.log(outcome.trace.join("\n"));
  if (outcome.failure) {
    console.log(failureText(outcome));
    console.log(`  smallest number of steps that fails: ${await shrink(outcome, house)}`);
  }
  if (seeds >= 100 && outcomes.length % 100 === 0) console.log(`${outcomes.length} seeds`);
}
console.log(summary(outcomes, (performance.now() - began) / 1000));
await house.close();
process.exitCode = outcomes.some(({ failure }) => failure) ? 1 : 0;
