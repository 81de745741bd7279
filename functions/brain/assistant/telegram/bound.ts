/** What is asked of the bindings before anybody is entered: whose code this is, and which projects an account may speak to. */
import { sql } from "drizzle-orm";
import { raw, send } from "../../kernel/batch.ts";
import type { Ctx } from "../../kernel/ctx.ts";
import { chatCodeHash } from "./binding.ts";
import type { Project } from "./replies.ts";

type Sender = { sender: string; chat: string };

const json = (value: unknown) => sql`${JSON.stringify(value)}::jsonb`;

/** The name of the project; null for a code that is none, which is answered with silence. */
export async function bindChat(ctx: Ctx, { code, ...sender }: Sender & { code: string }): Promise<string | null> {
  const hash = await chatCodeHash(ctx.ports.secrets, code);
  const claim = { ...sender, hash, id: ctx.ids.next("chat"), event: ctx.ids.next("event") };
  const [found] = await send(ctx, [
    raw<{ bound: { project: string } | null }>(ctx, sql`select assistant.bind_telegram(${json(claim)}) as bound`),
  ]);
  return found.rows[0]?.bound?.project ?? null;
}

/** With `choose`, that one is spoken to from now on. */
export async function projectsOf(ctx: Ctx, claim: Sender & { choose?: string }): Promise<Project[]> {
  const [found] = await send(ctx, [
    raw<{ projects: Project[] }>(ctx, sql`select assistant.telegram_projects(${json(claim)}) as projects`),
  ]);
  return found.rows[0]?.projects ?? [];
}
