// A newcomer writes an SMS as a customer: it reaches the Worker's own door signed as Twilio signs, is remembered, and STOP is answered.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalCarriers, startCarriers } from "#local/carriers.ts";
import { twilio } from "#providers/carriers/twilio.ts";
import { rows } from "#test/field/reading.ts";
import { accounts, outgoing } from "#test/kit/carriers.ts";
import { canSend } from "#test/kit/outbound.ts";
import { bound } from "#test/kit/providers.ts";
import { type Served, served } from "#test/kit/served.ts";
import { type World, world } from "#test/kit/world.ts";

let w: World;
let site: Served;
let office: LocalCarriers;
let number: string;
const token = "twilio-auth-token-of-the-tests";

beforeAll(async () => {
  office = await startCarriers({
    accounts: { ...accounts, twilio: { ...accounts.twilio, token } },
  });
  w = await world({ carriers: { twilio: twilio({ url: `${office.url}/twilio` }) } });
  site = await served(w);
  const source = await bound(w, w.a, "twilio");
  const { sender } = await canSend(w, w.a);
  await w.neon.query("update outbound.senders set source_id = $2 where id = $1", [sender, source.id]);
  number = source.account;
  expect((await fetch(`${office.url}/customer`)).status).toBe(404);
  office.openLine({ number, hook: `${site.url}/v1/hooks/twilio/${source.id}` });
});
afterAll(async () => {
  await office.close();
  await site.close();
});

const write = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${office.url}/customer`, { method: "POST", body: new URLSearchParams(fields), redirect: "manual", headers });

test("what he writes is heard and shown; a STOP opts him out", async () => {
  expect(await (await fetch(office.url)).text()).toContain('href="/customer"');
  const sent = await write({ from: "+45 20 30 40 77", text: "Hvornår kommer I?" });
  expect([sent.status, sent.headers.get("location")]).toEqual([303, "/customer?from=%2B4520304077"]);
  await write({ from: "+4520304077", text: "STOP" });
  await w.settled();
  expect((await rows(w, w.a, "field.messages")).map(({ body, address }) => [body, address]).sort()).toEqual([
    ["Hvornår kommer I?", "+4520304077"],
    ["STOP", "+4520304077"],
  ]);
  expect(await rows(w, w.a, "outbound.contact_channel_policies")).toMatchObject([
    { channel: "sms", opted_out_by: "keyword" },
  ]);
  expect(await rows(w, w.a, "outbound.messages")).toMatchObject([
    { purpose: "stop_confirmation", recipient: "+4520304077", state: "queued" },
  ]);
  // What leaves for his number stands in the same talk.
  await twilio({ url: `${office.url}/twilio` }).send(
    { account: accounts.twilio.account, secrets: { token } },
    outgoing({ to: "+4520304077", text: "You are unsubscribed." }),
  );
  const page = await (await fetch(`${office.url}/customer?from=%2B4520304077`)).text();
  expect(page).toContain("You are unsubscribed.");
  expect(page.match(/· arrived/g)).toHaveLength(2);
});

test("what is no number or says nothing stays in the form; another site's form is refused; a wrong secret is said", async () => {
  const wrong = await write({ from: "call me", text: "Hi <b>there</b>" });
  expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining("Hi &lt;b&gt;there&lt;/b&gt;")]);
  expect((await write({ from: "+4520304077", text: "  " })).status).toBe(400);
  expect((await write({ from: "+4520304077", text: "Hi" }, { origin: "https://evil.example" })).status).toBe(403);
  expect((await rows(w, w.a, "field.messages")).length).toBe(2);
  office.openLine({ number, hook: `${site.url}/v1/hooks/twilio/src_unknown` });
  await write({ from: "+4520304078", text: "Anybody?" });
  expect(await (await fetch(`${office.url}/customer?from=%2B4520304078`)).text()).toContain("refused with 404");
});
