// The door for QStash: who may come in, and what each answer tells it to do next.
import { createHmac } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { signDelivery } from "#local/qstash/jwt.ts";
import { database } from "#test/kit/database.ts";
import { deliver } from "#test/kit/jobs.ts";
import { publicUrl, signingKeys, type World, world } from "#test/kit/world.ts";

const url = `${publicUrl}/jobs/shared.sweep`;

type Forged = { key?: string; url?: string; signedBody?: string; now?: Date };

const tokenFor = (body: string, { key = signingKeys.current, now = new Date(), ...forged }: Forged = {}) =>
  signDelivery(key, { url: forged.url ?? url, body: Buffer.from(forged.signedBody ?? body), now, id: "jwt_1" });

const send = (w: World, body: string | Uint8Array<ArrayBuffer>, token?: string) =>
  w.fetch("/jobs/shared.sweep", {
    method: "POST",
    headers: token === undefined ? {} : { "upstash-signature": token },
    body,
  });

const goodBody = (w: World) => JSON.stringify({ project: w.a.project, id: "obx_1" });

async function expectRefused(w: World, answer: Response) {
  expect(answer.status).toBe(401);
  expect(((await answer.json()) as { code: string }).code).toBe("signature_invalid");
  expect(w.neon.stats().requests).toBe(0);
}

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token with other claims or another header, correctly signed. */
function token(w: World, change: { header?: object; claims?: Record<string, unknown> }): string {
  const [, payload = ""] = tokenFor(goodBody(w)).split(".");
  const claims = { ...(JSON.parse(Buffer.from(payload, "base64url").toString()) as object), ...change.claims };
  const text = `${base64url({ alg: "HS256", typ: "JWT", ...change.header })}.${base64url(claims)}`;
  return `${text}.${createHmac("sha256", signingKeys.current).update(text).digest("base64url")}`;
}

// The first to ask starts the database.
beforeAll(async () => void (await database()));

describe("a delivery is refused with 401, before the database is asked,", () => {
  const cases: [string, (w: World) => Promise<Response>][] = [
    ["without a signature", (w) => send(w, goodBody(w))],
    ["with an empty one", (w) => send(w, goodBody(w), "")],
    ["with one that is no token", (w) => send(w, goodBody(w), "abc.def.ghi")],
    ["signed with a stranger's key", (w) => send(w, goodBody(w), tokenFor(goodBody(w), { key: "sig_stranger" }))],
    ["with a body that was altered", (w) => send(w, goodBody(w), tokenFor(goodBody(w), { signedBody: "{}" }))],
    ["with one space more", (w) => send(w, `${goodBody(w)} `, tokenFor(goodBody(w)))],
    ["with a byte order mark before it", (w) => send(w, `\ufeff${goodBody(w)}`, tokenFor(goodBody(w)))],
    [
      "with bytes that are no UTF-8",
      (w) => send(w, Uint8Array.of(0xff, 0xfe), tokenFor("\ufffd\ufffd", { signedBody: "x" })),
    ],
    [
      "signed for another job",
      (w) => send(w, goodBody(w), tokenFor(goodBody(w), { url: `${publicUrl}/jobs/shared.tick` })),
    ],
    [
      "signed for another host",
      (w) => send(w, goodBody(w), tokenFor(goodBody(w), { url: "https://other.example/jobs/shared.sweep" })),
    ],
    ["ten minutes old", (w) => send(w, goodBody(w), tokenFor(goodBody(w), { now: new Date(Date.now() - 600_000) }))],
    ["from the future", (w) => send(w, goodBody(w), tokenFor(goodBody(w), { now: new Date(Date.now() + 600_000) }))],
    ["without an end", (w) => send(w, goodBody(w), token(w, { claims: { exp: undefined } }))],
    ["by another issuer", (w) => send(w, goodBody(w), token(w, { claims: { iss: "Somebody" } }))],
    ["with an algorithm of its own choice", (w) => send(w, goodBody(w), token(w, { header: { alg: "none" } }))],
  ];
  test.each(cases)("%s", async (_, attempt) => {
    const w = await world();
    w.neon.resetStats();
    await expectRefused(w, await attempt(w));
  });

  test("with the keys that everybody knows, even if they were configured", async () => {
    const w = await world();
    const key = "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r";
    w.runtime.signingKeys = { current: key, next: signingKeys.next };
    w.neon.resetStats();
    await expectRefused(w, await send(w, goodBody(w), tokenFor(goodBody(w), { key })));
  });
});

