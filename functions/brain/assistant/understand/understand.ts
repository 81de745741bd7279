/** Understanding without a model: fixed rules, the same answer every time. What they cannot read becomes a question. */
import { changeIn } from "./changes.ts";
import { afterwards, type Clause, clauses } from "./clauses.ts";
import { type End, type EntityType, type Extract, longestTitle, most, titleNorm } from "./extract.ts";
import { isTrouble, type Read, readKind } from "./kinds.ts";
import { type Tie, tieIn } from "./links.ts";
import { takeImpact, takePriority } from "./priority.ts";
import { isOnlyDay, takeWhen, tidy, type When } from "./when.ts";
import { isCommand, tongueOf } from "./words.ts";

/** Characters; nobody says one thing at such length, and rules take the square of it. */
const longestClause = 500;

type Made = { type: EntityType; ref: string };

const empty = (): Extract => ({
  version: "extract.v1",
  tasks: [],
  goals: [],
  problems: [],
  links: [],
  changes: [],
  questions: [],
});

/** Said to be kind, not to be done. */
const manners = /[\s,]+(?:then|så|pls|plz|please|thanks|thank you|thx|tak|på forhånd tak|venligst)[.!]*$/i;
const fillers = /(?<=\s)(?:lige|også|please|venligst)\s+/gi;

/** What is left of "it is urgent that we …" when the urgency is taken. */
const subordinate = /^(?:that (?:we|i|you) |to |med at |at (?=\p{L}+ ))/iu;

