// The page of capabilities names tests that exist, and commands in the guides name scripts that exist.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const pages = [
  "README.md",
  ...readdirSync(`${root}/docs`)
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];
const text = (page: string) => readFileSync(`${root}/${page}`, "utf8");

test("every capability names a test that is there", () => {
  const rows = [...text("docs/features.md").matchAll(/^\| ([^|]+) \| `([^`]+)`/gm)].map((match) => match[2] ?? "");
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.filter((path) => !existsSync(`${root}/${path}`))).toEqual([]);
});

test("every line of the security checklist names tests that are there", () => {
  const rows = [...text("docs/security.md").matchAll(/^\| (?!item |---)([^|]+) \| [^|]+ \| ([^|]+) \|$/gm)];
  expect(rows.length).toBeGreaterThan(40);
  const unshown = rows.filter(([, , shown = ""]) => {
    const paths = [...shown.matchAll(/`(test\/[^`]+)`/g)].map((match) => match[1] ?? "");
    return paths.length === 0 || paths.some((path) => !existsSync(`${root}/${path}`));
  });
  expect(unshown.map(([line]) => line)).toEqual([]);
});

test("paths and links in the guides lead somewhere", () => {
  const broken = pages.flatMap((page) => {
    const links = [...text(page).matchAll(/\]\(([^)#]+?)(?:#[^)]*)?\)/g)]
      .map((match) => match[1] ?? "")
      .filter((link) => !/^https?:/.test(link));
    const base = page.startsWith("docs/") ? `${root}/docs` : root;
    const paths = [...text(page).matchAll(/`((?:functions|db|migrations|local|test|bench|docs)\/[\w./-]+)`/g)].map(
      (match) => match[1] ?? "",
    );
    const dead = [
      ...links.filter((link) => !existsSync(`${base}/${link}`)),
      ...paths.filter((path) => !existsSync(`${root}/${path}`)),
    ];
    return dead.map((path) => `${page}: ${path}`);
  });
  expect(broken).toEqual([]);
});

test("npm scripts that the guides name are in package.json", () => {
  const { scripts } = JSON.parse(text("package.json")) as { scripts: Record<string, string> };
  const named = pages.flatMap((page) => [...text(page).matchAll(/npm run ([a-z:]+)/g)].map((match) => match[1] ?? ""));
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});
