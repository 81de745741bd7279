// GitHub's webhooks: proven over raw bytes, noted once, and only a push of our branch starts anything.
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Repository } from "#local/documents/github.ts";
import { served } from "#test/kit/served.ts";
import { type Bound, hookSecret, type VaultWorld, vaultWorld } from "./vaulting.ts";

let v: VaultWorld;
let repository: Repository;
let source: Bound;
let name: string;

beforeAll(async () => {
  v = await vaultWorld();
  name = `nordvarme/hooked-${v.a.accountId}`;
  repository = v.github.repository(name, { "a.md": "# A\n\nOne.\n" });
  source = await v.bind({ source: "github", repository: name, secret: hookSecret, api_token: "github_pat_0123456789" });
  await v.quiet();
});
afterAll(() => v.close());

let deliveries = 0;

async function send(
  body: unknown,
  more: { event?: string; delivery?: string; signature?: string; secret?: string; id?: string } = {},
) {
  deliveries += 1;
  const bytes = typeof body === "string" ? body : JSON.stringify(body);
  const signature = `sha256=${createHmac("sha256", more.secret ?? hookSecret)
    .update(bytes)
    .digest("hex")}`;
  const answer = await v.fetch(`/v1/hooks/github/${more.id ?? source.id}`, {
    method: "POST",
    body: bytes,
    headers: {
      "content-type": "application/json",
      "x-github-event": more.event ?? "push",
      "x-github-delivery": more.delivery ?? `delivery-${deliveries}`,
      "x-hub-signature-256": more.signature ?? signature,
    },
  });
  await v.settled();
  const said = (await answer.json()) as { outcome?: string; code?: string };
  return [answer.status, said.outcome ?? said.code];
}

const push = (ref = "refs/heads/main", full = name) => ({
  ref,
  deleted: false,
  repository: { full_name: full, default_branch: "main" },
  head_commit: { message: "Words of somebody" },
});

describe("what it starts", () => {
  test("a push of our branch is followed by a sync of what it changed", async () => {
    repository.commit({ "a.md": "# A\n\nTwo.\n" });
    v.embedded();
    expect(await send(push())).toEqual([202, "started"]);
    await v.quiet();
    expect(v.embedded()).toEqual(["A: Two."]);
  });

  test("a ping is answered and stored nowhere; other branches, repositories and events are kept and start nothing", async () => {
    const stored = async () =>
      (
        await v.neon.query(
          "select event, outcome, raw is not null as kept from vault.deliveries where source_id = $1 order by received_at, id",
          [source.id],
        )
      ).length;
    const before = await stored();
    expect(await send({ zen: "Hej" }, { event: "ping" })).toEqual([200, "pong"]);
    expect(await stored()).toBe(before);
    expect(await send(push("refs/heads/other"))).toEqual([200, "ignored"]);
    expect(await send(push("refs/tags/v1"))).toEqual([200, "ignored"]);
    expect(await send(push("refs/heads/main", "somebody/else"))).toEqual([200, "ignored"]);
    expect(await send({ ...push(), deleted: true })).toEqual([200, "ignored"]);
    expect(await send({ action: "created", what: "unknown" }, { event: "dependabot_alert" })).toEqual([200, "ignored"]);
    expect(await stored()).toBe(before + 5);
    expect(v.queue.published).toEqual([]);
    const [row] = await v.neon.query(
      "select raw->>'what' as what from vault.deliveries where event = 'dependabot_alert' and source_id = $1",
      [source.id],
    );
    expect(row).toEqual({ what: "unknown" });
  });

  test("a delivery that comes again is a duplicate; its id over another body is kept as a replay", async () => {
    expect(await send(push(), { delivery: "again" })).toEqual([202, "started"]);
    await v.quiet();
    expect(await send(push(), { delivery: "again" })).toEqual([200, "duplicate"]);
    expect(await send({ ...push(), after: "0".repeat(40) }, { delivery: "again" })).toEqual([202, "replayed"]);
    expect(v.queue.published).toEqual([]);
  });

  test("the stand-in's own webhook is believed", async () => {
    const usual = v.runtime.settings.publicUrl;
    const server = await served(v.w);
    const hook = (source.hook ?? "").replace(usual, server.url);
    try {
      expect(await repository.push({ url: hook, secret: hookSecret })).toBe(202);
      expect(await repository.push({ url: hook, secret: "a wrong secret" })).toBe(401);
    } finally {
      await server.close();
      v.runtime.settings.publicUrl = usual;
    }
    await v.settled();
    await v.quiet();
  });
});

describe("what it refuses", () => {
  test("no signature, the older kind, a wrong one, one of another body, one in capitals", async () => {
    const right = (body: string) => `sha256=${createHmac("sha256", hookSecret).update(body).digest("hex")}`;
    const body = JSON.stringify(push());
    expect(await send(body, { signature: "" })).toEqual([401, "signature_required"]);
    expect(await send(body, { signature: `sha1=${"0".repeat(40)}` })).toEqual([401, "signature_required"]);
    expect(await send(body, { signature: right(body).toUpperCase() })).toEqual([401, "signature_required"]);
    expect(await send(body, { signature: right(`${body} `) })).toEqual([401, "signature_invalid"]);
    expect(await send(body, { secret: "another secret" })).toEqual([401, "signature_invalid"]);
    expect(v.queue.published).toEqual([]);
  });

  test("a source that is nowhere, of another kind, or has no secret", async () => {
    expect(await send(push(), { id: "src_00000000000000000000000000" })).toEqual([404, "source_unknown"]);
    expect(await send(push(), { id: v.a.source.id })).toEqual([404, "source_unknown"]);
    const other = `nordvarme/unsigned-${v.a.accountId}`;
    v.github.repository(other, {});
    const unsigned = await v.bind({ source: "github", repository: other });
    expect(unsigned.hook).toBeNull();
    expect(await send(push(), { id: unsigned.id })).toEqual([401, "signature_required"]);
    await v.quiet();
  });

  test("Chatwoot's door knows no repository, even with a right signature", async () => {
    const body = JSON.stringify({ event: "message_created", account: { id: 7 } });
    const timestamp = String(Math.floor(v.clock.now().getTime() / 1000));
    const signature = `sha256=${createHmac("sha256", hookSecret).update(`${timestamp}.${body}`).digest("hex")}`;
    const headers = {
      "x-chatwoot-signature": signature,
      "x-chatwoot-timestamp": timestamp,
      "x-chatwoot-delivery": "d1",
    };
    const answer = await v.fetch(`/v1/hooks/chatwoot/${source.id}`, { method: "POST", body, headers });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([404, "source_unknown"]);
  });

  test("broken JSON, and headers that name nothing", async () => {
    expect(await send('{"ref":')).toEqual([400, "invalid_json"]);
    expect(await send("[]")).toEqual([400, "invalid_payload"]);
    expect(await send(push(), { event: "pu sh" })).toEqual([400, "invalid_payload"]);
    expect(await send(push(), { delivery: "" })).toEqual([400, "invalid_payload"]);
  });

  test("the old secret from the moment it is changed", async () => {
    const rotated = await v.post(`/v1/identity/sources/${source.id}/rotate-secret`, { secret: "the next secret" });
    expect(rotated.body).toMatchObject({ hook: source.hook });
    expect(await send(push(), { secret: "the next secret" })).toEqual([202, "started"]);
    expect(await send(push())).toEqual([401, "signature_invalid"]);
    await v.quiet();
  });
});
