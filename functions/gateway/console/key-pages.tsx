/** API keys: listed, made, rotated, revoked. A key's text is part of the one answer to the form that made it. */
import type { Context } from "hono";
import { createApiKey, listApiKeys, revokeApiKey, rotateApiKey } from "#brain/identity/index.ts";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import type { App } from "../runtime.ts";
import { idIn, reader, readForm, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { KeysView } from "./keys-view.tsx";
import { once } from "./once.ts";
import { seatOf } from "./seat.ts";
import { listed, turnedTo } from "./turning.ts";

const hoursOf: Record<string, number> = { now: 0, day: 24, week: 168 };
/** Far beyond what the form offers; a date that is none would be our fault. */
const mostDays = 3650;
const dayMs = 24 * 3600 * 1000;

async function answerKeys(c: Context<App>, { ctx, made }: { ctx: Ctx; made?: { key: string } }): Promise<Response> {
  const [keys, memory] = await together(ctx, [
    [listApiKeys, { limit: 50, ...(await turnedTo(c, "keys")) }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view = { seat, keys: await listed(c, "keys", keys), ...(made ? { made } : {}) };
  return answerFramed(c, { seat, place: "access", title: "API keys", body: <KeysView {...view} /> });
}

export const keysPage = async (c: Context<App>): Promise<Response> => answerKeys(c, { ctx: await reader(c) });

export async function createKeyForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const days = Math.min(Number(form.get("days")) || 0, mostDays);
  // From midnight on, so that the same form sent twice is the same request.
  const until = Math.ceil(ctx.clock.now().getTime() / dayMs) * dayMs + days * dayMs;
  const permissions = [...form.keys()].filter((name) => name.startsWith("may ")).map((name) => name.slice(4));
  const limit = Number(form.get("rate_limit") ?? 0);
  const input = {
    name: form.get("name") ?? "",
    permissions,
    ...(days > 0 ? { expires_at: new Date(until).toISOString() } : {}),
    ...(limit > 0 ? { rate_limit: limit } : {}),
  };
  return answerKeys(c, { ctx, made: await once(ctx, { verb: createApiKey, input, form }) });
}

export async function rotateKeyForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const input = { id: idIn(c), overlap_hours: hoursOf[form.get("overlap") ?? "day"] ?? 24 };
  return answerKeys(c, { ctx, made: await once(ctx, { verb: rotateApiKey, input, form }) });
}

export async function revokeKeyForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  await once(await writer(c, form), { verb: revokeApiKey, input: { id: idIn(c) }, form });
  return seeOther(c, await withNote(c, "/console/keys", { code: "key_revoked" }));
}
