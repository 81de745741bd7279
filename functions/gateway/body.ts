/** Reading a request's body: bounded, as raw bytes first, then as JSON. */
import { Fault } from "#brain/kernel/fault.ts";

export const defaultLimit = 256 * 1024;

/** At most `limit` bytes; a longer body is refused as soon as that is known. */
export async function readBytes(request: Request, limit: number = defaultLimit): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () =>
    new Fault("too_large", "body_too_large", { detail: `The body may have ${limit} bytes.`, limit });
  const declared = request.headers.get("content-length");
  if (Number(declared ?? 0) > limit) throw tooLarge();
  if (declared !== null) {
    // The server holds a sender to the length he declares, and reading at once is much cheaper than reading a stream.
    const bytes = new Uint8Array(await request.arrayBuffer());
    if (bytes.length > limit) throw tooLarge();
    return bytes;
  }
  const reader = request.body?.getReader();
  if (!reader) return new Uint8Array();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length;
    if (size > limit) {
      await reader.cancel();
      throw tooLarge();
    }
    parts.push(next.value);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Far beyond any input there is, far below what walking it can bear. */
const deepest = 100;

/** Where the first value is that cannot be stored: Postgres text and jsonb hold no null byte, and UTF-8 no lone surrogate. */
function unstorable(value: unknown, at: { pointer: string; depth: number }): string | undefined {
  if (typeof value === "string") return value.includes("\u0000") || !value.isWellFormed() ? at.pointer : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  if (at.depth === deepest) {
    throw new Fault("invalid", "too_deep", { detail: `JSON may be nested ${deepest} levels deep.` });
  }
  for (const [key, inner] of Object.entries(value)) {
    const found = unstorable(inner, { pointer: `${at.pointer}/${key}`, depth: at.depth + 1 });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Refused by name rather than by the database: whatever came in, as body, query or path. */
export function requireStorable(value: unknown): void {
  const pointer = unstorable(value, { pointer: "", depth: 0 });
  if (pointer === undefined) return;
  throw new Fault("invalid", "invalid_text", {
    detail: "Text may hold no null character and no half of a surrogate pair.",
    errors: [{ pointer, detail: "contains a character that cannot be stored" }],
  });
}

/** JSON in UTF-8, depth and size bounded. */
export function parseJson(bytes: Uint8Array): unknown {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes));
  } catch {
    throw new Fault("invalid", "invalid_json", { detail: "The body is not JSON in UTF-8." });
  }
  requireStorable(value);
  return value;
}

export function requireJson(request: Request): void {
  const type = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new Fault("unsupported", "json_required", { detail: "Send the body as application/json." });
  }
}
