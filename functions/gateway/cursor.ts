/**
 * Paging cursors: the last row's sort key and id, and whose list it is. Signed for one list, so that a made-up one is a
 * 400 and not a query; that it is the caller's own list is known once he has entered, before anything is shown.
 */
import type { Who } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import type { Ports, Secrets } from "#brain/kernel/ports.ts";
import { sameBytes } from "./digest.ts";

export type Position = { at: string; id: string };

/** `owner` stands for the project, or the person, that the cursor was made for. */
export type Read = Position & { owner: string };

/** Of a context that somebody has entered. */
type Entered = { who?: Pick<Who, "project" | "user">; ports: Pick<Ports, "secrets"> };

const bytes = (text: string) => new TextEncoder().encode(text);
const encode = (text: string) =>
  btoa(String.fromCharCode(...bytes(text)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** What belongs to a project is its list, whoever asks; the rest is the person's own. */
async function ownerOf(ctx: Entered, scope: "project" | "user"): Promise<string> {
  const { project, user } = ctx.who ?? { project: null, user: null };
  return (await ctx.ports.secrets.mac(`cursor owner ${scope} ${scope === "project" ? project : user}`)).slice(0, 16);
}

const refused = (detail: string, error: string) =>
  new Fault("invalid", "invalid_cursor", { detail, errors: [{ pointer: "query:cursor", detail: error }] });

type List = { list: string; scope?: "project" | "user" };

/** After the caller has entered. */
export async function writeCursor(
  ctx: Entered,
  { list, scope = "project" }: List,
  position: Position,
): Promise<string> {
  const body = encode(JSON.stringify([position.at, position.id, await ownerOf(ctx, scope)]));
  return `${body}.${(await ctx.ports.secrets.mac(`cursor ${list} ${body}`)).slice(0, 22)}`;
}

export async function readCursor(secrets: Secrets, list: string, text: string): Promise<Read> {
  const [body = "", signature = ""] = text.split(".");
  const expected = (await secrets.mac(`cursor ${list} ${body}`)).slice(0, 22);
  if (!sameBytes(bytes(signature), bytes(expected))) {
    throw refused("Use `next_cursor` of the previous page as it is, on the same path.", "not a cursor of this list");
  }
  const plain = new TextDecoder().decode(
    Uint8Array.from(atob(body.replaceAll("-", "+").replaceAll("_", "/")), (x) => x.charCodeAt(0)),
  );
  const [at, id, owner] = JSON.parse(plain) as [string, string, string];
  return { at, id, owner };
}

/** After the caller has entered, and before he is shown what was found. */
export async function assertOwn(
  ctx: Entered,
  read: Read | undefined,
  scope: "project" | "user" = "project",
): Promise<void> {
  if (!read || read.owner === (await ownerOf(ctx, scope))) return;
  throw refused(
    "This cursor was made in another project or by somebody else. Begin again without one.",
    "a cursor of another project",
  );
}
