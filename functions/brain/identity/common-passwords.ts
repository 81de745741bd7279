/** Which passwords are refused: those that everybody tries first, and those made of the user's own name. */
import { Fault } from "../kernel/fault.ts";

let known: Promise<ReadonlySet<string>> | undefined;

/** Each is what it shares with the one before, and the rest: half the bytes of the plain list in the upload. */
function unpack(packed: string): Set<string> {
  let last = "";
  const words = Array.from(packed.matchAll(/([A-Z])([^A-Z]*)/g), ([, shared = "A", rest = ""]) => {
    last = last.slice(0, shared.charCodeAt(0) - 65) + rest;
    return last;
  });
  return new Set(words);
}

/** 8,000 of eight characters and more; unpacked at the first use, because start-up time is scarce. */
export function commonPasswords(): Promise<ReadonlySet<string>> {
  known ??= import("./common-passwords-list.ts").then(({ packed }) => unpack(packed));
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
