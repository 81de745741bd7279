/** An answer of the planner as a message: its words, its lines within Telegram's bounds, and its buttons. */
import type { BotCall } from "../../kernel/ports.ts";
import type { subjects } from "../asked.ts";
import type { CapturedRow, TakenBackRow } from "../captured.ts";
import { dayIn, type Texts, type Tongue, textsIn } from "./texts.ts";

export type Button = { text: string; callback_data: string };
export type Reply = { text: string; buttons?: Button[] };
type Style = { tongue: Tongue; now: Date };

/** Characters of one message, by the Bot API. */
const longest = 4096;
/** Of a button; phones cut longer ones. */
const longestButton = 40;

/** Verb, language and ids: at most 64 bytes. Whoever presses is looked up anew, so nothing in it has to be believed. */
export const pressed = /^([cup]):([de]):([A-Za-z0-9_-]{1,40})(?::([0-9]{1,2}))?$/;
const data = (does: "c" | "u" | "p", { tongue, of }: { tongue: Tongue; of: string }): string =>
  `${does}:${tongue.charAt(0)}:${of}`;

const cut = (text: string): string =>
  text.length > longestButton ? `${[...text].slice(0, longestButton - 1).join("")}…` : text;

const dueOf = (day: string | null, { tongue, now }: Style): string => (day ? ` — ${dayIn(tongue, { day, now })}` : "");

/** Who waits or supports, and what: of "A blocks B" it is B that waits. */
const sides = ({ type, from, to }: CapturedRow["links"][number]) =>
  (type === "blocks" ? [to, from] : [from, to]) as [typeof from, typeof to];

function itemLines(captured: CapturedRow, style: Style): string[] {
  const words = textsIn(style.tongue);
  const lines = captured.items.flatMap((item) => {
    const state = (words.states as Record<string, string>)[item.status];
    const head = item.op === "created" ? words.kinds[item.entity_type] : (state ?? words.changed);
    const own = captured.links.filter((link) => sides(link)[0].entity_id === item.entity_id);
    return [
      `${head}: ${item.title}${dueOf(item.due_date, style)}`,
      ...own.map((link) => `  ↳ ${words.ties[link.type]} ${sides(link)[1].title}`),
    ];
  });
  const known = captured.links.filter(
    (link) => !captured.items.some((item) => item.entity_id === sides(link)[0].entity_id),
  );
  return [
    ...lines,
    ...known.map((link) => `${sides(link)[0].title}: ${words.ties[link.type]} ${sides(link)[1].title}`),
  ];
}

function questionLines({ kind, about, choices }: CapturedRow["questions"][number], words: Texts): string[] {
  const numbered = choices.map(({ number, title }) => `${number}. ${title}`);
  if (kind === "cycle") return [words.cycle(choices[0]?.title ?? about, choices[1]?.title ?? about)];
  if (kind === "ambiguous") return [words.which(about), ...numbered];
  if (kind === "unknown" && /^#-?\d+$/.test(about)) return [words.noSuchChoice(about.slice(1))];
  return [words[kind](about)];
}

export const takenBackLines = ({ undone, kept }: TakenBackRow, words: Texts): string[] => {
  const titles = undone.flatMap(({ title }) => title ?? []);
  const first = titles.length > 0 ? [words.undone(titles.join(", "))] : undone.length > 0 ? [words.undoneLinks] : [];
  return [...first, ...kept.map(({ title }) => words.stays(title ?? ""))];
};

function buttonsOf(captured: CapturedRow, tongue: Tongue): Button[] {
  const choices = captured.questions
    .filter(({ kind }) => kind === "ambiguous")
    .flatMap(({ id, choices: given }) =>
      given.map(({ number, title }) => ({
        text: cut(`${number}. ${title}`),
        callback_data: data("c", { tongue, of: `${id}:${number}` }),
      })),
    );
  const undo = { text: textsIn(tongue).undo, callback_data: data("u", { tongue, of: captured.id }) };
  return captured.reason === "changed" ? [...choices, undo] : choices;
}

/** `silent`: what is said where nothing came of it. */
export function capturedReply(captured: CapturedRow, given: Style & { silent?: string }): Reply {
  const words = textsIn(given.tongue);
  const back = captured.taken_back ? [words.reworded, ...takenBackLines(captured.taken_back, words)] : [];
  const isSilent = given.silent !== undefined && captured.items.length === 0;
  const asked = isSilent ? [] : captured.questions.flatMap((question) => questionLines(question, words));
  const lines = [...itemLines(captured, given), ...asked];
  const text = [...back, ...(lines.length > 0 ? lines : [given.silent ?? words.nothing])].join("\n");
  return { text, buttons: buttonsOf(captured, given.tongue) };
}

export type AskedRow = {
  about: (typeof subjects)[number] | null;
  date: string;
  items: {
    number: number;
    entity_type: keyof Texts["kinds"];
    title: string;
    due_date: string | null;
    reasons: string[];
    blockers: string[];
  }[];
};

export function askedReply({ about, items }: AskedRow, style: Style): Reply {
  const words = textsIn(style.tongue);
  const none: Partial<Record<string, string>> = words.none;
  if (!about || items.length === 0) return { text: none[about ?? ""] ?? words.noAnswer };
  const isMixed = about === "search" || about === "known";
  const lines = items.map(({ number, entity_type, title, due_date, reasons, blockers }) => {
    const notes = [
      ...(reasons.includes("overdue") ? [words.overdue] : []),
      ...(blockers.length > 0 ? [words.waitsFor(blockers.join(", "))] : []),
    ];
    const kind = isMixed && entity_type !== "task" ? `${words.kinds[entity_type]}: ` : "";
    return `${number}. ${kind}${title}${dueOf(due_date, style)}${notes.length > 0 ? ` (${notes.join("; ")})` : ""}`;
  });
  return { text: [`${words.lists[about]}:`, ...lines].join("\n") };
}

export type Project = { id: string; name: string; chosen: boolean };

export function projectsReply(projects: Project[], tongue: Tongue): Reply {
  const words = textsIn(tongue);
  const [only] = projects;
  if (only && projects.length === 1) return { text: words.now(only.name) };
  const buttons = projects.map(({ id, name, chosen }) => ({
    text: cut(chosen ? `✓ ${name}` : name),
    callback_data: data("p", { tongue, of: id }),
  }));
  return { text: words.choose, buttons };
}

/** Cut at line ends; a line that is too long by itself, where it must be, but through no character. */
export function parts(text: string, most = longest): string[] {
  const all: string[] = [];
  let held = "";
  for (const line of text.split("\n")) {
    let rest = line;
    if (held !== "" && held.length + 1 + rest.length > most) {
      all.push(held);
      held = "";
    } else if (held !== "") {
      rest = `${held}\n${rest}`;
    }
    while (rest.length > most) {
      const end = /[\uD800-\uDBFF]/.test(rest.charAt(most - 1)) ? most - 1 : most;
      all.push(rest.slice(0, end));
      rest = rest.slice(end);
    }
    held = rest;
  }
  return [...all, held].filter((part) => part.trim() !== "");
}

/** The buttons stand under the last part. */
export function messages(chat: string, { text, buttons = [] }: Reply): BotCall[] {
  const cuts = parts(text);
  const keyboard = buttons.length > 0 ? { reply_markup: { inline_keyboard: buttons.map((one) => [one]) } } : {};
  return cuts.map((part, i) => ({
    method: "sendMessage",
    chat_id: chat,
    text: part,
    ...(i === cuts.length - 1 ? keyboard : {}),
  }));
}
