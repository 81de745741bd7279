/** `npm run mutants`: every guard taken out in turn, how many seeds it took to notice, and what was noticed. */

import { raceDatabase } from "#test/kit/database.ts";
import { openHouse } from "./house.ts";
import { claimBesideHolder, claimWithoutSkipping } from "./lock-waits.ts";
import { hunt, mutants } from "./mutants.ts";
import { claimBesideStop, claimWithoutLocks } from "./policy-locks.ts";

const most = Number(process.argv[2] ?? 300);
const house = await openHouse();
let survivors = 0;
for (const mutant of mutants) {
  const { seeds, caught } = await hunt(mutant, { house, from: 1, most });
  const said = caught?.failure?.broken[0]?.slice(0, 110) ?? "SURVIVED";
  survivors += caught ? 0 : 1;
  console.log(`${mutant.name.padEnd(18)} ${String(seeds).padStart(4)} seeds  ${said}`);
}
await house.close();

const postgres = await raceDatabase();
const [whole, without] = [await claimBesideHolder(postgres), await claimWithoutSkipping(postgres)];
const isShown = !whole.waitsForHolder && without.waitsForHolder;
survivors += isShown ? 0 : 1;
const waits = ({ waitsForHolder }: typeof whole) =>
  waitsForHolder ? "waits for the other session" : "waits for nobody";
console.log(`skip_locked        on a real Postgres: a claim ${waits(whole)}; without it, ${waits(without)}`);
const [kept, overtaken] = [await claimBesideStop(postgres), await claimWithoutLocks(postgres)];
survivors += kept === 0 && overtaken > 0 ? 0 : 1;
console.log(
  `policy_locks       on a real Postgres: sent after an opt-out's commit: ${kept}; without them, ${overtaken}`,
);
await postgres.close();
console.log(`${mutants.length + 2} guards taken out, ${survivors} not missed`);
process.exitCode = survivors === 0 ? 0 : 1;
