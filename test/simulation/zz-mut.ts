import { openHouse } from "#test/simulation/house.ts";
import { hunt, mutants } from "#test/simulation/mutants.ts";

const house = await openHouse();
for (const m of mutants) {
  if (process.argv[3] && !process.argv[3].split(",").includes(m.name)) continue;
  const t = performance.now();
  const h = await hunt(m, { house, from: 1, most: Number(process.argv[2] ?? 20) });
  console.log(
    m.name,
    h.seeds,
    h.caught ? JSON.stringify(h.caught.failure) : "SURVIVED",
    Math.round(performance.now() - t),
  );
}
await house.close();
