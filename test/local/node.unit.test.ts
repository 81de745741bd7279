// Which Node runs the project, and what is said when there is none.
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findNode } from "#local/node.mjs";

let root: string;
const old = { version: "20.20.2", path: "/usr/bin/node" };

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "omneuro-node-"));
});
afterEach(() => rm(root, { recursive: true }));

describe("finding Node", () => {
  test("prefers the one that the packages brought, also over a newer one", async () => {
    const name = process.platform === "win32" ? "node.exe" : "node";
    const bin = join(root, "node_modules", "node", "bin");
    await mkdir(bin, { recursive: true });
    await writeFile(join(bin, name), "");
    await chmod(join(bin, name), 0o755);
    expect(findNode(root, old)).toBe(join(bin, name));
    expect(findNode(root, { version: "26.1.0", path: "/opt/node" })).toBe(join(bin, name));
  });

  test.each([
    ["22.18.0", true],
    ["24.0.0", true],
    ["22.17.9", false],
    ["21.99.0", false],
  ])("else takes the machine's %s: %s", (version, good) => {
    const find = () => findNode(root, { version, path: "/opt/node" });
    if (good) expect(find()).toBe("/opt/node");
    else expect(find).toThrow(`This is Node ${version}; Node 22.18 or newer is needed.`);
  });

  test("tells packages that are missing from install scripts that were blocked", async () => {
    expect(() => findNode(root, old)).toThrow(/not installed\.\nRun: {2}npm ci/);
    await mkdir(join(root, "node_modules", "vitest"), { recursive: true });
    expect(() => findNode(root, old)).toThrow(/install scripts were blocked[\s\S]*npm rebuild node/);
  });
});
