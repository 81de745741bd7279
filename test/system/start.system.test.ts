/** A newcomer's first minutes: one command, and a signed message becomes something that can be found. */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freeBase, Laptop, type Local, modeOf, occupy, openPorts, readLocal, until } from "./laptop.ts";
import { ask, memory, messageCreated, photo, requests, search, sendSigned, tell } from "./talk.ts";

let folder: string;
let data: string;
let port: number;
let laptop: Laptop;
let local: Local;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "omneuro-start-"));
  data = join(folder, "data");
  port = await freeBase();
  laptop = new Laptop({ data, port });
  await laptop.ready();
  local = await readLocal(data);
});

afterAll(async () => {
  await laptop.stop();
  await rm(folder, { recursive: true, force: true });
});

test("the first start says where everything is, and scripts find it in a private file", async () => {
  expect(local).toMatchObject({
    url: `http://127.0.0.1:${port}`,
    apiKey: expect.stringMatching(/^omn_/),
    project: expect.stringMatching(/^[0-9a-f-]{36}$/),
    operator: { username: expect.any(String), password: expect.any(String) },
    chatwoot: {
      hook: expect.stringContaining(`http://127.0.0.1:${port}/v1/hooks/chatwoot/`),
      secret: expect.any(String),
      accountId: expect.any(Number),
      api: expect.stringContaining(`http://127.0.0.1:${port + 5}/`),
      token: expect.any(String),
    },
    neon: { url: expect.stringContaining(`:${port + 1}`), stats: expect.stringContaining(`:${port + 1}`) },
    qstash: { url: `http://127.0.0.1:${port + 2}`, token: expect.any(String) },
    redis: { url: `http://127.0.0.1:${port + 3}`, token: expect.any(String) },
    embeddings: { url: expect.stringContaining(`:${port + 4}`) },
  });
  for (const name of ["local.json", "state.json", "worker.vars"]) expect(await modeOf(data, name)).toBe(0o600);
  for (const shown of [local.url, local.apiKey, local.operator.username, local.operator.password, "curl", "reset"]) {
    expect(laptop.output).toContain(shown);
  }
});

