// Senders: added with credentials that nobody sees again, put away, let send again, given new credentials.
import { beforeEach, expect, test } from "vitest";
import { scriptedCarrier } from "#test/kit/carrier.ts";
import { testSecrets, type World, world } from "#test/kit/world.ts";

let w: World;
let n = 0;
beforeEach(async () => {
  w = await world({ carriers: { twilio: scriptedCarrier().port } });
});

type Body = Record<string, unknown> & { id: string; state: string };

async function post(path: string, json: unknown, key = w.a.apiKey) {
  n += 1;
  const headers = { "idempotency-key": `"senders-${n}"` };
  const answer = await w.fetch(`/v1/outbound/senders${path}`, { method: "POST", key, json, headers });
  await w.settled();
  const text = await answer.text();
  return { status: answer.status, body: JSON.parse(text) as Body, text };
}

const listed = async (key = w.a.apiKey) => {
  const answer = await w.fetch("/v1/outbound/senders", { key });
  const text = await answer.text();
  return { status: answer.status, text, data: (JSON.parse(text) as { data: Body[] }).data };
};

const sms = (more: Record<string, unknown> = {}) => {
  n += 1;
  return {
    provider: "twilio",
    name: "Workshop",
    address: `+4571${String(100_000 + n).slice(-6)}`,
    account: `AC${"1".repeat(32)}`,
    credentials: { token: `planted-token-${n}` },
    ...more,
  };
};

test("a sender is added; what opens its account is sealed in its own place and shown nowhere", async () => {
  const asked = sms({ brand: "Nordvarme" });
  const made = await post("", asked);
  expect(made).toMatchObject({
    status: 201,
    body: { provider: "twilio", channel: "sms", brand: "Nordvarme", state: "works", reason: null, waiting: 0 },
  });
  const [row] = await w.neon.query("select * from outbound.senders where project_id = $1 and id = $2", [
    w.a.project,
    made.body.id,
  ]);
  const sealed = String(row?.["credentials_sealed"]);
  const place = { table: "outbound.senders", column: "credentials_sealed", row: made.body.id, project: w.a.project };
  expect(JSON.parse(await testSecrets.open(sealed, place))).toEqual(asked.credentials);
  await expect(testSecrets.open(sealed, { ...place, project: w.b.project })).rejects.toThrow();

  const list = await listed();
  expect(list.data.map(({ id }) => id)).toContain(made.body.id);
  const trail = await w.neon.query(
    "select e.payload::text || a.payload::text as said from shared.events e, shared.audit_events a where e.project_id = $1 and a.project_id = $1",
    [w.a.project],
  );
  for (const text of [made.text, list.text, JSON.stringify(trail), JSON.stringify(w.lines)])
    expect(text).not.toContain("planted-token");
  expect((await listed(w.b.apiKey)).data).toEqual([]);
});

test.each([
  ["a number that is none", { address: "+45 12" }, "/address"],
  ["no account", { account: undefined }, "/account"],
  ["an account of another shape", { account: "7" }, "/account"],
  ["no credentials", { credentials: {} }, "/credentials"],
  ["half an API key", { credentials: { api_key: `SK${"1".repeat(32)}` } }, "/credentials"],
  ["a name that the provider does not know", { credentials: { token: "abcdef", password: "abcdef" } }, "/credentials"],
  ["an e-mail address for SMS", { address: "a@example.dk" }, "/address"],
  [
    "Telnyx without its key",
    { provider: "telnyx", account: undefined, credentials: { token: "x".repeat(20) } },
    "/credentials",
  ],
])("%s is refused before anything is stored, and said where", async (_, more, pointer) => {
  const refused = await post("", sms(more));
  expect(refused.status).toBe(400);
  const errors = refused.body["errors"] as { pointer: string }[];
  expect(errors.map((error) => error.pointer)).toContainEqual(expect.stringMatching(`^${pointer}`));
  expect(refused.text).not.toContain("planted-token");
  expect((await listed()).data).toEqual([]);
});

test("one address is one sender; a source must be one's own", async () => {
  const asked = sms();
  await post("", asked);
  expect(await post("", { ...asked, name: "Twice" })).toMatchObject({ status: 409, body: { code: "sender_taken" } });
  expect(await post("", sms({ source: w.b.source.id }))).toMatchObject({
    status: 404,
    body: { code: "source_unknown" },
  });
  expect(await post("", sms({ source: w.a.source.id }))).toMatchObject({
    status: 201,
    body: { source: w.a.source.id },
  });
});

