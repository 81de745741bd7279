// The console, entered and left as a person does.
import { describe, expect, test } from "vitest";
import { password, world } from "#test/kit/world.ts";
import { signedIn, textOf, visitor } from "./visitor.ts";

describe("signing in", () => {
  test("a stranger is sent to sign in and afterwards to where he wanted to go", async () => {
    const w = await world();
    const person = visitor(w);
    const away = await person.get("/console/ledger?kind=message.received");
    expect([away.status, away.place]).toEqual([303, "/console/login?to=%2Fconsole%2Fledger%3Fkind%3Dmessage.received"]);
    const page = await person.get(away.place);
    expect(page.status).toBe(200);
    expect(page.html).toContain('name="to" value="/console/ledger?kind=message.received"');
    const inside = await person.signIn(w.a, { to: "/console/ledger?kind=message.received" });
    expect([inside.status, inside.place]).toEqual([303, "/console/ledger?kind=message.received"]);
    expect(inside.headers.get("set-cookie")).toMatch(
      /^omneuro_session=\w+; Max-Age=1209600; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    expect((await person.get(inside.place)).status).toBe(200);
  });

  test("a wrong password stays on the page with the name and a reason, and opens nothing", async () => {
    const w = await world();
    const person = visitor(w);
    const page = await person.signIn(w.a, { password: "not it", to: "/console/ask" });
    expect(page.status).toBe(401);
    expect(textOf(page.html)).toContain("Username or password is not right.");
    expect(page.html).toContain(`value="${w.a.username}"`);
    expect(page.html).toContain('name="to" value="/console/ask"');
    expect(page.html).not.toContain("not it");
    expect(page.headers.get("set-cookie")).toBeNull();
    expect((await person.get("/console")).status).toBe(303);
  });

  test("an empty form says what is missing; the eleventh try is told to wait", async () => {
    const w = await world();
    const person = visitor(w);
    const empty = await person.post("/console/login", { username: "", password: "" });
    expect([empty.status, textOf(empty.html).includes("Type your username and password.")]).toEqual([400, true]);
    for (let i = 0; i < 10; i++) expect((await person.signIn(w.b, { password: "wrong" })).status).toBe(401);
    const eleventh = await person.signIn(w.b);
    expect(eleventh.status).toBe(429);
    expect(textOf(eleventh.html)).toMatch(/Too many tries\. Wait \d+ minutes? and try again\./);
    expect(Number(eleventh.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  test.each([
    "https://evil.example/console",
    "//evil.example/console",
    "/\\evil.example/console",
    "/console/../..//evil.example",
    "/console\\..\\..\\evil",
    "javascript:alert(1)",
    "/v1/identity/me",
    "/consolex",
    "/console/login?to=/console",
    "http://omneuro.test.evil.example/console",
    "\t//evil.example",
  ])("nobody is sent to %j after signing in", async (to) => {
    const w = await world();
    const person = visitor(w);
    const page = await person.get(`/console/login?to=${encodeURIComponent(to)}`);
    expect(page.html).toContain('name="to" value="/console"');
    const inside = await person.signIn(w.a, { to });
    expect([inside.status, inside.place]).toEqual([303, "/console"]);
  });

  test("a form from another site signs nobody in, whatever it holds", async () => {
    const w = await world();
    for (const headers of [
      { origin: "https://evil.example" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
    ]) {
      const person = visitor(w);
      const page = await person.post(
        "/console/login",
        { username: w.a.username, password },
        headers as Record<string, string>,
      );
      expect([page.status, page.headers.get("set-cookie")]).toEqual([403, null]);
      expect(textOf(page.html)).toContain("The form did not come from this console, so nothing was done.");
    }
    const json = await visitor(w).post("/console/login", {}, { "content-type": "application/json" });
    expect(json.status).toBe(415);
  });

  test("over https the cookie is __Host- and Secure", async () => {
    const w = await world();
    w.runtime.settings.publicUrl = "https://omneuro.test";
    const page = await visitor(w).post(
      "/console/login",
      { username: w.a.username, password },
      { origin: "https://omneuro.test" },
    );
    expect(page.headers.get("set-cookie")).toMatch(
      /^__Host-session=\w+; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });
});

describe("leaving", () => {
  test("signing out needs the form's proof, ends the session for good and says so", async () => {
    const w = await world();
    const person = await signedIn(w, w.a);
    const forged = await person.post("/console/logout", { csrf: "0000" });
    expect(forged.status).toBe(403);
    expect(textOf(forged.html)).toContain("csrf_mismatch");
    expect((await person.get("/console")).status).toBe(200);
    const cookie = person.cookie();
    const out = await person.post("/console/logout", {});
    expect(out.status).toBe(303);
    expect(textOf((await person.get(out.place)).html)).toContain("You are signed out.");
    expect((await w.fetch("/console", { headers: { cookie } })).status).toBe(303);
  });

  test("a session that ended while a page looked for news: the script is told, a person is sent", async () => {
    const w = await world();
    const person = await signedIn(w, w.a);
    await w.neon.query("update identity.sessions set ended_at = '2026-11-15T07:00:00Z' where user_id = $1", [w.a.user]);
    expect((await person.get("/console?live=1")).status).toBe(401);
    expect((await person.get("/console/memory")).place).toBe("/console/login?to=%2Fconsole%2Fmemory");
  });
});

describe("working in another project", () => {
  test("somebody with two projects changes between them; with one there is nothing to choose", async () => {
    const w = await world();
    const alone = await signedIn(w, w.b);
    expect((await alone.get("/console")).html).not.toContain('action="/console/project"');
    await w.neon.query(
      "insert into identity.memberships (project_id, account_scope_id, id, user_id, role) values ($1, $2, $3, $4, 'technician')",
      [w.b.project, w.b.accountScope, `mem_${w.b.accountId}`, w.a.user],
    );
    const person = await signedIn(w, w.a);
    expect((await person.get("/console")).html).toContain(`name="project" value="${w.b.project}"`);
    const moved = await person.post("/console/project", { project: w.b.project });
    expect(moved.status).toBe(303);
    const there = await person.get(moved.place);
    expect(textOf(there.html)).toContain("You are in another project now.");
    expect(there.html).toContain(`name="project" value="${w.a.project}"`);
  });

  test("a foreign project cannot be chosen", async () => {
    const w = await world();
    const person = await signedIn(w, w.a);
    expect((await person.post("/console/project", { project: w.b.project })).status).toBe(404);
    expect((await person.post("/console/project", { project: "x" })).status).toBe(400);
  });
});

test("a note on a page is ours, once and for a minute only", async () => {
  const w = await world();
  const person = await signedIn(w, w.a);
  const { place } = await person.post("/console/memory/retry", {});
  expect(place).toMatch(/^\/console\/memory\?note=retried-0-/);
  expect(textOf((await person.get(place)).html)).toContain("There was nothing left to retry.");
  expect(textOf((await person.get(place.replace("retried-0-", "retried-7-"))).html)).not.toContain("read again");
  w.clock.advance(61_000);
  expect(textOf((await person.get(place)).html)).not.toContain("nothing left to retry");
});