test("the Worker is ready, and the demo login opens a session", async () => {
  const ready = await fetch(`${local.url}/readyz`);
  expect(ready.status).toBe(200);
  const login = (password: string) =>
    fetch(`${local.url}/v1/identity/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...local.operator, password }),
    });
  expect((await login("not the password")).status).toBe(401);
  const answer = await login(local.operator.password);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("set-cookie")).toContain("HttpOnly");
});

test("a signed webhook is heard, found by its meaning once embedded, and answered from with its words as evidence", async () => {
  const heard = await tell(local, {
    id: 910_001,
    text: "The radiator in the nursery has been stone cold since Sunday.",
  });
  expect(heard.status).toBe(200);
  expect(await heard.json()).toMatchObject({ outcome: "stored" });
  expect((await tell(local, { id: 910_002, text: "Our address is Elmevej 14 in Hellerup." })).status).toBe(200);
  await embedded(2);
  const { data: hits } = await search(local, "the heating in the child's room does not get warm");
  expect(hits[0]).toMatchObject({ text: expect.stringContaining("nursery"), source: { table: "inbox.cw_messages" } });
  const answer = await ask(local, "Which address in Hellerup is it?");
  expect(answer).toMatchObject({
    status: "answered",
    sentences: [{ text: expect.stringContaining("Elmevej 14"), citations: [answer.citations[0]?.id] }],
    citations: [{ source: { table: "inbox.cw_messages", pk: expect.stringMatching(/:910002$/) } }],
  });
  expect(await ask(local, "Who is the king of Spain?")).toMatchObject({
    status: "insufficient_evidence",
    citations: [],
  });
});

test("requests are counted by the local Redis under ten times the usual limits, webhooks are not", async () => {
  const headers = { authorization: `Bearer ${local.apiKey}` };
  let told: (string | null)[] = [];
  // A busy machine may take longer than the limiter waits: then all may pass, and the next request is counted.
  await until("a counted request", async () => {
    const answer = await fetch(`${local.url}/v1/identity/me`, { headers });
    told = [String(answer.status), answer.headers.get("ratelimit-policy"), answer.headers.get("ratelimit")];
    return told[1] !== null;
  });
  expect(told).toEqual(["200", '"caller";q=6000;w=60', expect.stringMatching(/^"caller";r=5\d{3};t=\d+$/)]);
  expect(laptop.output).toContain("6,000 requests a minute, 10 times the usual");
  const metrics = (await (await fetch(`${local.url}/v1/metrics`, { headers })).json()) as { limiter: object };
  expect(metrics.limiter).toMatchObject({ allowed: expect.any(Number), denied: 0, degraded: expect.any(Boolean) });
  const heard = await tell(local, { id: 910_010, text: "Is Thursday still all right?" });
  expect([heard.status, heard.headers.get("ratelimit")]).toEqual([200, null]);
});

test("a webhook costs one request to the database", async () => {
  // Jobs that follow from what was told before are counted too, and only add: the least of a few is the webhook's own.
  const costs: number[] = [];
  await until("a webhook alone", async () => {
    const before = await requests(local);
    // A photo without words: nothing of it has to be embedded.
    const response = await sendSigned(local, { body: photo(), secret: local.chatwoot.secret });
    costs.push((await requests(local)) - before);
    expect(response.status).toBe(200);
    expect(response.headers.get("server-timing")).toContain("requests=1");
    return costs.at(-1) === 1;
  });
  expect(Math.min(...costs)).toBe(1);
});

test("who writes on the telephone that the start prints is understood at once", async () => {
  expect(laptop.output).toContain(local.telegram.url);
  const sent = async () => (await (await fetch(`${local.telegram.url}/sent`)).json()) as { text: string }[];
  const body = new URLSearchParams({ text: "Call the plumber on Friday" });
  await fetch(`${local.telegram.url}/say`, { method: "POST", body });
  await until("the bot's answer", async () =>
    (await sent()).some(({ text }) => /^Task: Call the plumber — Friday \d+ \w+( \d+)?$/.test(text)),
  );
});

test("a webhook with another secret's signature, or with none, is turned away", async () => {
  const body = messageCreated({ id: 910_666, text: "Pay to another account, please." });
  expect((await sendSigned(local, { body, secret: "another secret" })).status).toBe(401);
  expect((await fetch(local.chatwoot.hook, { method: "POST", body })).status).toBe(401);
  const unknown = { ...local, chatwoot: { ...local.chatwoot, hook: `${local.url}/v1/hooks/chatwoot/src_unknown` } };
  expect((await sendSigned(unknown, { body, secret: local.chatwoot.secret })).status).toBe(404);
  const { data: hits } = await search(local, "pay to another account");
  expect(hits.filter(({ text }) => text.includes("another account"))).toEqual([]);
});

test("a second start and a reset on the same folder are refused, and harm nothing", async () => {
  const second = new Laptop({ data, port: await freeBase() });
  const reset = new Laptop({ data, port, args: ["--reset"] });
  expect(await Promise.all([second.ended(), reset.ended()])).toEqual([1, 1]);
  for (const { output } of [second, reset]) {
    expect(output).toContain("already runs");
    expect(output).toContain(local.url);
    expect(output).not.toMatch(/\n\s+at /);
  }
  expect((await fetch(`${local.url}/readyz`)).status).toBe(200);
});

test("a taken port is named, with how to choose another, and nothing is left half-started", async () => {
  const base = await freeBase();
  const release = await occupy(base + 4);
  const elsewhere = join(folder, "elsewhere");
  const refused = new Laptop({ data: elsewhere, port: base });
  expect(await refused.ended()).toBe(1);
  await release();
  expect(refused.output).toContain(String(base + 4));
  expect(refused.output).toMatch(/PORT=\d+ npm start/);
  expect(refused.output).not.toMatch(/\n\s+at /);
  expect(existsSync(elsewhere)).toBe(false);
  expect(await openPorts(base)).toEqual([]);
});

test("killing the parent ends everything it started; the next start finds the data and tells the demo", async () => {
  laptop.signal("SIGKILL");
  await until("the ports to be free", async () => (await openPorts(port)).length === 0);
  laptop = new Laptop({ data, port, env: { OMNEURO_DEMO: "25" } });
  await laptop.ready();
  const again = await readLocal(data);
  // Telegram and the carriers have no port of their own and take any free one.
  const somewhere = { url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) };
  expect(again).toEqual({
    ...local,
    telegram: somewhere,
    carriers: { ...somewhere, customer: expect.stringMatching(/\/customer$/) },
  });
  await laptop.says("remembered:");
  expect(laptop.output).toMatch(/technicians, jobs, appointments and knowledge are there after [\d.]+ s\.\n/);
  const { data: hits } = await search(again, "the heating in the child's room does not get warm");
  expect(hits[0]).toMatchObject({ text: expect.stringContaining("nursery") });
  expect(laptop.output).toMatch(/25 messages in \d+ conversations/);
  expect(laptop.output).not.toContain("Not accepted");
  expect(await memory(local)).toMatchObject({ pending: 0, processing: 0, failed: 0 });
  const headers = { api_access_token: local.chatwoot.token };
  expect((await fetch(`${local.chatwoot.api}/conversations/1/messages`, { headers })).status).toBe(200);
});

test("Ctrl-C ends it in order; a reset then clears what it wrote and nothing else", async () => {
  laptop.signal("SIGINT");
  expect(await laptop.ended()).toBe(0);
  expect(await openPorts(port)).toEqual([]);
  const reset = new Laptop({ data, port, args: ["--reset"] });
  expect(await reset.ended()).toBe(0);
  expect(existsSync(data)).toBe(false);
});

async function embedded(passages: number): Promise<void> {
  await until(`${passages} embedded passages`, async () => (await memory(local)).ready >= passages);
}
