/** One call of a language model and its row in shared.prompt_runs, wherever it is made. */
import { type SQL, sql } from "drizzle-orm";
import type { Ctx } from "./ctx.ts";
import { sha256 } from "./digest.ts";
import { type LanguageModel, ProviderFailure } from "./ports.ts";

/** `answer` is what may be kept of it: words that are somebody's own stay out, that table is the project's. */
export type Run = {
  id: string;
  provider: string;
  model: string;
  context_hash: string;
  input_tokens: number | null;
  output_tokens: number | null;
  latency_ms: number;
  status: "ok" | "rejected" | "failed";
  error_code: string | null;
  answer: object | null;
};

type Call = Parameters<LanguageModel["complete"]>[0] & { model: LanguageModel };

/** No text when the model was out of reach. */
export async function called(ctx: Ctx, { model, ...prompt }: Call): Promise<{ run: Run; text?: string }> {
  const started = ctx.clock.now().getTime();
  const run: Run = {
    id: ctx.ids.next("promptRun"),
    provider: model.provider,
    model: model.model,
    context_hash: await sha256(`${prompt.system}\n\n${prompt.user}`),
    input_tokens: null,
    output_tokens: null,
    latency_ms: 0,
    status: "ok",
    error_code: null,
    answer: null,
  };
  try {
    const said = await model.complete(prompt);
    run.input_tokens = said.inputTokens ?? null;
    run.output_tokens = said.outputTokens ?? null;
    return { run, text: said.text };
  } catch (thrown) {
    if (!(thrown instanceof ProviderFailure)) throw thrown;
    Object.assign(run, { status: "failed", error_code: thrown.code });
    return { run };
  } finally {
    run.latency_ms = ctx.clock.now().getTime() - started;
  }
}

export function reject(run: Run, code: string): void {
  Object.assign(run, { status: "rejected", error_code: code });
}

/** Models put it in a fence now and then; undefined where it is no JSON. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^```(?:json)?\s*|\s*```$/g, ""));
  } catch {
    return undefined;
  }
}

export const runsFrom = (runs: readonly Run[], { operation, version }: { operation: string; version: string }): SQL =>
  sql`insert into shared.prompt_runs (project_id, id, user_id, request_id, operation, provider, model, prompt_version, context_hash,
      input_tokens, output_tokens, latency_ms, status, error_code, answer)
    select shared.scope(), r.id, nullif(current_setting('app.user_id', true), '')::uuid, current_setting('app.request_id'), ${operation},
      r.provider, r.model, ${version}, r.context_hash, r.input_tokens, r.output_tokens, r.latency_ms, r.status, r.error_code, r.answer
    from jsonb_to_recordset(${JSON.stringify(runs)}::jsonb) r (id text, provider text, model text, context_hash text, input_tokens int,
      output_tokens int, latency_ms int, status text, error_code text, answer jsonb)`;
