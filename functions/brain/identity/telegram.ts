/** Whose Telegram receives the PINs: the installation's owner, bound by a one-time code that only the server shows. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { accessFrom } from "../kernel/events.ts";
import { instant } from "../kernel/schemas.ts";
import { verb } from "../kernel/verb.ts";
import { bindCodeFrom, bindCodeHash, bindCodeSeconds } from "./bind-code.ts";
import { derivedAgain, madeWith, notShownAgain } from "./derived.ts";

const nameOf = (id: string) => `telegram bind code ${id}`;

export const makeBindCode = verb(
  {
    name: "identity.telegram.code",
    summary: "Make a one-time code; who sends `/bind CODE` to the bot receives the PINs from then on",
    needs: "identity:login",
    scope: "user",
    effect: "write",
    proof: "recent",
    faults: ["installation_owner_only", notShownAgain],
    input: () => z.object({}),
    output: () => z.object({ code: z.string(), expires_at: z.string() }),
  },
  async (ctx) => {
    const id = ctx.ids.uuid();
    const { secrets } = ctx.ports;
    const hash = await bindCodeHash(secrets, bindCodeFrom(await secrets.mac(nameOf(id))));
    return commit(ctx, {
      change: sql`select ${id}::uuid as id, identity.telegram_code(${hash}, ${bindCodeSeconds}) as until, ${madeWith(ctx)}`,
      access: { action: "identity.telegram.code_made" },
    });
  },
  async (row, ctx) => ({
    code: bindCodeFrom(await derivedAgain(ctx, row, nameOf(String(row["id"])))),
    expires_at: instant(String(row["until"])),
  }),
);

const said: Record<string, string> = {
  bound: "This chat now receives the PINs of people who ask to join Omneuro.",
  refreshed: "Yes, this chat still receives the PINs.",
};

/** Ids are text: Telegram's exceed 32 bits and may one day exceed 53. */
export const hearTelegram = verb(
  {
    name: "identity.telegram.hear",
    summary: "An update of the bot: `/bind` matters, the rest does not",
    needs: "identity:bind",
    scope: "none",
    doors: ["hook"],
    effect: "write",
    idempotency: "none",
    input: () => z.object({ update: z.string(), user: z.string(), chat: z.string(), text: z.string() }),
    output: () => z.object({ outcome: z.enum(["bound", "refreshed", "ignored", "repeated"]) }),
  },
  async (ctx, { update, user, chat, text }) => {
    const code = /^\/bind(?:@\w+)?(?:\s+(\S{1,64}))?\s*$/.exec(text);
    if (!code) return { outcome: "ignored" as const };
    const hash = code[1] ? await bindCodeHash(ctx.ports.secrets, code[1]) : null;
    const [heard] = await send(ctx, [
      raw<{ outcome: "bound" | "refreshed" | "ignored" | "repeated" }>(
        ctx,
        sql`with heard as (select identity.telegram_hear(${update}, ${user}, ${chat}, ${hash}::text) as outcome),
          noted as (${accessFrom(ctx, { action: "identity.telegram.bound" }, sql`heard where outcome in ('bound', 'refreshed')`)})
          select outcome from heard`,
      ),
    ]);
    const outcome = heard.rows[0]?.outcome ?? "ignored";
    answer(ctx, chat, said[outcome]);
    return { outcome };
  },
);

/** Strangers get no answer: a bot that is silent tells nobody what it is for. */
function answer(ctx: Ctx, chat: string, text: string | undefined): void {
  const { messenger } = ctx.ports;
  if (messenger && text) ctx.after(() => messenger.send(chat, text));
}
