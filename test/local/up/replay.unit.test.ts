/** The demo's way through the door: what fails for a moment is sent again, what is refused is told, what is left is resumed. */
import { afterEach, expect, test } from "vitest";
import { sign } from "#local/chatwoot/sign.ts";
import { type Asked, type Loopback, listen } from "#local/loopback.ts";
import { type Replay, replay } from "#local/up/replay.ts";
import type { Demo } from "#local/up/state.ts";

const secret = "whsec_demo";
let door: Loopback | undefined;
afterEach(() => door?.close());

const webhooks = Array.from({ length: 30 }, (_, index) => {
  return { id: `delivery-${index}`, event: "message_created" as const, body: Buffer.from(JSON.stringify({ index })) };
});
const fresh = (): Demo => ({ startedAt: "2026-11-16T09:00:00Z", messages: "all", next: 0, failed: [] });
const indexOf = ({ body }: Asked): number => (JSON.parse(body.toString("utf8")) as { index: number }).index;

/** A door that answers by the webhook's index and its attempt, counted from 1. */
async function openDoor(answer: (index: number, attempt: number) => number) {
  const attempts = new Map<number, number>();
  const heard: Asked[] = [];
  door = await listen({
    handle: (asked) => {
      const index = indexOf(asked);
      const attempt = (attempts.get(index) ?? 0) + 1;
      attempts.set(index, attempt);
      heard.push(asked);
      const status = answer(index, attempt);
      return { status, json: status === 200 ? { outcome: "stored" } : { code: "no_good" } };
    },
  });
  return { hook: `${door.url}/hook`, heard, attempts };
}

function run(hook: string, given: Partial<Replay> & { demo: Demo }) {
  const signal = new AbortController().signal;
  return replay({ webhooks, hook, secret, save: () => {}, progress: () => {}, signal, ...given });
}

test("every webhook arrives once, signed over its bytes, under its own delivery id", async () => {
  const { hook, heard } = await openDoor(() => 200);
  const demo = fresh();
  expect((await run(hook, { demo })).size).toBe(0);
  expect(heard.map(indexOf).sort((a, b) => a - b)).toEqual(webhooks.map((_, index) => index));
  for (const asked of heard) {
    const { "x-chatwoot-timestamp": timestamp = "", "x-chatwoot-signature": signature } = asked.headers;
    expect(signature).toBe(sign(secret, timestamp, asked.body));
    expect(asked.headers["x-chatwoot-delivery"]).toBe(`delivery-${indexOf(asked)}`);
  }
  expect(demo).toMatchObject({ next: 30, failed: [] });
});

test("a door that is closed for a moment is knocked at again", async () => {
  const { hook, attempts } = await openDoor((index, attempt) => (index === 4 && attempt === 1 ? 503 : 200));
  const demo = fresh();
  expect((await run(hook, { demo })).size).toBe(0);
  expect(attempts.get(4)).toBe(2);
  expect(demo).toMatchObject({ next: 30, failed: [] });
});

test("what is refused is not sent again at once, is told with its reason, and is owed to the next start", async () => {
  const { hook, attempts } = await openDoor((index, attempt) => (index === 7 && attempt === 1 ? 422 : 200));
  const demo = fresh();
  expect(await run(hook, { demo })).toEqual(new Map([["422 no_good", 1]]));
  expect(attempts.get(7)).toBe(1);
  expect(demo).toMatchObject({ next: 30, failed: [7] });
  expect((await run(hook, { demo })).size).toBe(0);
  expect(demo.failed).toEqual([]);
  expect([...attempts.values()].reduce((sum, times) => sum + times, 0)).toBe(31);
});

test("a stop in the middle loses nothing: the next start sends the rest", async () => {
  const stop = new AbortController();
  const { hook, attempts } = await openDoor((index) => {
    if (index === 12) stop.abort();
    return 200;
  });
  const demo = fresh();
  await run(hook, { demo, signal: stop.signal });
  expect(demo.next).toBeLessThanOrEqual(12);
  expect(attempts.size).toBeLessThan(30);
  await run(hook, { demo });
  expect([...attempts.keys()].sort((a, b) => a - b)).toEqual(webhooks.map((_, index) => index));
  expect(demo).toMatchObject({ next: 30, failed: [] });
});
