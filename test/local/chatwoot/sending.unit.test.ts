/** Webhooks on their way: once, signed, unrepeated; lost, shuffled or doubled when a test wants it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sign } from "#local/chatwoot/sign.ts";
import { type LocalChatwoot, post, startChatwoot } from "#local/chatwoot.ts";
import { type Asked, type Loopback, listen } from "#local/loopback.ts";
import { bodyOf, METTE } from "./account.ts";

let chatwoot: LocalChatwoot;
let hook: Loopback;
let got: Asked[];
let status: number;

beforeEach(async () => {
  got = [];
  status = 200;
  hook = await listen({
    handle: (asked) => {
      got.push(asked);
      return { status };
    },
  });
  chatwoot = await startChatwoot({ senders: 1 });
});
afterEach(async () => {
  await chatwoot.close();
  await hook.close();
});

const eventsOf = (list: Asked[]): string[] => list.map((asked) => JSON.parse(asked.body.toString()).event);
const write = (n: number): void => {
  for (let i = 0; i < n; i += 1) chatwoot.customer.writes({ contact: METTE, text: `Besked ${i} æøå` });
};

describe("sending", () => {
  it("posts each event once, signed over the bytes that arrive", async () => {
    chatwoot.subscribe({ url: hook.url, secret: "cw-secret-1" });
    write(1);
    await chatwoot.webhooks.idle();
    expect(eventsOf(got)).toEqual([
      "contact_created",
      "conversation_created",
      "message_created",
      "conversation_updated",
    ]);
    for (const { headers, body } of got) {
      const timestamp = headers["x-chatwoot-timestamp"] ?? "";
      expect(headers["x-chatwoot-signature"]).toBe(sign("cw-secret-1", timestamp, body));
      expect(Math.abs(Number(timestamp) - Date.now() / 1_000)).toBeLessThan(5);
      expect(headers["content-type"]).toBe("application/json");
    }
    expect(new Set(got.map((asked) => asked.headers["x-chatwoot-delivery"])).size).toBe(4);
  });

  it("does not try again, whatever the answer, and tells no one but its log", async () => {
    chatwoot.subscribe({ url: hook.url, events: ["message_created"] });
    status = 503;
    write(1);
    await chatwoot.webhooks.idle();
    chatwoot.subscribe({ url: "http://127.0.0.1:9/closed", events: ["message_created"] });
    write(1);
    await chatwoot.webhooks.idle();
    expect(got).toHaveLength(2);
    expect(chatwoot.webhooks.failures.map((failure) => failure.reason)).toEqual([
      "status 503",
      "status 503",
      "fetch failed",
    ]);
  });

  it("signs nothing for an installation too old to have a secret", async () => {
    chatwoot.subscribe({ url: hook.url, secret: null, events: ["message_created"] });
    write(1);
    await chatwoot.webhooks.idle();
    expect(Object.keys(got[0]?.headers ?? {}).filter((name) => name.startsWith("x-chatwoot"))).toEqual([]);
  });

  it("two subscriptions on one URL mean two deliveries, each under its own secret", async () => {
    for (const secret of ["s1", "s2"]) chatwoot.subscribe({ url: hook.url, secret, events: ["message_created"] });
    write(1);
    await chatwoot.webhooks.idle();
    const signed = got.map(({ headers, body }) =>
      ["s1", "s2"].find(
        (s) => sign(s, headers["x-chatwoot-timestamp"] ?? "", body) === headers["x-chatwoot-signature"],
      ),
    );
    expect(signed).toEqual(["s1", "s2"]);
  });
});

describe("mishaps", () => {
  beforeEach(() => {
    chatwoot.webhooks.mode = "capture";
    chatwoot.subscribe({ url: hook.url, events: ["message_created"] });
  });
  const drainedIds = (): unknown[] => chatwoot.webhooks.drain().map((delivery) => bodyOf(delivery)["id"]);

  it("lose a share that a seed decides", () => {
    const run = (seed: number): number => {
      chatwoot.webhooks.lose(0.2, seed);
      write(200);
      return drainedIds().length;
    };
    const left = run(7);
    expect(left).toBeGreaterThan(130);
    expect(left).toBeLessThan(185);
    expect(run(7)).toBe(left);
    chatwoot.webhooks.lose(0);
    write(3);
    expect(drainedIds()).toHaveLength(3);
  });

  it("shuffle into an order that a seed decides, losing none", () => {
    write(20);
    const straight = [...chatwoot.webhooks.captured];
    chatwoot.webhooks.shuffle(3);
    const shuffled = chatwoot.webhooks.drain();
    expect(shuffled).not.toEqual(straight);
    expect(new Set(shuffled)).toEqual(new Set(straight));
  });

  it("deliver twice under two ids, and a captured delivery can be posted by hand", async () => {
    chatwoot.webhooks.duplicate(1);
    write(2);
    const [first, again, second] = chatwoot.webhooks.drain();
    if (first === undefined || again === undefined || second === undefined) throw new Error("too few deliveries");
    expect(Buffer.from(first.body).equals(Buffer.from(again.body))).toBe(true);
    expect(first.headers["x-chatwoot-delivery"]).not.toBe(again.headers["x-chatwoot-delivery"]);
    expect(await post(second)).toMatchObject({ ok: true, status: 200 });
    expect(got[0]?.body.equals(Buffer.from(second.body))).toBe(true);
  });
});

describe("a restart", () => {
  it("finds the account and its subscriptions again, and gives no id twice", async () => {
    const folder = await mkdtemp(join(tmpdir(), "chatwoot-"));
    const file = join(folder, "chatwoot.bin");
    const before = await startChatwoot({ file });
    before.subscribe({ url: hook.url, secret: "s1", events: ["message_created"] });
    const first = before.customer.writes({ contact: METTE, text: "Hej" });
    await before.webhooks.idle();
    await before.close();
    const after = await startChatwoot({ file });
    const second = after.customer.writes({ contact: METTE, text: "Er I der?" });
    await after.webhooks.idle();
    expect(second.conversation.id).toBe(first.conversation.id);
    expect(second.contact).toMatchObject({ id: first.contact.id, createdAt: first.contact.createdAt });
    expect(second.message.id).toBeGreaterThan(first.message.id);
    expect(got).toHaveLength(2);
    await after.close();
    await rm(folder, { recursive: true });
  });
});
