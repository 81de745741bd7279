// One's own password in the console, without a script: asked for again before a critical act, and changed.
import { expect, test } from "vitest";
import { password, world } from "#test/kit/world.ts";
import { signedIn, textOf, visitor } from "./visitor.ts";

const half = 30 * 60_000;
const form = { name: "Van", "may shared:read": "on", once: "x" };

test("an old sign-in is told so, sent to give the password, and back to where it was; then the form works", async () => {
  const w = await world();
  const person = await signedIn(w, w.a);
  expect((await person.get("/console/keys")).html).not.toContain("/console/confirm");
  w.clock.advance(half + 1000);
  for (const path of ["/console/keys", "/console/sources", "/console/members"]) {
    const page = await person.get(path);
    expect([path, page.status, textOf(page.html)]).toEqual([
      path,
      200,
      expect.stringContaining("You signed in a while ago."),
    ]);
    expect(page.html).toContain(`/console/confirm?to=${encodeURIComponent(path)}`);
  }
  const sent = await person.post("/console/keys", form);
  expect([sent.status, sent.place]).toEqual([303, "/console/confirm?to=%2Fconsole%2Fkeys"]);
  const asked = await person.get(sent.place);
  expect(textOf(asked.html)).toContain(`What you want to do now is for ${w.a.username} alone.`);

  const wrong = await person.post("/console/confirm", { to: "/console/keys", password: "not it" });
  expect([wrong.status, textOf(wrong.html)]).toEqual([400, expect.stringContaining("That is not your password.")]);
  const before = person.cookie();
  const right = await person.post("/console/confirm", { to: "/console/keys", password });
  expect([right.status, right.place]).toEqual([303, expect.stringMatching(/^\/console\/keys\?note=confirmed/)]);
  expect(person.cookie()).not.toBe(before);
  const back = await person.get(right.place);
  expect(textOf(back.html)).toContain("For half an hour you will not be asked again.");
  expect((await person.post("/console/keys", form)).html).toMatch(/omn_live_/);
});

test("forms further down send to their list's page, and nobody is sent outside the console", async () => {
  const w = await world();
  const person = await signedIn(w, w.a);
  w.clock.advance(half + 1000);
  for (const [path, place] of [
    [`/console/sources/${w.a.source.id}/secret`, "/console/sources"],
    ["/console/sources", "/console/sources"],
    ["/console/members/mem_none/disable", "/console/members"],
    ["/console/members/invite", "/console/members"],
  ] as const) {
    const { status, place: to } = await person.post(path, {
      once: path,
      role: "office",
      kind: "chatwoot_account",
      external_id: "1",
    });
    expect([path, status, to]).toEqual([path, 303, `/console/confirm?to=${encodeURIComponent(place)}`]);
  }
  await person.get("/console");
  for (const to of ["https://evil.example", "//evil.example", "/v1/identity/me", "/console/login"]) {
    const page = await person.get(`/console/confirm?to=${encodeURIComponent(to)}`);
    expect(page.html).toContain('name="to" value="/console"');
    const { place } = await person.post("/console/confirm", { to, password });
    expect(place).toMatch(/^\/console\?note=confirmed/);
    await person.get("/console");
  }
  const stranger = visitor(w);
  expect((await stranger.get("/console/confirm")).place).toMatch(/^\/console\/login/);
  expect((await stranger.post("/console/confirm", { password })).place).toMatch(/^\/console\/login/);
  expect((await person.post("/console/confirm", { password, csrf: "wrong" })).status).toBe(403);
});

test("the password is changed on its page; other browsers are signed out, what was wrong is said on the page", async () => {
  const w = await world();
  const person = await signedIn(w, w.a);
  const elsewhere = await signedIn(w, w.a);
  const page = await person.get("/console/password");
  // Managers fill in and suggest, and nothing is cut off in silence.
  for (const part of ['autocomplete="current-password"', 'autocomplete="new-password"', 'autocomplete="username"'])
    expect(page.html).toContain(part);
  expect(page.html.match(/type="password"/g)).toHaveLength(2);
  expect(page.html).not.toMatch(/maxlength|onpaste/);

  const change = (current: string, next: string) =>
    person.post("/console/password", { current_password: current, new_password: next });
  for (const [current, next, said] of [
    ["not it", "nine herons over the fjord", "That is not your password."],
    [password, "short", "A password has 8 to 128 characters."],
    [password, "x".repeat(129), "A password has 8 to 128 characters."],
    [password, "password1", "This password is among the first that others would try."],
  ] as const) {
    const refused = await change(current, next);
    expect([refused.status, textOf(refused.html)]).toEqual([400, expect.stringContaining(said)]);
    expect(refused.html).not.toContain(next);
  }
  const done = await change(password, "nine herons over the fjord");
  expect([done.status, done.place]).toEqual([303, expect.stringMatching(/^\/console\?note=password_changed/)]);
  expect(textOf((await person.get(done.place)).html)).toContain("you are signed out everywhere else");
  expect((await elsewhere.get("/console")).place).toMatch(/^\/console\/login/);
  const anew = visitor(w);
  expect((await anew.post("/console/login", { username: w.a.username, password })).status).toBe(401);
  expect((await anew.signIn(w.a, { password: "nine herons over the fjord" })).status).toBe(303);
});

test("guesses on either page run out, and the page says for how long", async () => {
  const w = await world();
  const person = await signedIn(w, w.a);
  for (let i = 0; i < 10; i++) await person.post("/console/confirm", { password: "wrong" });
  const next = { current_password: password, new_password: "nine herons over the fjord" };
  const refused = await person.post("/console/password", next);
  expect([refused.status, textOf(refused.html)]).toEqual([
    429,
    expect.stringMatching(/Too many tries\. Wait \d+ minutes?/),
  ]);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
});
