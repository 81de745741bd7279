/** What somebody who writes to the bot wants: a command, to take something back, an answer, or to have it written down. */
import { subjectOf } from "../asked.ts";
import { clauses } from "../understand/clauses.ts";
import { readKind } from "../understand/kinds.ts";
import { type Tongue, tongueOf } from "../understand/words.ts";

export type Intent =
  | { does: "link"; code: string }
  | { does: "help" }
  | { does: "unlink" }
  | { does: "projects" }
  | { does: "undo" }
  | { does: "unknown"; name: string }
  | { does: "ask"; text: string }
  /** `asks`: a question stands beside it. */
  | { does: "say"; asks?: string };

const command = /^\/([a-z_]{1,32})(?:@\w+)?(?:\s+(\S+))?\s*$/i;
const undo = /^(?:undo(?: that)?|fortryd(?: det)?)[.!]?$/i;
const lists: Record<string, string> = {
  today: "today",
  plan: "today",
  due: "due",
  next: "next",
  waiting: "waiting",
  goals: "goals",
  problems: "problems",
};
const plain: Record<string, "help" | "unlink" | "projects" | "undo"> = {
  start: "help",
  help: "help",
  unlink: "unlink",
  project: "projects",
  undo: "undo",
};

/** As long as a question may be. */
const longest = 1000;

function commandIn(text: string): Intent | undefined {
  const [, typed, code] = command.exec(text) ?? [];
  if (!typed) return undefined;
  const name = typed.toLowerCase();
  if (code && (name === "start" || name === "link")) return { does: "link", code: code.slice(0, 64) };
  const [does, asked] = [plain[name], lists[name]];
  if (does) return { does };
  return asked ? { does: "ask", text: asked } : { does: "unknown", name };
}

export function intentOf(text: string): Intent {
  const meant = commandIn(text);
  if (meant) return meant;
  if (undo.test(text)) return { does: "undo" };
  const said = clauses(text).map((clause) => ({ text: clause.text, kind: readKind(clause.text, false).kind }));
  const questions = said.filter((one) => one.kind === "asking" && one.text.length <= longest);
  // What only the words of one's things can answer is asked when nothing plainer is.
  const asks = (questions.find((one) => subjectOf(one.text)) ?? questions[0])?.text;
  if (!asks) return { does: "say" };
  return said.every(({ kind }) => kind === "asking" || kind === "talk")
    ? { does: "ask", text: asks }
    : { does: "say", asks };
}

/** The language of what is said; where there are no words, that of his Telegram. */
export function tongueOfSaid(text: string, language: string): Tongue {
  if (text.startsWith("/") || !/\p{L}{2}/u.test(text)) return language.startsWith("da") ? "danish" : "english";
  return tongueOf(text);
}
