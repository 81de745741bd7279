/** The demo's three months of a heating firm as one ordered list of actions, ending yesterday, to be replayed through the webhook door. */
import { at, businessDay, type Day, dayBefore, dayOf, type Language } from "./calendar.ts";
import { cases } from "./data/story-cases.ts";
import { firms } from "./data/story-firms.ts";
import { homes } from "./data/story-homes.ts";
import { storyPeople } from "./data/story-people.ts";
import { type Change, type Entry, fillDays, type Inbox, type Script, type StoryPerson, script } from "./script.ts";

export { demoQuestions } from "./data/story-questions.ts";
export type { Change, Inbox, StoryPerson } from "./script.ts";

export const business = { name: "Nordvarme Service", inboxes: ["chat", "mail", "sms"] as const };

export type Agent = { key: string; name: string; email: string };
export const agents: readonly Agent[] = [
  { key: "Sara", name: "Sara Lund", email: "sara@nordvarme.example.dk" },
  { key: "Jonas", name: "Jonas Friis", email: "jonas@nordvarme.example.dk" },
  { key: "Emil", name: "Emil Dahl", email: "emil@nordvarme.example.dk" },
  { key: "Karim", name: "Karim Aziz", email: "karim@nordvarme.example.dk" },
];

/** `key` names a message for good ("mette.price"); `agent` is an agent's key; an edit carries the whole new text. */
export type StoryAction = { at: Date } & (
  | { do: "contact.created"; contact: StoryPerson }
  | { do: "contact.changed"; contact: string; changes: Change }
  | {
      do: "message";
      key: string;
      conversation: string;
      contact: string;
      inbox: Inbox;
      language: Language;
      text: string;
      attachment?: { kind: "image"; name: string };
    }
  | { do: "reply" | "note"; key: string; conversation: string; agent: string; language: Language; text: string }
  | { do: "edit"; key: string; conversation: string; agent: string; text: string }
  | { do: "delete"; key: string; conversation: string; agent: string }
  | { do: "resolve"; conversation: string; agent: string }
  /** Follows from the customer's own message; a real inbox does it by itself. */
  | { do: "reopen"; conversation: string }
);

const MINUTE = 60_000;
const PHOTO = /^\[photo\] ?/;

/** Same-instant ties keep the order of the scripts, so the list is the same on every run of the same day. */
export function demoStory(now: Date): StoryAction[] {
  const today = dayOf(now);
  const actions = [...homes, ...firms, ...cases].flatMap((source) => conversation(script(source), today));
  return actions.sort((a, b) => a.at.getTime() - b.at.getTime());
}

function conversation(told: Script, today: Day): StoryAction[] {
  const person = storyPeople.find(({ key }) => key === told.contact);
  if (!person) throw new Error(`No such person in the story: ${told.contact}`);
  const dayAt = (n: number): Day => businessDay(today, n);
  const when = ({ day, time }: Entry): Date => at(day === "y" ? dayBefore(today) : dayAt(day), time);
  const actions = told.entries.map((entry, i) => action(entry, told, { i, at: when(entry), dayAt }));
  const [first] = actions;
  if (!first) throw new Error(`Nothing is said in the conversation of ${told.contact}`);
  const created: StoryAction = { at: new Date(first.at.getTime() - MINUTE), do: "contact.created", contact: person };
  return [created, ...reopened(actions)];
}

/** A customer who writes into a resolved conversation opens it again, as the inbox itself would do. */
function reopened(actions: readonly StoryAction[]): StoryAction[] {
  let isResolved = false;
  return actions.flatMap((action) => {
    const opens = isResolved && action.do === "message";
    isResolved = action.do === "resolve" || (isResolved && !opens);
    return opens ? [action, { at: action.at, do: "reopen" as const, conversation: action.conversation }] : [action];
  });
}

type Place = { i: number; at: Date; dayAt: (n: number) => Day };

function action(entry: Entry, told: Script, place: Place): StoryAction {
  const { body, who: agent } = entry;
  const base = { at: place.at, conversation: told.contact };
  const key = `${told.contact}.${entry.name || place.i + 1}`;
  const { language } = told;
  const fill = (text: string): string => fillDays(text, language, place.dayAt).trimEnd();
  switch (body.what) {
    case "contact":
      return { at: place.at, do: "contact.changed", contact: told.contact, changes: body.changes };
    case "resolve":
      return { ...base, do: "resolve", agent };
    case "delete":
      return { ...base, do: "delete", key, agent };
    case "edit":
      return { ...base, do: "edit", key, agent, text: fill(body.text) };
    case "reply":
    case "note":
      return { ...base, do: body.what, key, agent, language, text: fill(body.text) };
    case "message": {
      const said = { ...base, do: body.what, key, contact: told.contact, inbox: told.inbox, language };
      const photo = { attachment: { kind: "image" as const, name: `${key}.jpg` } };
      return { ...said, text: fill(body.text.replace(PHOTO, "")), ...(PHOTO.test(body.text) ? photo : {}) };
    }
  }
}
