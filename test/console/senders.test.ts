// The page of senders as a person without a script meets it.
import { beforeEach, expect, test } from "vitest";
import { type World, world } from "#test/kit/world.ts";
import { signedIn, textOf, type Visitor } from "./visitor.ts";

let w: World;
let person: Visitor;
beforeEach(async () => {
  w = await world();
  person = await signedIn(w, w.a);
});

const page = async () => textOf((await person.get("/console/senders")).html);
const account = `AC${"1".repeat(32)}`;
const typed = { provider: "twilio", name: "Workshop", address: "+4570101010", account, brand: "" };
const add = (more: Record<string, string> = {}) =>
  person.post("/console/senders", {
    once: crypto.randomUUID(),
    ...typed,
    "credential token": "planted-token-of-twilio",
    ...more,
  });

const idOf = async (): Promise<string> =>
  String((await w.neon.query("select id from outbound.senders where project_id = $1", [w.a.project]))[0]?.["id"]);

test("it is in the menu, is one request, and says that there is none yet", async () => {
  expect((await person.get("/console")).html).toContain('href="/console/senders"');
  w.neon.resetStats();
  expect(await page()).toContain("No sender yet Nothing can leave the house before there is one.");
  expect(w.neon.stats().requests).toBe(1);
});

test("a provider's form asks for what it needs; a sender is added once, and its secrets are on no page", async () => {
  const { html } = await person.get("/console/senders?provider=twilio");
  expect(html).toContain('name="credential token"');
  expect(textOf(html)).toContain("Account SID");
  expect((await person.get("/console/senders?provider=telegram")).html).not.toContain("Account SID");
  const once = crypto.randomUUID();
  const made = await add({ once });
  expect([made.status, made.place]).toEqual([303, expect.stringContaining("note=sender_added")]);
  await add({ once });
  const shown = await person.get(made.place);
  expect(textOf(shown.html)).toContain("Workshop SMS by Twilio · +4570101010 · at most 10 a second Sends");
  expect(shown.html).not.toContain("planted-token");
  expect(await w.neon.query("select 1 from outbound.senders where project_id = $1", [w.a.project])).toHaveLength(1);
});

test("what is wrong is said in the form's words, with what was typed still there, and never the secret", async () => {
  const refused = await add({ address: "12", account: "AC1" });
  expect(refused.status).toBe(400);
  const text = textOf(refused.html);
  expect(text).toContain("Account SID must be AC and 32 digits.");
  expect(text).toMatch(/Number, name or messaging service must be a number like/);
  expect(refused.html).toContain('value="Workshop"');
  expect(refused.html).not.toContain("planted-token");
  await add();
  expect(textOf((await add()).html)).toContain("This project has a sender of this provider and address already.");
});

test("a paused sender says why in words; letting it send again ends the pause", async () => {
  await add();
  await w.neon.query(
    "update outbound.senders set paused_until = $2, paused_code = 'twilio_20003' where project_id = $1",
    [w.a.project, new Date(w.clock.now().getTime() + 300_000).toISOString()],
  );
  expect(await page()).toContain(
    "The provider refuses its credentials. Give it new ones. Tried again in 5 minutes . twilio_20003",
  );
  const done = await person.post(`/console/senders/${await idOf()}/resume`, { once: "1" });
  expect(textOf((await person.get(done.place)).html)).toContain("It sends again, beginning with what waits.");
  expect(await page()).toContain("+4570101010 · at most 10 a second Sends");
});

test("putting away and new credentials are said when they are done", async () => {
  await add();
  const id = await idOf();
  const away = await person.post(`/console/senders/${id}/disable`, { once: "1" });
  expect(textOf((await person.get(away.place)).html)).toContain("Put away. What waits for it stays where it is.");
  const wrong = await person.post(`/console/senders/${id}/credentials`, {
    once: "2",
    provider: "twilio",
    "credential token": "x",
  });
  expect(wrong.status).toBe(400);
  expect(textOf(wrong.html)).toContain("Auth token must be 4 to 400 characters without a space.");
  const changed = await person.post(`/console/senders/${id}/credentials`, {
    once: "3",
    provider: "twilio",
    "credential token": "planted-token-new",
  });
  expect(changed.place).toContain("note=sender_rotated");
});

test("an unknown reason is still one; another project's sender is not there", async () => {
  await add();
  await w.neon.query("update outbound.senders set paused_until = $2, paused_code = 'http_418' where project_id = $1", [
    w.a.project,
    new Date(w.clock.now().getTime() + 300_000).toISOString(),
  ]);
  expect(await page()).toContain("The provider refuses: Http 418.");
  const stranger = await signedIn(w, w.b);
  expect(textOf((await stranger.get("/console/senders")).html)).toContain("No sender yet");
  expect((await stranger.post(`/console/senders/${await idOf()}/disable`, { once: "1" })).status).toBe(404);
});
