// A stranger with an invitation, without a script: through signing in or up he comes back to the page that takes it.
import { beforeAll, describe, expect, test } from "vitest";
import { bound, goodPassword } from "#test/identity/joining.ts";
import { password, type World, world } from "#test/kit/world.ts";
import { signedIn, textOf, type Visitor, visitor } from "./visitor.ts";

let w: World;
let count = 0;
const name = () => `guest-${w.a.accountId}-${++count}`;
const onTo = "to=%2Fconsole%2Fjoin";

beforeAll(async () => {
  w = await world();
  await bound(w, password);
});

/** A browser asks for what stands before the #. */
const open = async (person: Visitor) => {
  const away = await person.get("/console/join");
  expect([away.status, away.place]).toEqual([303, `/console/login?${onTo}`]);
  return person.get(away.place);
};

const hidden = (html: string) => /name="to" value="([^"]*)"/.exec(html)?.[1];

async function confirmed(person: Visitor, page: string, to: string) {
  const signup_request_id = /name="signup_request_id" value="([^"]+)"/.exec(page)?.[1] ?? "";
  const pin = /PIN (\d{6})/.exec(w.messenger.sent.at(-1)?.text ?? "")?.[1] ?? "";
  return person.post("/console/signup/confirm", { signup_request_id, pin, to });
}

describe("an invitation's link", () => {
  test("leads back to joining after signing in", async () => {
    const person = visitor(w);
    const login = await open(person);
    const inside = await person.signIn(w.b, { to: hidden(login.html) ?? "" });
    expect([inside.status, inside.place]).toEqual([303, "/console/join"]);
    expect(textOf((await person.get(inside.place)).html)).toContain("Paste the link you were given");
  });

  test("leads back to joining after signing up, whose every page keeps the way back to signing in too", async () => {
    const person = visitor(w);
    const login = await open(person);
    expect(login.html).toContain(`href="/console/signup?${onTo}"`);
    const signup = await person.get(`/console/signup?${onTo}`);
    expect([hidden(signup.html), signup.html.includes(`href="/console/login?${onTo}"`)]).toEqual([
      "/console/join",
      true,
    ]);
    const wrong = await person.post("/console/signup", { username: name(), password: "iloveyou", to: "/console/join" });
    expect([wrong.status, hidden(wrong.html)]).toEqual([400, "/console/join"]);
    const pin = await person.post("/console/signup", { username: name(), password: goodPassword, to: "/console/join" });
    expect([hidden(pin.html), pin.html.includes(`href="/console/signup?${onTo}"`)]).toEqual(["/console/join", true]);
    const inside = await confirmed(person, pin.html, "/console/join");
    expect([inside.status, inside.place]).toEqual([303, "/console/join"]);
    const owner = await signedIn(w, w.a);
    const made = await owner.post("/console/members/invite", { role: "office" });
    const token = /\/console\/join#[\w-]+/.exec(made.html)?.[0] ?? "";
    await person.get(inside.place);
    expect((await person.post("/console/join", { token })).place).toContain("note=joined-");
  });

  test.each([
    "https://evil.example/",
    "//evil.example/console/join",
    "/\\evil.example",
    "/v1/identity/me",
    "/console/joinery/..//x",
  ])("leads nobody to %j after signing up", async (to) => {
    const person = visitor(w);
    expect(hidden((await person.get(`/console/signup?to=${encodeURIComponent(to)}`)).html)).toMatch(/^\/console(\/|$)/);
    const pin = await person.post("/console/signup", { username: name(), password: goodPassword, to });
    expect(hidden(pin.html)).not.toContain("evil");
    expect((await confirmed(person, pin.html, to)).place).toBe("/console/join");
  });

  test("a form that is sent twice from one page makes one project", async () => {
    const person = visitor(w);
    const pin = await person.post("/console/signup", { username: name(), password: goodPassword });
    await confirmed(person, pin.html, "");
    const page = await person.get("/console/join");
    const once = /name="once" value="([^"]+)"/.exec(page.html)?.[1] ?? "";
    const business = `Twice ${w.a.accountId}`;
    for (const _ of [1, 2])
      expect((await person.post("/console/projects", { name: business, once })).place).toContain("note=project_made-");
    const rows = await w.neon.query("select count(*)::int as n from identity.projects where name = $1", [business]);
    expect([once.length, rows]).toEqual([36, [{ n: 1 }]]);
  });
});
