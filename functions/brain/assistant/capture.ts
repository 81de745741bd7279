/** Something said to the planner: kept word for word, understood, and written as one batch that can be taken back. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import type { Statement } from "#db/client.ts";
import { raw, send } from "../kernel/batch.ts";
import { commit, replayCheck } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { type Event, eventFrom } from "../kernel/events.ts";
import { Fault } from "../kernel/fault.ts";
import { type Run, runsFrom } from "../kernel/model-call.ts";
import type { LanguageModel } from "../kernel/ports.ts";
import { verb } from "../kernel/verb.ts";
import { Captured, type CapturedRow } from "./captured.ts";
import { extracting, extractWith } from "./model.ts";
import { choiceIn, type Prepared, prepared } from "./prepare.ts";
import { aroundIn, surroundings } from "./surroundings.ts";
import { titleNorm } from "./understand/extract.ts";

/** Silence after which a session has ended. */
export const idleSeconds = 30 * 60;

type Told = {
  capture: string;
  item: string;
  session: string;
  chat: string;
  source: string;
  client_msg_id: string | null;
  raw: string;
  norm: string;
  edit: string;
  idle_seconds: number;
};

type Said = { told: Told; choice?: Prepared | undefined };

/** The parser of dates is evaluated with the first message, not when an isolate starts. */
const rules = () => import("./understand/understand.ts");

const json = (value: unknown) => sql`${JSON.stringify(value)}::jsonb`;

/** A local date is at most twelve hours behind and fourteen ahead of UTC: one of these, and the database knows which. */
function datesNow(ctx: Ctx): string[] {
  const now = ctx.clock.now().getTime();
  return [...new Set([-12, 0, 14].map((hours) => new Date(now + hours * 3_600_000).toISOString().slice(0, 10)))];
}

const happened = (ctx: Ctx, event: Event, where: ReturnType<typeof sql>) =>
  eventFrom(ctx, event, sql`(select from change where ${where}) happened`);

/** Received, committed, and where a title had several meanings, asked: under one request id. */
const eventsOf = (ctx: Ctx, told: Told, extractor: "rules" | "model") => [
  happened(
    ctx,
    { kind: "assistant.capture.received", ref: ["inbox_item", told.item], payload: { source: told.source } },
    sql`answer->>'inbox_item' = ${told.item} and not (answer->>'repeated')::boolean`,
  ),
  happened(
    ctx,
    { kind: "assistant.capture.committed", ref: ["capture", told.capture], payload: { extractor } },
    sql`answer->>'id' = ${told.capture} and answer->>'reason' = 'changed'`,
  ),
  happened(
    ctx,
    { kind: "assistant.match.ambiguous", ref: ["capture", told.capture] },
    sql`answer->>'id' = ${told.capture} and answer->'questions' @> '[{"kind":"ambiguous"}]'`,
  ),
  ...(told.edit === "0"
    ? []
    : [
        happened(
          ctx,
          { kind: "assistant.capture.reworded", ref: ["capture", told.capture] },
          sql`answer->>'id' = ${told.capture} and answer ? 'taken_back'`,
        ),
      ]),
];

async function byRules(ctx: Ctx, { told, choice }: Said): Promise<Record<string, unknown>> {
  const { understand } = await rules();
  const docs: Record<string, Prepared> = choice
    ? { any: choice }
    : Object.fromEntries(datesNow(ctx).map((today) => [today, prepared(ctx, understand(told.raw, { today }))]));
  return commit(ctx, {
    change: sql`select assistant.capture(${json(told)}, ${json(docs)}) as answer`,
    also: eventsOf(ctx, told, "rules"),
  });
}

type Taken = { item: string; session: string; today: string; fresh?: boolean; result?: CapturedRow };

