/** Senders that sign nothing and show a secret instead: Telegram's secret token, Postmark's Basic credentials. Compared whole, in constant time. */
import { Fault } from "#brain/kernel/fault.ts";
import { sameBytes } from "../digest.ts";
import { utf8 } from "./bytes.ts";

export function verifySecretToken(given: string | undefined, secret: string): void {
  if (!given) throw new Fault("unauthenticated", "secret_token_required");
  if (!sameBytes(utf8(given), utf8(secret))) throw new Fault("unauthenticated", "secret_token_invalid");
}

/** The user name that goes with a secret which names none. */
export const basicUser = "omneuro";

/** `secret`: `user:password`, or the password alone. */
export function verifyBasic(given: string | undefined, secret: string): void {
  if (!given) throw new Fault("unauthenticated", "basic_required");
  const pair = utf8(secret.includes(":") ? secret : `${basicUser}:${secret}`);
  const expected = `Basic ${btoa(String.fromCharCode(...pair))}`;
  if (!sameBytes(utf8(given), utf8(expected))) throw new Fault("unauthenticated", "basic_invalid");
}
