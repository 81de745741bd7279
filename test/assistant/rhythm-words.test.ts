// What a member's planner writes to him is read by nobody else: not over REST, by an agent, or on a page of the console.
import { beforeAll, expect, test } from "vitest";
import { addKey } from "#db/bootstrap.ts";
import { consoleApp } from "#gateway/console/index.ts";
import { tools } from "#gateway/mcp/tools.ts";
import { openapi } from "#gateway/openapi.ts";
import { routes } from "#gateway/routes/index.ts";
import { signedIn, textOf } from "#test/console/visitor.ts";
import { scriptedCarrier } from "#test/kit/carrier.ts";
import { publicUrl, type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { call as callTool } from "#test/mcp/agent.ts";
import { mailHouse, runAt } from "./house.ts";
import { call } from "./talking.ts";

const canary = "zephyrquince";
let w: World;
let own: Tenant;
let colleague: Tenant;
const email = `words-${process.pid}@workshop.example`;
const ids = { message: "", contact: "" };

beforeAll(async () => {
  const mail = scriptedCarrier();
  w = await world({ carriers: { resend: mail.port }, now: "2027-01-10T10:00:00Z" });
  own = await mailHouse(w, "words", email);
  colleague = await tenant(w.neon, "colleague");
  await w.neon.query("update identity.memberships set project_id = $1, account_scope_id = $2 where user_id = $3", [
    own.project,
    own.accountScope,
    colleague.user,
  ]);
  const rhythm = { version: 0, channel: "email", plan_on: true };
  expect((await call(w, own.apiKey, "/v1/assistant/rhythm", rhythm, "PATCH")).status).toBe(200);
  await call(w, own.apiKey, "/v1/assistant/tasks", { title: `Ask about ${canary}`, due_date: "2027-01-11" });
  expect(await runAt(w, "2027-01-11T06:31:00Z", own)).toMatchObject({ queued: 1 });
  expect(mail.accepted.at(-1)?.text).toContain(canary);
  // One that has left, and one that waits.
  mail.next.push({ outcome: "later", code: "provider_down", afterSeconds: 3600 });
  expect(await runAt(w, "2027-01-12T06:31:00Z", own)).toMatchObject({ queued: 1 });
  const [row] = await w.neon.query(
    "select m.id, m.contact_id, c.origin from outbound.messages m join people.contacts c on c.id = m.contact_id where m.project_id = $1 and m.state = 'queued'",
    [own.project],
  );
  expect(row?.["origin"]).toBe("staff");
  Object.assign(ids, { message: row?.["id"], contact: row?.["contact_id"] });
});

const idFor = (path: string) => (/outbox|messages|approvals/.test(path) ? ids.message : ids.contact);
/** What must not stand in an answer; a page repeats the id that it was asked for. */
const shown = (text: string, asked: string) =>
  [canary, email, ids.message, ids.contact].filter((word) => text.includes(word) && !asked.includes(word));

test("are read by no colleague over REST, nor by a key of nobody's, whatever they may; nor decided about", async () => {
  const granted = await w.neon.query("select distinct permission from identity.role_permissions");
  const permissions = granted.map(({ permission }) => String(permission));
  const karens = await addKey(w.neon, { ...own, user: colleague.user, permissions });
  const nobodys = await addKey(w.neon, { project: own.project, accountScope: own.accountScope, permissions });
  const gets = Object.entries(openapi(routes, publicUrl)["paths"] as Record<string, Record<string, unknown>>)
    .filter(([, verbs]) => "get" in verbs)
    .map(([path]) => path);
  expect(gets.length).toBeGreaterThan(60);
  for (const key of [karens, nobodys])
    for (const path of key === karens ? gets : gets.filter((one) => /outbound|people/.test(one))) {
      const asked = path.replaceAll(/\{[^}]+\}/g, idFor(path));
      const answer = await w.fetch(asked, { key });
      // Ledger and audit have the message's id, and no words.
      const seen = shown(await answer.text(), /\/(events|audit)/.test(path) ? ids.message + ids.contact : asked);
      expect([path, seen, path.includes("{") && answer.status === 200 && /messages|people/.test(path)]).toEqual([
        path,
        [],
        false,
      ]);
    }
  expect(await (await w.fetch(`/v1/search?q=${canary}`, { key: karens })).text()).not.toContain("Ask about");
  const dry = await call(w, karens, "/v1/outbound/dry_run", { until: "2027-01-13T00:00:00Z" });
  expect(shown(dry.bytes, "")).toEqual([]);
  for (const act of ["approve", "cancel", "send"]) {
    const { status } = await call(w, karens, `/v1/outbound/messages/${ids.message}/${act}`, { version: 1 });
    expect([act, status]).toEqual([act, 404]);
  }
  for (const [name, { verb }] of tools()) {
    if (verb.effect !== "read" || !/^(outbound|people|insight|memory)/.test(name)) continue;
    const given = {
      ...((verb.example?.() ?? {}) as object),
      ...(/get|ways|show/.test(name) ? { id: idFor(name) } : {}),
    };
    const { text } = await callTool(w, name, given, { key: karens });
    expect([name, shown(text, JSON.stringify(given))]).toEqual([name, []]);
  }
});

test("stand on no page of the console that a colleague with every right opens", async () => {
  const person = await signedIn(w, colleague);
  const pages = [
    ...new Set(
      consoleApp()
        .routes.filter(({ method }) => method === "GET")
        .map(({ path }) => path),
    ),
  ];
  expect(pages.length).toBeGreaterThan(40);
  for (const path of pages.filter((one) => !/assets|log(in|out)|\*/.test(one))) {
    const asked = `/console${path.replaceAll(/:\w+/g, idFor(path))}`.replace(/\/$/, "");
    const { html } = await person.get(asked);
    expect([path, shown(html, /ledger|audit|state/.test(path) ? ids.message + ids.contact : asked)]).toEqual([
      path,
      [],
    ]);
  }
  expect(textOf((await person.get("/console/outbox")).html)).toContain("Outbox");
});
