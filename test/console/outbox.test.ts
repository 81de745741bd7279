// The outbox and one message's life in the console, without a script.
import { beforeEach, expect, test } from "vitest";
import { type ScriptedCarrier, scriptedCarrier } from "#test/kit/carrier.ts";
import { deliverPublished } from "#test/kit/jobs.ts";
import { canSend, type Sending } from "#test/kit/outbound.ts";
import { type World, world } from "#test/kit/world.ts";
import { signedIn, textOf, type Visitor } from "./visitor.ts";

let w: World;
let s: Sending;
let carrier: ScriptedCarrier;
let person: Visitor;
let n = 0;

beforeEach(async () => {
  carrier = scriptedCarrier();
  w = await world({ carriers: { twilio: carrier.port } });
  s = await canSend(w, w.a);
  person = await signedIn(w, w.a);
});

async function post(path: string, json: unknown): Promise<{ id: string; version: number }> {
  n += 1;
  const headers = { "idempotency-key": `"o${n}"` };
  const answer = await w.fetch(`/v1/outbound/messages${path}`, { method: "POST", key: w.a.apiKey, json, headers });
  await w.settled();
  return (await answer.json()) as { id: string; version: number };
}

async function run(): Promise<void> {
  const due = w.queue.published.filter(
    ({ kind, delaySeconds = 0 }) => kind === "outbound.dispatch" && delaySeconds === 0,
  );
  w.queue.published.splice(0, w.queue.published.length, ...due);
  await deliverPublished(w);
}

/** Written, approved and sent on its way, as far as the provider lets it. */
async function sent(text: string): Promise<string> {
  const { id, version } = await post("", { contact: s.contact, channel: "sms", text, evidence: [s.evidence] });
  await post(`/${id}/approve`, { version });
  await post(`/${id}/send`, {});
  await run();
  return id;
}

const read = async (path: string) => textOf((await person.get(path)).html);

test("what failed or is in doubt stands first, with its reason in words; unknown codes as they are", async () => {
  carrier.next = [
    { outcome: "refused", code: "twilio_30005", httpStatus: 400 },
    { outcome: "refused", code: "made_up_code", httpStatus: 400 },
    "take",
  ];
  await sent("To a number that is gone.");
  await sent("To a riddle.");
  await sent("To silence.");
  await sent("To somebody.");
  w.neon.resetStats();
  const page = await person.get("/console/outbox");
  expect(w.neon.stats().requests).toBe(1);
  const text = textOf(page.html);
  expect(text).toMatch(/All Failed 2 Unknown 1 Handed over 1/);
  const [above = "", below = ""] = text.split("Everything else");
  expect(above).toMatch(
    /To a riddle\. made_up_code .*To a number that is gone\. The number is unknown, or no longer in use\./,
  );
  expect(above).toMatch(/To silence\. The provider did not answer in time/);
  expect(below).toContain("To somebody.");
  expect(below).not.toContain("To silence.");
  expect(await read("/console/outbox?state=failed&channel=sms")).not.toContain("To somebody.");
  expect(await read("/console/outbox?channel=email")).toContain("No message fits");
  expect(await read(`/console/outbox?contact=${s.contact}`)).toContain("Only to Mette.");
  expect((await person.get("/console/outbox?state=made-up")).status).toBe(404);
});

test("a message's life is told from draft to provider, and leads to its requests", async () => {
  carrier.next = [{ outcome: "later", code: "http_503", httpStatus: 503 }];
  const id = await sent("We come on Friday.");
  const page = await person.get(`/console/outbox/${id}`);
  const text = textOf(page.html);
  expect(text).toMatch(
    /Written as a draft by an API key .*Approved by an API key .*Put in the queue .*Attempt 1: not taken for now/,
  );
  expect(text).toContain("The provider answered with status 503.");
  expect(text).toMatch(
    /From here it can become: approved, blocked, cancelled, delivered, draft, failed, read, sent, handed over, leaving\./,
  );
  expect(page.html).toMatch(/\/console\/ledger\?request=[\w-]+/);
});

