/** Turning pages: a list's next page as an address of the console, signed like the API's cursors. */
import type { Context } from "hono";
import { assertOwn, type Position, type Read, readCursor, writeCursor } from "../cursor.ts";
import type { App } from "../runtime.ts";
import type { Listed } from "./shapes.ts";

/** `list` names the cursor's parameter and what it is signed for. */
export async function turnedTo(c: Context<App>, list: string): Promise<{ after?: Read }> {
  const text = c.req.query(list);
  if (!text) return {};
  return { after: await readCursor(c.get("runtime").ports.secrets, `console ${list}`, text) };
}

/** The rows, and this page's own address with the next page's cursor in it. */
export async function listed<T>(
  c: Context<App>,
  list: string,
  found: { data: T[]; next: Position | null },
): Promise<Listed<T>> {
  const ctx = c.get("ctx");
  if (!ctx) throw new Error("nobody has entered");
  await assertOwn(ctx, (await turnedTo(c, list)).after);
  if (!found.next) return { data: found.data, more: null };
  const url = new URL(c.req.url);
  url.searchParams.set(list, await writeCursor(ctx, { list: `console ${list}` }, found.next));
  url.searchParams.delete("live");
  url.searchParams.delete("note");
  return { data: found.data, more: `${url.pathname}${url.search}` };
}

/** Where this page's parts can be asked for again. */
export function liveAddress(c: Context<App>): string {
  const url = new URL(c.req.url);
  url.searchParams.delete("note");
  url.searchParams.set("live", "1");
  return `${url.pathname}${url.search}`;
}

export const isLive = (c: Context<App>): boolean => c.req.query("live") !== undefined;
