// The acceptance set as it stands in docs/assistant-utterances.md, and how well something understands it, kind by kind.
import { readFileSync } from "node:fs";
import { type End, type Extract, type Target, titleNorm } from "#brain/assistant/understand/extract.ts";

export const spokenOn = "2026-11-16";
export const kinds = ["task", "goal", "problem", "link", "due", "priority", "status", "question"] as const;
export type Kind = (typeof kinds)[number];
export type Utterance = {
  n: number;
  part: "tuned" | "held out" | "fresh";
  language: "en" | "da";
  said: string;
  means: string;
};

const page = readFileSync(new URL("../../docs/assistant-utterances.md", import.meta.url), "utf8");

export const utterances: Utterance[] = [
  ...page.matchAll(/^\| (\d+) \| (tuned|held out|fresh) \| (en|da) \| (.+?) \| ([^|]+) \|$/gm),
].map(([, n, part, language, said = "", means = ""]) => ({
  n: Number(n),
  part: part as Utterance["part"],
  language: language as Utterance["language"],
  said: said.replaceAll("\\n", "\n"),
  means: means.trim(),
}));

/** Facts by kind; a fact found in both is right, and one found in one only is wrong or missed. */
export type Facts = Record<Kind, string[]>;
const none = (): Facts => ({
  task: [],
  goal: [],
  problem: [],
  link: [],
  due: [],
  priority: [],
  status: [],
  question: [],
});

const linkWords = /^(.+?) (depends_on|blocks|supports_goal|addresses_problem|related) (.+)$/;

/** `Call the plumber @2026-11-20 !1 ~FREQ=…`: the title, then what is said about it. */
function told(facts: Facts, text: string): string {
  const [, title = "", day, level, rule] = /^(.*?)(?: @(\S+))?(?: !(\d))?(?: ~(\S+))?$/.exec(text) ?? [];
  const name = titleNorm(title);
  if (day) facts.due.push(`${name} @${day}`);
  if (level) facts.priority.push(`${name} !${level}`);
  if (rule) facts.due.push(`${name} ~${rule}`);
  return name;
}

export function expected(means: string): Facts {
  const facts = none();
  for (const item of means.split(" · ")) {
    const [, kind = "", text = ""] = /^(\w+) ?(.*)$/.exec(item) ?? [];
    if (kind === "task" || kind === "goal" || kind === "problem") facts[kind].push(told(facts, text));
    else if (kind === "link") {
      const [, from = "", type = "", to = ""] = linkWords.exec(text) ?? [];
      facts.link.push(`${titleNorm(from)} ${type} ${titleNorm(to)}`);
    } else if (kind === "change") {
      const [what = "", status] = text.split(" = ");
      const name = told(facts, what);
      if (status) facts.status.push(`${name} = ${status}`);
    } else if (kind === "question") facts.question.push("asked");
    else if (kind !== "nothing") throw new Error(`unknown kind in the table: ${item}`);
  }
  return facts;
}

const targetName = (target: Target): string =>
  "title" in target ? titleNorm(target.title) : "position" in target ? `#${target.position}` : "that";

export function understood(extract: Extract): Facts {
  const facts = none();
  const names = new Map<string, string>();
  const note = (name: string, due: string | null, priority: number | null) => {
    if (due) facts.due.push(`${name} @${due}`);
    if (priority) facts.priority.push(`${name} !${priority}`);
  };
  for (const kind of ["task", "goal", "problem"] as const)
    for (const one of extract[`${kind}s`]) {
      const name = titleNorm(one.title);
      names.set(one.ref, name);
      facts[kind].push(name);
      note(
        name,
        "due_date" in one ? one.due_date : "target_date" in one ? one.target_date : null,
        "priority" in one ? one.priority : null,
      );
      if ("repeats" in one && one.repeats) facts.due.push(`${name} ~${one.repeats}`);
    }
  const end = (at: End) => ("ref" in at ? (names.get(at.ref) ?? "") : titleNorm(at.title));
  facts.link = extract.links.map(({ from, type, to }) => `${end(from)} ${type} ${end(to)}`);
  for (const { target, status, due_date, priority } of extract.changes) {
    const name = targetName(target);
    if (status) facts.status.push(`${name} = ${status}`);
    note(name, due_date, priority);
  }
  if (extract.questions.length > 0) facts.question.push("asked");
  return facts;
}

export type Score = { right: number; wrong: number; missed: number };
export type Scores = Record<Kind, Score>;

export function scoreOf(pairs: { wanted: Facts; got: Facts }[]): Scores {
  const scores = Object.fromEntries(kinds.map((kind) => [kind, { right: 0, wrong: 0, missed: 0 }])) as Scores;
  for (const { wanted, got } of pairs)
    for (const kind of kinds) {
      const right = got[kind].filter((fact) => wanted[kind].includes(fact)).length;
      scores[kind].right += right;
      scores[kind].wrong += got[kind].length - right;
      scores[kind].missed += wanted[kind].filter((fact) => !got[kind].includes(fact)).length;
    }
  return scores;
}

const share = (part: number, all: number): number => (all === 0 ? 1 : Math.round((1000 * part) / all) / 1000);
export const precision = ({ right, wrong }: Score): number => share(right, right + wrong);
export const recall = ({ right, missed }: Score): number => share(right, right + missed);
