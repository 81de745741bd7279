/** X-Twilio-Signature (twilio-node lib/webhooks/webhooks.js): base64 of HMAC-SHA1 under the auth token over the URL as called, then every POST parameter by name. */
import { Fault } from "#brain/kernel/fault.ts";
import { sameBytes } from "../digest.ts";
import { strictBase64, utf8 } from "./bytes.ts";

const sha1Bytes = 20;

export type TwilioCall = {
  /** As Twilio called it, query included: made from settings, never from Host. */
  url: string;
  /** Undefined for a call without form, whose body the URL may name by its hash. */
  form: URLSearchParams | undefined;
  body: Uint8Array<ArrayBuffer>;
  signature: string | undefined;
};

/** Twilio signs with or without the port that goes without saying, depending on how the address was entered. */
function spellings(url: string): string[] {
  const [, scheme, host, port, rest] = /^(https?):\/\/([^/:?#]+)(:\d+)?(.*)$/.exec(url) ?? [];
  if (!scheme || !host || rest === undefined) return [url];
  const usual = scheme === "https" ? ":443" : ":80";
  if (port !== undefined && port !== usual) return [url, `${scheme}://${host}${rest}`];
  return [`${scheme}://${host}${rest}`, `${scheme}://${host}${usual}${rest}`];
}

/** Sorted by code unit; a name given several times counts once for each different value. */
function spoken(form: URLSearchParams): string {
  const names = [...new Set(form.keys())].sort();
  return names.flatMap((name) => [...new Set(form.getAll(name))].sort().map((value) => `${name}${value}`)).join("");
}

const hex = (bytes: ArrayBuffer) =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** A body that is no form is proven by its hash in the URL. */
async function bodyFits(call: TwilioCall): Promise<boolean> {
  const named = new URL(call.url).searchParams.get("bodySHA256");
  if (call.form !== undefined) return named === null;
  if (named === null) return call.body.length === 0;
  return sameBytes(utf8(named), utf8(hex(await crypto.subtle.digest("SHA-256", call.body))));
}

/** `tokens`: the account's primary auth token, and while it changes the secondary. */
export async function verifyTwilio(call: TwilioCall, tokens: readonly string[]): Promise<void> {
  const mac = strictBase64(call.signature ?? "", sha1Bytes);
  if (!mac) throw new Fault("unauthenticated", "signature_required");
  const params = call.form ? spoken(call.form) : "";
  let fits = false;
  for (const token of tokens) {
    const key = await crypto.subtle.importKey("raw", utf8(token), { name: "HMAC", hash: "SHA-1" }, false, ["verify"]);
    for (const url of spellings(call.url))
      fits = (await crypto.subtle.verify("HMAC", key, mac, utf8(url + params))) || fits;
  }
  if (!fits || !(await bodyFits(call))) throw new Fault("unauthenticated", "signature_invalid");
}
