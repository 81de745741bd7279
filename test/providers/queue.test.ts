// The queue adapter against the QStash of the laptop, and through it to the job door and back.
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type LocalQStash, startQStash } from "#local/qstash.ts";
import { qstash, queue } from "#providers/queue.ts";
import { ensureTick, tickId } from "#providers/tick.ts";
import { database } from "#test/kit/database.ts";
import { publicUrl, signingKeys, type World, world } from "#test/kit/world.ts";

const token = "token-of-the-laptop";

let office: LocalQStash;
let w: World;
/** Statuses of the deliveries, in order. */
let delivered: { path: string; status: number; body: unknown }[] = [];

// The first to ask starts the database.
beforeAll(async () => void (await database()));

beforeEach(async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  vi.spyOn(console, "error").mockImplementation(() => {});
  delivered = [];
  w = await world();
  office = await startQStash({
    token,
    currentSigningKey: signingKeys.current,
    nextSigningKey: signingKeys.next,
    backoff: () => 5,
    deliver: async (request) => {
      const path = new URL(request.url).pathname;
      const body: unknown = await request.clone().json();
      const answer = await w.fetch(path, {
        method: "POST",
        headers: request.headers,
        body: await request.arrayBuffer(),
      });
      delivered.push({ path, status: answer.status, body });
      return answer;
    },
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await office.close();
});

const port = () => queue({ url: office.url, token, publicUrl });
const message = (id: string, kind = "shared.sweep") => ({ kind, project: w.a.project, id, body: { note: 1 } });

describe("a staged row", () => {
  test("travels to its job, signed for exactly that address, and is accepted", async () => {
    const { messageId } = await port().publish(message("obx_1"));
    expect(messageId).toMatch(/^msg_/);
    await office.idle(2000);
    expect(delivered).toEqual([
      { path: "/jobs/shared.sweep", status: 200, body: { note: 1, project: w.a.project, id: "obx_1" } },
    ]);
  });

  test("published twice is delivered once", async () => {
    const [first, second] = [await port().publish(message("obx_2")), await port().publish(message("obx_2"))];
    await office.idle(2000);
    expect(second.messageId).toBe(first.messageId);
    expect(delivered).toHaveLength(1);
  });

  test("of an unknown job is delivered four times, a malformed one once, and each is then reported to us", async () => {
    await port().publish(message("obx_3", "memory.invent"));
    await office.idle(2000);
    expect(delivered.map(({ status }) => status)).toEqual([503, 503, 503, 503, 200]);
    expect(delivered.at(-1)?.path).toBe("/jobs/shared.letters.receive");
    delivered = [];
    await port().publish({ ...message("obx_4"), project: "nowhere" });
    await office.idle(2000);
    expect(delivered.map(({ status }) => status)).toEqual([489, 200]);
    expect(office.stats()).toMatchObject({ pending: 0 });
  });

  test("with a public address that ends in a slash is delivered where the door listens", async () => {
    await queue({ url: office.url, token, publicUrl: `${publicUrl}/` }).publish(message("obx_5"));
    await office.idle(2000);
    expect(delivered).toMatchObject([{ path: "/jobs/shared.sweep", status: 200 }]);
  });
});

describe("a publish", () => {
  test("that QStash refuses or does not hear says whether to try again", async () => {
    const wrong = queue({ url: office.url, token: "wrong", publicUrl });
    await expect(wrong.publish(message("obx_6"))).rejects.toMatchObject({
      code: "queue_refused_401",
      retryable: false,
    });
    office.faults.losePublish(1);
    await expect(port().publish(message("obx_7"))).rejects.toMatchObject({
      code: "queue_refused_500",
      retryable: true,
    });
    const nobody = queue({ url: "http://127.0.0.1:9", token, publicUrl });
    await expect(nobody.publish(message("obx_8"))).rejects.toMatchObject({
      code: "queue_unreachable",
      retryable: true,
    });
  });

  test("whose answer was cut off is tried again by the client, and still delivered once", async () => {
    office.faults.losePublish(1, "drop");
    await port().publish(message("obx_9"));
    await office.idle(2000);
    expect(delivered).toHaveLength(1);
  });
});

describe("the tick", () => {
  test("is one schedule however often it is registered, and its strike reaches the job", async () => {
    const client = qstash({ url: office.url, token });
    await ensureTick(client, publicUrl);
    await ensureTick(client, publicUrl);
    const schedules = await client.schedules.list();
    expect(schedules).toMatchObject([
      { scheduleId: tickId, cron: "*/15 * * * *", destination: `${publicUrl}/jobs/shared.tick` },
    ]);
    office.fire(tickId);
    await office.idle(2000);
    expect(delivered).toMatchObject([{ path: "/jobs/shared.tick", status: 200 }]);
  });
});
