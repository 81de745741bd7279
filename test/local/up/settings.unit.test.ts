/** The environment of a start: sensible without any, and plain words where it is wrong. */
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { Refusal } from "#local/up/refusal.ts";
import { ROOT, readSettings } from "#local/up/settings.ts";

test("nothing set: port 8787 and the five after it, .data in the project, the whole demo, PGlite", () => {
  expect(readSettings({})).toEqual({
    data: resolve(ROOT, ".data"),
    ports: { worker: 8787, neon: 8788, qstash: 8789, redis: 8790, embeddings: 8791, chatwoot: 8792 },
    url: "http://127.0.0.1:8787",
    demoMessages: Number.POSITIVE_INFINITY,
    databaseUrl: null,
  });
});

test("a relative data folder is meant from where one stands", () => {
  expect(readSettings({ OMNEURO_DATA: "elsewhere" }).data).toBe(resolve("elsewhere"));
});

test.each([
  ["0", 0],
  ["off", 0],
  ["1", Number.POSITIVE_INFINITY],
  ["true", Number.POSITIVE_INFINITY],
  ["30", 30],
])("OMNEURO_DEMO=%s tells %d messages", (text, messages) => {
  expect(readSettings({ OMNEURO_DEMO: text }).demoMessages).toBe(messages);
});

test.each([
  [{ PORT: "0" }, /PORT is "0"/],
  [{ PORT: "eighty" }, /PORT is "eighty"/],
  [{ PORT: "65535" }, /1024 to 65530/],
  [{ OMNEURO_DEMO: "some" }, /OMNEURO_DEMO/],
  [{ DATABASE_URL: "mysql://root@localhost/shop" }, /DATABASE_URL/],
  [{ DATABASE_URL: "postgresql://localhost" }, /owner/],
])("%o is refused in plain words", (env, words) => {
  expect(() => readSettings(env)).toThrow(Refusal);
  expect(() => readSettings(env)).toThrow(words);
});

test("a password in a wrong DATABASE_URL is not repeated", () => {
  const attempt = () => readSettings({ DATABASE_URL: "mysql://root:hunter22@localhost/shop" });
  expect(attempt).toThrow(/^(?!.*hunter22)/s);
});
