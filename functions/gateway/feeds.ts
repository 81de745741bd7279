/** The door of calendar programs: an address that is its own key, answered as text/calendar, or 304 where nothing has changed. */
import type { Context, Hono } from "hono";
import { feedIn, feedPath, readFeed } from "#brain/field/index.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { sha256 } from "./digest.ts";
import { type App, contextOf } from "./runtime.ts";

const unknown = () =>
  new Fault("not_found", "feed_unknown", { detail: "This address is not whole, or it was closed: ask for a new one." });

async function serve(c: Context<App>): Promise<Response> {
  const link = await feedIn(c.get("runtime").ports.secrets, c.req.param("token") ?? "");
  if (!link) throw unknown();
  const { project, feed, hash } = link;
  const ctx = contextOf(c, { kind: "system", project, job: readFeed.name });
  const { text } = await readFeed.run(ctx, { feed, hash }).catch((thrown: unknown) => {
    // A project that is gone says no more than an address that was closed.
    if (thrown instanceof Fault && thrown.kind === "unauthenticated") throw unknown();
    throw thrown;
  });
  const tag = `"${(await sha256(text)).slice(0, 32)}"`;
  c.header("etag", tag);
  c.header("cache-control", "private, max-age=300");
  const known = c.req.header("if-none-match")?.split(/\s*,\s*/) ?? [];
  if (known.includes(tag) || known.includes(`W/${tag}`)) return c.body(null, 304);
  c.header("content-type", "text/calendar; charset=utf-8");
  return c.body(text);
}

export function mountFeeds(app: Hono<App>): void {
  const path = `${feedPath}/:token`;
  app.get(path, serve);
  app.all(path, () => {
    throw new Fault("method", "method_not_allowed", { detail: "Use GET.", allow: "GET" });
  });
}
