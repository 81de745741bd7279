/** What was understood, made ready for the database: ids, norms of titles, and a question's id wherever one may be needed. */
import type { Ctx } from "../kernel/ctx.ts";
import { type Change, type End, type Extract, type Target, titleNorm } from "./understand/extract.ts";

const article = /^(?:the|a|an|my|our|den|det|de|en|et|min|mit|vores) /;

/** The exact title first, then the same without its article. */
function normsOf(title: string): string[] {
  const norm = titleNorm(title);
  return [...new Set([norm, norm.replace(article, "")])].filter((text) => text !== "");
}

const endOf = (end: End) => ("ref" in end ? end : { title: end.title, title_norm: titleNorm(end.title) });
const targetOf = (target: Target) => ("title" in target ? { title_norms: normsOf(target.title) } : target);
const aboutOf = ({ target }: Change): string =>
  "title" in target ? target.title : "position" in target ? `#${target.position}` : "that";

/** A title of nothing but dots has no norm, and nothing could ever be the same as it. */
const isNamed = ({ title }: { title: string }): boolean => titleNorm(title) !== "";

export type Prepared = Record<string, unknown>;

export function prepared(ctx: Ctx, extract: Extract): Prepared {
  const question = () => ctx.ids.next("question");
  const named = <T extends { title: string }>(list: T[], kind: "task" | "goal" | "problem") =>
    list
      .filter(isNamed)
      .map((one) => ({ ...one, id: ctx.ids.next(kind), question: question(), title_norm: titleNorm(one.title) }));
  const tasks = named(extract.tasks, "task");
  const goals = named(extract.goals, "goal");
  const problems = named(extract.problems, "problem");
  return {
    tasks,
    goals,
    problems,
    links: extract.links.map(({ from, type, to }) => ({
      id: ctx.ids.next("link"),
      question: question(),
      from: endOf(from),
      type,
      to: endOf(to),
    })),
    changes: extract.changes.map((change) => ({
      ...change,
      target: targetOf(change.target),
      about: aboutOf(change),
      question: question(),
    })),
    questions: extract.questions.map((asked) => ({ ...asked, id: question() })),
    surfaced: [...tasks, ...goals, ...problems].map(() => ctx.ids.next("contextItem")),
  };
}

const nothing: Extract = {
  version: "extract.v1",
  tasks: [],
  goals: [],
  problems: [],
  links: [],
  changes: [],
  questions: [],
};

const numbered = /^\s*(?:#|no\.?|nr\.?|number|nummer)?\s*(\d{1,2})\s*[.!)]?\s*$/i;

type Picked = { text: string; question?: string | undefined };

/** "2": the choice of what was asked last, or of the question that is named. */
export function choiceIn(ctx: Ctx, { text, question }: Picked): Prepared | undefined {
  const number = numbered.exec(text)?.[1];
  if (!number) return undefined;
  const of = question ? { of: question } : {};
  return { ...prepared(ctx, nothing), choice: { number: Number(number), question: ctx.ids.next("question"), ...of } };
}
