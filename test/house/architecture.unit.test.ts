// The house's law: who may import whom, how large a file may be, and what may not be called where.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

const filesUnder = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(tsx?|mjs)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));

const text = (file: string) => readFileSync(join(root, file), "utf8");

const folders: Record<string, string> = {
  "#db/": "db/",
  "#brain/": "functions/brain/",
  "#gateway/": "functions/gateway/",
  "#providers/": "functions/providers/",
  "#functions/": "functions/",
  "#local/": "local/",
  "#test/": "test/",
};

function importsOf(file: string): string[] {
  const found = [...text(file).matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
  return found.map((specifier) => {
    const alias = Object.keys(folders).find((prefix) => specifier.startsWith(prefix));
    if (alias) return folders[alias] + specifier.slice(alias.length);
    return specifier.startsWith(".") ? posix.normalize(posix.join(dirname(file), specifier)) : specifier;
  });
}

/** Lower may not import higher; the same row may not import its neighbours. */
const layers = [
  ["identity"],
  ["shared"],
  ["people"],
  ["memory"],
  ["outbound"],
  ["inbox", "vault", "field", "renos", "assistant", "crm", "world"],
  ["insight"],
  ["flow", "billy"],
];
const layerOf = (domain: string) => layers.findIndex((row) => row.includes(domain));
const domainOf = (file: string) => /^functions\/brain\/([a-z]+)\//.exec(file)?.[1];

/** The kernel's Fault is what SQL errors become; the first installation makes credentials as the verbs do. */
const dbMayReach = [
  "functions/brain/kernel/",
  "functions/brain/identity/credentials.ts",
  "functions/providers/secrets.ts",
];

function breach(file: string, target: string): string | undefined {
  const says = (rule: string) => `${file} → ${target}: ${rule}`;
  if (file.startsWith("functions/") && /^(local|test|bench)\//.test(target))
    return says("the Worker knows no test and no laptop");
  if (file.startsWith("functions/") && /^(db\/(migrate|migrations|bootstrap|app-role))/.test(target))
    return says("the Worker does not migrate");
  if (
    file.startsWith("functions/brain/") &&
    (/^functions\/(gateway|providers)\//.test(target) || /^hono(\/|$)/.test(target))
  )
    return says("the brain knows no HTTP");
  if (file.startsWith("functions/gateway/") && /^(drizzle-orm\/pg-core|db\/schema)/.test(target))
    return says("the gateway knows no table");
  if (
    file.startsWith("functions/providers/") &&
    target.startsWith("functions/") &&
    !/^functions\/(brain\/kernel|providers)\//.test(target)
  )
    return says("providers implement the kernel's ports");
  if (file.startsWith("db/schema/") && target.startsWith("db/") && target !== "db/columns.ts")
    return says("a schema knows no other");
  if (file.startsWith("db/") && target.startsWith("functions/") && !dbMayReach.some((open) => target.startsWith(open)))
    return says("the database knows no verb");
  const [from, to] = [domainOf(file), domainOf(target)];
  if (!from || !to || from === to || from === "kernel")
    return from === "kernel" && to && to !== "kernel" ? says("the kernel stands on nothing") : undefined;
  if (to === "kernel") return undefined;
  if (layerOf(to) >= layerOf(from)) return says(`${from} may not look up to ${to}`);
  return target.endsWith("/index.ts") ? undefined : says("another domain is entered through its index");
}

const functions = filesUnder("functions");
const all = [...functions, ...filesUnder("db"), ...filesUnder("local"), ...filesUnder("test"), ...filesUnder("bench")];

describe("architecture", () => {
  test("imports go down only", () => {
    const breaches = all.flatMap((file) => importsOf(file).map((target) => breach(file, target))).filter(Boolean);
    expect(breaches).toEqual([]);
  });

  test("the rule itself catches what it must", () => {
    expect(breach("functions/brain/people/x.ts", "functions/brain/memory/index.ts")).toContain("look up");
    expect(breach("functions/brain/inbox/x.ts", "functions/brain/memory/chunk.ts")).toContain("through its index");
    expect(breach("functions/brain/inbox/x.ts", "hono")).toContain("no HTTP");
    expect(breach("functions/worker.ts", "local/neon.ts")).toContain("no laptop");
    expect(breach("functions/brain/kernel/x.ts", "functions/brain/identity/index.ts")).toContain("stands on nothing");
    expect(breach("functions/brain/inbox/x.ts", "functions/brain/memory/index.ts")).toBeUndefined();
  });

  test.each([
    ["functions/worker.ts", 25],
    ["functions/app.ts", 80],
    ["functions/brain/kernel/commit.ts", 120],
  ])("%s stays within %d lines", (file, most) => {
    expect(text(file).split("\n").length).toBeLessThanOrEqual(most + 1);
  });

  // Through "zod" the bundler loses the call that fills in its classes, or keeps every language of its messages.
  test("the Worker takes zod from one door, and makes no schema while modules are still being evaluated", () => {
    const wrong = filesUnder("functions").filter((file) =>
      /from "zod"|import \{[^}]*\} from "zod\/v4"|^(export )?const \w+ = z\.|^const \w+ = \{\n\s+\w+: z\./m.test(
        text(file),
      ),
    );
    expect(wrong).toEqual([]);
  });

  test("no file hides a second noun: 250 lines in the Worker, 300 beside it, 350 nowhere", () => {
    const sql = readdirSync(join(root, "migrations/functions"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)));
    const most = (file: string) =>
      file.startsWith("functions/") || file.endsWith(".sql") ? 250 : file.startsWith("local/business/data") ? 350 : 300;
    const long = [...all, ...sql]
      .map((file) => ({ file, lines: text(file).split("\n").length - 1 }))
      .filter(({ file, lines }) => lines > most(file));
    expect(long).toEqual([]);
  });

  test("the brain takes time, chance and the network from its context", () => {
    const allowed = ["functions/brain/kernel/clock.ts", "functions/brain/kernel/ids.ts"];
    const calls = /\bDate\.now\(|new Date\(\)|Math\.random\(|crypto\.randomUUID\(|\bfetch\(|performance\.now\(/;
    const found = functions.filter(
      (file) => file.startsWith("functions/brain/") && !allowed.includes(file) && calls.test(text(file)),
    );
    expect(found).toEqual([]);
  });

  test("SQL is parameters only, and nothing in the Worker asks whether it is local", () => {
    const raw = /sql\.raw\(|\bNEON_LOCAL\b|isLocal|process\.env/;
    expect(functions.filter((file) => raw.test(text(file)))).toEqual([]);
  });

  test("only the kernel sends batches, and no secret is compared with ===", () => {
    const sends = functions.filter(
      (file) => /\.batch\(/.test(text(file)) && !file.startsWith("functions/brain/kernel/"),
    );
    expect(sends).toEqual([]);
    const naive = functions.filter((file) =>
      /(signature|secret|token|hash|digest)\w*\s*[!=]==\s*(expected|actual|computed|given|signature|secret)/i.test(
        text(file),
      ),
    );
    expect(naive).toEqual([]);
  });

  test("every source file begins by saying what it is for", () => {
    const silent = all.filter((file) => !/^(\/\*\*|\/\/|#!|\/\*\* @jsx)/.test(text(file)) && !file.endsWith(".d.ts"));
    expect(silent).toEqual([]);
  });
});
