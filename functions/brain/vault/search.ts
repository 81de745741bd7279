/** Search among documents by meaning: memory's recall, and of what it finds only what is near enough to the question. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import type { Who } from "../kernel/ctx.ts";
import { verb } from "../kernel/verb.ts";
import {
  allowedAudience,
  audienceText,
  Hit,
  hitOf,
  meant,
  questionText,
  type RecalledPassage,
  recallOf,
} from "../memory/index.ts";

/** Cosine similarity below which a passage is not about the question. */
const defaultThreshold = 0.7;
/** The nearest of so many of recall's best are shown. */
const looked = 50;

type Found = RecalledPassage & { path: string; title: string | null; repository: string };

export const searchDocuments = verb(
  {
    name: "vault.search",
    summary:
      "The documents' passages whose meaning is near a question's, nearest first; none where none is near enough",
    needs: "memory:read",
    effect: "external",
    // Credentials are checked before the question is embedded.
    steps: 2,
    faults: ["contact_unknown", "permission_missing"],
    input: () =>
      z.object({
        q: questionText(),
        k: z.coerce.number().int().min(1).max(looked).default(10),
        threshold: z.coerce
          .number()
          .min(0)
          .max(1)
          .default(defaultThreshold)
          .describe("Least cosine similarity; 0 also gives passages found by their words alone"),
        audience: audienceText().optional(),
      }),
    output: () =>
      z.object({
        data: z.array(
          Hit().extend({
            similarity: z.number().nullable(),
            document: z.object({
              id: z.string(),
              path: z.string(),
              title: z.string().nullable(),
              repository: z.string(),
            }),
          }),
        ),
        next_cursor: z.null(),
        degraded: z
          .literal("no_meaning")
          .optional()
          .describe("The question could not be embedded, so that nothing can be said to be near it"),
      }),
    example: () => ({ q: "How long is the warranty?" }),
  },
  async (ctx, { q, k, threshold, audience: asked }) => {
    await send(ctx, []);
    const audience = allowedAudience(ctx.who as Who, asked);
    const question = await meant(ctx, q);
    const recalled = recallOf({ question, audience, narrowing: { sources: ["vault.documents"] }, k: looked });
    const [found] = await send(ctx, [
      raw<Found>(
        ctx,
        sql`select r.*, d.path, d.repository, d.metadata->>'title' as title from (${recalled}) r
          join vault.documents d on d.project_id = shared.scope() and d.id = r.source_pk
          where coalesce(r.vector_score, case when ${threshold}::float8 = 0 then 0 end) >= ${threshold}::float8
          order by r.vector_score desc nulls last, r.score desc, r.id limit ${k}`,
      ),
    ]);
    const data = found.rows.map((row) => ({
      ...hitOf(row),
      similarity: row.vector_score === null ? null : Math.round(row.vector_score * 10_000) / 10_000,
      document: { id: row.source_pk, path: row.path, title: row.title, repository: row.repository },
    }));
    return { data, next_cursor: null, ...(question.vector ? {} : { degraded: "no_meaning" as const }) };
  },
);
