import { openHouse } from "#test/simulation/house.ts";
import { runSeed } from "#test/simulation/run.ts";

const house = await openHouse();
const seed = Number(process.argv[2]);
const a = await runSeed(seed, { house });
const b = await runSeed(seed, { house });
const i = a.trace.findIndex((l, i) => l !== b.trace[i]);
console.log(
  i,
  a.trace.slice(Math.max(0, i - 12), i + 3).join("\n"),
  "\n-----\n",
  b.trace.slice(Math.max(0, i - 1), i + 3).join("\n"),
);
await house.close();
