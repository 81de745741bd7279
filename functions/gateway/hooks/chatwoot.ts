/** Chatwoot's door: `POST /v1/hooks/chatwoot/{source}`. Verify the raw bytes, hand on once, answer. Chatwoot sends once and waits 5 s. */
import type { Context } from "hono";
import { type HookSource, hookSource, sourceReadAt } from "#brain/identity/index.ts";
import { fromMicros, ingest } from "#brain/inbox/index.ts";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { as } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { readBytes } from "../body.ts";
import { type App, contextOf } from "../runtime.ts";
import { chatwootKey, verifyChatwoot } from "../signatures.ts";

/** A message of 150,000 characters of four bytes each, told four times over in one payload, still fits. */
export const bodyLimit = 4 * 1024 * 1024;

const kind = "chatwoot_account";

/** A wrong signature may mean that the secret was changed a moment ago; a forger must not make us ask the database for each try. */
const rereadMs = 5_000;

const keys = new WeakMap<HookSource, Promise<CryptoKey>>();

function keyOf(source: HookSource, secret: string): Promise<CryptoKey> {
  const key = keys.get(source) ?? chatwootKey(secret);
  keys.set(source, key);
  return key;
}

export type Sent = { body: Uint8Array<ArrayBuffer>; timestamp: string | undefined; signature: string | undefined };

/** When it was sent: signed, or for a sender that cannot sign the time of receipt. */
async function sentAt(ctx: Ctx, source: HookSource, sent: Sent): Promise<Date> {
  if (source.secret === null) return ctx.clock.now();
  return verifyChatwoot(sent, { key: await keyOf(source, source.secret), now: ctx.clock.now() });
}

async function verified(ctx: Ctx, id: string, sent: Sent): Promise<{ source: HookSource; at: Date }> {
  const source = await hookSource(ctx, { id, kind });
  try {
    return { source, at: await sentAt(ctx, source, sent) };
  } catch (thrown) {
    const old = ctx.clock.now().getTime() - sourceReadAt(ctx, id) > rereadMs;
    if (!(thrown instanceof Fault) || thrown.code !== "signature_invalid" || !old) throw thrown;
    return again(ctx, id, sent);
  }
}

async function again(ctx: Ctx, id: string, sent: Sent): Promise<{ source: HookSource; at: Date }> {
  const source = await hookSource(ctx, { id, kind, newerThan: sourceReadAt(ctx, id) });
  return { source, at: await sentAt(ctx, source, sent) };
}

/** The signature is over bytes and has been checked; a stray byte in a text is no reason to lose the message. */
function bodyOf(bytes: Uint8Array): Record<string, unknown> & { event: string } {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new Fault("invalid", "invalid_json", { detail: "The body is not JSON." });
  }
  const body = value as { event?: unknown } | null;
  if (typeof body !== "object" || body === null || typeof body.event !== "string" || body.event === "") {
    throw new Fault("invalid", "invalid_payload", {
      detail: "The body must be an object that names its `event`.",
      errors: [{ pointer: "/event", detail: "a text is required" }],
    });
  }
  return body as Record<string, unknown> & { event: string };
}

/** 200 when taken in, known or ignored; 202 when kept aside for a person to look at. */
export async function receiveChatwoot(c: Context<App>): Promise<Response> {
  const ctx = contextOf(c, { kind: "none" });
  const told = await receive(ctx, {
    id: c.req.param("source") ?? "",
    delivery: c.req.header("x-chatwoot-delivery") ?? null,
    sent: {
      body: await readBytes(c.req.raw, bodyLimit),
      timestamp: c.req.header("x-chatwoot-timestamp"),
      signature: c.req.header("x-chatwoot-signature"),
    },
  });
  return c.json(told, told.outcome === "quarantined" || told.outcome === "replayed" ? 202 : 200);
}

type Delivered = { id: string; delivery: string | null; sent: Sent };

/** A delivery as it came, proven and handed on. */
export async function receive(ctx: Ctx, { id, delivery, sent }: Delivered) {
  const first = await verified(ctx, id, sent);
  const take = async ({ source, at }: typeof first) => {
    const own = as(ctx, { credential: { kind: "source", id, version: source.version } });
    const told = await ingest.run(own, {
      binding: { source: id, project: source.project, account: source.account },
      delivery,
      sentAt: fromMicros(at.getTime() * 1000),
      body: bodyOf(sent.body),
    });
    if (own.who) ctx.who = own.who;
    return told;
  };
  return take(first).catch(async (thrown: unknown) => {
    if (!(thrown instanceof Fault)) throw thrown;
    // Remembered for up to a minute, and meanwhile the secret or the binding has changed.
    if (thrown.code === "source_stale") return take(await again(ctx, id, sent));
    // Nobody will send it again; and if the first try was stored after all, the second is a duplicate.
    if (thrown.kind === "unavailable") return take(first);
    throw thrown;
  });
}
