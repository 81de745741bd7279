/** Reading the messages of conversations that wait for it: whole ranges of ids, because a limit cut by time would lose some. */
import { sql } from "drizzle-orm";
import { raw } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { type ChatwootRow, ProviderFailure } from "../kernel/ports.ts";
import { joined, ofMessages, secondOf } from "./snapshot.ts";
import { asOf, syncLimits, type Todo, type Work, writeStep } from "./sync-state.ts";

type Read = { todo: Todo; rows: ChatwootRow[]; complete: boolean; at: Date; gone: boolean };
type Failed = { todo: Todo; failure: ProviderFailure };

async function readOne(ctx: Ctx, work: Work, todo: Todo): Promise<Read | Failed> {
  try {
    const range = { conversation: todo.c, from: todo.from, below: todo.below };
    const told = await work.chatwoot.messages(work.access, range);
    if (!told) return { todo, rows: [], complete: false, at: ctx.clock.now(), gone: true };
    return { todo, rows: told.rows, complete: told.complete, at: asOf(ctx, told), gone: false };
  } catch (thrown) {
    if (thrown instanceof ProviderFailure) return { todo, failure: thrown };
    throw thrown;
  }
}

/** A range that an answer could not hold is read in two, parted in the middle of what was shown. */
function halves({ todo, rows }: Read): Todo[] {
  const ids = rows.map((row) => row.id).sort((a, b) => a - b);
  const middle = ids[Math.floor(ids.length / 2)] ?? todo.from + 1;
  return [
    { ...todo, below: middle },
    { ...todo, from: middle },
  ];
}

type Wave = { reads: Read[]; failed: Failed[] };

/** So many conversations as one write takes well; a failure ends the wave, and what was read until then counts. */
async function wave(ctx: Ctx, work: Work): Promise<Wave> {
  const found: Wave = { reads: [], failed: [] };
  const waiting = [...work.state.todo];
  let messages = 0;
  while (waiting.length > 0 && messages < syncLimits.messages && found.failed.length === 0) {
    if (work.requests >= syncLimits.requests) break;
    const told = await Promise.all(waiting.splice(0, syncLimits.together).map((todo) => readOne(ctx, work, todo)));
    work.requests += told.length;
    for (const one of told) {
      if ("failure" in one) found.failed.push(one);
      else found.reads.push(one);
      messages += "rows" in one ? one.rows.length : 0;
    }
  }
  return found;
}

/** Throws what failed, after writing down what did not. */
export async function readsUnit(ctx: Ctx, work: Work): Promise<void> {
  const { reads, failed } = await wave(ctx, work);
  if (reads.length > 0) await writeReads(ctx, work, reads);
  const [first] = failed;
  if (first) throw first.failure;
}

async function writeReads(ctx: Ctx, work: Work, reads: Read[]): Promise<void> {
  const parts = await Promise.all(
    reads.map(({ todo, rows, at }) => ofMessages(ctx, { binding: work.binding, asOf: at, conversation: todo.c }, rows)),
  );
  const done = new Set(reads.map(({ todo }) => todo));
  const rest = work.state.todo.filter((todo) => ![...done].some((one) => sameTodo(one, todo)));
  const split = reads.filter(({ complete, gone }) => !complete && !gone).flatMap(halves);
  const gone = reads.filter((read) => read.gone).map(({ todo }) => todo.c);
  const asked = reads.filter(({ complete }) => complete).map(rangeOf);
  const waiting = [...split, ...rest];
  const finished = new Set(reads.map(({ todo }) => todo.c).filter((c) => !waiting.some((todo) => todo.c === c)));
  const count = reads.reduce((sum, { rows }) => sum + rows.length, 0);
  work.messages += count;
  const { account } = work.binding;
  const [unlisted] = await writeStep(ctx, work, {
    told: joined(parts, ctx.clock.now()),
    after: [
      raw(ctx, sql`select inbox.unlisted_messages(${account}, ${JSON.stringify(asked)}::jsonb) as found`),
      // Its list had it, it has not: the search for what is gone decides.
      raw(
        ctx,
        sql`delete from inbox.sync_seen where project_id = shared.scope() and run_id = ${work.state.run} and kind = 'conversation'
          and number in (select jsonb_array_elements_text(${JSON.stringify(gone)}::jsonb)::bigint)`,
      ),
    ],
    step: {
      todo: waiting,
      counts: { requests: reads.length, messages: count, conversations: finished.size },
    },
  });
  const lost = (unlisted?.["found"] ?? []) as Lost[];
  if (lost.length > 0) await forget(ctx, work, lost);
}

const sameTodo = (a: Todo, b: Todo) => a.c === b.c && a.from === b.from && a.below === b.below;

const rangeOf = ({ todo, rows, at }: Read) => ({ ...todo, at: secondOf(at), ids: rows.map((row) => row.id) });

type Lost = { c: number; id: number; global: string };

/** Messages that a complete answer did not show are asked for once more before they go. */
async function forget(ctx: Ctx, work: Work, lost: Lost[]): Promise<void> {
  const certain: Lost[] = [];
  const times: Date[] = [];
  for (const conversation of new Set(lost.map(({ c }) => c))) {
    const wanted = lost.filter(({ c }) => c === conversation);
    const ids = wanted.map(({ id }) => id);
    const range = { conversation, from: Math.min(...ids), below: Math.max(...ids) + 1 };
    const told = await work.chatwoot.messages(work.access, range);
    work.requests += 1;
    if (!told?.complete) continue;
    times.push(asOf(ctx, told));
    certain.push(...wanted.filter(({ id }) => !told.rows.some((row) => row.id === id)));
  }
  const [at] = times.sort((a, b) => a.getTime() - b.getTime());
  if (!at || certain.length === 0) return;
  await writeStep(ctx, work, {
    after: [vanish(ctx, work, { at, messages: certain.map(({ global }) => global) })],
    step: { counts: { requests: times.length } },
  });
}

type Gone = { at: Date; messages?: string[]; conversations?: string[]; contacts?: string[] };

/** The statement that takes out of the mirror what is certainly gone. */
export function vanish(ctx: Ctx, work: Work, { at, messages = [], conversations = [], contacts = [] }: Gone) {
  const ids = {
    ledger: ctx.ids.next("event"),
    tombstone: ctx.ids.next("tombstone"),
    evidence: ctx.ids.next("evidence"),
    merge: ctx.ids.next("merge"),
  };
  const gone = { at: secondOf(at), ids, messages, conversations, contacts };
  return raw(ctx, sql`select inbox.vanish_step(${work.state.run}, ${JSON.stringify(gone)}::jsonb) as gone`);
}
