/** `npm run mutants`: every guard taken out in turn, how many seeds it took to notice, and what was noticed. */
import { openHouse } from "./house.ts";
import { hunt, mutants } from "./mutants.ts";

const most = Number(process.argv[2] ?? 300);
const house = await openHouse();
let survivors = 0;
for (const mutant of mutants) {
  const { seeds, caught } = await hunt(mutant, { house, from: 1, most });
  const said = caught?.failure?.broken[0]?.slice(0, 110) ?? "SURVIVED";
  survivors += caught ? 0 : 1;
  console.log(`${mutant.name.padEnd(18)} ${String(seeds).padStart(4)} seeds  ${said}`);
}
console.log(`${mutants.length} guards taken out, ${survivors} not missed`);
await house.close();
process.exitCode = survivors === 0 ? 0 : 1;
