/** A question to the planner: answered from the plan, with the ids it rests on; nothing is changed but what "the first one" means. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { commit, replayCheck } from "../kernel/commit.ts";
import { verb } from "../kernel/verb.ts";
import { listed, subjectOf, subjects } from "./asked.ts";
import { reasons, type State } from "./score.ts";

const Line = () =>
  z.object({
    number: z.int().describe("Said in this chat within the hour, “the first one” is number 1"),
    entity_type: z.literal("task"),
    entity_id: z.string(),
    title: z.string(),
    due_date: z.string().nullable(),
    reasons: z.array(z.enum(reasons)),
    blockers: z.array(z.string()).describe("Titles of what it waits for"),
  });

const Asked = () =>
  z.object({
    about: z.enum(subjects).nullable().describe("Null when no rule knows what is asked: nothing is guessed"),
    date: z.string(),
    items: z.array(Line()),
  });

const json = (value: unknown) => sql`${JSON.stringify(value)}::jsonb`;

export const ask = verb(
  {
    name: "assistant.ask",
    summary: "Ask your planner what is due, what to do today or next, or what waits; nothing is changed by it",
    needs: "assistant:use",
    effect: "write",
    // The plan is made of the state; then what was shown is remembered.
    steps: 2,
    idempotency: "optional",
    faults: ["person_required"],
    input: () =>
      z.object({ text: z.string().trim().min(1).max(1000), chat: z.string().min(1).max(100).default("main") }),
    output: Asked,
    example: () => ({ text: "What is due?" }),
  },
  async (ctx, { text, chat }) => {
    const read = raw<{ state: State }>(ctx, sql`select assistant.plan_state() as state`);
    const answers = await send(ctx, [...replayCheck(ctx), read]);
    const { state } = (answers.at(-1) as { rows: { state: State }[] }).rows[0] as { state: State };
    const about = subjectOf(text);
    const items = (about ? listed(state, about) : []).map((one, i) => ({
      number: i + 1,
      entity_type: "task" as const,
      entity_id: one.task.id,
      title: one.task.title,
      due_date: one.task.due_date,
      reasons: one.reasons,
      blockers: one.blockers.map(({ title }) => title),
    }));
    const shown = items.map(({ number, entity_type, entity_id }) => ({
      id: ctx.ids.next("contextItem"),
      entity_type,
      entity_id,
      position: number,
    }));
    return commit(ctx, {
      change: sql`select ${json({ about, date: state.today, items })} as answer, assistant.surface(${chat}, 'asked', ${json(shown)})::text as shown`,
      event: {
        kind: "assistant.asked",
        ref: ["plan", state.today],
        payload: { about: about ?? "unknown", items: items.length },
      },
    });
  },
  ({ answer }) => answer as never,
);
