// What Redis 7.0.15 answered, command by command, is what the stand-in answers.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Engine } from "#local/redis/engine.ts";
import { Keyspace } from "#local/redis/keyspace.ts";
import { RedisError, type Reply, Status, toBytes, toText } from "#local/redis/reply.ts";

type Told = null | number | string | Told[] | { ok: string } | { err: string };

const recorded = readFileSync(new URL("../../fixtures/redis/replies.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as [string[], Told]);

/** Redis promises no order for these. */
const unordered = /^(KEYS|SMEMBERS|SUNION|SINTER|SDIFF|HKEYS|HVALS)$/;

function shown(reply: Reply): Told {
  if (reply === null || typeof reply === "number") return reply;
  if (typeof reply === "string") return toText(reply);
  return reply instanceof Status ? { ok: reply.text } : reply.map(shown);
}

function ask(engine: Engine, words: string[]): Told {
  try {
    return shown(engine.call(words.map(toBytes)));
  } catch (error) {
    if (error instanceof RedisError) return { err: error.message };
    throw error;
  }
}

const arranged = (words: string[], told: Told): Told =>
  Array.isArray(told) && unordered.test(words[0] ?? "") ? told.toSorted() : told;

test("every recorded command gets Redis's reply, errors word for word", () => {
  const now = Date.parse("2026-11-15T08:00:00Z");
  const engine = new Engine(new Keyspace(() => now), { scriptMs: 5_000 });
  expect(recorded.length).toBeGreaterThan(280);
  for (const [words, told] of recorded) {
    expect([words, arranged(words, ask(engine, words))]).toEqual([words, arranged(words, told)]);
  }
});
