/** What was understood of a message, by rules or by a model: `extract.v1`, the same shape from both. */
import * as z from "zod/v4";

export const most = { tasks: 25, goals: 15, problems: 15, links: 50, questions: 5, changes: 25 } as const;

export const linkTypes = ["depends_on", "blocks", "supports_goal", "related", "addresses_problem"] as const;
export const entityTypes = ["task", "goal", "problem"] as const;
export type EntityType = (typeof entityTypes)[number];

export const taskStates = ["open", "blocked", "done", "archived"] as const;
export const goalStates = ["active", "paused", "done", "archived"] as const;
export const problemStates = ["active", "monitoring", "resolved", "archived"] as const;
const states = [...new Set([...taskStates, ...goalStates, ...problemStates])] as [string, ...string[]];

export const longestTitle = 300;

const title = () => z.string().trim().min(1).max(longestTitle);
const ref = () =>
  z
    .string()
    .regex(/^[tgp][0-9]{1,2}$/)
    .describe("Its name within this document");
const day = () => z.iso.date().nullable().default(null);
/** Where something of that title is known already, that is meant. */
const known = () => z.boolean().default(false);

const Task = () =>
  z.strictObject({
    ref: ref(),
    title: title(),
    notes: z.string().max(2000).nullable().default(null),
    due_date: day(),
    priority: z.int().min(1).max(4).nullable().default(null),
    impact_score: z.int().min(1).max(5).nullable().default(null),
    repeats: z
      .string()
      .regex(/^FREQ=[A-Z0-9=;,-]{3,80}$/)
      .nullable()
      .default(null)
      .describe("RFC 5545"),
    prefer_known: known(),
  });

const Goal = () =>
  z.strictObject({
    ref: ref(),
    title: title(),
    horizon: z.string().max(40).nullable().default(null),
    target_date: day(),
    prefer_known: known(),
  });

const Problem = () =>
  z.strictObject({
    ref: ref(),
    title: title(),
    severity: z.int().min(1).max(5).nullable().default(null),
    prefer_known: known(),
  });

/** Something of this message, or something that must be known already. */
const End = () => z.union([z.strictObject({ ref: ref() }), z.strictObject({ title: title() })]);

const Target = () =>
  z.union([
    z.strictObject({ title: title() }),
    z.strictObject({ position: z.int().min(-1).max(50).describe("Of what was shown last; -1 is the last of it") }),
    z.strictObject({ that: z.literal(true).describe("What was spoken of last") }),
  ]);

const Change = () =>
  z.strictObject({
    target: Target(),
    type: z.enum(entityTypes).nullable().default(null),
    status: z.enum(states).nullable().default(null),
    due_date: day(),
    priority: z.int().min(1).max(4).nullable().default(null),
  });

const Question = () =>
  z.strictObject({ kind: z.enum(["unreadable", "unclear"]), about: z.string().trim().min(1).max(500) });

const Document = () =>
  z.strictObject({
    version: z.literal("extract.v1"),
    tasks: z.array(Task()).max(most.tasks),
    goals: z.array(Goal()).max(most.goals),
    problems: z.array(Problem()).max(most.problems),
    links: z.array(z.strictObject({ from: End(), type: z.enum(linkTypes), to: End() })).max(most.links),
    changes: z.array(Change()).max(most.changes),
    questions: z.array(Question()).max(most.questions),
  });

/** Each ref is one thing, and no link leads to a ref that is none. */
function incoherent({ tasks, goals, problems, links }: z.output<ReturnType<typeof Document>>): string | undefined {
  const refs = [...tasks, ...goals, ...problems].map((one) => one.ref);
  if (new Set(refs).size < refs.length) return "a ref stands for two things";
  const ends = links.flatMap(({ from, to }) => [from, to]);
  return ends.some((end) => "ref" in end && !refs.includes(end.ref)) ? "a link leads to an unknown ref" : undefined;
}

export const Extract = () =>
  Document().superRefine((read, context) => {
    const message = incoherent(read);
    if (message) context.addIssue({ code: "custom", message });
  });

export type Extract = z.output<ReturnType<typeof Extract>>;
export type Link = Extract["links"][number];
export type End = Link["from"];
export type Change = Extract["changes"][number];
export type Target = Change["target"];

/** What two titles must have in common to be the same: all of it but case, spaces and the full stop. */
export const titleNorm = (text: string): string =>
  text
    .normalize("NFC")
    .toLocaleLowerCase("en")
    .replaceAll(/[’`´]/g, "'")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/^[\s"'.,;:!-]+|[\s".,;:!-]+$/g, "");