/** First letter large, no full stop: what people would write on a list. */
function titleOf(text: string): string {
  const bare = tidy(text.replace(manners, "").replace(afterwards, "$1 ").replaceAll(fillers, "")).replaceAll(
    /^["'„“]+|["'“”.!]+$/g,
    "",
  );
  return (bare.charAt(0).toLocaleUpperCase("en") + bare.slice(1)).slice(0, longestTitle);
}

/** One message's reading, built up clause by clause. */
class Reading {
  readonly out = empty();
  readonly #today: string;
  /** What was spoken of last: "blocked by the budget" is said of it. */
  #last: Made | undefined;
  readonly #ties: { tie: Tie; from: Made }[] = [];

  constructor(today: string) {
    this.#today = today;
  }

  #ask(kind: "unreadable" | "unclear", about: string): void {
    if (this.out.questions.length < most.questions) this.out.questions.push({ kind, about: about.slice(0, 500) });
  }

  /** The same title twice is one thing. */
  #find(type: EntityType, title: string): Made | undefined {
    const norm = titleNorm(title);
    const found = this.out[`${type}s`].find((one) => titleNorm(one.title) === norm);
    return found && { type, ref: found.ref };
  }

  #make(
    type: EntityType,
    text: string,
    more: { when?: When; priority?: number | null; impact?: number | null; known?: true },
  ): Made | undefined {
    const title = titleOf(text);
    if (titleNorm(title) === "") return undefined;
    const same = this.#find(type, title);
    if (same) return same;
    const list = this.out[`${type}s`];
    if (list.length >= most[`${type}s`]) {
      this.#ask("unreadable", text);
      return undefined;
    }
    const ref = `${type.charAt(0)}${list.length + 1}`;
    const base = { ref, title, prefer_known: more.known ?? false };
    const when = more.when;
    if (type === "task")
      this.out.tasks.push({
        ...base,
        notes: when?.time ?? null,
        due_date: when?.due ?? null,
        priority: more.priority ?? null,
        impact_score: more.impact ?? null,
        repeats: when?.repeats ?? null,
      });
    if (type === "goal")
      this.out.goals.push({
        ...base,
        horizon: when?.reach && when.reach !== "day" ? when.reach : null,
        target_date: when?.due ?? null,
      });
    if (type === "problem") this.out.problems.push({ ...base, severity: null });
    return { type, ref };
  }

  /** Of a wish or a year's work: something to be reached, not something to be done. */
  #typeOf({ kind }: Read, when: When): EntityType | undefined {
    if (kind === "goal" || kind === "problem") return kind;
    if (kind === "wish") return when.due && when.reach === "day" ? "task" : "goal";
    if (kind !== "task") return undefined;
    return when.reach === "year" || when.reach === "quarter" ? "goal" : "task";
  }

  /** What is said of one thing, without what it hangs on. */
  #entity(text: string, heading = ""): { made?: Made; when: When; read: Read } {
    const { priority, rest: unhurried } = takePriority(text);
    const { impact, rest: plain } = takeImpact(unhurried);
    const own = takeWhen(plain.replace(subordinate, ""), this.#today, tongueOf(text));
    const when = own.due ? own : { ...own, due: isOnlyDay(heading, this.#today, tongueOf(heading)) };
    const read = readKind(when.rest, when.due !== null || priority !== null);
    const type = this.#typeOf(read, when);
    if (!type) return { when, read };
    const made = this.#make(type, type === "problem" ? tidy(read.rest) : read.rest, { when, priority, impact });
    return { ...(made ? { made } : {}), when, read };
  }

  #link(from: End, type: Tie["type"], to: End): void {
    if (this.out.links.length < most.links) this.out.links.push({ from, type, to });
  }

  #tied(tie: Tie, own: End): void {
    const { rest } = takeWhen(tie.other, this.#today, tongueOf(tie.other));
    const other = tidy(rest) || tie.other;
    if (tie.as === "known") {
      this.#link(own, tie.type, { title: titleOf(other) });
      return;
    }
    const isTask = (tie.as === "blocker" || tie.as === "needed") && isCommand(other);
    const type: EntityType = tie.as === "goal" ? "goal" : isTask ? "task" : "problem";
    const made = this.#make(type, other, { known: true });
    if (!made) return;
    if (tie.type === "blocks") this.#link({ ref: made.ref }, "blocks", own);
    else this.#link(own, tie.type, { ref: made.ref });
  }

  clause({ text, shared, heading }: Clause): void {
    if (text.length > longestClause) {
      this.#ask("unreadable", text);
      return;
    }
    const asked = readKind(text, false).kind;
    if (asked === "talk" || asked === "asking") return;
    const change = changeIn(text, this.#today, tongueOf(text));
    if (change) {
      if (this.out.changes.length < most.changes) this.out.changes.push(change);
      return;
    }
    const tied = tieIn(text);
    const isReason = tied?.tie.as !== "problem" || /problem/i.test(text) || isTrouble(tied.tie.other);
    const { said, tie } = tied && isReason ? tied : { said: text, tie: undefined };
    if (said === "" && tie) {
      this.#hang(tie, text);
      return;
    }
    const { made, when, read } = this.#entity(said, heading);
    if (!made && tie && (tie.type === "blocks" || tie.type === "depends_on") && !/^(?:it|that|den|det)$/i.test(said)) {
      this.#tied(tie, { title: titleOf(said) });
      return;
    }
    if (!made) {
      if (read.kind !== "talk" && read.kind !== "asking" && !this.#weighsLast(text)) this.#ask("unreadable", text);
      return;
    }
    if (shared && this.#last) this.#shareDay(this.#last, when);
    this.#last = made;
    if (tie) this.#ties.push({ tie, from: made });
  }

  /** "It is very important": said of the one before. */
  #weighsLast(text: string): boolean {
    const { priority, rest } = takePriority(text);
    const task = this.out.tasks.find(({ ref }) => ref === this.#last?.ref);
    if (!priority || !task || /\p{L}{3,}/u.test(rest)) return false;
    task.priority ??= priority;
    return true;
  }

  #hang(tie: Tie, text: string): void {
    if (this.#last) this.#ties.push({ tie, from: this.#last });
    else this.#ask("unclear", text);
  }

  /** "Buy paint and book the scaffold for next week": both are. */
  #shareDay(before: Made, when: When): void {
    const task = this.out.tasks.find(({ ref }) => ref === before.ref);
    // What is to be done at once is not meant for the day of the other.
    if (task && when.due && !when.repeats && task.due_date === null && task.priority !== 1) task.due_date = when.due;
  }

  /** Links last, when everything that they may mean has been said; tasks of a message with one goal support it. */
  finish(): Extract {
    for (const { tie, from } of this.#ties) this.#tied(tie, { ref: from.ref });
    const [goal, ...others] = this.out.goals.filter(({ prefer_known }) => !prefer_known);
    if (goal && others.length === 0)
      for (const task of this.out.tasks)
        if (!task.prefer_known) this.#link({ ref: task.ref }, "supports_goal", { ref: goal.ref });
    return this.out;
  }
}

/** `today` is the day where the speaker is. */
export function understand(said: string, { today }: { today: string }): Extract {
  const reading = new Reading(today);
  for (const clause of clauses(said.normalize("NFC").replaceAll("’", "'"))) reading.clause(clause);
  return reading.finish();
}
