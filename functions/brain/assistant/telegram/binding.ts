/** Which Telegram chat speaks for a person: bound by a one-time code that only he can make, ended by himself. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { bindCodeFrom, derivedAgain, madeWith, notShownAgain } from "../../identity/index.ts";
import { raw } from "../../kernel/batch.ts";
import { commit } from "../../kernel/commit.ts";
import { Fault } from "../../kernel/fault.ts";
import type { Secrets } from "../../kernel/ports.ts";
import { instant } from "../../kernel/schemas.ts";
import { reading, verb } from "../../kernel/verb.ts";

const seconds = 3600;

const nameOf = (id: string) => `assistant telegram code ${id}`;

export const chatCodeHash = (secrets: Secrets, code: string): Promise<string> =>
  secrets.mac(`assistant telegram ${code.toLowerCase()}`);

export const makeChatCode = verb(
  {
    name: "assistant.telegram.code",
    summary:
      "Make a one-time code; who sends `/start CODE` to the bot within the hour speaks to your planner from there",
    needs: "assistant:use",
    doors: ["rest"],
    effect: "write",
    proof: "recent",
    faults: ["person_required", notShownAgain],
    input: () => z.object({}),
    output: () => z.object({ code: z.string(), expires_at: z.string() }),
    example: () => ({}),
  },
  async (ctx) => {
    const id = ctx.ids.next("chat");
    const { secrets } = ctx.ports;
    const hash = await chatCodeHash(secrets, bindCodeFrom(await secrets.mac(nameOf(id))));
    return commit(ctx, {
      change: sql`insert into assistant.telegram_codes as c (project_id, user_id, code_hash, expires_at)
        values (shared.scope(), assistant.me(), ${hash}, shared.clock() + make_interval(secs => ${seconds}))
        on conflict (project_id, user_id) do update set code_hash = excluded.code_hash, expires_at = excluded.expires_at,
          used_at = null, used_by = null, created_at = shared.clock()
        returning ${id}::text as id, c.expires_at as until, ${madeWith(ctx)}`,
      event: { kind: "assistant.telegram.code_made", ref: ["telegram_chat", id] },
    });
  },
  async (row, ctx) => ({
    code: bindCodeFrom(await derivedAgain(ctx, row, nameOf(String(row["id"])))),
    expires_at: instant(String(row["until"])),
  }),
);

type Bound = { bound_at: string | null };

export const showChat = reading(
  {
    name: "assistant.telegram.show",
    summary: "Whether a Telegram chat speaks to your planner, and since when",
    needs: "assistant:use",
    faults: ["person_required"],
    input: () => z.object({}),
    output: () => z.object({ bound_at: z.string().nullable() }),
  },
  {
    part: (ctx) =>
      raw<Bound>(
        ctx,
        sql`select max(t.bound_at) as bound_at from assistant.telegram_chats t
          where t.project_id = shared.scope() and t.user_id = assistant.me() and t.unbound_at is null`,
      ),
    view: (found) => ({ bound_at: instant((found as { rows: Bound[] }).rows[0]?.bound_at ?? null) }),
  },
);

export const unlinkChat = verb(
  {
    name: "assistant.telegram.unlink",
    summary: "End the link between your planner and a Telegram chat",
    needs: "assistant:use",
    effect: "write",
    faults: ["person_required", "chat_not_linked"],
    input: () => z.object({}),
    output: () => z.object({ unbound_at: z.string() }),
    example: () => ({}),
  },
  async (ctx) =>
    commit(ctx, {
      change: sql`update assistant.telegram_chats t set unbound_at = shared.clock()
        where t.project_id = shared.scope() and t.user_id = assistant.me() and t.unbound_at is null returning t.id, t.unbound_at`,
      event: { kind: "assistant.telegram.unbound", ref: ["planner", "own"] },
      lost: () => new Fault("conflict", "chat_not_linked"),
    }),
  (row) => ({ unbound_at: instant(String(row["unbound_at"])) }),
);
