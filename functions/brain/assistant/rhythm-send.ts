/** The job that tells members what their rhythm asks for: their plan, their week, what falls due; each once. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import type { Statement } from "#db/client.ts";
import { raw, send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { type Publishable, publishStaged } from "../kernel/outbox.ts";
import { verb } from "../kernel/verb.ts";
import { credentialsPlace, segmentsOf } from "../outbound/index.ts";
import { type Due, dueOf, type Rhythm } from "./occasions.ts";
import { onBehalfOf } from "./on-behalf.ts";
import { type ReviewState, reviewStatement } from "./review.ts";
import { planWords, reminderWords, reviewWords, type Words } from "./rhythm-words.ts";
import type { State } from "./score.ts";

/** Messages of one run; a quarter of an hour later the next ones follow, within the two hours that each may be late. */
const most = 60;

type Told = Due & { rhythm: Rhythm };
type Rows = { rows: Record<string, unknown>[] };

export const sendRhythm = verb(
  {
    name: "assistant.rhythm.send",
    summary: "Tell members what their rhythm asks for",
    needs: "outbound:write",
    doors: ["job"],
    effect: "external",
    // Who wants to hear something; what there is to say; and it is said.
    steps: 3,
    input: () => z.object({}),
    output: () => z.object({ queued: z.int(), nothing: z.int(), skipped: z.int() }),
    did: ({ queued }) => queued,
  },
  async (ctx) => {
    const tally = { queued: 0, nothing: 0, skipped: 0 };
    const [found] = await send(ctx, [raw<{ on: Rhythm[] }>(ctx, sql`select assistant.rhythms_on() as on`)]);
    const now = ctx.clock.now();
    const due = (found.rows[0]?.on ?? [])
      .flatMap((rhythm) => dueOf(rhythm, now).map((one) => ({ ...one, rhythm })))
      .slice(0, most);
    if (due.length === 0) return tally;
    const words = await wordsOf(ctx, due);
    const wakes: Publishable[] = [];
    const decided = await Promise.all(due.map((one, i) => decisionOf(ctx, one, words[i] ?? null)));
    const answers = (await send(
      ctx,
      due.flatMap(({ rhythm }, i) => [
        onBehalfOf(ctx, rhythm.user_id),
        raw(ctx, sql`select assistant.tell_member(${JSON.stringify(decided[i])}::jsonb) as told`),
      ]) as Statement[],
    )) as unknown as Rows[];
    for (const { rows } of answers) {
      const told = rows[0]?.["told"] as { state: keyof typeof tally; wake: Publishable | null } | null | undefined;
      if (!told) continue;
      tally[told.state] += 1;
      if (told.wake) wakes.push(told.wake);
    }
    publishStaged(ctx, wakes);
    return tally;
  },
);

/** What each is to be told, from his own planner; null where there is nothing to say. */
async function wordsOf(ctx: Ctx, due: Told[]): Promise<(Words | null)[]> {
  const statements = due.flatMap(({ rhythm, occasion }) => [
    onBehalfOf(ctx, rhythm.user_id),
    occasion === "review"
      ? reviewStatement(ctx, null)
      : raw<{ state: State }>(ctx, sql`select assistant.plan_state() as state`),
  ]);
  const answers = (await send(ctx, statements as Statement[])) as unknown as Rows[];
  return due.map(({ occasion, rhythm: { language } }, i) => {
    const state = answers[2 * i + 1]?.rows[0]?.["state"];
    if (occasion === "review") return reviewWords(state as ReviewState, language);
    return (occasion === "plan" ? planWords : reminderWords)(state as State, language);
  });
}

async function decisionOf(ctx: Ctx, one: Told, words: Words | null): Promise<Record<string, unknown>> {
  const { rhythm, occasion, day } = one;
  const sender = ctx.ids.next("sender");
  const place = credentialsPlace({ id: sender, project: ctx.who?.project ?? "" });
  return {
    occasion,
    day,
    contact: ctx.ids.next("contact"),
    sender,
    // The installation's own bot: its token is no project's.
    sealed: await ctx.ports.secrets.seal("{}", place),
    wake: ctx.ids.next("outbox"),
    shown: (words?.numbered ?? []).map((entity_id, i) => ({
      id: ctx.ids.next("contextItem"),
      entity_type: "task",
      entity_id,
      position: i + 1,
    })),
    reason: words && !rhythm.address ? "no_address" : null,
    draft: words && rhythm.address ? draftOf(ctx, one, { ...words, to: rhythm.address }) : null,
  };
}

const draftOf = (
  ctx: Ctx,
  { rhythm, occasion, day, expires }: Told,
  { subject, text, to }: Words & { to: string },
) => ({
  id: ctx.ids.next("message"),
  channel: rhythm.channel,
  recipient: to,
  class: "transactional",
  language: rhythm.language,
  ...(rhythm.channel === "email" ? { subject } : {}),
  body: text,
  parts: segmentsOf(text).parts,
  evidence: [],
  stop_on_reply: false,
  // By his own quiet hours, which were kept when it was decided and end its life when they begin.
  through_quiet: true,
  reference: `rhythm:${rhythm.user_id}:${occasion}:${day}`,
  due_at: ctx.clock.now().toISOString(),
  expires_at: expires.toISOString(),
  again: true,
});
