/** The talk with one person: what he writes becomes a verb of his planner, and its answer a message. Loaded with the first update. */
import { sql } from "drizzle-orm";
import { raw, send } from "../../kernel/batch.ts";
import type { Ctx } from "../../kernel/ctx.ts";
import { Fault } from "../../kernel/fault.ts";
import type { Verb } from "../../kernel/verb.ts";
import { ask } from "../ask.ts";
import { capture } from "../capture.ts";
import type { CapturedRow, TakenBackRow } from "../captured.ts";
import { undoCapture } from "../captures.ts";
import { unlinkChat } from "./binding.ts";
import { bindChat, projectsOf } from "./bound.ts";
import type { Heard, Said } from "./hear.ts";
import { type Intent, intentOf, tongueOfSaid } from "./intent.ts";
import { once, personBehind } from "./person.ts";
import {
  type AskedRow,
  askedReply,
  capturedReply,
  messages,
  pressed,
  projectsReply,
  type Reply,
  takenBackLines,
} from "./replies.ts";
import { type Tongue, textsIn } from "./texts.ts";

type Written = Extract<Heard, { kind: "text" }>;
type Press = Extract<Heard, { kind: "button" }>;

/** As long as something may be that is captured. */
const longest = 4000;

const chatOf = ({ chat }: Heard): string => `tg:${chat}`;

function said(heard: Heard, reply: Reply): Said {
  const calls = messages(heard.chat, reply);
  const [first] = calls;
  // All in one row when there are several, so that they arrive in their order.
  return calls.length === 1 && first ? { outcome: "answered", first } : { outcome: "answered", later: calls };
}

/** Throws for a stranger; nothing else is asked. */
async function knownPerson(ctx: Ctx, heard: Heard): Promise<void> {
  await send(personBehind(ctx, heard), []);
}

const faultTexts = {
  extraction_failed: "failed",
  already_undone: "alreadyUndone",
  capture_too_old: "gone",
  capture_unknown: "nothingToUndo",
  project_left: "left",
  button_unknown: "gone",
} as const;

/** What a person is told of; the rest is the door's. */
function toldOf(thrown: unknown, tongue: Tongue): string {
  const name = thrown instanceof Fault ? faultTexts[thrown.code as keyof typeof faultTexts] : undefined;
  if (!name) throw thrown;
  return textsIn(tongue)[name];
}

type Talk = { ctx: Ctx; heard: Written; tongue: Tongue; person(): Ctx; key: string };

function talkOf(ctx: Ctx, heard: Written): Talk {
  const about = `${heard.chat}:${heard.message}`;
  return {
    ctx,
    heard,
    tongue: tongueOfSaid(heard.text, heard.language),
    person: () => personBehind(ctx, { user: heard.user, chat: heard.chat, about }),
    // Each wording of a message is an act of its own.
    key: heard.edited ? `update:${heard.update}` : about,
  };
}

async function asked({ ctx, heard, tongue, person, key }: Talk, text: string): Promise<Reply> {
  const input = { text, chat: chatOf(heard) };
  const answer = await once<AskedRow>(person(), { verb: ask as unknown as Verb, input, key });
  return askedReply(answer, { tongue, now: ctx.clock.now() });
}

async function captured({ heard, person, key }: Talk): Promise<CapturedRow> {
  const { text, chat, message, update, edited } = heard;
  const input = {
    text,
    chat: chatOf(heard),
    source: "telegram",
    client_message_id: `${chat}:${message}`,
    ...(edited ? { edit: update } : {}),
  };
  return once<CapturedRow>(person(), { verb: capture as unknown as Verb, input, key });
}

async function written(talk: Talk, asks: string | undefined): Promise<Reply> {
  const { ctx, heard, tongue } = talk;
  if (heard.text.length > longest) {
    await knownPerson(ctx, heard);
    return { text: textsIn(tongue).tooLong(tongue === "danish" ? "4.000" : "4,000") };
  }
  const did = await captured(talk);
  const reply = capturedReply(did, { tongue, now: ctx.clock.now() });
  if (!asks) return reply;
  const answer = await asked({ ...talk, key: `${talk.key}:asked` }, asks);
  return { ...reply, text: `${reply.text}\n\n${answer.text}` };
}

const latest = (ctx: Ctx, chat: string) =>
  raw<{ id: string }>(
    ctx,
    sql`select c.id from assistant.captures c join assistant.inbox_items i on i.project_id = c.project_id and i.id = c.inbox_item_id
      where c.project_id = shared.scope() and c.user_id = assistant.me() and i.chat_id = ${chat} and c.undone_at is null and c.outcome = 'changed'
      order by c.created_at desc, c.id desc limit 1`,
  );

/** Delivered again it is answered as before, though another capture is the latest now. */
async function undone({ heard, tongue, person, key }: Talk): Promise<Reply> {
  const self = person();
  const [found] = await send(self, [latest(self, chatOf(heard))]);
  const id = found.rows[0]?.id;
  const input = { id: id ?? "none" };
  const back = await once<TakenBackRow>(person(), { verb: undoCapture as unknown as Verb, input, key });
  return { text: takenBackLines(back, textsIn(tongue)).join("\n") };
}

