// A critical act that was refused or failed: its own batch leaves nothing, a second one leaves a single row, in the chain.
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { commit } from "#brain/kernel/commit.ts";
import { verb } from "#brain/kernel/verb.ts";
import { verbFor } from "#brain/registry.ts";
import { addKey } from "#db/bootstrap.ts";
import { ctxOf, systemOf } from "#test/kit/ctx.ts";
import { type World, world } from "#test/kit/world.ts";

let w: World;
let weak: string;
let calls = 0;

beforeEach(async () => {
  w = await world();
  weak = await addKey(w.neon, { ...w.a, permissions: ["identity:read"], name: "may only look" });
});

const post = (path: string, json: unknown = {}, key = weak) =>
  w.fetch(path, { key, json, headers: { "idempotency-key": `refused-${++calls}` } });

async function rows() {
  await w.settled();
  return w.neon.query(
    `select action, ref_id, outcome, payload, request_id, actor from shared.audit_events
     where project_id = $1 and outcome <> 'done' order by id`,
    [w.a.project],
  );
}

const keyOf = async () =>
  String(
    (
      await w.neon.query("select id from identity.api_keys where project_id = $1 order by id limit 1", [w.a.project])
    )[0]?.["id"],
  );

const everything = async () => {
  const [row] = await w.neon.query(
    `select (select count(*) from identity.api_keys)::text || (select count(*) from shared.events)::text
       || (select count(*) from shared.idempotency_keys)::text as sum`,
  );
  return row?.["sum"];
};

describe("a refused act", () => {
  test("a forbidden key rotation leaves exactly one refused row, sealed into the chain, and nothing else", async () => {
    const id = await keyOf();
    const before = await everything();
    w.neon.resetStats();
    const answer = await post(`/v1/identity/api-keys/${id}/rotate`);
    expect([answer.status, answer.headers.get("server-timing")]).toEqual([403, expect.stringContaining("requests=1")]);
    expect(await rows()).toEqual([
      {
        action: "identity.api_key.rotated",
        ref_id: id,
        outcome: "refused",
        payload: { code: "permission_missing" },
        request_id: answer.headers.get("x-request-id"),
        actor: expect.stringMatching(/^key:/),
      },
    ]);
    expect(await everything()).toBe(before);
    const seal = verbFor("job", "shared.audit.seal");
    expect(
      await seal?.run(ctxOf(w, { kind: "system", project: w.a.project, job: "shared.audit.seal" }), {}),
    ).toMatchObject({ sealed: 1 });
    const verdict = await w.fetch("/v1/shared/audit/verify", { key: w.a.apiKey });
    expect(await verdict.json()).toMatchObject({ ok: true, rows: 1, unsealed: 0 });
    expect(
      w.queue.published.filter(({ kind, project }) => kind === "shared.audit.seal" && project === w.a.project),
    ).toHaveLength(1);
    const theirs = await w.neon.query("select id from shared.audit_events where project_id = $1", [w.b.project]);
    expect(theirs).toEqual([]);
  });

  test("also where the verb asks before it commits; a lost race counts, what is malformed or unknown does not", async () => {
    await post(`/v1/identity/sources/${w.a.source.id}/rotate-secret`);
    await post("/v1/identity/sources", { kind: "chatwoot_account", external_id: String(w.b.accountId) }, w.a.apiKey);
    await post("/v1/identity/api-keys", { name: "" });
    await post("/v1/identity/api-keys/key_none/revoke", {}, w.a.apiKey);
    await w.fetch("/v1/identity/api-keys", { json: {}, headers: { "idempotency-key": "stranger" } });
    const [member] = await w.neon.query("select id from identity.memberships where project_id = $1", [w.a.project]);
    await post(`/v1/identity/members/${String(member?.["id"])}/end`, {}, w.a.apiKey);
    expect((await rows()).map(({ action, payload }) => [action, payload])).toEqual([
      ["identity.source.secret_rotated", { code: "permission_missing" }],
      ["identity.source.bound", { code: expect.stringMatching(/^source_(kind_taken|already_bound)$/) }],
      ["identity.member.ended", { code: "last_owner" }],
    ]);
  });

  test("a key that tries what only a person may is written down in its project, and nowhere else", async () => {
    const answer = await post("/v1/identity/telegram/code");
    expect([answer.status, (await rows()).map(({ action, outcome }) => [action, outcome])]).toEqual([
      403,
      [["identity.telegram.code_made", "refused"]],
    ]);
    const request = answer.headers.get("x-request-id");
    expect(await w.neon.query("select id from identity.access_events where request_id = $1", [request])).toEqual([]);
  });

  test("words typed where an id belongs are not kept", async () => {
    await post("/v1/identity/api-keys/call%20Karen%20Holm/rotate");
    expect((await rows()).map(({ ref_id, outcome }) => [ref_id, outcome])).toEqual([[null, "refused"]]);
  });

  test("a flood leaves twenty rows a minute", async () => {
    for (let i = 0; i < 25; i++) {
      await post("/v1/identity/api-keys", { name: "x", permissions: ["identity:read"] });
      await w.settled();
    }
    expect(await rows()).toHaveLength(20);
    w.clock.advance(61_000);
    await post("/v1/identity/api-keys", { name: "x", permissions: ["identity:read"] });
    expect(await rows()).toHaveLength(21);
  });

  test("a database that is away for the second batch costs a log line, not the answer", async () => {
    const id = await keyOf();
    w.neon.faults.next({ kind: "before", match: /select caller\.project/ });
    const answer = await w.fetch(`/v1/identity/api-keys/${id}/rotate`, {
      key: weak,
      json: {},
      headers: { "idempotency-key": "away" },
    });
    expect(answer.status).toBe(403);
    expect(await rows()).toEqual([]);
    expect(w.lines.some((line) => "after" in line)).toBe(true);
  });
});

describe("an act of a verb", () => {
  const act = (work: { evidence: string[]; change?: ReturnType<typeof sql> }) =>
    verb(
      {
        name: "people.contacts.touch",
        summary: "Test",
        needs: "people:write",
        effect: "write",
        input: () => z.object({}),
        output: () => z.object({}),
      },
      async (ctx) =>
        commit(ctx, {
          change: work.change ?? sql`select 1 as one`,
          audit: { action: "people.contact.touched", ref: ["contact", "con_1"], evidence: work.evidence },
        }),
    );

  test("without evidence is refused, one of a broken statement has failed, a done one is neither", async () => {
    for (const work of [
      { evidence: [] },
      { evidence: ["evi_1"], change: sql`select 1 / 0 as one` },
      { evidence: ["evi_1"] },
    ]) {
      const ctx = ctxOf(w, systemOf(w.a));
      await act(work)
        .run(ctx, {})
        .catch(() => {});
      await ctx.settled();
    }
    expect((await rows()).map(({ outcome, payload }) => [outcome, payload])).toEqual([
      ["refused", { code: "evidence_required" }],
      ["failed", { code: "internal" }],
    ]);
  });
});
