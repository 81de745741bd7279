/** The link below an e-mail: whoever has it unsubscribes without signing in, by one click (RFC 8058). */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import type { Secrets } from "../kernel/ports.ts";
import { verb } from "../kernel/verb.ts";
import { Channel } from "./message.ts";

const Subscription = () =>
  z.object({
    project: z.uuid(),
    contact: z.string().min(1).max(200),
    channel: Channel(),
    brand: z.string().max(100),
    message: z.string().min(1).max(64),
  });

export type Subscription = z.output<ReturnType<typeof Subscription>>;

const bytes = (text: string) => new TextEncoder().encode(text);

const encoded = (text: string): string =>
  btoa(String.fromCharCode(...bytes(text)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** What is signed, so that nobody else's subscription can be named. */
export const unsubscribeClaim = (body: string): string => `unsubscribe ${body}`;

/**
 * Key, body and signature. It holds as long as the key is configured: an opt-out must work 30 days after sending at least
 * (15 U.S.C. 7704(a)(3)(A)(ii)), and there is no reason that it should ever end.
 */
export async function unsubscribeToken(secrets: Secrets, of: Subscription): Promise<string> {
  const body = encoded(JSON.stringify([of.project, of.contact, of.channel, of.brand, of.message]));
  return `${secrets.newest}.${body}.${await secrets.macWith(secrets.newest, unsubscribeClaim(body))}`;
}

export const unsubscribePath = "/v1/outbound/unsubscribe";

export const unsubscribeUrl = async (ctx: Ctx, of: Subscription): Promise<string> =>
  `${ctx.settings.publicUrl}${unsubscribePath}/${await unsubscribeToken(ctx.ports.secrets, of)}`;

/** Headers of an e-mail whose link this is; both must be covered by its DKIM signature. */
export const unsubscribeHeaders = (url: string) => ({
  "List-Unsubscribe": `<${url}>`,
  "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
});

/** Of a body whose signature was found right; undefined for what a newer version may have written. */
export function subscriptionIn(body: string): Subscription | undefined {
  try {
    const plain = atob(body.replaceAll("-", "+").replaceAll("_", "/"));
    const told: unknown = JSON.parse(new TextDecoder().decode(Uint8Array.from(plain, (c) => c.charCodeAt(0))));
    const [project, contact, channel, brand, message] = Array.isArray(told) ? told : [];
    return Subscription().safeParse({ project, contact, channel, brand, message }).data;
  } catch {
    return undefined;
  }
}

/** Runs for whoever holds the link, in the project that the link names. */
export const unsubscribe = verb(
  {
    name: "outbound.unsubscribe",
    summary: "Take a person off a channel by the link in a message to him",
    needs: "outbound:write",
    doors: ["hook"],
    effect: "write",
    idempotency: "none",
    input: Subscription,
    output: () => z.object({ unsubscribed: z.boolean() }),
  },
  async (ctx, { contact, channel, brand, message }) => {
    const told = { channel, brand, contacts: [contact], by: "link", evidence: message, seed: ctx.ids.next("policy") };
    await send(ctx, [
      raw(
        ctx,
        sql`select outbound.opt_out(${JSON.stringify(told)}::jsonb || jsonb_build_object('addresses', coalesce(
          (select jsonb_build_array(m.recipient_hash) from outbound.messages m
            where m.project_id = shared.scope() and m.id = ${message} and m.contact_id = ${contact} and m.channel = ${channel}), '[]'))) as done`,
      ),
    ]);
    return { unsubscribed: true };
  },
);
