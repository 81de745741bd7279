/** Which passwords are refused: those that everybody tries first, and those made of the user's own name. */
import { Fault } from "../kernel/fault.ts";

let known: Promise<ReadonlySet<string>> | undefined;

/** 8,000 of eight characters and more; unpacked at the first use, because start-up time is scarce. */
function commonPasswords(): Promise<ReadonlySet<string>> {
  known ??= import("./common-passwords-list.ts").then(({ mostTried }) => new Set(mostTried.split(" ")));
  return known;
}

export async function isCommon(password: string): Promise<boolean> {
  return (await commonPasswords()).has(password.toLowerCase());
}

export async function assertUncommon(password: string, of: { username: string; pointer: string }): Promise<void> {
  const plain = password.normalize("NFC").toLowerCase();
  const isOwnName = plain.replaceAll(of.username, "").length < 4;
  if (!isOwnName && !(await isCommon(plain))) return;
  throw new Fault("invalid", "password_common", {
    detail: "This password is among the first that others would try. Choose another; a few words in a row are fine.",
    errors: [{ pointer: of.pointer, detail: "too easy to guess" }],
  });
}
