/** Who may speak at Chatwoot's door, and how long we believe what we remember of him. */
import { beforeAll, describe, expect, it } from "vitest";
import { bodyLimit } from "#gateway/hooks/chatwoot.ts";
import { type Tenant, testSecrets, type World, world } from "#test/kit/world.ts";
import { count, hear, heard, message, rows, signature, talk } from "./chatwoot.ts";

let w: World;
let a: Tenant;
beforeAll(async () => {
  w = await world();
  a = w.a;
});

const problem = async (answer: Response) => {
  expect(answer.headers.get("content-type")).toContain("application/problem+json");
  return { status: answer.status, code: ((await answer.json()) as { code: string }).code };
};
const requests = (answer: Response) => Number(/requests=(\d+)/.exec(answer.headers.get("server-timing") ?? "")?.[1]);

describe("the door", () => {
  it("does not know a source that is not there, and stores nothing", async () => {
    const before = await w.neon.query("select count(*) as n from inbox.deliveries");
    for (const source of ["src_00000000000000000000000000", "nothing", "src_'; drop table x"]) {
      const answer = await hear(w, a, message(talk(a)), { source: encodeURIComponent(source) });
      expect(await problem(answer)).toEqual({ status: 404, code: "source_unknown" });
    }
    expect(await w.neon.query("select count(*) as n from inbox.deliveries")).toEqual(before);
  });

  it("refuses what is not signed with the source's secret, byte for byte", async () => {
    const payload = message(talk(a));
    const body = JSON.stringify(payload);
    const at = String(Math.floor(w.clock.now().getTime() / 1000));
    const right = signature(a.source.secret, at, body);
    const none = { "x-chatwoot-signature": "" };
    expect(await problem(await hear(w, a, payload, { headers: none }))).toEqual({
      status: 401,
      code: "signature_required",
    });
    const wrong = [
      signature("another secret", at, body),
      signature(w.b.source.secret, at, body),
      right.replace(/.$/, (x) => (x === "0" ? "1" : "0")),
      right.toUpperCase(),
      right.slice(7),
      right.slice(0, -2),
      signature(a.source.secret, String(Number(at) - 1), body),
      signature(a.source.secret, at, `${body} `),
    ];
    for (const header of wrong) {
      const answer = await hear(w, a, body, { headers: { "x-chatwoot-signature": header } });
      expect(answer.status, header).toBe(401);
    }
    expect(await count(w, a, "inbox.deliveries")).toBe(0);
    expect((await hear(w, a, body, { headers: { "x-chatwoot-signature": right } })).status).toBe(200);
  });

  it("believes a timestamp for 300 seconds, either way", async () => {
    const shifted = (seconds: number) => ({ at: new Date(w.clock.now().getTime() + seconds * 1000) });
    for (const seconds of [-301, 301, -86_400]) {
      const answer = await hear(w, a, message(talk(a)), shifted(seconds));
      expect(await problem(answer)).toEqual({ status: 401, code: "timestamp_outside_window" });
    }
    for (const seconds of [-300, 300, 0]) expect(await heard(w, a, message(talk(a)), shifted(seconds))).toBe("stored");
    const odd = await hear(w, a, message(talk(a)), { headers: { "x-chatwoot-timestamp": "yesterday" } });
    expect(await problem(odd)).toEqual({ status: 401, code: "signature_required" });
  });

  it("reads bodies up to a megabyte, and says what is wrong with others", async () => {
    const huge = message(talk(a), { content: "x".repeat(bodyLimit) });
    expect(await problem(await hear(w, a, huge))).toEqual({ status: 413, code: "body_too_large" });
    expect(await problem(await hear(w, a, "{ not json"))).toEqual({ status: 400, code: "invalid_json" });
    expect(await problem(await hear(w, a, ""))).toEqual({ status: 400, code: "invalid_json" });
    for (const shape of [
      "[]",
      "null",
      "7",
      '"text"',
      "{}",
      '{"event":7}',
      '{"event":""}',
      `${"[".repeat(5000)}${"]".repeat(5000)}`,
    ]) {
      expect(await problem(await hear(w, a, shape)), shape.slice(0, 20)).toEqual({
        status: 400,
        code: "invalid_payload",
      });
    }
  });

  it("answers other methods with what it takes", async () => {
    const answer = await w.fetch(`/v1/hooks/chatwoot/${a.source.id}`);
    expect(answer.headers.get("allow")).toBe("POST");
    expect(await problem(answer as Response)).toEqual({ status: 405, code: "method_not_allowed" });
  });

  it("takes unsigned webhooks only where the source says that its sender cannot sign", async () => {
    const bare = { headers: { "x-chatwoot-signature": "", "x-chatwoot-timestamp": "", "x-chatwoot-delivery": "" } };
    const old = (await world()).a;
    expect((await hear(w, old, message(talk(old)), bare)).status).toBe(401);
    await w.neon.query(
      "update identity.project_sources set signed = false, secret_sealed = null, secret_version = secret_version + 1 where id = $1",
      [old.source.id],
    );
    w.clock.advance(61_000);
    const payload = message(talk(old));
    expect(await heard(w, old, payload, bare)).toBe("stored");
    // No delivery id to tell repeats by: the content tells.
    expect(await heard(w, old, payload, bare)).toBe("duplicate");
    const [kept] = await rows(w, old, "select heard_at from inbox.cw_messages where project_id = $1");
    expect(new Date(String(kept?.["heard_at"])).getTime()).toBe(w.clock.now().getTime());
  });
});

