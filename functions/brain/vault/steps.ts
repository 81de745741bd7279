/** The steps of a run: what is asked of the provider, and what of its answer is written down. */
import type { Ctx } from "../kernel/ctx.ts";
import { sha256 } from "../kernel/digest.ts";
import { type Documents, ProviderFailure } from "../kernel/ports.ts";
import { languageOf } from "../memory/index.ts";
import { runRule } from "./failures.ts";
import { readDocument } from "./markdown.ts";
import { type Run, type Stepped, step, type Wanted, type Work } from "./run.ts";

/** A step that was cut short by a failure has written down what it had. */
export type Taken = { next: Stepped | null; failure?: ProviderFailure };

type Of<P extends Work["phase"]> = Extract<Work, { phase: P }>;

/** Postgres' text holds no null character, and UTF-8 no lone surrogate. */
const storable = (text: string): string => text.replaceAll("\0", "").toWellFormed();
const orNull = (text: string | null): string | null => (text === null ? null : storable(text).slice(0, 1000));

export async function listStep(ctx: Ctx, documents: Documents, { run, work }: { run: Run; work: Of<"list"> }) {
  const { entries, ...rest } = await documents.list(run.place, { cursor: work.cursor, checkpoint: work.checkpoint });
  const fit = entries
    .filter(({ path }) => path.length > 0 && path.length <= 1000)
    .map((entry) => ({ ...entry, path: storable(entry.path), title: orNull(entry.title), url: orNull(entry.url) }));
  return { next: await step(ctx, run, { name: "note_entries", told: { ...rest, entries: fit } }) };
}

async function stored(ctx: Ctx, entry: Wanted, text: string) {
  const content = storable(text);
  const { title, passages } = readDocument({ path: entry.path, title: entry.title, text: content });
  return {
    id: ctx.ids.next("document"),
    evidence: ctx.ids.next("evidence"),
    ledger: ctx.ids.next("event"),
    path: entry.path,
    ref: entry.ref,
    sha: entry.sha,
    url: entry.url,
    title,
    content,
    hash: await sha256(content),
    lang: languageOf(passages.join("\n")) ?? "simple",
    at: entry.occurred_at ?? ctx.clock.now().toISOString(),
    chunks: passages.map((passage) => ({ id: ctx.ids.uuid(), text: passage })),
  };
}

/** True for a failure that concerns this one document only. */
const isItsOwn = (failure: ProviderFailure): boolean => failure.blames === "input";

/** One after the other: providers count calls that run at once against us. */
export async function fetchStep(
  ctx: Ctx,
  documents: Documents,
  { run, work }: { run: Run; work: Of<"fetch"> },
): Promise<Taken> {
  const got: Awaited<ReturnType<typeof stored>>[] = [];
  const skipped: { path: string; reason: string }[] = [];
  let failure: ProviderFailure | undefined;
  let characters = 0;
  for (const entry of work.rows) {
    if (characters > runRule.characters) break;
    try {
      const read = await documents.read(run.place, entry);
      if ("skipped" in read) skipped.push({ path: entry.path, reason: read.skipped });
      else got.push(await stored(ctx, entry, read.text));
      characters += "text" in read ? read.text.length : 0;
    } catch (thrown) {
      if (!(thrown instanceof ProviderFailure)) throw thrown;
      if (isItsOwn(thrown)) skipped.push({ path: entry.path, reason: "unreadable" });
      else {
        failure = thrown;
        break;
      }
    }
  }
  const told = { documents: got, skipped, embed: ctx.ids.next("outbox") };
  if (failure && got.length + skipped.length === 0) throw failure;
  return { next: await step(ctx, run, { name: "put_documents", told }), ...(failure ? { failure } : {}) };
}

export async function removeStep(ctx: Ctx, documents: Documents, { run, work }: { run: Run; work: Of<"remove"> }) {
  const gone: { id: string; tombstone: string; ledger: string }[] = [];
  const kept: { path: string; ref: string | null }[] = [];
  for (const { id, path, ref } of work.rows) {
    if (!(await documents.isGone(run.place, { path, ref }))) kept.push({ path, ref });
    else gone.push({ id, tombstone: ctx.ids.next("tombstone"), ledger: ctx.ids.next("event") });
  }
  return { next: await step(ctx, run, { name: "remove_documents", told: { gone, kept } }) };
}
