/** Mail that its provider only told of: fetched with the source's token, taken apart, and heard like any other. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { verb } from "../kernel/verb.ts";
import { takeIn } from "./hear.ts";
import { incomingOf, longestMail } from "./mail.ts";
import { mailOf } from "./mime.ts";

type Awaited = {
  id: string;
  source: string;
  provider: string | null;
  domain: string;
  api_token_sealed: string | null;
  delivery: string;
  raw: { email_id?: unknown; to?: unknown; received_for?: unknown };
};

export const fetchMail = verb(
  {
    name: "field.fetch",
    summary: "Fetch a mail that was told of without its words",
    needs: "field:receive",
    doors: ["job"],
    effect: "external",
    // The delivery, then the mail is heard.
    steps: 2,
    input: () => z.object({ delivery: z.string().max(64).optional().describe("Left out, the one that waits longest") }),
    output: () => z.object({ outcome: z.string() }),
    did: ({ outcome }) => (outcome === "duplicate" ? 0 : 1),
  },
  async (ctx, { delivery }) => {
    const waiting = await read(ctx, delivery);
    // Fetched by an earlier run of this job.
    if (!waiting) return { outcome: "duplicate" };
    const { id } = waiting;
    const bytes = await fetched(ctx, waiting);
    if (!bytes || bytes.length > longestMail) {
      await send(ctx, [
        raw(
          ctx,
          sql`update field.deliveries set outcome = 'lost' where project_id = shared.scope() and id = ${id} and outcome = 'awaiting'`,
        ),
      ]);
      return { outcome: "lost" };
    }
    const texts = (value: unknown) => (Array.isArray(value) ? value.filter((one) => typeof one === "string") : []);
    const also = [...texts(waiting.raw.received_for), ...texts(waiting.raw.to)];
    const mail = await mailOf(bytes, { id: String(waiting.raw.email_id), also });
    const message = incomingOf(mail, { now: ctx.clock.now(), domain: waiting.domain });
    const told = { delivery: waiting.delivery, event: "email.received", message, raw: null };
    const { outcome } = await takeIn(ctx, told, { source: waiting.source, provider: "resend", resumes: id });
    return { outcome };
  },
);

async function read(ctx: Ctx, delivery: string | undefined): Promise<Awaited | undefined> {
  const [found] = await send(ctx, [
    raw<Awaited>(
      ctx,
      sql`select d.id, d.source_id as source, s.provider, s.external_id as domain, s.api_token_sealed, d.delivery_id as delivery, d.raw
        from field.deliveries d join identity.project_sources s on s.project_id = d.project_id and s.id = d.source_id
        where d.project_id = shared.scope() and d.id = coalesce(${delivery ?? null}::text, d.id) and d.outcome = 'awaiting'
        order by d.received_at, d.id limit 1`,
    ),
  ]);
  return found.rows[0];
}

async function fetched(ctx: Ctx, waiting: Awaited): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const mailbox = ctx.ports.mailboxes?.[waiting.provider ?? "resend"];
  if (!mailbox || !waiting.api_token_sealed) {
    throw new Fault("unavailable", "mailbox_unconnected", { detail: "The source needs its provider's API token." });
  }
  const place = {
    table: "identity.project_sources",
    column: "api_token_sealed",
    row: waiting.source,
    project: ctx.who?.project ?? "",
  };
  return mailbox.read(await ctx.ports.secrets.open(waiting.api_token_sealed, place), String(waiting.raw.email_id));
}
