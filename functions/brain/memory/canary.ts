/** A canary question: what is asked, as whom, what the right answer is, and whether an answer is that. */
import * as z from "zod/v4";
import { instant } from "../kernel/schemas.ts";
import { answer } from "./answer.ts";
import { type Audience, audienceSchema } from "./audience.ts";
import { cited } from "./citations.ts";
import { sourcesOf } from "./facts.ts";
import { questionText } from "./question.ts";
import type { Evidence } from "./recall.ts";

const expectations = ["answered", "insufficient_evidence"] as const;
export const canaryFailures = [
  "not_answered",
  "answered",
  "source_not_recalled",
  "source_not_cited",
  "words_missing",
  "words_forbidden",
  "reader_unknown",
] as const;
export type CanaryFailure = (typeof canaryFailures)[number];

const words = () => z.array(z.string().trim().min(1).max(200)).max(10);

export const canaryInput = () => ({
  question: questionText(),
  audience: audienceSchema().default({ kind: "staff" }),
  expects: z.enum(expectations).default("answered"),
  source: z
    .object({ table: z.string().regex(/^[a-z_]+\.[a-z_]+$/), pk: z.string().min(1).max(300) })
    .nullable()
    .default(null)
    .describe("Must be cited"),
  words: words().default([]).describe("Each must stand in the answer"),
  forbidden: words()
    .default([])
    .describe("None may stand in the answer, or in what this reader is given to answer from"),
});

export const Canary = () =>
  z.object({
    id: z.string(),
    question: z.string(),
    audience: audienceSchema(),
    expects: z.enum(expectations),
    source: z.object({ table: z.string(), pk: z.string() }).nullable(),
    words: z.array(z.string()),
    forbidden: z.array(z.string()),
    enabled: z.boolean(),
    last_run_at: z.string().nullable(),
    last_passed: z.boolean().nullable(),
    failing_since: z.string().nullable().describe("The first of its failures in a row"),
    version: z.int(),
    created_at: z.string(),
  });

export type CanaryView = z.output<ReturnType<typeof Canary>>;
export type CanaryRow = Omit<CanaryView, "source"> & { source_table: string | null; source_pk: string | null };

export const canaryView = ({ source_table, source_pk, ...row }: CanaryRow): CanaryView => ({
  id: row.id,
  question: row.question,
  audience: row.audience,
  expects: row.expects,
  source: source_table === null || source_pk === null ? null : { table: source_table, pk: source_pk },
  words: row.words,
  forbidden: row.forbidden,
  enabled: row.enabled,
  last_run_at: instant(row.last_run_at),
  last_passed: row.last_passed,
  failing_since: instant(row.failing_since),
  version: row.version,
  created_at: instant(row.created_at),
});

export type Asking = Pick<CanaryRow, "question" | "expects" | "source_table" | "source_pk" | "words" | "forbidden"> & {
  audience: Audience;
};

export type Verdict = {
  failures: CanaryFailure[];
  status: (typeof expectations)[number];
  sentences: string[];
  cited: { table: string; pk: string }[];
};

const holds = (text: string, word: string): boolean => text.toLowerCase().includes(word.toLowerCase());

/** The extract's answer, which is the same every night; a model would word it and cost money. */
export function judge(canary: Asking, evidence: Evidence): Verdict {
  const { sentences, citations } = cited(answer(canary.question, evidence));
  const said = sentences.map(({ text }) => text);
  const quoted = citations.map(({ source_table, source_pk }) => ({ table: source_table, pk: source_pk }));
  const status = said.length > 0 ? ("answered" as const) : ("insufficient_evidence" as const);
  const given = [...evidence.passages, ...evidence.around, ...evidence.facts.flatMap(sourcesOf)];
  const isSource = ({ table, pk }: { table: string; pk: string }) =>
    table === canary.source_table && pk === canary.source_pk;
  const failures: CanaryFailure[] = [];
  if (status !== canary.expects) failures.push(status === "answered" ? "answered" : "not_answered");
  if (canary.source_pk !== null && !quoted.some(isSource)) {
    const isRecalled = given.some(({ source_table, source_pk }) => isSource({ table: source_table, pk: source_pk }));
    failures.push(isRecalled ? "source_not_cited" : "source_not_recalled");
  }
  if (!canary.words.every((word) => holds(said.join("\n"), word))) failures.push("words_missing");
  const seen = [...said, ...given.map(({ text }) => text)].join("\n");
  if (canary.forbidden.some((word) => holds(seen, word))) failures.push("words_forbidden");
  return { failures, status, sentences: said, cited: quoted };
}
