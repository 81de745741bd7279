// `npm run sync` as a person types it, against the app behind a real socket.
import { spawn } from "node:child_process";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Served, served } from "#test/kit/served.ts";
import { publicUrl } from "#test/kit/world.ts";
import { type Bound, bound, connect, step } from "./account.ts";

let it: Bound;
let door: Served;
beforeEach(async () => {
  it = await bound();
  it.office.customer.writes({ contact: { name: "Mette Holm", phone: "+4520304050" }, text: "Varmepumpen larmer" });
  it.office.webhooks.drain();
  it.w.clock.advance(60_000);
  door = await served(it.w);
  // The queue signs for the address it was told of.
  it.w.runtime.settings.publicUrl = publicUrl;
});
afterEach(async () => {
  await door.close();
  await it.close();
});

/** The queue delivers what was published, as QStash would, while the command waits. */
async function typed(...args: string[]): Promise<{ code: number | null; said: string }> {
  const env = { ...process.env, OMNEURO_URL: door.url, OMNEURO_API_KEY: it.w.a.apiKey };
  const child = spawn(process.execPath, ["local/sync.ts", ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const output of [child.stdout, child.stderr]) output.on("data", (bytes: Buffer) => (said += bytes.toString()));
  const queue = setInterval(() => {
    for (const { kind, body } of it.w.queue.published.splice(0)) {
      if (kind === "inbox.reconcile") void step(it, String(body["run"]));
    }
  }, 50);
  const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  clearInterval(queue);
  return { code, said };
}

test("it follows a run to its end, and takes the only source where none is named", async () => {
  const { code, said } = await typed();
  expect([code, said]).toEqual([
    0,
    expect.stringMatching(/^import syn_\w+\n.*done: 1 of 1 conversations, 1 messages, 3 written/s),
  ]);
});

test("it fails, and says why, when the run does or cannot begin", async () => {
  await connect(it.w, it.office, "not-the-token");
  const refused = await typed("--source", it.w.a.source.id);
  expect([refused.code, refused.said]).toEqual([1, expect.stringContaining("failed: source_token_refused")]);
  const unknown = await typed("--source", "src_nobody");
  expect([unknown.code, unknown.said]).toEqual([1, expect.stringContaining("404 source_unknown")]);
});
