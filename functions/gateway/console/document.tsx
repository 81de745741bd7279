/** A whole document as an answer, with the headers that keep it ours. */
import type { Context } from "hono";
import { html } from "hono/html";
import type { Child } from "hono/jsx";
import { sha256 } from "../digest.ts";
import type { App } from "../runtime.ts";
import { assets } from "./assets.ts";

const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

type Sheet = { title: string; body: Child; status?: number; refreshSeconds?: number };

export async function answerPage(c: Context<App>, sheet: Sheet): Promise<Response> {
  const { style, script, icon } = await assets();
  c.header("content-security-policy", policy);
  // With `no-referrer` a browser sends `Origin: null` with our own forms (Fetch, "append a request Origin header").
  c.header("referrer-policy", "same-origin");
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${sheet.title} · Omneuro`}</title>
        <link rel="icon" type="image/svg+xml" href={icon} />
        <link rel="stylesheet" href={style} />
        <script src={script} defer />
        {sheet.refreshSeconds ? (
          <noscript>
            <meta http-equiv="refresh" content={String(sheet.refreshSeconds)} />
          </noscript>
        ) : null}
      </head>
      <body>{sheet.body}</body>
    </html>
  );
  return c.html(html`<!doctype html>${page}`, (sheet.status ?? 200) as 200);
}

/** Parts of a page, for the script that keeps it fresh: unchanged ones cost a 304. */
export async function answerParts(c: Context<App>, parts: Child): Promise<Response> {
  const text = String(await html`${parts}`);
  const tag = `"${(await sha256(text)).slice(0, 32)}"`;
  c.header("etag", tag);
  c.header("content-security-policy", policy);
  return c.req.header("if-none-match") === tag ? c.body(null, 304) : c.html(text);
}
