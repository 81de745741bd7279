/** A question to the planner: answered with one's own things by their ids; nothing is changed but what "the first one" means. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import type { Statement } from "#db/client.ts";
import { raw, send } from "../kernel/batch.ts";
import { commit, replayCheck } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { type Run, runsFrom } from "../kernel/model-call.ts";
import { verb } from "../kernel/verb.ts";
import { isPlanned, ofPlan, type Subject, subjectOf, subjects, wantedIn } from "./asked.ts";
import { knowing, known } from "./known.ts";
import { reasons, type Scored, type State } from "./score.ts";
import { aroundIn, type Near, surroundings } from "./surroundings.ts";
import { entityTypes } from "./understand/extract.ts";

const Line = () =>
  z.object({
    number: z.int().describe("Said in this chat within the hour, “the first one” is number 1"),
    entity_type: z.enum(entityTypes),
    entity_id: z.string(),
    title: z.string(),
    due_date: z.string().nullable(),
    reasons: z.array(z.enum(reasons)),
    blockers: z.array(z.string()).describe("Titles of what it waits for"),
  });

const Asked = () =>
  z.object({
    about: z
      .enum(subjects)
      .nullable()
      .describe(
        "search: found by words. known: chosen by a model. Null when nobody knows what is asked: nothing is guessed",
      ),
    date: z.string(),
    items: z.array(Line()),
  });
type Item = Omit<z.output<ReturnType<typeof Line>>, "number">;
type Answer = { about: (typeof subjects)[number] | null; date: string; items: Item[]; runs: Run[] };

const json = (value: unknown) => sql`${JSON.stringify(value)}::jsonb`;
const most = 20;

const plain = ({ entity_type, entity_id, title, due_date }: Omit<Near, "status" | "shown">): Item => ({
  entity_type,
  entity_id,
  title,
  due_date,
  reasons: [],
  blockers: [],
});

const scored = ({ task, reasons: why, blockers }: Scored): Item => ({
  entity_type: "task",
  entity_id: task.id,
  title: task.title,
  due_date: task.due_date,
  reasons: why,
  blockers: blockers.map(({ title }) => title),
});

async function read<T>(ctx: Ctx, items: Statement[]): Promise<T[]> {
  const answers = await send(ctx, [...replayCheck(ctx), ...items]);
  return (answers as unknown as { rows: T[] }[]).slice(-items.length).map(({ rows }) => rows[0] as T);
}

async function bySubject(ctx: Ctx, about: Subject): Promise<Answer> {
  if (isPlanned(about)) {
    const [found] = await read<{ state: State }>(ctx, [raw(ctx, sql`select assistant.plan_state() as state`)]);
    const { state } = found as { state: State };
    return { about, date: state.today, items: ofPlan(state, about).map(scored), runs: [] };
  }
  const list = sql`select assistant.today()::text as today, assistant.listed(${about}, ${most}::int) as items`;
  const [found] = await read<{ today: string; items: Near[] }>(ctx, [raw(ctx, list)]);
  const { today, items } = found as { today: string; items: Near[] };
  return { about, date: today, items: items.map(plain), runs: [] };
}

/** By its words among one's own titles and notes; then by a model, where there is one; then not at all. */
async function bySearch(ctx: Ctx, { text, chat }: { text: string; chat: string }): Promise<Answer> {
  const { stems, least } = wantedIn(text);
  const query = sql`select assistant.today()::text as today,
    assistant.matching(array(select jsonb_array_elements_text(${json(stems)})), ${most}::int) as items`;
  const model = ctx.ports.language;
  const around = model ? [surroundings(ctx, { chat, text }) as Statement] : [];
  const [found, near] = await read<unknown>(ctx, [raw(ctx, query), ...around]);
  const { today: date, items: all } = found as { today: string; items: (Near & { hits: number })[] };
  const items = all.filter(({ hits }) => hits >= least).map(plain);
  if (items.length > 0) return { about: "search", date, items, runs: [] };
  if (!model) return { about: null, date, items: [], runs: [] };
  const chosen = await known(ctx, { model, text, around: aroundIn({ rows: [near] }) });
  const chosenItems = chosen.items.map(plain);
  return { about: chosenItems.length > 0 ? "known" : null, date, items: chosenItems, runs: chosen.runs };
}

export const ask = verb(
  {
    name: "assistant.ask",
    summary:
      "Ask your planner what is due, done, next or waiting, for goals and problems, or for anything by its words; nothing is changed by it",
    needs: "assistant:use",
    effect: "write",
    // What answers it is read; then what was shown is remembered.
    steps: 2,
    idempotency: "optional",
    faults: ["person_required"],
    input: () =>
      z.object({ text: z.string().trim().min(1).max(1000), chat: z.string().min(1).max(100).default("main") }),
    output: Asked,
    example: () => ({ text: "What is due?" }),
  },
  async (ctx, { text, chat }) => {
    const subject = subjectOf(text);
    const { about, date, items, runs } = await (subject ? bySubject(ctx, subject) : bySearch(ctx, { text, chat }));
    const numbered = items.map((item, i) => ({ number: i + 1, ...item }));
    const shown = numbered.map(({ number, entity_type, entity_id }) => ({
      id: ctx.ids.next("contextItem"),
      entity_type,
      entity_id,
      position: number,
    }));
    return commit(ctx, {
      change: sql`select ${json({ about, date, items: numbered })} as answer, assistant.surface(${chat}, 'asked', ${json(shown)})::text as shown`,
      event: {
        kind: "assistant.asked",
        ref: ["plan", date],
        payload: { about: about ?? "unknown", items: items.length },
      },
      ...(runs.length > 0 ? { also: [runsFrom(runs, knowing)] } : {}),
    });
  },
  ({ answer }) => answer as never,
);
