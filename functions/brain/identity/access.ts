/** The trail of getting in: what people did, or were refused, where no project could hold it. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { as, type Ctx } from "../kernel/ctx.ts";
import { type Access, accessFrom } from "../kernel/events.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { verb } from "../kernel/verb.ts";
import { assertPerson } from "./person.ts";

/** A relation of one row, for an act that has no change of its own to hang on. */
export const once: SQL = sql`(select 1) as once`;

/** The person of this login, if there is one. */
export const userOf = (username: string): SQL =>
  sql`(select a.id from identity.app_users a where a.username = ${username})`;

/** Written after the answer, in a batch of its own: what was refused has left nothing else behind. */
export function noteLater(ctx: Ctx, access: Access): void {
  ctx.after(async () => {
    const own = as(ctx, { meter: { requests: 0 } });
    await send(own, [raw(own, accessFrom(own, access, once))]);
  });
}

type Row = {
  id: string;
  user: string | null;
  actor: string;
  action: string;
  outcome: "done" | "refused" | "failed";
  payload: Record<string, unknown>;
  request_id: string;
  at: string;
};

const AccessEvent = () =>
  z.object({
    id: z.string(),
    user: z.uuid().nullable().describe("Whom it concerns, where that is somebody known"),
    actor: z.string(),
    action: z.string(),
    outcome: z.enum(["done", "refused", "failed"]),
    payload: z.record(z.string(), z.unknown()),
    request_id: z.string(),
    at: z.string(),
  });

export const listAccess = verb(
  {
    name: "identity.access.list",
    summary: "Signing up, in and out, newest first: one's own; to who installed the system, everybody's if asked for",
    needs: "identity:login",
    scope: "user",
    effect: "read",
    faults: ["session_required"],
    input: () => z.object({ ...paging(), whose: z.enum(["mine", "everybodys"]).default("mine") }),
    output: () => page(AccessEvent()),
  },
  async (ctx, input) => {
    assertPerson(ctx);
    const { limit, after, whose } = input;
    // Row security shows others' rows to the owner of the installation only.
    const mine = whose === "mine" ? sql`e.user_id = current_setting('app.user_id')::uuid` : sql`true`;
    const [found] = await send(ctx, [
      raw<Row>(
        ctx,
        sql`select e.id, e.user_id as user, e.actor, e.action, e.outcome, e.payload, e.request_id, e.at
          from identity.access_events e
          where ${mine} and ${after ? sql`(e.at, e.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by e.at desc, e.id desc limit ${limit + 1}`,
      ),
    ]);
    return paged(found.rows, input, {
      view: (row) => ({ ...row, at: instant(row.at) }),
      position: (row) => ({ at: row.at, id: row.id }),
    });
  },
);
