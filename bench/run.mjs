// `npm run bench`: every bench one after another, or those named: `npm run bench -- ingest search --quick`.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findNode } from "../local/node.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** In the order they run: what is cheap first. */
const benches = {
  bundle: "bench/bundle.ts",
  startup: "bench/startup.ts",
  gateway: "bench/gateway.ts",
  ingest: "bench/ingest.ts",
  sync: "bench/sync.ts",
  embed: "bench/embed.ts",
  cost: "bench/cost.ts",
  outbound: "bench/outbound.ts",
  calendar: "bench/calendar.ts",
  campaign: "bench/campaign.ts",
  plan: "bench/plan.ts",
  world: "bench/world.ts",
  search: "bench/search.ts",
  growth: "bench/growth.ts",
  recall: "bench/recall/run.ts",
};

const help = `npm run bench -- [names] [--quick] [--full]
  names    ${Object.keys(benches).join(" ")} (default: all)
  --quick  smaller numbers: a look, not a measurement
  --full   also the sizes that take minutes to set up
DATABASE_URL  an admin's URL of a Postgres from 15 on: benches make a database of their own there and drop it`;

function run(node, name, flags) {
  const hook = join(root, "bench", "kit", "tsx.mjs");
  const PATH = [dirname(node), process.env.PATH].join(process.platform === "win32" ? ";" : ":");
  const args = ["--disable-warning=ExperimentalWarning", "--import", `file://${hook}`, join(root, benches[name])];
  const { status } = spawnSync(node, [...args, ...flags], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH },
  });
  if (status !== 0) console.error(`\n${name} did not finish.`);
  return status === 0;
}

function main(args) {
  const flags = args.filter((arg) => arg.startsWith("--"));
  const named = args.filter((arg) => !arg.startsWith("--"));
  const unknown = [...named.filter((name) => !(name in benches)), ...flags.filter((f) => !/^--(quick|full)$/.test(f))];
  if (unknown.length > 0 || flags.includes("--help")) {
    console.log(help);
    return unknown.length === 0;
  }
  const node = findNode(root);
  const wanted =
    named.length > 0 ? named : Object.keys(benches).filter((name) => existsSync(join(root, benches[name])));
  return wanted.map((name) => run(node, name, flags)).every(Boolean);
}

try {
  if (!main(process.argv.slice(2))) process.exitCode = 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
