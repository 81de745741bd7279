/** Where I am signed in, and ending that everywhere else. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { instant } from "../kernel/schemas.ts";
import { verb } from "../kernel/verb.ts";
import { assertPerson } from "./person.ts";

type Row = { is_this: boolean; created_at: string; last_seen_at: string; expires_at: string };

export const listSessions = verb(
  {
    name: "identity.sessions.list",
    summary: "Where I am signed in",
    needs: "identity:login",
    scope: "user",
    effect: "read",
    faults: ["session_required"],
    input: () => z.object({}),
    output: () =>
      z.object({
        data: z.array(
          z.object({ is_this: z.boolean(), created_at: z.string(), last_seen_at: z.string(), expires_at: z.string() }),
        ),
      }),
  },
  async (ctx) => {
    assertPerson(ctx);
    const [found] = await send(ctx, [
      raw<Row>(
        ctx,
        sql`select s.id = current_setting('app.session_id') as is_this, s.created_at, s.last_seen_at, s.expires_at
          from identity.sessions s where s.user_id = current_setting('app.user_id')::uuid and s.ended_at is null
            and s.expires_at > shared.clock() and s.last_seen_at > shared.clock() - interval '3 days'
          order by s.last_seen_at desc limit 100`,
      ),
    ]);
    const data = found.rows.map((row) => ({
      is_this: row.is_this,
      created_at: instant(row.created_at),
      last_seen_at: instant(row.last_seen_at),
      expires_at: instant(row.expires_at),
    }));
    return { data };
  },
);

const others = sql`s.user_id = current_setting('app.user_id')::uuid and s.id <> current_setting('app.session_id')
  and s.ended_at is null and s.expires_at > shared.clock() and s.last_seen_at > shared.clock() - interval '3 days'`;

export const endOtherSessions = verb(
  {
    name: "identity.sessions.end_others",
    summary: "Sign out everywhere but here",
    needs: "identity:login",
    scope: "user",
    effect: "write",
    faults: ["session_required"],
    input: () => z.object({}),
    output: () => z.object({ ended: z.number().int() }),
  },
  async (ctx) => {
    assertPerson(ctx);
    return commit(ctx, {
      // Of two that end each other at once the second waits here, and then counts what is left.
      before: [raw(ctx, sql`select s.id from identity.sessions s where ${others} order by s.id for update`)],
      change: sql`select count(*)::int as ended from identity.sessions s where ${others}`,
      also: [sql`update identity.sessions s set ended_at = shared.clock() from change where ${others}`],
      access: { action: "identity.sessions.others_ended" },
    });
  },
  (row) => ({ ended: Number(row["ended"]) }),
);
