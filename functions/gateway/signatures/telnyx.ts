/** Telnyx's webhook signature: Ed25519 over `<timestamp>|<raw body>` under the account's public key (telnyx-node lib/webhooks). */
import { Fault } from "#brain/kernel/fault.ts";
import { joined, strictBase64, utf8 } from "./bytes.ts";

/** Ours: Telnyx repeats within minutes and signs each try anew. */
export const windowSeconds = 300;

export type TelnyxCall = {
  body: Uint8Array<ArrayBuffer>;
  /** telnyx-timestamp and telnyx-signature-ed25519 as they came. */
  timestamp: string | undefined;
  signature: string | undefined;
};

/** `publicKey`: base64 of 32 bytes, as the portal shows it. */
export async function verifyTelnyx(call: TelnyxCall, by: { publicKey: string; now: Date }): Promise<void> {
  const signature = strictBase64(call.signature ?? "", 64);
  if (!signature || !/^[0-9]{1,12}$/.test(call.timestamp ?? ""))
    throw new Fault("unauthenticated", "signature_required");
  const raw = strictBase64(by.publicKey.trim(), 32);
  if (!raw)
    throw new Fault("unavailable", "public_key_unreadable", {
      detail: "The source's secret must be Telnyx's public key.",
    });
  const key = await crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]);
  const message = joined(utf8(`${call.timestamp}|`), call.body);
  if (!(await crypto.subtle.verify({ name: "Ed25519" }, key, signature, message)))
    throw new Fault("unauthenticated", "signature_invalid");
  if (Math.abs(by.now.getTime() / 1000 - Number(call.timestamp)) > windowSeconds)
    throw new Fault("unauthenticated", "timestamp_outside_window", {
      detail: `Signed more than ${windowSeconds} s from now.`,
    });
}
