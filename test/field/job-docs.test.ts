// The diagram in docs/jobs.md is drawn from the table of moves; DOCS=write draws it anew.
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { statuses } from "#brain/field/index.ts";
import { database } from "#test/kit/database.ts";

const file = new URL("../../docs/jobs.md", import.meta.url);
const between = /(<!-- moves:[^>]*-->\n)[\s\S]*?(\n<!-- \/moves -->)/;

async function diagram(): Promise<string> {
  const { query } = await database();
  const rows = await query("select status, next from field.job_transitions");
  const place = (status: unknown) => statuses.indexOf(status as (typeof statuses)[number]);
  const moves = rows
    .toSorted((a, b) => place(a["status"]) - place(b["status"]) || place(a["next"]) - place(b["next"]))
    .map((row) => `  ${row["status"]} --> ${row["next"]}`);
  const ends = statuses.filter((status) => !rows.some((row) => row["status"] === status));
  return [
    "```mermaid",
    "stateDiagram-v2",
    "  [*] --> intake",
    ...moves,
    ...ends.map((end) => `  ${end} --> [*]`),
    "```",
  ].join("\n");
}

test("docs/jobs.md shows the moves that the database allows", async () => {
  const page = readFileSync(file, "utf8");
  const drawn = await diagram();
  const wanted = page.replace(between, (_, head: string, foot: string) => `${head}${drawn}${foot}`);
  if (process.env["DOCS"] === "write") writeFileSync(file, wanted);
  expect(readFileSync(file, "utf8")).toBe(wanted);
  expect(page).toMatch(between);
});
