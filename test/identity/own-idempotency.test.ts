// What a person does for himself, asked twice: one effect and one answer, whatever project he is in by then.
import { beforeAll, describe, expect, test } from "vitest";
import { secretsFrom } from "#providers/secrets.ts";
import { password, testSecrets, type World, world } from "#test/kit/world.ts";
import { bound, fresh, invited, joined, outcome, type Session, signIn, withSession } from "./joining.ts";

let w: World;
let owner: Session;
let count = 0;
const name = () => `twice-${w.a.accountId}-${++count}`;

beforeAll(async () => {
  w = await world();
  await bound(w, password);
  owner = await signIn(w, { username: w.a.username, password });
});

const send = (who: Session, path: string, sent: { key: string; json?: unknown }) =>
  w.fetch(path, { json: sent.json ?? {}, headers: { ...withSession(who), "idempotency-key": sent.key } });

const textsOf = async (...answers: Response[]) => Promise.all(answers.map(async (a) => [a.status, await a.text()]));

const projectsOf = async (who: Session) =>
  ((await (await w.fetch("/v1/identity/me", { headers: { cookie: who.cookie } })).json()) as { projects: unknown[] })
    .projects.length;

describe("a repeated request of a person", () => {
  test("makes one project, with the same bytes, though he works in another by now; other words are a 422", async () => {
    const karen = await joined(w, name());
    const make = (json: unknown) => send(karen, "/v1/identity/projects", { key: "one-project", json });
    const first = await make({ name: "Fjordservice" });
    const second = await make({ name: "Fjordservice" });
    expect(second.headers.get("idempotent-replayed")).toBe("true");
    const [a, b] = await textsOf(first, second);
    expect([a?.[0], b]).toEqual([201, a]);
    expect(await projectsOf(karen)).toBe(1);
    expect(await outcome(await make({ name: "Another" }))).toEqual([422, "idempotency_key_reused"]);
    w.clock.advance(25 * 3_600_000);
    expect((await make({ name: "Fjordservice" })).status).toBe(201);
    expect(await projectsOf(karen)).toBe(2);
  });

  test("takes an invitation once and is told so again, though the invitation opens nothing any more", async () => {
    owner = await signIn(w, { username: w.a.username, password });
    const { token } = await invited(w, owner, "technician");
    const karen = await joined(w, name());
    const take = (who: Session) => send(who, "/v1/identity/invitations/accept", { key: "join", json: { token } });
    const [a, b] = await textsOf(await take(karen), await take(karen));
    expect([a?.[0], b]).toEqual([200, a]);
    const other = await joined(w, name());
    expect(await outcome(await take(other))).toEqual([404, "invitation_unknown"]);
    const anew = await send(karen, "/v1/identity/invitations/accept", { key: "again", json: { token } });
    expect(await outcome(anew)).toEqual([404, "invitation_unknown"]);
  });

  test("ends other sessions once: one opened since is not ended by the repetition", async () => {
    const login = { username: w.b.username, password };
    const [here] = [await signIn(w, login), await signIn(w, login)];
    const end = () => send(here, "/v1/identity/sessions/end-others", { key: "end" });
    expect(await (await end()).json()).toEqual({ ended: 1 });
    const later = await signIn(w, login);
    expect(await (await end()).json()).toEqual({ ended: 1 });
    expect((await w.fetch("/v1/identity/me", { headers: { cookie: later.cookie } })).status).toBe(200);
  });

  test("shows the same bind code, and leaves it the one that counts", async () => {
    const make = (key: string) => send(owner, "/v1/identity/telegram/code", { key });
    const [a, b, c] = await textsOf(await make("code"), await make("code"), await make("another"));
    expect([a?.[0], b]).toEqual([200, a]);
    expect(c).not.toEqual(a);
  });

  test("is his alone: the same key of another person is another request", async () => {
    const [karen, mette] = [await joined(w, name()), await joined(w, name())];
    for (const who of [karen, mette]) {
      const made = await send(who, "/v1/identity/projects", { key: "common", json: { name: "Own" } });
      expect([made.status, made.headers.get("idempotent-replayed")]).toEqual([201, null]);
    }
    const kept = await w.neon.query(
      "select count(distinct user_id)::int as n from identity.user_idempotency_keys where idempotency_key = 'common'",
    );
    expect(kept).toEqual([{ n: 2 }]);
  });
});

describe("a secret that was shown once", () => {
  const ring = (id: string, letter: string) => `${id}:${btoa(letter.repeat(32))}`;
  const old = `t1:${btoa("0123456789abcdef0123456789abcdef")}`;
  const routes = () =>
    [
      ["api key", "/v1/identity/api-keys", { name: "Twice", permissions: ["identity:read"] }],
      ["invitation", "/v1/identity/invitations", { role: "technician" }],
      ["webhook secret", `/v1/identity/sources/${w.a.source.id}/rotate-secret`, {}],
    ] as const;

  test("is the same while the key it was made with is configured, and not shown at all afterwards", async () => {
    w.runtime.ports.secrets = testSecrets;
    for (const [what, path, json] of routes()) {
      const { "idempotency-key": key } = fresh();
      const ask = () => w.fetch(path, { key: w.a.apiKey, json, headers: { "idempotency-key": key } });
      const [first] = await textsOf(await ask());
      w.runtime.ports.secrets = secretsFrom(`${ring("t2", "b")},${old}`);
      expect([what, ...(await textsOf(await ask()))]).toEqual([what, first]);
      w.runtime.ports.secrets = secretsFrom(ring("t2", "b"));
      expect([what, ...(await outcome(await ask()))]).toEqual([what, 409, "secret_not_shown_again"]);
      w.runtime.ports.secrets = testSecrets;
    }
  });

  test("of a rotated API key still opens after the server's key has changed", async () => {
    const json = { name: "Opens", permissions: ["identity:read"] };
    const ask = () =>
      w.fetch("/v1/identity/api-keys", { key: w.a.apiKey, json, headers: { "idempotency-key": "opens" } });
    const { id } = (await (await ask()).json()) as { id: string };
    w.runtime.ports.secrets = secretsFrom(`${ring("t2", "b")},${old}`);
    const rotated = await w.fetch(`/v1/identity/api-keys/${id}/rotate`, {
      key: w.a.apiKey,
      json: {},
      headers: fresh(),
    });
    const { key } = (await (await ask()).json()) as { key: string };
    const { key: heir } = (await rotated.json()) as { key: string };
    for (const text of [key, heir]) expect((await w.fetch("/v1/identity/members", { key: text })).status).toBe(200);
    w.runtime.ports.secrets = testSecrets;
  });
});
