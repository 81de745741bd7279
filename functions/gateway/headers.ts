/** Headers of every answer: request id, what it cost, and what a browser must not do with it. */
import type { MiddlewareHandler } from "hono";
import { traceFrom } from "#brain/kernel/trace.ts";
import { limitHeaders } from "./limits.ts";
import type { App } from "./runtime.ts";

const apiPolicy = "default-src 'none'; frame-ancestors 'none'";
/** A caller's own id is echoed when it is harmless in a log line. */
const acceptable = /^[A-Za-z0-9._-]{8,64}$/;

export const answerHeaders: MiddlewareHandler<App> = async (c, next) => {
  const runtime = c.get("runtime");
  const asked = c.req.header("x-request-id");
  const requestId = asked && acceptable.test(asked) ? asked : runtime.ids.next("request");
  c.set("requestId", requestId);
  const trace = traceFrom(c.req.header("traceparent"), runtime.ids);
  c.set("trace", trace);
  const started = runtime.clock.now().getTime();
  await next();
  const ctx = c.get("ctx");
  const total = ctx?.who?.user || ctx?.who?.project ? `, total;dur=${runtime.clock.now().getTime() - started}` : "";
  c.header("server-timing", `db;desc="requests=${ctx?.meter.requests ?? 0}"${total}`);
  c.header("x-request-id", requestId);
  c.header("traceparent", trace);
  for (const [name, value] of limitHeaders(c.get("limit"))) c.header(name, value);
  c.header("x-content-type-options", "nosniff");
  if (!c.res.headers.has("referrer-policy")) c.header("referrer-policy", "no-referrer");
  c.header("cross-origin-resource-policy", "same-origin");
  if (runtime.settings.publicUrl.startsWith("https:"))
    c.header("strict-transport-security", "max-age=63072000; includeSubDomains");
  if (!c.res.headers.has("content-security-policy")) c.header("content-security-policy", apiPolicy);
  if (!c.res.headers.has("cache-control")) c.header("cache-control", "no-store");
};
