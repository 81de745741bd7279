/** Who is asking: an API key or a session cookie becomes a credential; the database decides whether it is any good. */
import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import { readApiKey, tokenHash } from "#brain/identity/index.ts";
import type { Credential } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";

/** `__Host-` needs Secure, which plain http on a laptop does not have. */
export const cookieName = (publicUrl: string): string =>
  publicUrl.startsWith("https:") ? "__Host-session" : "omneuro_session";

const isUnsafe = (method: string) => method !== "GET" && method !== "HEAD" && method !== "OPTIONS";

/** Undefined when nothing was presented; throws for what cannot be a credential. */
export async function credentialOf(c: Context, publicUrl: string): Promise<Credential | undefined> {
  const bearer = c.req.header("authorization");
  const cookie = getCookie(c, cookieName(publicUrl));
  if (bearer !== undefined && cookie !== undefined) {
    throw new Fault("invalid", "two_credentials", {
      detail: "Send either an API key or the session cookie, not both.",
    });
  }
  if (bearer !== undefined) {
    const key = await readApiKey(bearer.replace(/^Bearer /i, ""));
    if (!key) throw new Fault("unauthenticated", "invalid_credentials");
    return { kind: "key", ...key };
  }
  if (cookie === undefined) return undefined;
  const hash = await tokenHash(cookie);
  if (!isUnsafe(c.req.method)) return { kind: "session", hash };
  assertSameSite(c.req.raw, publicUrl);
  return { kind: "session", hash, csrf: c.req.header("x-csrf-token") ?? "" };
}

/** A browser that says it comes from elsewhere is refused before its session is looked up. */
export function assertSameSite(request: Request, publicUrl: string): void {
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const foreignSite = site !== null && site !== "same-origin" && site !== "none";
  const foreignOrigin = origin !== null && origin !== new URL(publicUrl).origin;
  if (foreignSite || foreignOrigin) {
    throw new Fault("forbidden", "cross_site", { detail: "This request came from another site." });
  }
}
