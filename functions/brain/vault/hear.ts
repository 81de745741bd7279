/** A verified webhook from GitHub: a push of the branch we copy is a hint to look, everything else is acknowledged and kept. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { type Publishable, publishStaged } from "../kernel/outbox.ts";
import { verb } from "../kernel/verb.ts";

export const heardOutcomes = ["started", "ignored", "duplicate", "replayed"] as const;

/** What is kept of an event that means nothing to us. */
const mostKept = 64 * 1024;

type Push = { ref?: unknown; deleted?: unknown; repository?: { full_name?: unknown; default_branch?: unknown } };
type Bound = { repository: string; branch: string | null };

/** A rename reaches us as an event of another name than ours; the run finds it by following the old one. */
export function wantsSync(event: string, body: Record<string, unknown>, bound: Bound): boolean {
  const { ref, deleted, repository } = body as Push;
  const isOurs = String(repository?.full_name ?? "").toLowerCase() === bound.repository.toLowerCase();
  if (event === "repository") return isOurs;
  if (event !== "push" || !isOurs || deleted === true) return false;
  return ref === `refs/heads/${bound.branch ?? String(repository?.default_branch ?? "")}`;
}

export const hear = verb(
  {
    name: "vault.hear",
    summary: "Take in one verified webhook of a bound GitHub repository",
    needs: "vault:receive",
    doors: ["hook"],
    effect: "write",
    idempotency: "none",
    // The binding, then what follows from it.
    steps: 2,
    faults: ["source_unknown", "source_stale"],
    input: () =>
      z.object({
        source: z.string(),
        delivery: z.string(),
        event: z.string(),
        hash: z.string(),
        body: z.record(z.string(), z.unknown()),
      }),
    output: () => z.object({ outcome: z.enum(heardOutcomes) }),
  },
  async (ctx, { source, delivery, event, hash, body }) => {
    const [bound] = await send(ctx, [
      raw<Bound>(
        ctx,
        sql`select v.repository, v.branch from vault.sources v where v.project_id = shared.scope() and v.id = ${source}`,
      ),
    ]);
    const place = bound.rows[0];
    const wants = place !== undefined && wantsSync(event, body, place);
    const raws = wants ? null : JSON.stringify(body).replaceAll("\\u0000", "");
    const told = {
      id: ctx.ids.next("delivery"),
      source,
      delivery,
      event,
      hash,
      wants,
      raw: raws !== null && raws.length <= mostKept ? JSON.parse(raws) : null,
    };
    const [found] = await send(ctx, [
      raw<{ told: { outcome: (typeof heardOutcomes)[number]; wake?: Publishable | null } }>(
        ctx,
        sql`select vault.hear(${JSON.stringify(told)}::jsonb, ${ctx.ids.next("outbox")}) as told`,
      ),
    ]);
    const { outcome = "ignored", wake = null } = found.rows[0]?.told ?? {};
    if (wake) publishStaged(ctx, [wake]);
    return { outcome };
  },
);