describe("a delivery is carried out", () => {
  test("signed with the current key, or with the next one", async () => {
    const w = await world();
    for (const key of [signingKeys.current, signingKeys.next]) {
      const answer = await send(w, goodBody(w), tokenFor(goodBody(w), { key }));
      expect([answer.status, await answer.json()]).toEqual([200, { published: 0 }]);
    }
  });
});

describe("what QStash is told", () => {
  const final = (answer: Response) => [answer.status, answer.headers.get("upstash-nonretryable-error")];

  test.each([
    ["{"],
    ["[1]"],
    ['"text"'],
    ['{"project": "not-a-uuid"}'],
    ['{"project": 7}'],
    ["{}"],
    ['{"a": "\\u0000"}'],
  ])("malformed for good, 489: %s", async (body) => {
    const w = await world();
    w.neon.resetStats();
    const answer = await send(w, body, tokenFor(body));
    expect(final(answer)).toEqual([489, "true"]);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(w.neon.stats().requests).toBe(0);
  });

  test("a project that is nowhere is final too", async () => {
    const w = await world();
    const answer = await deliver(w, "shared.sweep", { project: "00000000-0000-7000-8000-000000000000" });
    expect(final(answer)).toEqual([489, "true"]);
  });

  test("a job that only a newer version knows shall come again", async () => {
    const w = await world();
    const answer = await deliver(w, "memory.invent", { project: w.a.project });
    expect(final(answer)).toEqual([503, null]);
  });

  test("a verb without a job door is as unknown as one that does not exist", async () => {
    const w = await world();
    expect((await deliver(w, "memory.status", { project: w.a.project })).status).toBe(503);
  });

  test("a database that cannot be reached, or fails, is worth another try", async () => {
    const w = await world();
    w.neon.faults.next({ kind: "before" });
    expect(final(await deliver(w, "shared.sweep", { project: w.a.project }))).toEqual([503, null]);
    w.neon.faults.next({ kind: "before", status: 500 });
    expect((await deliver(w, "shared.sweep", { project: w.a.project })).status).toBe(503);
    expect((await deliver(w, "shared.sweep", { project: w.a.project })).status).toBe(200);
  });

  test("a mistake of ours is a 500, which a deploy may mend", async () => {
    const w = await world();
    w.runtime.ports.embedder = { model: "m", dimensions: 1536, embed: () => Promise.reject(new TypeError("oops")) };
    const id = w.runtime.ids.uuid();
    await w.neon.query(
      `with c as (insert into memory.chunks (project_id, account_scope_id, id, source_table, source_pk, chunk_index, visibility, occurred_at, lang, len, text, text_hash, tsv)
        values ($1, $2, $3, 'inbox.cw_messages', 'x', 0, 1, now(), 'simple', 1, 'x', 'h', '') returning id)
      insert into memory.pending (project_id, account_scope_id, chunk_id, text_hash) select $1, $2, id, 'h' from c`,
      [w.a.project, w.a.accountScope, id],
    );
    const answer = await deliver(w, "memory.embed", { project: w.a.project });
    expect(final(answer)).toEqual([500, null]);
    expect(await answer.text()).not.toContain("oops");
  });

  test("a message of more than 64 KB is refused unread", async () => {
    const w = await world();
    const body = JSON.stringify({ project: w.a.project, padding: "x".repeat(70_000) });
    expect((await send(w, body, tokenFor(body))).status).toBe(413);
  });
});
