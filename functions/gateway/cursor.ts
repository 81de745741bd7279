/** Paging cursors: the last row's sort key and id, signed, so that a made-up one is a 400 and not a query. */
import { Fault } from "#brain/kernel/fault.ts";
import type { Secrets } from "#brain/kernel/ports.ts";
import { sameBytes } from "./digest.ts";

export type Position = { at: string; id: string };

const bytes = (text: string) => new TextEncoder().encode(text);
const encode = (text: string) =>
  btoa(String.fromCharCode(...bytes(text)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

export async function writeCursor(secrets: Secrets, route: string, position: Position): Promise<string> {
  const body = encode(JSON.stringify([position.at, position.id]));
  return `${body}.${(await secrets.mac(`cursor ${route} ${body}`)).slice(0, 22)}`;
}

export async function readCursor(secrets: Secrets, route: string, text: string): Promise<Position> {
  const [body = "", signature = ""] = text.split(".");
  const expected = (await secrets.mac(`cursor ${route} ${body}`)).slice(0, 22);
  if (!sameBytes(bytes(signature), bytes(expected))) {
    throw new Fault("invalid", "invalid_cursor", {
      detail: "Use `next_cursor` of the previous page as it is, on the same path.",
      errors: [{ pointer: "query:cursor", detail: "not a cursor of this list" }],
    });
  }
  const plain = new TextDecoder().decode(
    Uint8Array.from(atob(body.replaceAll("-", "+").replaceAll("_", "/")), (x) => x.charCodeAt(0)),
  );
  const [at, id] = JSON.parse(plain) as [string, string];
  return { at, id };
}
