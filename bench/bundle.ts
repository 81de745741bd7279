// How large the Worker is as uploaded, and which package makes it so.
import { banner } from "./kit/options.ts";
import { sum } from "./kit/stats.ts";
import { figure, print, type Row } from "./kit/table.ts";
import { bundleWorker, byOwner } from "./kit/worker-bundle.ts";

const KIB = 1024;
const kib = (bytes: number): string => `${figure(bytes / KIB)} KiB`;
const SHOWN = 14;

banner("bundle: the Worker as uploaded");
const { bytes, gzip, inputs } = await bundleWorker();
const owners = byOwner(inputs);
const all = sum(owners.map(([, size]) => size));
const rest = sum(owners.slice(SHOWN).map(([, size]) => size));
const parts = rest > 0 ? [...owners.slice(0, SHOWN), [`${owners.length - SHOWN} smaller ones`, rest] as const] : owners;

const rows: Row[] = [
  {
    what: "whole",
    cells: [kib(bytes), kib(gzip), "100 %"],
    value: gzip / KIB,
    goal: { name: "P9", atMost: 700 },
    unit: " KiB gzip",
  },
  ...parts.map(([owner, size]) => ({
    what: `  ${owner}`,
    cells: [kib(size), `~${kib((size / all) * gzip)}`, `${figure((size / all) * 100)} %`],
  })),
];
print({ title: "wrangler deploy --dry-run --minify", columns: ["minified", "gzip", "share"], rows });
console.log("A part's gzip is its share of the whole: files compress together.");
