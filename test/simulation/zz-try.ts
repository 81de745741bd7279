import { openHouse } from "#test/simulation/house.ts";
import { runSeed } from "#test/simulation/run.ts";
const [from = 1, count = 1] = process.argv.slice(2).map(Number);
let t = performance.now();
const house = await openHouse();
console.log("open", performance.now() - t);
const all = new Map();
for (let seed = from; seed < from + count; seed++) {
  t = performance.now();
  const o = await runSeed(seed, { house });
  for (const [k, n] of o.faults) all.set(k, (all.get(k) ?? 0) + n);
  if (process.env.D) { const p = await runSeed(seed, { house }); if (p.hash !== o.hash) { const i = o.trace.findIndex((l, i) => l !== p.trace[i]); console.log("DIFFERS", seed, i, o.trace[i], "|", p.trace[i]); } }
  console.log(seed, o.steps, o.effects, Math.round(performance.now() - t), o.hash.slice(0, 8), o.failure ? JSON.stringify(o.failure) : "");
  if (process.env.T) console.log(o.trace.join("\n"));
}
console.log([...all].sort());
await house.close();
