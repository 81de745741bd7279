/** Who may knock at the agents' door: our own host and origin, with an API key; and what a refusal tells the client. */
import type { Context } from "hono";
import { readApiKey } from "#brain/identity/index.ts";
import type { Credential, Settings } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { problem } from "../problem.ts";
import type { App } from "../runtime.ts";

export const mcpPath = "/mcp";
export const metadataPath = "/.well-known/oauth-protected-resource";

/** One machine under three names; a laptop is asked by any of them. */
const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

function isOurs(url: URL, own: URL): boolean {
  if (url.host === own.host) return true;
  return loopback.has(own.hostname) && loopback.has(url.hostname) && url.port === own.port;
}

const parsed = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined);

/** Against DNS rebinding: a page elsewhere that had its name point here still says where it comes from. */
export function assertOurs(c: Context<App>): void {
  const own = new URL(c.get("runtime").settings.publicUrl);
  const host = parsed(`${own.protocol}//${c.req.header("host") ?? new URL(c.req.url).host}`);
  if (!host || !isOurs(host, own)) {
    throw new Fault("forbidden", "host_unknown", { detail: "Agents are served at the public address only." });
  }
  const origin = c.req.header("origin");
  if (origin === undefined) return;
  const from = parsed(origin);
  if (!from || from.protocol !== own.protocol || !isOurs(from, own)) {
    throw new Fault("forbidden", "cross_site", { detail: "This request came from another site." });
  }
}

/** A key in the Authorization header; cookies and query strings are not looked at. */
export async function bearerOf(c: Context<App>): Promise<Credential> {
  const text = /^Bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (text === undefined) {
    throw new Fault("unauthenticated", "credentials_required", { detail: "Send `Authorization: Bearer <API key>`." });
  }
  const key = await readApiKey(text);
  if (!key) throw new Fault("unauthenticated", "invalid_credentials");
  return { kind: "key", ...key };
}

/** RFC 6750 section 3 and RFC 9728 section 5.1. */
export function challenge(fault: Fault, settings: Settings): string {
  const scope = fault.extra["permission"];
  const parts = [
    'realm="omneuro"',
    ...(fault.code === "invalid_credentials" ? ['error="invalid_token"'] : []),
    ...(fault.kind === "forbidden" ? ['error="insufficient_scope"'] : []),
    ...(fault.kind === "forbidden" && typeof scope === "string" ? [`scope="${scope}"`] : []),
    ...(settings.authorizationServer
      ? [`resource_metadata="${new URL(metadataPath + mcpPath, settings.publicUrl)}"`]
      : []),
  ];
  return `Bearer ${parts.join(", ")}`;
}

/** A refusal of HTTP itself: the problem as everywhere, and the challenge that says what would do. */
export function refusal(c: Context<App>, fault: Fault): Response {
  const answer = problem(fault, c.get("requestId"));
  if (fault.kind === "unauthenticated" || fault.code === "permission_missing") {
    answer.headers.set("www-authenticate", challenge(fault, c.get("runtime").settings));
  }
  return answer;
}

/** RFC 9728, for whom an authorization server is configured; otherwise there is nothing here. */
export function protectedResource(settings: Settings, scopes: string[]): Record<string, unknown> {
  if (!settings.authorizationServer) {
    throw new Fault("not_found", "route_unknown", { detail: "No authorization server is configured." });
  }
  return {
    resource: String(new URL(mcpPath, settings.publicUrl)),
    resource_name: "Omneuro",
    authorization_servers: [settings.authorizationServer],
    bearer_methods_supported: ["header"],
    scopes_supported: scopes,
  };
}