/** Two requests with the model between them: what was said is kept whatever the model makes of it. */
async function byModel(ctx: Ctx, told: Told, model: LanguageModel): Promise<Record<string, unknown>> {
  const take = raw<{ taken: Taken }>(ctx, sql`select assistant.take_item(${json(told)}) as taken`);
  const around = surroundings(ctx, { chat: told.chat, text: told.raw });
  const answers = await send(ctx, [...replayCheck(ctx), take, around] as Statement[]);
  const { taken } = (answers.at(-2) as unknown as { rows: { taken: Taken }[] }).rows[0] as { taken: Taken };
  if (taken.result) return commit(ctx, { change: sql`select ${json({ ...taken.result, repeated: true })} as answer` });
  const near = aroundIn(answers.at(-1));
  const { extract, runs } = await extractWith(ctx, { model, text: told.raw, item: taken.item, around: near });
  // A model that is out of reach is no reason to leave a message unread; one that talks nonsense is told of.
  const isAway = runs.at(-1)?.status === "failed";
  if (!extract && !isAway) await refuse(ctx, { told, taken, runs });
  const extractor = extract ? "model" : "rules";
  const doc = prepared(ctx, extract ?? (await rules()).understand(told.raw, { today: taken.today }));
  const head = { ...taken, capture: told.capture, chat: told.chat, extractor };
  return commit(ctx, {
    change: sql`select assistant.carry_out(${json(head)}, ${json(doc)}) as answer`,
    also: [...eventsOf(ctx, { ...told, item: taken.item }, extractor), runsFrom(runs, extracting)],
  });
}

/** Nothing of it is written but that it failed. */
async function refuse(ctx: Ctx, { told, taken, runs }: { told: Told; taken: Taken; runs: Run[] }): Promise<never> {
  const ref: Event["ref"] = ["inbox_item", taken.item];
  const once = sql`(select) once`;
  const received = eventFrom(ctx, { kind: "assistant.capture.received", ref, payload: { source: told.source } }, once);
  const failed = eventFrom(ctx, { kind: "assistant.capture.failed", ref, payload: { code: "extract_invalid" } }, once);
  await send(ctx, [
    ...(taken.fresh ? [raw(ctx, received)] : []),
    raw(ctx, failed),
    raw(ctx, runsFrom(runs, extracting)),
  ]);
  throw new Fault("unprocessable", "extraction_failed", {
    detail: "The message is kept; the model could not say what it means. Say it in other words, or again later.",
  });
}

export const capture = verb(
  {
    name: "assistant.capture",
    summary: "Say something to your planner: tasks, goals and problems are written down, linked, or marked done",
    needs: "assistant:use",
    effect: "write",
    faults: ["person_required", "extraction_failed"],
    input: () =>
      z.object({
        text: z.string().trim().min(1).max(4000),
        chat: z
          .string()
          .min(1)
          .max(100)
          .default("main")
          .describe("Where it is said: what was shown there last is “the first one”"),
        source: z
          .string()
          .regex(/^[a-z][a-z0-9_.-]{0,39}$/)
          .default("rest"),
        client_message_id: z
          .string()
          .min(1)
          .max(200)
          .optional()
          .describe("Sent again with it, the message is the same one"),
        edit: z
          .string()
          .regex(/^[0-9]{1,18}$/)
          .optional()
          .describe("That message in other words, the newer the greater: what the words before it did is taken back"),
        question: z.string().min(1).max(64).optional().describe("The one that a number answers; the last, unless said"),
      }),
    output: Captured,
    example: () => ({ text: "Call the plumber on Friday" }),
  },
  async (ctx, input) => {
    const told: Told = {
      capture: ctx.ids.next("capture"),
      item: ctx.ids.next("inboxItem"),
      session: ctx.ids.next("talk"),
      chat: input.chat,
      source: input.source,
      client_msg_id: input.client_message_id ?? null,
      raw: input.text,
      norm: titleNorm(input.text),
      edit: input.edit ?? "0",
      idle_seconds: idleSeconds,
    };
    const choice = choiceIn(ctx, input);
    const model = ctx.ports.language;
    return model && !choice ? byModel(ctx, told, model) : byRules(ctx, { told, choice });
  },
  ({ answer }) => answer as CapturedRow,
);
