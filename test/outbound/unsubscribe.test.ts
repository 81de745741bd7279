// The link below an e-mail (RFC 8058): one POST ends it, a GET and a made-up link do nothing.
import { beforeAll, expect, test } from "vitest";
import { unsubscribeHeaders, unsubscribeToken } from "#brain/outbound/index.ts";
import { rows } from "#test/inbox/chatwoot.ts";
import { testSecrets, type World, world } from "#test/kit/world.ts";
import { type Customer, customer, queueMessage } from "./customer.ts";

let w: World;
let c: Customer;
let link: string;

beforeAll(async () => {
  w = await world();
  c = await customer(w, w.a);
  link = await linkFor("");
});

const linkFor = async (brand: string, channel: "sms" | "email" = "sms") => {
  const message = await queueMessage(w, w.a, c);
  const token = await unsubscribeToken(testSecrets, {
    project: w.a.project,
    contact: c.person,
    channel,
    brand,
    message,
  });
  return `/v1/outbound/unsubscribe/${token}`;
};
const policies = () =>
  rows(
    w,
    w.a,
    "select channel, brand, opted_out_by as by from outbound.contact_channel_policies where project_id = $1",
  );

test("looked at, by a person or a scanner, it shows a button and changes nothing, without asking the database", async () => {
  w.neon.resetStats();
  for (const method of ["GET", "HEAD"]) {
    const answer = await w.fetch(link, { method });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("set-cookie")).toBeNull();
    expect(answer.headers.get("content-security-policy")).toContain("form-action 'self'");
    if (method === "GET") expect(await answer.text()).toMatch(/<form method="post">.*One-Click/s);
  }
  expect(w.neon.stats().requests).toBe(0);
  expect(await policies()).toEqual([]);
});

test("changed in any character it is unknown, and nobody learns more", async () => {
  const body = link.split("/").at(-1)?.split(".") ?? [];
  const forged = btoa(JSON.stringify([w.b.project, c.person, "sms", "", "msg_1"]));
  const made = [
    `${body[0]}.${forged}.${body[2]}`,
    `${body[0]}.${body[1]}.`,
    `${body[0]}.${body[1]}`,
    `nokey.${body[1]}.${body[2]}`,
    "x",
    "a".repeat(5000),
    "%00.%00.%00",
  ];
  for (const token of made) {
    for (const method of ["GET", "POST"]) {
      const answer = await w.fetch(`/v1/outbound/unsubscribe/${token}`, { method });
      expect([token.slice(0, 20), answer.status]).toEqual([token.slice(0, 20), 404]);
    }
  }
  expect(await policies()).toEqual([]);
  expect(await rows(w, w.b, "select 1 from outbound.contact_channel_policies where project_id = $1")).toEqual([]);
});

test("posted to by the mail provider it opts out at once, without a login, and again without harm", async () => {
  const waiting = await queueMessage(w, w.a, c);
  w.neon.resetStats();
  const posted = () =>
    w.fetch(link, {
      method: "POST",
      body: "List-Unsubscribe=One-Click",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
  expect((await posted()).status).toBe(200);
  expect(w.neon.stats().requests).toBe(1);
  expect(await policies()).toEqual([{ channel: "sms", brand: "", by: "link" }]);
  expect(
    await rows(w, w.a, "select state from outbound.messages where project_id = $1 and id = $2", [waiting]),
  ).toEqual([{ state: "blocked_opt_out" }]);
  const shut = await rows(w, w.a, "select reason, version from outbound.suppressions where project_id = $1");
  expect(shut).toEqual([{ reason: "link", version: 1 }]);
  const form = new FormData();
  form.set("List-Unsubscribe", "One-Click");
  expect((await w.fetch(link, { method: "POST", body: form })).status).toBe(200);
  expect((await w.fetch(link, { method: "PUT" })).status).toBe(405);
  expect(await rows(w, w.a, "select reason, version from outbound.suppressions where project_id = $1")).toEqual(shut);
  expect(await rows(w, w.a, "select 1 from people.consents where project_id = $1")).toHaveLength(1);
});

test("of one brand it ends that brand's, and an e-mail's headers name it", async () => {
  const other = await linkFor("Nordvarme", "email").catch(() => undefined);
  // The person is opted out of SMS by now; a link of an e-mail made earlier still works.
  const token = await unsubscribeToken(testSecrets, {
    project: w.a.project,
    contact: c.person,
    channel: "email",
    brand: "Nordvarme",
    message: "msg_gone",
  });
  expect((await w.fetch(other ?? `/v1/outbound/unsubscribe/${token}`, { method: "POST" })).status).toBe(200);
  expect((await policies()).find(({ channel }) => channel === "email")).toEqual({
    channel: "email",
    brand: "Nordvarme",
    by: "link",
  });
  expect(unsubscribeHeaders("https://x.example/u")).toEqual({
    "List-Unsubscribe": "<https://x.example/u>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
  });
});
