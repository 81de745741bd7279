import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/kit/sequencer.ts";

/** What the Worker asks for; nothing of it leads anywhere. */
const workerBindings = {
  DATABASE_URL: "postgresql://omneuro_app:none@localhost/none",
  NEON_FETCH_ENDPOINT: "http://127.0.0.1:1/sql",
  PUBLIC_URL: "http://omneuro.test",
  SECRETS_KEYS: `t1:${Buffer.alloc(32, 7).toString("base64")}`,
  QSTASH_TOKEN: "test-token",
  QSTASH_CURRENT_SIGNING_KEY: "sig_test_current_0001",
  QSTASH_NEXT_SIGNING_KEY: "sig_test_next_0001",
  UPSTASH_REDIS_REST_URL: "http://127.0.0.1:1",
  UPSTASH_REDIS_REST_TOKEN: "test-token",
};

/** Pure rules, then stories on a database, then races, systems and what only workerd can show side by side. */
export default defineConfig({
  test: {
    globalSetup: ["test/kit/global.ts"],
    reporters: ["default"],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.unit.test.ts"],
          testTimeout: 60_000,
          pool: "threads",
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "story",
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: [
            "test/**/*.unit.test.ts",
            "test/**/*.race.test.ts",
            "test/**/*.worker.test.ts",
            "test/**/*.system.test.ts",
          ],
          pool: "forks",
          isolate: false,
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "race",
          include: ["test/**/*.race.test.ts"],
          pool: "forks",
          isolate: false,
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        plugins: [
          cloudflareTest({ wrangler: { configPath: "./wrangler.toml" }, miniflare: { bindings: workerBindings } }),
        ],
        test: {
          name: "worker",
          include: ["test/**/*.worker.test.ts"],
          // The first request compiles everything there is.
          testTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "system",
          include: ["test/**/*.system.test.ts"],
          pool: "forks",
          isolate: false,
          maxWorkers: 2,
          testTimeout: 240_000,
          hookTimeout: 240_000,
          // Beside the races, whose work is mostly the database's.
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