test("a failed one is sent again, a waiting one cancelled; pressed too late it says how things stand", async () => {
  carrier.next = [{ outcome: "refused", code: "twilio_30003", httpStatus: 400 }];
  const id = await sent("We come on Friday.");
  const again = await person.post(`/console/outbox/${id}/send`, {});
  expect([again.status, again.place]).toEqual([303, expect.stringMatching(/note=message_queued/)]);
  await w.settled();
  await run();
  expect(carrier.accepted).toHaveLength(1);
  expect(await read(`/console/outbox/${id}`)).toMatch(/Attempt 2: taken/);
  const late = await person.post(`/console/outbox/${id}/cancel`, {});
  expect([late.status, late.place]).toEqual([303, `/console/outbox/${id}`]);
  expect(await read(`/console/outbox/${id}`)).toContain("Handed over");

  w.clock.set("2026-11-15T21:10:00.000Z");
  const waiting = await sent("Good night.");
  expect(await read(`/console/outbox/${waiting}`)).toMatch(/Waits until 08:00 on Monday in Copenhagen Quiet hours: /);
  expect((await person.post(`/console/outbox/${waiting}/cancel`, {})).place).toMatch(/note=message_cancelled/);
  expect(await read(`/console/outbox/${waiting}`)).toMatch(/Cancelled by .*This is where its life ends\./);
});

test("a GET sends and cancels nothing; another tenant and who may only read do neither", async () => {
  carrier.next = [{ outcome: "refused", code: "twilio_30003", httpStatus: 400 }];
  const id = await sent("We come on Friday.");
  const other = await signedIn(w, w.b);
  for (const act of ["send", "cancel"]) {
    expect((await person.get(`/console/outbox/${id}/${act}`)).status).toBe(404);
    expect((await person.post(`/console/outbox/${id}/${act}`, { csrf: "made-up" })).status).toBe(403);
    expect((await other.post(`/console/outbox/${id}/${act}`, {})).status).toBe(404);
  }
  await w.neon.query("update identity.memberships set role = 'technician' where project_id = $1", [w.a.project]);
  const rights = "role = 'technician' and permission = 'outbound:write'";
  await w.neon.query(`delete from identity.role_permissions where ${rights}`);
  try {
    for (const path of ["/console/outbox", `/console/outbox/${id}`]) {
      const page = await person.get(path);
      expect([path, page.status]).toEqual([path, 200]);
      expect(page.html).not.toMatch(/\/(send|cancel)"/);
    }
    expect((await person.post(`/console/outbox/${id}/send`, {})).status).toBe(403);
  } finally {
    // The roles are everybody's.
    await w.neon.query(
      "insert into identity.role_permissions (role, permission) values ('technician', 'outbound:write')",
    );
  }
  expect(await w.neon.query("select state from outbound.messages where project_id = $1", [w.a.project])).toEqual([
    { state: "failed" },
  ]);
});

test("whoever has looked at the provider says on its page what became of a message in doubt", async () => {
  carrier.next = ["take", "take"];
  const ids = [await sent("To silence."), await sent("To more silence.")];
  const settle = async (id: string, said: string) => {
    const page = await person.get(`/console/outbox/${id}`);
    const version = /name="version" value="(\d+)"/.exec(page.html)?.[1] ?? "";
    expect(textOf(page.html)).toContain("What became of it, and how you know");
    const made = await person.post(`/console/outbox/${id}/resolve`, { version, sent: said, reason: "I rang them." });
    const after = await person.get(made.place);
    return textOf(after.html);
  };
  const found = await settle(ids[0] ?? "", "yes");
  expect(found).toMatch(/A note I rang them\..*Said by hand what became of it by .*Written down as sent\./);
  expect(found).not.toContain("What became of it, and how you know");
  expect(await settle(ids[1] ?? "", "no")).toContain("It is in the queue again.");
  await run();
  expect(carrier.accepted.filter(({ ref }) => ref === ids[1])).toHaveLength(2);
  expect(carrier.accepted.filter(({ ref }) => ref === ids[0])).toHaveLength(1);
});
