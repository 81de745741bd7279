/** What a data folder remembers, and that nobody else may read it. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseEnv } from "#functions/env.ts";
import { resetFolder, takeFolder } from "#local/up/lock.ts";
import { Refusal } from "#local/up/refusal.ts";
import { openState } from "#local/up/state.ts";

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "omneuro-state-"));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

test("secrets are made once, kept from others, and good enough for the Worker", () => {
  const { state } = openState(data);
  expect(openState(data).state).toEqual(state);
  expect(statSync(join(data, "state.json")).mode & 0o777).toBe(0o600);
  const env = parseEnv({
    DATABASE_URL: "postgresql://omneuro_app:x@localhost/postgres",
    PUBLIC_URL: "http://127.0.0.1:8787",
    SECRETS_KEYS: state.secretsKeys,
    QSTASH_TOKEN: state.qstash.token,
    QSTASH_CURRENT_SIGNING_KEY: state.qstash.currentSigningKey,
    QSTASH_NEXT_SIGNING_KEY: state.qstash.nextSigningKey,
  });
  expect(env.QSTASH_CURRENT_SIGNING_KEY).not.toBe(env.QSTASH_NEXT_SIGNING_KEY);
});

test("a damaged state is not overwritten: without its secrets the data cannot be opened", () => {
  openState(data);
  const path = join(data, "state.json");
  for (const damage of ["", '{"appPassword": "x"', "{}"]) {
    writeFileSync(path, damage);
    expect(() => openState(data)).toThrow(Refusal);
    expect(readFileSync(path, "utf8")).toBe(damage);
  }
});

test("a reset takes away what is ours and leaves a stranger's file where it was", async () => {
  openState(data);
  writeFileSync(join(data, "holiday.jpg"), "not ours");
  await resetFolder(data);
  expect(() => statSync(join(data, "state.json"))).toThrow();
  expect(readFileSync(join(data, "holiday.jpg"), "utf8")).toBe("not ours");
});

test("a folder in use is not reset; one that is being left is waited for", async () => {
  const folder = await takeFolder(data);
  openState(data);
  await expect(resetFolder(data)).rejects.toThrow(/already runs/);
  folder.leaving();
  setTimeout(() => void folder.giveBack(), 1_500);
  await resetFolder(data);
  expect(() => statSync(data)).toThrow();
});