async function answerTo(talk: Talk, intent: Intent): Promise<Reply> {
  const { ctx, heard, tongue, person, key } = talk;
  const words = textsIn(tongue);
  switch (intent.does) {
    case "ask":
      // What it said before stands no more, and it is no question's to say so.
      if (heard.edited) return written(talk, intent.text);
      return asked(talk, intent.text);
    case "undo":
      return undone(talk);
    case "unlink":
      await once(person(), { verb: unlinkChat as unknown as Verb, input: {}, key });
      return { text: words.unbound };
    case "projects": {
      const projects = await projectsOf(ctx, { sender: heard.user, chat: heard.chat });
      if (projects.length === 0) throw new Fault("unauthenticated", "sender_unknown");
      return projectsReply(projects, tongue);
    }
    case "help":
    case "unknown":
      await knownPerson(ctx, heard);
      return { text: intent.does === "help" ? words.help : words.command(intent.name) };
    default:
      return written(talk, intent.does === "say" ? intent.asks : undefined);
  }
}

async function respondToText(ctx: Ctx, heard: Written): Promise<Said> {
  const talk = talkOf(ctx, { ...heard, text: heard.text.trim() });
  if (talk.heard.text === "") return { outcome: "ignored" };
  const intent = intentOf(talk.heard.text);
  if (intent.does === "link") return bind(talk, intent.code);
  const reply = await answerTo(talk, intent).catch((thrown: unknown) => ({ text: toldOf(thrown, talk.tongue) }));
  return said(heard, reply);
}

async function bind({ ctx, heard, tongue }: Talk, code: string): Promise<Said> {
  const project = await bindChat(ctx, { sender: heard.user, chat: heard.chat, code });
  if (project === null) return { outcome: "ignored" };
  return { ...said(heard, { text: textsIn(tongue).bound(project) }), outcome: "bound" };
}

type Pressed = { ctx: Ctx; press: Press; tongue: Tongue; of: string; number: string | undefined };

async function chosen({ ctx, press, tongue, of, number }: Pressed): Promise<Reply> {
  const input = {
    text: number ?? "",
    chat: chatOf(press),
    source: "telegram",
    // Whichever is pressed first answers the question; the same one pressed twice is one message.
    client_message_id: `choice:${of}`,
    question: of,
  };
  const person = personBehind(ctx, { user: press.user, chat: press.chat, about: of, needed: true });
  const did = await once<CapturedRow>(person, { verb: capture as unknown as Verb, input, key: `choice:${of}` });
  return capturedReply(did, { tongue, now: ctx.clock.now(), silent: textsIn(tongue).notChanged });
}

async function undoneByButton({ ctx, press, tongue, of }: Pressed): Promise<Reply> {
  const person = personBehind(ctx, { user: press.user, chat: press.chat, about: of, needed: true });
  const verb = undoCapture as unknown as Verb;
  const back = await once<TakenBackRow>(person, { verb, input: { id: of }, key: `undo:${of}` });
  return { text: takenBackLines(back, textsIn(tongue)).join("\n") };
}

async function projectChosen({ ctx, press, tongue, of }: Pressed): Promise<Reply> {
  const projects = await projectsOf(ctx, { sender: press.user, chat: press.chat, choose: of });
  if (projects.length === 0) throw new Fault("unauthenticated", "sender_unknown");
  const now = projects.find(({ id, chosen: isChosen }) => isChosen && id === of);
  return { text: now ? textsIn(tongue).now(now.name) : textsIn(tongue).gone };
}

const presses = { c: chosen, u: undoneByButton, p: projectChosen } as const;

async function respondToPress(ctx: Ctx, press: Press): Promise<Said> {
  const [, does, letter, of, number] = pressed.exec(press.data) ?? [];
  if (!does || !of) return { outcome: "ignored" };
  const tongue = letter === "d" ? "danish" : "english";
  const act = presses[does as keyof typeof presses];
  const reply = await act({ ctx, press, tongue, of, number }).catch((thrown: unknown) => ({
    text: toldOf(thrown, tongue),
  }));
  const acknowledged = { method: "answerCallbackQuery", callback_query_id: press.id } as const;
  const [first, ...rest] = messages(press.chat, reply);
  // A choice is answered below its question; what is over takes the place of its own button.
  const isOver = does !== "c" && press.message !== null;
  const edit = isOver ? { ...first, method: "editMessageText" as const, message_id: Number(press.message) } : first;
  return { outcome: "answered", ...(edit ? { first: edit } : {}), later: [...rest, acknowledged] };
}

export async function respond(ctx: Ctx, heard: Heard): Promise<Said> {
  if (heard.kind === "button") return respondToPress(ctx, heard);
  if (heard.kind === "text") return respondToText(ctx, heard);
  const tongue = tongueOfSaid("", heard.language);
  const text = await knownPerson(ctx, heard).then(
    () => textsIn(tongue).notYet[heard.what],
    (thrown: unknown) => toldOf(thrown, tongue),
  );
  return said(heard, { text });
}
