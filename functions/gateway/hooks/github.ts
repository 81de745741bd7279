/** GitHub's door: `POST /v1/hooks/github/{source}`. Raw bytes verified, noted once, answered; GitHub waits 10 s and never sends again. */
import type { Context } from "hono";
import { type HookSource, hookSource, sourceReadAt } from "#brain/identity/index.ts";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { as } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { hear } from "#brain/vault/index.ts";
import { parseJson, readBytes, requireJson } from "../body.ts";
import { sha256 } from "../digest.ts";
import { type App, contextOf } from "../runtime.ts";
import { githubKey, verifyGithub } from "../signatures.ts";

/** GitHub sends no payload larger than this. */
export const githubBodyLimit = 25 * 1024 * 1024;
const kind = "github_repository";
/** A wrong signature may mean that the secret was changed a moment ago; a forger must not make us ask the database for each try. */
const rereadMs = 5_000;

const nameForm = /^[A-Za-z0-9_.-]{1,100}$/;

type Sent = { body: Uint8Array<ArrayBuffer>; signature: string | undefined };

async function prove(source: HookSource, sent: Sent): Promise<HookSource> {
  // Bound without a secret: nobody can prove to be GitHub.
  if (source.secret === null) throw new Fault("unauthenticated", "signature_required");
  await verifyGithub(sent, await githubKey(source.secret));
  return source;
}

const reread = async (ctx: Ctx, id: string, sent: Sent) =>
  prove(await hookSource(ctx, { id, kind, newerThan: sourceReadAt(ctx, id) }), sent);

async function verified(ctx: Ctx, id: string, sent: Sent): Promise<HookSource> {
  const source = await hookSource(ctx, { id, kind });
  return prove(source, sent).catch((thrown: unknown) => {
    const isOld = ctx.clock.now().getTime() - sourceReadAt(ctx, id) > rereadMs;
    if (thrown instanceof Fault && thrown.code === "signature_invalid" && isOld) return reread(ctx, id, sent);
    throw thrown;
  });
}

function bodyOf(bytes: Uint8Array): Record<string, unknown> {
  const value = parseJson(bytes);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Fault("invalid", "invalid_payload", { detail: "The body must be a JSON object." });
}

export async function receiveGithub(c: Context<App>): Promise<Response> {
  const ctx = contextOf(c, { kind: "none" });
  const id = c.req.param("source") ?? "";
  const sent = { body: await readBytes(c.req.raw, githubBodyLimit), signature: c.req.header("x-hub-signature-256") };
  const source = await verified(ctx, id, sent);
  requireJson(c.req.raw);
  const body = bodyOf(sent.body);
  const event = c.req.header("x-github-event") ?? "";
  const delivery = c.req.header("x-github-delivery") ?? "";
  if (!nameForm.test(event) || !nameForm.test(delivery)) {
    throw new Fault("invalid", "invalid_payload", { detail: "X-GitHub-Event and X-GitHub-Delivery are needed." });
  }
  if (event === "ping") return c.json({ outcome: "pong" });
  const input = { source: id, delivery, event, hash: await sha256(sent.body), body };
  const take = (proven: HookSource) =>
    hear.run(as(ctx, { credential: { kind: "source", id, version: proven.version } }), input);
  const told = await take(source).catch(async (thrown: unknown) => {
    if (!(thrown instanceof Fault)) throw thrown;
    // Remembered for up to a minute, and meanwhile the secret has changed.
    if (thrown.code === "source_stale") return take(await reread(ctx, id, sent));
    // Nobody will send it again; and if the first try was noted after all, the second is a duplicate.
    if (thrown.kind === "unavailable") return take(source);
    throw thrown;
  });
  return c.json(told, told.outcome === "replayed" || told.outcome === "started" ? 202 : 200);
}
