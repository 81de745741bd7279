/** Access tokens for Google: a bearer token as it is, or a service account's key exchanged by a signed assertion (RFC 7523). */
import * as z from "zod/v4";
import { ProviderFailure } from "#brain/kernel/ports.ts";
import { toBase64url } from "../secrets.ts";
import { call, jsonOf, refusalOf } from "./call.ts";

export type GoogleTokens = (given: string) => Promise<string>;

const scope = "https://www.googleapis.com/auth/drive.readonly";
/** What the assertion is for, whatever address it is sent to. */
const audience = "https://oauth2.googleapis.com/token";
const assertionSeconds = 3600;
/** A token is renewed so long before it ends. */
const marginMs = 5 * 60_000;
const mostKept = 100;

const account = () =>
  z.object({ client_email: z.string(), private_key: z.string(), private_key_id: z.string().optional() });
const granted = () => z.object({ access_token: z.string(), expires_in: z.number() });

const bytes = (text: string) => new TextEncoder().encode(text);
const part = (value: unknown) => toBase64url(bytes(JSON.stringify(value)));
const invalid = () => new ProviderFailure("token_invalid", { retryable: false });

type Account = z.output<ReturnType<typeof account>>;

async function keyOf(pem: string): Promise<CryptoKey> {
  const body = pem.replaceAll("\\n", "\n").replaceAll(/-----[^-]+-----|\s/g, "");
  const how = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  try {
    const der = Uint8Array.from(atob(body), (c) => c.charCodeAt(0));
    return await crypto.subtle.importKey("pkcs8", der, how, false, ["sign"]);
  } catch {
    throw invalid();
  }
}

async function assertion(of: Account, now: Date): Promise<string> {
  const iat = Math.floor(now.getTime() / 1000);
  const header = { alg: "RS256", typ: "JWT", ...(of.private_key_id ? { kid: of.private_key_id } : {}) };
  const claims = { iss: of.client_email, scope, aud: audience, iat, exp: iat + assertionSeconds };
  const text = `${part(header)}.${part(claims)}`;
  const mac = await crypto.subtle.sign("RSASSA-PKCS1-v1_5", await keyOf(of.private_key), bytes(text));
  return `${text}.${toBase64url(new Uint8Array(mac))}`;
}

function accountIn(given: string): Account {
  try {
    const read = account().safeParse(JSON.parse(given));
    if (read.success) return read.data;
  } catch {
    // Told below.
  }
  throw invalid();
}

export function googleTokens({ url, now }: { url: string; now: () => Date }): GoogleTokens {
  const kept = new Map<string, { token: string; until: number }>();
  return async (given) => {
    if (!given.trimStart().startsWith("{")) return given;
    const known = kept.get(given);
    if (known && known.until > now().getTime()) return known.token;
    const body = new URLSearchParams({
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      assertion: await assertion(accountIn(given), now()),
    });
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const response = await call({ base: url, path: "", method: "POST", headers, body: body.toString() });
    // invalid_grant: the key is revoked, or our clock is wrong.
    if (response.status === 400) throw new ProviderFailure("credentials_refused", { retryable: false });
    if (!response.ok) throw refusalOf(response, now());
    const { access_token: token, expires_in: seconds } = await jsonOf(response, granted());
    if (kept.size >= mostKept) kept.clear();
    kept.set(given, { token, until: now().getTime() + seconds * 1000 - marginMs });
    return token;
  };
}
