// Critical acts of a person want a password given lately: who found an open browser cannot make himself a key.
import { beforeEach, describe, expect, test } from "vitest";
import { recentSeconds } from "#brain/kernel/verb.ts";
import { registry } from "#brain/registry.ts";
import { password, type World, world } from "#test/kit/world.ts";

type Signed = { cookie: string; "x-csrf-token": string };

let w: World;
let headers: Signed;
let sent = 0;

async function sessionIn(answer: Response): Promise<Signed> {
  const { csrf_token } = (await answer.json()) as { csrf_token: string };
  return { cookie: (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "", "x-csrf-token": csrf_token };
}

const post = (path: string, json: unknown, by: Signed = headers) => {
  sent += 1;
  return w.fetch(path, { json, headers: { ...by, "idempotency-key": `again-${process.pid}-${sent}` } });
};
const outcome = async (answer: Response) => {
  const { code } = (await answer.json()) as { code?: string };
  return code ? [answer.status, code] : answer.status;
};
const asked = [403, "reauthentication_required"];
const makeKey = () => post("/v1/identity/api-keys", { name: "Van", permissions: ["shared:read"] });
const confirm = (typed: string) => post("/v1/identity/password/confirm", { password: typed });

beforeEach(async () => {
  w = await world();
  headers = await sessionIn(await w.fetch("/v1/identity/login", { json: { username: w.a.username, password } }));
});

test("half an hour after signing in a key is not made; with the password given again it is, for half an hour", async () => {
  w.clock.advance(recentSeconds * 1000);
  expect(await outcome(await makeKey())).toBe(201);
  w.clock.advance(1000);
  const refused = await makeKey();
  expect(await refused.clone().json()).toMatchObject({
    detail: expect.stringContaining("/v1/identity/password/confirm"),
  });
  expect(await outcome(refused)).toEqual(asked);
  expect((await w.fetch("/v1/identity/api-keys", { headers })).status).toBe(200);

  expect(await outcome(await confirm("not it"))).toEqual([400, "password_wrong"]);
  expect(await outcome(await makeKey())).toEqual(asked);
  const before = headers;
  headers = await sessionIn(await confirm(password));
  expect(headers.cookie).not.toBe(before.cookie);
  expect(await outcome(await makeKey())).toBe(201);
  // The id from before is worth nothing, and the person works where he worked.
  expect((await w.fetch("/v1/identity/me", { headers: before })).status).toBe(401);
  expect(await (await w.fetch("/v1/identity/me", { headers })).json()).toMatchObject({ project: w.a.project });
  w.clock.advance(recentSeconds * 1000 + 1000);
  expect(await outcome(await makeKey())).toEqual(asked);
});

test("the project one works in stays chosen", async () => {
  const made = await post("/v1/identity/projects", { name: "Another" });
  const { id } = (await made.json()) as { id: string };
  headers = await sessionIn(await confirm(password));
  expect(await (await w.fetch("/v1/identity/me", { headers })).json()).toMatchObject({ project: id });
});

describe("the critical acts", () => {
  const critical: Record<string, () => [path: string, json: object]> = {
    "identity.api_keys.create": () => ["/v1/identity/api-keys", { name: "Van", permissions: ["shared:read"] }],
    "identity.api_keys.rotate": () => ["/v1/identity/api-keys/key_none/rotate", {}],
    "identity.sources.bind": () => ["/v1/identity/sources", { kind: "chatwoot_account", external_id: "1" }],
    "identity.sources.connect": () => [
      `/v1/identity/sources/${w.a.source.id}/connect`,
      { api_url: "https://chat.example", api_token: "a-token-of-chatwoot" },
    ],
    "identity.sources.rotate_secret": () => [`/v1/identity/sources/${w.a.source.id}/rotate-secret`, {}],
    "identity.members.disable": () => ["/v1/identity/members/mem_none/disable", {}],
    "identity.members.change_role": () => ["/v1/identity/members/mem_none/role", { role: "owner" }],
    "identity.invitations.create": () => ["/v1/identity/invitations", { role: "owner" }],
    "identity.telegram.code": () => ["/v1/identity/telegram/code", {}],
  };

  test("are these", () => {
    const declared = registry.filter((verb) => verb.proof === "recent").map((verb) => verb.name);
    expect(declared.filter((name) => name.startsWith("identity.")).toSorted()).toEqual(
      Object.keys(critical).toSorted(),
    );
  });

  test.each(Object.keys(critical))("%s asks again, and says so before it tells anything else", async (name) => {
    w.clock.advance(recentSeconds * 1000 + 1000);
    const [path, json] = critical[name]?.() ?? ["", {}];
    expect(await outcome(await post(path, json))).toEqual(asked);
  });

  test("a key has no password to give again; who lacks the permission is told that", async () => {
    w.clock.advance(recentSeconds * 1000 + 1000);
    const json = { name: "Van", permissions: ["shared:read"] };
    const byKey = (key: string) =>
      w.fetch("/v1/identity/api-keys", { json, key, headers: { "idempotency-key": `k${key.slice(-6)}` } });
    expect([(await byKey(w.a.apiKey)).status, (await byKey(w.a.readKey)).status]).toEqual([201, 403]);
    await w.neon.query("update identity.memberships set role = 'technician' where user_id = $1", [w.a.user]);
    expect(await outcome(await makeKey())).toEqual([403, "permission_missing"]);
  });
});