describe("a remembered source", () => {
  const rotate = async (tenant: Tenant, secret: string) => {
    const place = {
      table: "identity.project_sources",
      column: "secret_sealed",
      row: tenant.source.id,
      project: tenant.project,
    };
    await w.neon.query(
      "update identity.project_sources set secret_sealed = $2, secret_version = secret_version + 1 where id = $1",
      [tenant.source.id, await testSecrets.seal(secret, place)],
    );
  };

  it("is read again at once when its secret has changed, and the old secret is good for nothing", async () => {
    const t = (await world()).a;
    expect(await heard(w, t, message(talk(t)))).toBe("stored");
    await rotate(t, "the next secret 0001");
    // Signed with the remembered secret, which is no longer the source's.
    const stale = await hear(w, t, message(talk(t)));
    expect(stale.status).toBe(401);
    w.clock.advance(6_000);
    const answer = await hear(w, t, message(talk(t)), { secret: "the next secret 0001" });
    expect([answer.status, requests(answer)]).toEqual([200, 1]);
    expect(await count(w, t, "inbox.cw_messages")).toBe(2);
  });

  it("is read again once for a signature it does not know, but not for every forgery", async () => {
    const t = (await world()).a;
    await heard(w, t, message(talk(t)));
    w.clock.advance(6_000);
    await rotate(t, "the next secret 0002");
    const answer = await hear(w, t, message(talk(t)), { secret: "the next secret 0002" });
    expect([answer.status, requests(answer)]).toEqual([200, 2]);
    const before = (await w.neon.stats()).requests;
    for (let i = 0; i < 10; i++)
      expect((await hear(w, t, message(talk(t)), { secret: "a forger's guess" })).status).toBe(401);
    expect((await w.neon.stats()).requests).toBe(before);
  });

  it("is re-read within the answer when only its version has moved on", async () => {
    const t = (await world()).a;
    await heard(w, t, message(talk(t)));
    await w.neon.query("update identity.project_sources set secret_version = secret_version + 1 where id = $1", [
      t.source.id,
    ]);
    const answer = await hear(w, t, message(talk(t)));
    expect([answer.status, requests(answer)]).toEqual([200, 3]);
    const next = await hear(w, t, message(talk(t)));
    expect([next.status, requests(next)]).toEqual([200, 1]);
  });

  it("is gone when it was switched off, whatever an isolate remembers", async () => {
    const t = (await world()).a;
    await heard(w, t, message(talk(t)));
    await w.neon.query("update identity.project_sources set disabled_at = now() - interval '1 day' where id = $1", [
      t.source.id,
    ]);
    expect(await problem(await hear(w, t, message(talk(t))))).toEqual({ status: 404, code: "source_unknown" });
    expect(await count(w, t, "inbox.cw_messages")).toBe(1);
  });
});
