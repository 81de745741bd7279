/** What a generated service business consists of: people, conversations with turns, and questions with their evidence. */
import type { Language } from "./calendar.ts";
import type { Inbox } from "./script.ts";

export type Person = { key: string; name: string; first: string; language: Language; phone: string; email: string };

/** `key` is "conversation:seq"; `text` is what was first written, `editedTo` what stands there now. */
export type Turn = {
  key: string;
  conversation: string;
  seq: number;
  contact: string;
  at: Date;
  language: Language;
  kind: "customer" | "agent" | "note";
  isPrivate: boolean;
  text: string;
  editedTo?: string;
  editedAt?: Date;
  deletedAt?: Date;
  attachment?: { kind: "image"; name: string };
};

export type Conversation = {
  id: string;
  contact: string;
  inbox: Inbox;
  language: Language;
  turns: readonly Turn[];
  statuses: readonly { at: Date; status: "open" | "resolved" }[];
};

export const questionKinds = [
  "single",
  "short-turn",
  "paraphrase",
  "multi-hop",
  "superseded",
  "cross-lingual",
  "unanswerable",
] as const;
export type QuestionKind = (typeof questionKinds)[number];

export type Audience = { kind: "staff" } | { kind: "contact"; contact: string };

/** `contact` is a filter the asker sets; `evidence` are the turns an answer needs, none when there is no answer. */
export type Question = {
  id: string;
  language: Language;
  kind: QuestionKind;
  text: string;
  contact?: string;
  evidence: readonly string[];
  answerIncludes: readonly string[];
  audience: Audience;
};

export type Business = {
  name: string;
  people: readonly Person[];
  conversations: readonly Conversation[];
  questions: readonly Question[];
};

/** A turn as a search sees it: the text that stands there now, without what was deleted. */
export type Row = Pick<Turn, "key" | "conversation" | "seq" | "contact" | "at" | "language" | "isPrivate" | "text">;

export function rows(business: Pick<Business, "conversations">): Row[] {
  return business.conversations.flatMap(({ turns }) =>
    turns
      .filter(({ deletedAt }) => deletedAt === undefined)
      .map(({ key, conversation, seq, contact, at, language, isPrivate, text, editedTo }) => {
        return { key, conversation, seq, contact, at, language, isPrivate, text: editedTo ?? text };
      }),
  );
}
