/** The door behind the link in an e-mail: GET shows a page with a button and changes nothing, POST unsubscribes (RFC 8058). */
import type { Context, Hono } from "hono";
import { html } from "hono/html";
import { Fault } from "#brain/kernel/fault.ts";
import type { Secrets } from "#brain/kernel/ports.ts";
import {
  type Subscription,
  subscriptionIn,
  unsubscribe,
  unsubscribeClaim,
  unsubscribePath,
} from "#brain/outbound/index.ts";
import { readBytes } from "./body.ts";
import { sameBytes } from "./digest.ts";
import { type App, contextOf } from "./runtime.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** Longer than any link we make. */
const longest = 1500;

/** The body is one field; mail providers send it as a form, some as multipart. */
const largestBody = 4096;

export async function readUnsubscribeToken(secrets: Secrets, text: string): Promise<Subscription> {
  const [key = "", body = "", signature = ""] = text.length <= longest ? text.split(".") : [];
  const expected = await secrets.macWith(key, unsubscribeClaim(body));
  const subscription =
    expected !== undefined && sameBytes(bytes(signature), bytes(expected)) ? subscriptionIn(body) : undefined;
  if (!subscription) {
    throw new Fault("not_found", "link_unknown", {
      detail: "This link is not whole. Answer the message with STOP, or write to whoever sent it.",
    });
  }
  return subscription;
}

function page(c: Context<App>, of: { title: string; text: string; button?: string }): Response | Promise<Response> {
  c.header(
    "content-security-policy",
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  );
  c.header("x-robots-tag", "noindex");
  return c.html(html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${of.title}</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1.5rem}button{font:inherit;padding:.6rem 1.4rem}
@media(prefers-color-scheme:dark){body{background:#111;color:#eee}}</style></head>
<body><h1>${of.title}</h1><p>${of.text}</p>${
    of.button
      ? html`<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button>${of.button}</button></form>`
      : ""
  }</body></html>`);
}

const sender = ({ brand }: Subscription) => (brand === "" ? "us" : brand);

/** A scanner that follows links must not unsubscribe anybody. */
async function ask(c: Context<App>): Promise<Response> {
  const of = await readUnsubscribeToken(c.get("runtime").ports.secrets, c.req.param("token") ?? "");
  return page(c, {
    title: "Unsubscribe · Afmeld",
    text: `You will get no more messages of this kind from ${sender(of)}. · Du får ikke flere beskeder af denne slags.`,
    button: "Unsubscribe · Afmeld",
  });
}

/** Whatever the body says: who has the link and posts to it means it. */
async function act(c: Context<App>): Promise<Response> {
  const of = await readUnsubscribeToken(c.get("runtime").ports.secrets, c.req.param("token") ?? "");
  await readBytes(c.req.raw, largestBody);
  await unsubscribe.run(contextOf(c, { kind: "system", project: of.project, job: unsubscribe.name }), of);
  return page(c, { title: "Done · Afmeldt", text: "You are unsubscribed. · Du er afmeldt." });
}

export function mountUnsubscribe(app: Hono<App>): void {
  const path = `${unsubscribePath}/:token`;
  app.get(path, ask);
  app.post(path, act);
  app.all(path, () => {
    throw new Fault("method", "method_not_allowed", { detail: "Use GET or POST.", allow: "GET, POST" });
  });
}
