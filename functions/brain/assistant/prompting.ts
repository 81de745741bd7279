/** One call of a language model on a person's behalf: numbers stay here, the call is on record, its words are not. */
import { type SQL, sql } from "drizzle-orm";
import type { Ctx } from "../kernel/ctx.ts";
import { sha256 } from "../kernel/digest.ts";
import { type LanguageModel, ProviderFailure } from "../kernel/ports.ts";
import { withPlaceholders } from "../memory/index.ts";

/** One row of shared.prompt_runs. The model's words stay out: they are somebody's own, and that table is the project's. */
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
};

export const runsFrom = (runs: Run[], { operation, version }: { operation: string; version: string }): SQL =>
  sql`insert into shared.prompt_runs (project_id, id, user_id, request_id, operation, provider, model, prompt_version, context_hash,
      input_tokens, output_tokens, latency_ms, status, error_code)
    select shared.scope(), r.id, nullif(current_setting('app.user_id', true), '')::uuid, current_setting('app.request_id'), ${operation},
      r.provider, r.model, ${version}, r.context_hash, r.input_tokens, r.output_tokens, r.latency_ms, r.status, r.error_code
    from jsonb_to_recordset(${JSON.stringify(runs)}::jsonb) r (id text, provider text, model text, context_hash text, input_tokens int,
      output_tokens int, latency_ms int, status text, error_code text)`;

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Numbers and addresses leave as numbered placeholders, and come back in titles. */
export function masked(text: string): { text: string; restore(said: string): string } {
  const bare = withPlaceholders(text);
  const parts = bare.split(/<(?:email|phone|number)>/);
  const names = [...bare.matchAll(/<(email|phone|number)>/g)].map(([, kind], i) => `<${kind} ${i + 1}>`);
  const found = new RegExp(`^${parts.map(escaped).join("([^]*?)")}$`, "u").exec(text)?.slice(1) ?? [];
  return {
    text: parts.map((part, i) => part + (names[i] ?? "")).join(""),
    restore: (said) => names.reduce((all, name, i) => all.replaceAll(name, () => found[i] ?? name), said),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^```(?:json)?\s*|\s*```$/g, ""));
  } catch {
    return undefined;
  }
}

export type Prompt = {
  model: LanguageModel;
  system: string;
  /** Goes as it is. */
  head?: string;
  /** Goes with placeholders. */
  body: string;
  schema: Record<string, unknown>;
  mostTokens: number;
};

/** The answer as JSON, undefined where it is none; no `said` when the model was out of reach. */
export async function prompted(ctx: Ctx, prompt: Prompt): Promise<{ run: Run; said?: { json: unknown } }> {
  const { model, system, schema, mostTokens } = prompt;
  const { text, restore } = masked(prompt.body);
  const user = `${prompt.head ?? ""}${text}`;
  const started = ctx.clock.now().getTime();
  const run: Run = {
    id: ctx.ids.next("promptRun"),
    provider: model.provider,
    model: model.model,
    context_hash: await sha256(`${system}\n\n${user}`),
    input_tokens: null,
    output_tokens: null,
    latency_ms: 0,
    status: "ok",
    error_code: null,
  };
  try {
    const said = await model.complete({ system, user, schema, mostTokens });
    run.input_tokens = said.inputTokens ?? null;
    run.output_tokens = said.outputTokens ?? null;
    return { run, said: { json: parsed(restore(said.text)) } };
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
