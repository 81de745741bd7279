/** What providers report about messages that they took: how far each has come, and whom not to write to any more. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { sha256 } from "../kernel/digest.ts";
import { verb } from "../kernel/verb.ts";

/** In the order of progress; the last two are final. `refused`: the recipient wants nothing from us. */
export const reported = [
  "accepted",
  "scheduled",
  "queued",
  "sending",
  "sent",
  "delivered",
  "read",
  "failed",
  "refused",
] as const;

const Report = () =>
  z.object({
    provider: z.string(),
    id: z.string().min(1).max(300).describe("The provider's id of the message"),
    ref: z.string().max(64).nullable().describe("Ours, where the provider carried it along"),
    status: z.enum(reported).nullable(),
    code: z.string().max(100).nullable(),
    suppress: z.enum(["provider", "bounce", "invalid", "complaint"]).nullable(),
    address: z.string().max(320).nullable().describe("Whom it is about, where no message is named"),
    mail_id: z.string().max(998).nullable(),
  });
export type Report = z.output<ReturnType<typeof Report>>;

type Answer = { ref: string | null; outcome: "moved" | "kept" | "known" | "unmatched"; state?: string };

export const tellOutcome = verb(
  {
    name: "outbound.told",
    summary: "Take in what a provider reports about messages it took",
    needs: "outbound:receive",
    doors: ["hook"],
    effect: "write",
    idempotency: "none",
    faults: ["source_unknown", "source_stale"],
    input: () => z.object({ reports: z.array(Report()).min(1).max(100) }),
    output: () => z.object({ outcomes: z.array(z.enum(["moved", "kept", "known", "unmatched"])) }),
  },
  async (ctx, { reports }) => {
    const many = (kind: "policy" | "suppression" | "consent" | "event", count: number) =>
      Array.from({ length: count }, () => ctx.ids.next(kind));
    const rows = await Promise.all(
      reports.map(async (report) => ({
        ...report,
        event: ctx.ids.next("event"),
        report_event: ctx.ids.next("event"),
        // The same report again is the same act.
        report: (await sha256([report.provider, report.id, report.suppress, report.address].join(" "))).slice(0, 32),
        ids: {
          policy: many("policy", 2),
          suppression: many("suppression", 1),
          consent: many("consent", 2),
          event: many("event", 2),
        },
      })),
    );
    const [found] = await send(ctx, [
      raw<{ told: Answer[] }>(ctx, sql`select outbound.told(${JSON.stringify(rows)}::jsonb) as told`),
    ]);
    return { outcomes: (found.rows[0]?.told ?? []).map(({ outcome }) => outcome) };
  },
);
