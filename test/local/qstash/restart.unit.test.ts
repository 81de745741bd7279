/** What a restart, and a kill, leave behind. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Journal } from "#local/qstash/journal.ts";
import { type Destination, destination, KEYS, qstash, TOKEN } from "./office.ts";

let folder: string;
let file: string;
let jobs: Destination;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "qstash-"));
  file = join(folder, "deep", "qstash.jsonl");
  jobs = await destination();
});
afterEach(async () => {
  await jobs.close();
  await rm(folder, { recursive: true, force: true });
});

describe("a restart", () => {
  it("keeps pending messages, dead letters, schedules and the deduplication window", async () => {
    const before = await qstash({ file });
    jobs.replies.push({ status: 500 });
    await before.client.publishJSON({ url: `${jobs.url}/dead`, body: 1, retries: 0 });
    await before.server.idle(2_000);
    before.server.pause();
    const bytes = Buffer.from([0, 255, 128]);
    await before.client.publish({ url: `${jobs.url}/bytes`, body: new Blob([bytes]), headers: { "x-a": "b" } });
    const first = await before.client.publishJSON({ url: `${jobs.url}/once`, body: 1, deduplicationId: "d1" });
    await before.client.schedules.create({ destination: jobs.url, cron: "0 7 * * *", scheduleId: "tick" });
    await before.server.close();

    const after = await qstash({ file });
    await after.server.idle(2_000);
    expect(jobs.got.map((got) => got.target).sort()).toEqual(["/bytes", "/dead", "/once"]);
    const raw = jobs.got.find((got) => got.target === "/bytes");
    expect(raw?.body.equals(bytes)).toBe(true);
    expect(raw?.headers["x-a"]).toBe("b");
    expect((await after.client.dlq.listMessages()).messages).toHaveLength(1);
    expect((await after.client.schedules.list()).map((s) => s.scheduleId)).toEqual(["tick"]);
    const again = await after.client.publishJSON({ url: `${jobs.url}/once`, body: 1, deduplicationId: "d1" });
    expect(again).toEqual({ messageId: first.messageId, deduplicated: true });
    await after.server.close();

    const third = await qstash({ file });
    expect(third.server.stats()).toMatchObject({ pending: 0, schedules: 1 });
    await third.server.close();
  });

  it("finds an acknowledged publish though the process never closed, and forgets a line cut in half", async () => {
    const killed = await qstash({ file });
    killed.server.pause();
    await killed.client.publishJSON({ url: jobs.url, body: 1 });
    const { journal, rows } = Journal.open(undefined);
    journal.close();
    expect(rows.message.size).toBe(0);
    await appendFile(file, '{"kind":"message","id":"msg_half","value":{"mess');
    const reopened = Journal.open(file);
    expect([...reopened.rows.message.values()]).toMatchObject([{ url: jobs.url }]);
    reopened.journal.close();
    expect(await readFile(file, "utf8")).not.toContain("msg_half");
    await killed.server.close();
  });

  it("reads what a version without queues and flow control kept", async () => {
    const before = await qstash({ file });
    before.server.pause();
    const { messageId } = await before.client.publishJSON({ url: `${jobs.url}/old`, body: 1 });
    await before.server.close();
    const old = (await readFile(file, "utf8"))
      .replace(',"queueName":null,"flow":null', "")
      .replace('"retryDelay":null,', "");
    expect(old).not.toMatch(/queueName|flow|retryDelay/);
    await writeFile(file, old);
    const after = await qstash({ file });
    await after.server.idle(2_000);
    expect(jobs.got.map((got) => got.headers["upstash-message-id"])).toEqual([messageId]);
    await after.server.close();
  });

  it("loses nothing acknowledged to a kill", async () => {
    const module = new URL("../../../local/qstash.ts", import.meta.url).href;
    const script = `const { startQStash } = await import(${JSON.stringify(module)});
      const server = await startQStash({ token: ${JSON.stringify(TOKEN)}, ...${JSON.stringify(KEYS)}, file: ${JSON.stringify(file)} });
      server.pause();
      console.log(server.url);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [first] = (await once(child.stdout, "data")) as [Buffer];
    const headers = { authorization: `Bearer ${TOKEN}` };
    const publish = async (n: number): Promise<number> =>
      (await fetch(`${String(first).trim()}/v2/publish/${jobs.url}/${n}`, { method: "POST", headers, body: `${n}` }))
        .status;
    const statuses = await Promise.all(Array.from({ length: 60 }, (_, n) => publish(n)));
    child.kill("SIGKILL");
    await once(child, "exit");
    const after = await qstash({ file });
    await after.server.idle(5_000);
    expect(new Set(statuses)).toEqual(new Set([201]));
    expect(new Set(jobs.got.map((got) => got.target)).size).toBe(60);
    await after.server.close();
  });

  it("tries a delivery again that was under way when it closed, and counts no attempt for it", async () => {
    const before = await qstash({ file, deliver: () => new Promise<Response>(() => undefined) });
    await before.client.publishJSON({ url: jobs.url, body: 1 });
    while ((await before.client.logs()).logs[0]?.state !== "ACTIVE")
      await new Promise((resolve) => setTimeout(resolve, 2));
    await before.server.close();
    const after = await qstash({ file });
    await after.server.idle(2_000);
    expect(jobs.got.map((got) => got.headers["upstash-retried"])).toEqual(["0"]);
    await after.server.close();
  });
});

describe("the journal", () => {
  it("stays small however many messages pass through", async () => {
    const { journal, rows } = Journal.open(file);
    for (let n = 0; n < 12_000; n += 1) {
      journal.set("message", { id: `m${n}`, value: { n } });
      rows.message.set(`m${n}`, { n });
      journal.drop("message", `m${n}`);
      rows.message.delete(`m${n}`);
      if (journal.needsRewrite(rows.message.size)) journal.rewrite(rows);
    }
    journal.close();
    expect((await readFile(file, "utf8")).split("\n").length).toBeLessThan(5_100);
    const again = Journal.open(file);
    expect(again.rows.message.size).toBe(0);
    again.journal.close();
  });
});
