// Keys, sources and the audit trail as an owner meets them in the console, without a script.
import { expect, test } from "vitest";
import { heard, message, talk } from "#test/inbox/chatwoot.ts";
import { deliver } from "#test/kit/jobs.ts";
import { type World, world } from "#test/kit/world.ts";
import { signedIn, textOf, type Visitor } from "./visitor.ts";

const onceIn = (html: string) => /name="once" value="([^"]+)"/.exec(html)?.[1] ?? "";
const keyIn = (html: string) => /omn_live_[0-9a-zA-Z_]+/.exec(html)?.[0] ?? "";
const keysOf = (w: World) =>
  w.neon.query(
    "select id, name, replaced_by, revoked_at from identity.api_keys where project_id = $1 and name = 'Van'",
    [w.a.project],
  );

async function make(person: Visitor) {
  const { html } = await person.get("/console/keys");
  const form = { name: "Van", "may shared:read": "on", days: "30", rate_limit: "60", once: onceIn(html) };
  return { form, page: await person.post("/console/keys", form) };
}

test("a key is made, shown this once and works; sent twice it is made once", async () => {
  const w = await world();
  const person = await signedIn(w, w.a);
  const { form, page } = await make(person);
  const key = keyIn(page.html);
  expect([page.status, page.headers.get("cache-control")]).toEqual([200, "no-store"]);
  expect((await w.fetch("/v1/shared/events", { key })).status).toBe(200);
  expect((await w.fetch("/v1/identity/sources", { key })).status).toBe(403);
  expect(keyIn((await person.post("/console/keys", form)).html)).toBe(key);
  expect(await keysOf(w)).toHaveLength(1);
  const { html } = await person.get("/console/keys");
  expect(html).not.toContain("omn_live_");
  expect(textOf(html)).toMatch(/Van Works shared:read/);
  expect(textOf(html)).toContain("60 a minute");
});

test("a key is rotated and revoked from its row", async () => {
  const w = await world();
  const person = await signedIn(w, w.a);
  const old = keyIn((await make(person)).page.html);
  const id = String((await keysOf(w))[0]?.["id"]);
  const rotated = await person.post(`/console/keys/${id}/rotate`, { overlap: "day", once: "rotate" });
  const next = keyIn(rotated.html);
  for (const key of [old, next]) expect((await w.fetch("/v1/shared/events", { key })).status).toBe(200);
  expect(textOf(rotated.html)).toContain("Replaced, works until then");
  const heir = String((await keysOf(w)).find((row) => row["id"] !== id)?.["id"]);
  const revoked = await person.post(`/console/keys/${heir}/revoke`, { once: "revoke" });
  expect([revoked.status, revoked.place]).toEqual([303, expect.stringMatching(/^\/console\/keys\?note=key_revoked/)]);
  expect((await w.fetch("/v1/shared/events", { key: next })).status).toBe(401);
});

test("a source shows its address, proves itself with a test event, and gets a new secret", async () => {
  const w = await world();
  const person = await signedIn(w, w.a);
  expect(textOf((await person.get("/console/sources")).html)).toContain(`/v1/hooks/chatwoot/${w.a.source.id}`);
  const test = () => person.post(`/console/sources/${w.a.source.id}/test`, {});
  expect(textOf((await test()).html)).toContain("The test event arrived, its signature is right.");
  const page = await person.post(`/console/sources/${w.a.source.id}/secret`, { once: "secret" });
  const secret = /class="hook">([A-Za-z0-9_-]{43})</.exec(page.html)?.[1] ?? "";
  expect(await heard(w, w.a, message(talk(w.a)), { secret })).toBe("stored");
  expect(textOf((await test()).html)).toContain("its signature is right");
  await w.neon.query("update identity.project_sources set secret_sealed = 'v1.t1.AAAA.AAAA' where id = $1", [
    w.a.source.id,
  ]);
  expect(textOf((await test()).html)).toContain("The test event was refused: Secret unreadable.");
});

test("the audit trail lists acts, and says whether its chain holds", async () => {
  const w = await world();
  const person = await signedIn(w, w.a);
  await make(person);
  await deliver(w, "shared.audit.seal", { project: w.a.project });
  const { html } = await person.get("/console/audit?verify=1");
  expect(textOf(html)).toContain("The chain holds: 1 act under 1 seal, 0 acts not yet sealed.");
  expect(textOf(html)).toContain("identity.api_key.created Person");
  await w.neon.exec(
    `alter table shared.audit_events disable trigger user; update shared.audit_events set actor = 'user:other' where project_id = '${w.a.project}'; alter table shared.audit_events enable trigger user`,
  );
  expect(textOf((await person.get("/console/audit?verify=1")).html)).toMatch(
    /The chain is broken at seal 1: aud_\w+ was changed\./,
  );
});

test("nothing changes without the form's proof, from another site, for another tenant's row, or beyond one's role", async () => {
  const w = await world();
  const person = await signedIn(w, w.a);
  const form = { name: "Van", "may shared:read": "on", once: "x" };
  expect((await person.post("/console/keys", { ...form, csrf: "wrong" })).status).toBe(403);
  expect((await person.post("/console/keys", form, { origin: "https://evil.example" })).status).toBe(403);
  for (const act of ["secret", "test"]) {
    expect((await person.post(`/console/sources/${w.b.source.id}/${act}`, { once: act })).status).toBe(404);
  }
  expect(
    (await w.neon.query("select secret_version from identity.project_sources where id = $1", [w.b.source.id]))[0],
  ).toEqual({
    secret_version: 1,
  });
  await w.neon.query("update identity.memberships set role = 'technician' where user_id = $1", [w.a.user]);
  for (const path of ["/console/keys", "/console/sources", "/console/audit"])
    expect((await person.get(path)).status).toBe(403);
  expect((await person.post("/console/keys", form)).status).toBe(403);
  expect(await keysOf(w)).toEqual([]);
  expect((await person.get("/console")).html).not.toContain("/console/keys");
});

test("each of these pages is one request to the database", async () => {
  const w = await world();
  const person = await signedIn(w, w.a);
  for (const path of ["/console/keys", "/console/sources", "/console/audit", "/console/audit?verify=1"]) {
    w.neon.resetStats();
    expect([path, (await person.get(path)).status, w.neon.stats().requests]).toEqual([path, 200, 1]);
  }
});
