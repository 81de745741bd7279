/** A domain's part in the sweep: what it has waiting that nobody is on the way for. */
import type { SQL } from "drizzle-orm";
import type { Statement } from "#db/client.ts";
import type { Ctx } from "./ctx.ts";

export type Sweep = {
  /** In the entered project: one row `{staged: Publishable | null}`, the wake-up that was lacking. */
  part(ctx: Ctx): Statement;
  /** Over all projects: selects the ids of those in which this part would find something. Refuses everybody but the tick. */
  due: SQL;
};