test("an installation inside our own network is not called by naming it", async () => {
  const chat = (url: string) => ({
    provider: "chatwoot",
    name: "Chat",
    address: "Nordvarme",
    account: "7",
    credentials: { url, token: "a-token-of-chatwoot" },
  });
  for (const url of [
    "http://169.254.169.254/latest",
    "http://127.0.0.1:9",
    "https://10.0.0.7",
    "http://chat.example.com",
  ])
    expect(await post("", chat(url))).toMatchObject({ status: 400, body: { code: "source_url_refused" } });
  const made = await post("", chat("https://chat.example.com"));
  expect(made.status).toBe(201);
  expect(
    await post(`/${made.body.id}/rotate-credentials`, { credentials: chat("https://10.0.0.7").credentials }),
  ).toMatchObject({
    status: 400,
    body: { code: "source_url_refused" },
  });
});

test("a pause says why and until when; resuming ends it and wakes what waits", async () => {
  const { body } = await post("", sms());
  const until = new Date(w.clock.now().getTime() + 300_000).toISOString();
  await w.neon.query(
    "update outbound.senders set paused_until = $3, paused_code = 'twilio_20003' where project_id = $1 and id = $2",
    [w.a.project, body.id, until],
  );
  expect((await listed()).data).toMatchObject([{ state: "paused", reason: "twilio_20003" }]);
  w.clock.advance(301_000);
  expect((await listed()).data).toMatchObject([{ state: "works", reason: null, paused_until: null }]);
  w.clock.advance(-301_000);
  w.queue.published.splice(0);
  expect(await post(`/${body.id}/resume`, {})).toMatchObject({ status: 200, body: { state: "works", reason: null } });
  expect(w.queue.published).toMatchObject([{ kind: "outbound.dispatch", body: { sender: body.id } }]);
});

test("disabled, it sends nothing and is no channel's sender; resumed, it works again", async () => {
  const { body } = await post("", sms());
  expect(await post(`/${body.id}/disable`, {})).toMatchObject({ status: 200, body: { state: "disabled" } });
  await w.neon.query(
    "insert into people.contacts (project_id, account_scope_id, id, name) values ($1, $2, $3, 'Mette')",
    [w.a.project, w.a.accountScope, `con_${body.id}`],
  );
  n += 1;
  const draft = await w.fetch("/v1/outbound/messages", {
    method: "POST",
    key: w.a.apiKey,
    headers: { "idempotency-key": `"d${n}"` },
    json: { contact: `con_${body.id}`, channel: "sms", text: "Hi" },
  });
  expect([draft.status, await draft.json()]).toMatchObject([422, { code: "sender_missing" }]);
  expect(await post(`/${body.id}/resume`, {})).toMatchObject({
    status: 200,
    body: { state: "works", disabled_at: null },
  });
});

test("new credentials replace the old ones, end the pause, and must be of its provider", async () => {
  const { body } = await post("", sms());
  await w.neon.query(
    "update outbound.senders set paused_until = shared.clock() + interval '1 hour', paused_code = 'twilio_20003' where project_id = $1",
    [w.a.project],
  );
  const wrong = await post(`/${body.id}/rotate-credentials`, { credentials: { api_key: "KEY12345" } });
  expect(wrong).toMatchObject({ status: 400, body: { code: "invalid_input" } });
  const done = await post(`/${body.id}/rotate-credentials`, { credentials: { token: "planted-token-new" } });
  expect(done).toMatchObject({ status: 200, body: { state: "works" } });
  const [row] = await w.neon.query("select credentials_sealed from outbound.senders where project_id = $1", [
    w.a.project,
  ]);
  const place = { table: "outbound.senders", column: "credentials_sealed", row: body.id, project: w.a.project };
  expect(JSON.parse(await testSecrets.open(String(row?.["credentials_sealed"]), place))).toEqual({
    token: "planted-token-new",
  });
});

test("whoever may only read sees them and changes nothing", async () => {
  const { body } = await post("", sms());
  for (const path of ["", `/${body.id}/disable`, `/${body.id}/resume`, `/${body.id}/rotate-credentials`])
    expect((await post(path, path === "" ? sms() : { credentials: { token: "abcdef" } }, w.a.readKey)).status).toBe(
      403,
    );
});
