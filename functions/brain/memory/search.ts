/** Search: the passages that best fit a question, by words and meaning, as far as the reader may know them. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import type { Who } from "../kernel/ctx.ts";
import { instant } from "../kernel/schemas.ts";
import { verb } from "../kernel/verb.ts";
import { allowedAudience, audienceText } from "./audience.ts";
import { meant, questionText } from "./question.ts";
import { isTextOnly, type Passage, recalled } from "./recall.ts";

export const Hit = () =>
  z.object({
    id: z.string(),
    text: z.string(),
    score: z.number().describe("0 to 1, comparable within one answer only"),
    source: z.object({ table: z.string(), pk: z.string() }),
    conversation: z.string().nullable(),
    contact: z.string().nullable(),
    occurred_at: z.string(),
    evidence_id: z.string().nullable(),
  });

const moment = () => z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

export const hitOf = (passage: Passage): z.output<ReturnType<typeof Hit>> => ({
  id: passage.id,
  text: passage.text,
  score: Math.round(passage.score * 10_000) / 10_000,
  source: { table: passage.source_table, pk: passage.source_pk },
  conversation: passage.conversation,
  contact: passage.contact,
  occurred_at: instant(passage.occurred_at),
  evidence_id: passage.evidence_id,
});

export const search = verb(
  {
    name: "memory.search",
    summary: "The passages that best fit a question",
    needs: "memory:read",
    effect: "external",
    // Credentials are checked before the question is embedded.
    steps: 2,
    faults: ["contact_unknown", "technician_unknown", "permission_missing"],
    input: () =>
      z.object({
        q: questionText(),
        k: z.coerce.number().int().min(1).max(50).default(10),
        contact: z.string().min(1).max(200).optional(),
        conversation: z.string().min(1).max(200).optional(),
        source: z
          .string()
          .regex(
            /^[a-z_]+\.[a-z_]+(,[a-z_]+\.[a-z_]+){0,9}$/,
            "must be table names like inbox.cw_messages, with commas",
          )
          .optional(),
        from: moment().optional(),
        to: moment().optional().describe("Exclusive"),
        status: z.enum(["open", "resolved", "pending", "snoozed"]).optional().describe("Of the conversation"),
        visibility: z.enum(["internal", "contact", "public"]).optional(),
        audience: audienceText().optional(),
      }),
    output: () =>
      z.object({
        data: z.array(Hit()),
        next_cursor: z.null(),
        degraded: z
          .enum(["text_only", "partly_text_only"])
          .optional()
          .describe("Words alone decided, over everything or over what another model remembered"),
      }),
    example: () => ({ q: "When is the boiler serviced?" }),
  },
  async (ctx, input) => {
    await send(ctx, []);
    const audience = allowedAudience(ctx.who as Who, input.audience);
    const question = await meant(ctx, input.q);
    const { contact, conversation, status, visibility, from: since, to: until } = input;
    const narrowing = { contact, conversation, status, visibility, since, until, sources: input.source?.split(",") };
    const [found, others] = await send(ctx, [
      recalled(ctx, { question, audience, narrowing, k: input.k }),
      raw<{ older: boolean }>(ctx, sql`select memory.has_older() as older`),
    ]);
    const data = found.rows.map(hitOf);
    const isPartly = others.rows[0]?.older === true;
    const degraded = isTextOnly(question, found.rows) ? "text_only" : isPartly ? "partly_text_only" : null;
    return { data, next_cursor: null, ...(degraded ? { degraded } : {}) };
  },
);
