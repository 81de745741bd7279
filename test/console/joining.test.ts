// Signing up, joining and managing people in the console, without a script.
import { beforeAll, describe, expect, test } from "vitest";
import { bound, goodPassword } from "#test/identity/joining.ts";
import { password, type World, world } from "#test/kit/world.ts";
import { signedIn, textOf, type Visitor, visitor } from "./visitor.ts";

let w: World;
let count = 0;
const name = () => `page-${w.a.accountId}-${++count}`;

beforeAll(async () => {
  w = await world();
  await bound(w, password);
});

async function signUp(username: string): Promise<Visitor> {
  const person = visitor(w);
  const page = await person.post("/console/signup", { username, password: goodPassword });
  const request = /name="signup_request_id" value="([^"]+)"/.exec(page.html)?.[1] ?? "";
  const pin = /PIN (\d{6})/.exec(w.messenger.sent.at(-1)?.text ?? "")?.[1] ?? "";
  const inside = await person.post("/console/signup/confirm", { signup_request_id: request, pin });
  expect([inside.status, inside.place]).toEqual([303, "/console/join"]);
  await person.get("/console/join");
  return person;
}

async function link(owner: Visitor, role = "technician"): Promise<string> {
  const page = await owner.post("/console/members/invite", { role, email: "karen@example.dk" });
  return /http:\/\/omneuro\.test\/console\/join#[\w-]+/.exec(page.html)?.[0] ?? "";
}

describe("signing up", () => {
  test("name and password, then the PIN, then in; the pages hold neither the password nor the PIN", async () => {
    const username = name();
    const person = visitor(w);
    expect((await person.get("/console/login")).html).toContain('href="/console/signup"');
    expect((await person.get("/console/signup")).html).toContain('action="/console/signup"');
    const page = await person.post("/console/signup", { username, password: goodPassword });
    expect(page.status).toBe(200);
    const pin = /PIN (\d{6})/.exec(w.messenger.sent.at(-1)?.text ?? "")?.[1] ?? "";
    expect(page.html).not.toContain(pin);
    expect(page.html).not.toContain(goodPassword);
    const request = /name="signup_request_id" value="([^"]+)"/.exec(page.html)?.[1] ?? "";
    const wrong = await person.post("/console/signup/confirm", {
      signup_request_id: request,
      pin: pin === "000000" ? "000001" : "000000",
    });
    expect([wrong.status, textOf(wrong.html).includes("That is not the PIN.")]).toEqual([401, true]);
    expect(wrong.html).toContain(request);
    const inside = await person.post("/console/signup/confirm", { signup_request_id: request, pin });
    expect([inside.status, inside.place]).toEqual([303, "/console/join"]);
    expect(textOf((await person.get(inside.place)).html)).toContain("belong to no project yet");
    const front = await person.get("/console");
    expect([front.status, front.html.includes('href="/console/join"')]).toEqual([409, true]);
  });

  test("what is wrong stays on the page with the name; another site's form does nothing", async () => {
    const person = visitor(w);
    const common = await person.post("/console/signup", { username: "karen.x", password: "iloveyou" });
    expect([common.status, common.html.includes('value="karen.x"')]).toEqual([400, true]);
    const taken = await person.post("/console/signup", { username: w.a.username, password: goodPassword });
    expect([taken.status, textOf(taken.html).includes("Choose another")]).toEqual([409, true]);
    const foreign = await person.post(
      "/console/signup",
      { username: name(), password: goodPassword },
      { origin: "https://evil.example" },
    );
    expect(foreign.status).toBe(403);
  });
});

describe("joining and members", () => {
  test("an owner makes a link, somebody pastes it, and is seen among the members", async () => {
    const owner = await signedIn(w, w.a);
    const shown = await link(owner);
    expect(shown).toMatch(/#[\w-]{43}$/);
    expect((await owner.get("/console/members")).html).not.toContain(shown);
    const username = name();
    const person = await signUp(username);
    const joined = await person.post("/console/join", { token: shown });
    expect(joined.place).toMatch(/^\/console\?note=joined-/);
    expect((await person.get(joined.place)).status).toBe(200);
    expect(textOf((await owner.get("/console/members")).html)).toContain(username);
    const again = await signUp(name());
    const late = await again.post("/console/join", { token: shown });
    expect([late.status, textOf(late.html).includes("This invitation is used")]).toEqual([404, true]);
  });

  test("role, shutting out, letting in, removing, taking back: each a form that needs its proof", async () => {
    const owner = await signedIn(w, w.a);
    const username = name();
    const person = await signUp(username);
    await person.post("/console/join", { token: await link(owner) });
    const [row] = await w.neon.query(
      "select m.id from identity.memberships m join shared.users u on u.id = m.user_id where u.name = $1",
      [username],
    );
    const path = `/console/members/${String(row?.["id"])}`;
    for (const [act, note] of [
      ["role", "role_changed"],
      ["disable", "member_disabled"],
      ["enable", "member_enabled"],
      ["end", "member_ended"],
    ] as const) {
      const forged = await owner.post(`${path}/${act}`, { role: "office", csrf: "0000" });
      expect([act, forged.status]).toEqual([act, 403]);
      const changed = await owner.post(`${path}/${act}`, { role: "office" });
      expect([changed.status, changed.place.includes(`note=${note}-`)]).toEqual([303, true]);
    }
    expect((await person.get("/console")).status).toBe(303);
    await link(owner);
    const page = await owner.get("/console/members");
    const invitation = /action="(\/console\/invitations\/[^"]+\/revoke)"/.exec(page.html)?.[1] ?? "";
    expect((await owner.post(invitation, {})).place).toContain("note=invitation_revoked-");
  });

  test("the only owner cannot remove himself; who may not see members gets a page that says so", async () => {
    const owner = await signedIn(w, w.b);
    const page = await owner.get("/console/members");
    const leave = /action="(\/console\/members\/[^"]+\/end)"/.exec(page.html)?.[1] ?? "";
    const refused = await owner.post(leave, {});
    expect([refused.status, textOf(refused.html).includes("at least one owner")]).toEqual([409, true]);
    const technician = await signUp(name());
    await technician.post("/console/join", { token: await link(owner) });
    expect((await technician.get("/console/members")).status).toBe(403);
  });

  test("somebody new makes a project of his own", async () => {
    const person = await signUp(name());
    const made = await person.post("/console/projects", { name: "Fjordservice <b>" });
    expect(made.place).toContain("note=project_made-");
    expect((await person.get("/console/members")).html).toContain("Fjordservice &lt;b&gt;");
  });

  test("signing in again in the same browser ends the session before", async () => {
    const owner = await signedIn(w, w.a);
    const cookie = owner.cookie();
    await owner.signIn(w.a);
    expect(owner.cookie()).not.toBe(cookie);
    expect((await w.fetch("/console", { headers: { cookie } })).status).toBe(303);
  });
});
