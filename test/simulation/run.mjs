// `npm run simulate` and `npm run mutants`: finds Node 24 and lets it read the console's .tsx.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findNode } from "../../local/node.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const [what, ...args] = process.argv.slice(2);
const node = findNode(root);
const hook = `file://${join(root, "bench", "kit", "tsx.mjs")}`;
const flags = ["--disable-warning=ExperimentalWarning", "--import", hook, join(here, `${what}.ts`)];
const PATH = [dirname(node), process.env.PATH].join(process.platform === "win32" ? ";" : ":");
const { status } = spawnSync(node, [...flags, ...args], { cwd: root, stdio: "inherit", env: { ...process.env, PATH } });
process.exitCode = status ?? 1;
