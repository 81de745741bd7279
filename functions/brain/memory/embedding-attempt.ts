/** One claim's texts through the embedder: together, and one by one when somebody among them may be to blame. */
import type { Ctx } from "../kernel/ctx.ts";
import { type Embedder, ProviderFailure } from "../kernel/ports.ts";
import { type Claimed, queueRule, type Unembedded, type Vector } from "./embedding-queue.ts";
import { withPlaceholders } from "./placeholders.ts";

/** `pauseSeconds`: the embedder takes nothing for so long. `waitSeconds`: it said so itself. */
export type Attempt = { vectors: Vector[]; failures: Unembedded[]; pauseSeconds?: number; waitSeconds?: number };

export async function attempt(ctx: Ctx, embedder: Embedder, rows: Claimed[]): Promise<Attempt> {
  const texts = rows.map((row) => withPlaceholders(row.text));
  try {
    const vectors = await embedder.embed(texts);
    return { vectors: rows.flatMap((row, i) => withVector(row, vectors[i])), failures: [] };
  } catch (thrown) {
    const failure = asFailure(thrown);
    const vectors = rows.flatMap((row, i) => withVector(row, failure.partial[i]));
    const rest = rows.flatMap((row, i) => (failure.partial[i] ? [] : [{ row, text: texts[i] ?? "" }]));
    if (failure.blames === "provider") return refused({ vectors, failures: [] }, { failure, rest });
    if (rows.length === 1) return alone(failure, rows);
    return singles(ctx, embedder, { vectors, rest });
  }
}

type Rest = { row: Claimed; text: string }[];

const withVector = (row: Claimed, vector: number[] | undefined): Vector[] =>
  vector ? [{ id: row.id, hash: row.hash, vector }] : [];

/** What is no provider's failure is our own mistake and must be heard of. */
function asFailure(thrown: unknown): ProviderFailure {
  if (thrown instanceof ProviderFailure) return thrown;
  throw thrown;
}

/** Nobody's text is to blame: everything goes back, to be tried when the embedder is well again. */
function refused(sofar: Attempt, { failure, rest }: { failure: ProviderFailure; rest: Rest }): Attempt {
  const asked = failure.retryAfterSeconds;
  const waitSeconds =
    asked === undefined ? undefined : Math.min(Math.max(1, Math.ceil(asked)), queueRule.longestWaitSeconds);
  return {
    vectors: sofar.vectors,
    failures: [...sofar.failures, ...rest.map(({ row }) => ({ id: row.id, error: failure.code, final: false }))],
    pauseSeconds: waitSeconds ?? queueRule.pauseSeconds,
    ...(waitSeconds === undefined ? {} : { waitSeconds }),
  };
}

const alone = (failure: ProviderFailure, rows: Claimed[]): Attempt => ({
  vectors: [],
  failures: rows.map((row) => ({ id: row.id, error: failure.code, final: failure.blames === "input" })),
});

async function singles(
  ctx: Ctx,
  embedder: Embedder,
  { vectors, rest }: { vectors: Vector[]; rest: Rest },
): Promise<Attempt> {
  const found: Attempt = { vectors: [...vectors], failures: [] };
  const until = ctx.clock.now().getTime() + queueRule.singlesSeconds * 1000;
  for (const [i, { row, text }] of rest.entries()) {
    const failure = await embedOne(embedder, { row, text }, found.vectors);
    if (failure?.blames === "provider") return refused(found, { failure, rest: rest.slice(i) });
    if (failure) found.failures.push({ id: row.id, error: failure.code, final: failure.blames === "input" });
    const noneWorks = found.vectors.length === 0 && found.failures.length >= queueRule.probes;
    if (failure && noneWorks && failure.blames === "unknown")
      return refused(found, { failure, rest: rest.slice(i + 1) });
    if (ctx.clock.now().getTime() > until) return late(found, rest.slice(i + 1));
  }
  // Where nothing at all is accepted the texts are not to blame, whatever the embedder says: a wrong model, a wrong address.
  if (found.vectors.length > 0) return found;
  return {
    ...found,
    failures: found.failures.map((row) => ({ ...row, final: false })),
    pauseSeconds: queueRule.pauseSeconds,
  };
}

async function embedOne(
  embedder: Embedder,
  { row, text }: Rest[number],
  vectors: Vector[],
): Promise<ProviderFailure | undefined> {
  try {
    const [vector] = await embedder.embed([text]);
    vectors.push(...withVector(row, vector));
    return undefined;
  } catch (thrown) {
    return asFailure(thrown);
  }
}

const late = (sofar: Attempt, rest: Rest): Attempt => ({
  ...sofar,
  failures: [...sofar.failures, ...rest.map(({ row }) => ({ id: row.id, error: "embedder_slow", final: false }))],
});
