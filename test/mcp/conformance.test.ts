// The official conformance suite, for both revisions: over the suite's own fixtures behind our door, and over the product itself.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentsDoor } from "#gateway/mcp/door.ts";
import { type Served, served } from "#test/kit/served.ts";
import { world } from "#test/kit/world.ts";
import { eras } from "./agent.ts";
import { serveFixtures } from "./fixtures.ts";

const suite = fileURLToPath(
  new URL("../../node_modules/@modelcontextprotocol/conformance/dist/index.js", import.meta.url),
);
const baseline = JSON.parse(readFileSync(new URL("conformance-baseline.json", import.meta.url), "utf8")) as Record<
  string,
  Record<string, string[]>
>;

let site: Served;
let folder: string;

beforeAll(async () => {
  const w = await world();
  w.app.all("/fixtures", agentsDoor(serveFixtures));
  // The suite knows no keys: whoever comes here has one.
  const fetch = (path: string, init: RequestInit = {}) => w.fetch(path, { ...init, key: w.a.apiKey });
  site = await served({ ...w, fetch });
  folder = mkdtempSync(join(tmpdir(), "omneuro-conformance-"));
});
afterAll(async () => {
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

type Verdict = { passed: string[]; failed: string[] };

/** Runs what the revision requires; the verdict stands in the summary at the end. */
function judge(path: string, revision: string): Promise<Verdict> {
  const args = [suite, "server", "--url", site.url + path, "--requirements", revision, "-o", folder];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 }, (_, out) => {
      const told = [...out.matchAll(/^([✓✗]) (\S+): \d+ passed, \d+ failed/gm)];
      const named = (mark: string) => told.filter((line) => line[1] === mark).map((line) => line[2] ?? "");
      resolve({ passed: named("✓"), failed: named("✗") });
    });
  });
}

/** What needs no fixture. */
const always: Record<string, string[]> = {
  "2025-11-25": ["server-initialize", "ping", "tools-list", "resources-list", "dns-rebinding-protection"],
  "2026-07-28": [
    "tools-list",
    "resources-list",
    "sep-2164-resource-not-found",
    "dns-rebinding-protection",
    "http-header-validation",
  ],
};

describe.each(eras)("revision %s", (revision) => {
  test("the door passes on all that the SDK can do, except for exactly what the baseline names", async () => {
    const { passed, failed } = await judge("/fixtures", revision);
    expect(passed.length).toBeGreaterThan(20);
    expect(failed.toSorted()).toEqual(
      Object.values(baseline[revision] ?? {})
        .flat()
        .toSorted(),
    );
  });

  test("the product itself passes what needs no fixture", async () => {
    const { passed } = await judge("/mcp", revision);
    expect(passed).toEqual(expect.arrayContaining(always[revision] ?? []));
  });
});
