/** From staged row to QStash: after the response, and again by the sweep when that was lost. */
import { sql } from "drizzle-orm";
import { raw, send } from "./batch.ts";
import { as, type Ctx } from "./ctx.ts";

export type Publishable = { id: string; kind: string; payload: Record<string, unknown>; due_at: string };

/** Hands rows over after the response. A failure is logged; the sweep finds what was not published. */
export function publishStaged(ctx: Ctx, rows: Publishable[]): void {
  const project = ctx.who?.project;
  if (project && rows.length > 0) ctx.after(() => publish(ctx, project, rows));
}

export async function publish(ctx: Ctx, project: string, rows: Publishable[]): Promise<void> {
  const sent: { id: string; messageId: string }[] = [];
  for (const row of rows) {
    const delaySeconds = Math.max(0, Math.ceil((Date.parse(row.due_at) - ctx.clock.now().getTime()) / 1000));
    const { messageId } = await ctx.ports.queue.publish({
      kind: row.kind,
      project,
      id: row.id,
      body: row.payload,
      delaySeconds,
    });
    sent.push({ id: row.id, messageId });
  }
  const system = as(ctx, {
    credential: { kind: "system", project, job: "outbox" },
    entry: { permission: "shared:operate", scope: "project" },
  });
  await send(system, [
    raw(
      system,
      sql`update shared.outbox o set published_at = shared.clock(), message_id = s.message_id, updated_at = shared.clock()
        from jsonb_to_recordset(${JSON.stringify(sent.map((s) => ({ id: s.id, message_id: s.messageId })))}::jsonb) s (id text, message_id text)
        where o.project_id = shared.scope() and o.id = s.id`,
    ),
  ]);
}
