/** Writing to a person as a page, and the form on it. */
import type { Context } from "hono";
import { getConversation, listConversations, listPassages, replyInConversation } from "#brain/inbox/index.ts";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import { createMessage, listWays, smsOf, submitMessage } from "#brain/outbound/index.ts";
import { statusOf } from "../problem.ts";
import type { App } from "../runtime.ts";
import { type Typed, WritePage, type WriteView } from "./compose-view.tsx";
import { isName, reader, readForm, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { once } from "./once.ts";
import { approvalPath } from "./outbound-words.ts";
import { seatOf } from "./seat.ts";
import { personName } from "./shapes.ts";
import { sayFault } from "./trouble.tsx";

const blank: Typed = { way: "", class: "", subject: "", text: "", evidence: [], again: false };

/** Whom it is for, and the conversation it is written from, if any. */
type Whom = { contact: string; conversation?: string };

function whomIn(of: (name: string) => string | undefined): Whom {
  const [conversation, contact] = [of("conversation"), of("contact")];
  if (!isName(contact)) throw new Fault("not_found", "contact_unknown");
  return { contact, ...(isName(conversation) ? { conversation } : {}) };
}

async function fromConversation(ctx: Ctx, { contact, id }: { contact: string; id: string }) {
  const [ways, conversation, passages, memory] = await together(ctx, [
    [listWays, { id: contact }],
    [getConversation, { id }],
    [listPassages, { id, limit: 30 }],
    [memoryStatus, {}, "if permitted"],
  ]);
  // Words of one person are no evidence for another.
  if (conversation.contact?.person !== contact) throw new Fault("not_found", "conversation_unknown");
  return { ways, conversation, passages: passages.data, memory, conversations: [] };
}

async function toContact(ctx: Ctx, contact: string) {
  const [ways, conversations, memory] = await together(ctx, [
    [listWays, { id: contact }],
    [listConversations, { contact, limit: 10 }, "if permitted"],
    [memoryStatus, {}, "if permitted"],
  ]);
  return { ways, conversation: null, passages: [], memory, conversations: conversations?.data ?? [] };
}

type Shown = { whom: Whom; typed?: Typed; said?: string[]; status?: number; isPreview?: true };

async function answerWrite(c: Context<App>, ctx: Ctx, shown: Shown): Promise<Response> {
  const { whom, said = [], status } = shown;
  const { contact, conversation: id } = whom;
  const { memory, ...found } = await (id ? fromConversation(ctx, { contact, id }) : toContact(ctx, contact));
  const seat = seatOf(ctx, memory);
  const typed = shown.typed ?? { ...blank, class: found.conversation ? "reply" : "transactional" };
  const preview = shown.isPreview && typed.way.startsWith("sms|") ? smsOf(typed.text) : undefined;
  const view: WriteView = { seat, ...found, typed, preview, said };
  const title = `Write to ${personName(found.ways.name)}`;
  const body = <WritePage view={view} />;
  return answerFramed(c, { seat, place: "outbox", title, body, ...(status ? { status } : {}) });
}

export const writePage = async (c: Context<App>): Promise<Response> =>
  answerWrite(c, await reader(c), { whom: whomIn((name) => c.req.query(name)) });

function typedIn(form: Map<string, string>): Typed {
  const picked = [...form.keys()].flatMap((name) => /^evidence-(.+)$/.exec(name)?.[1] ?? []);
  return {
    way: form.get("way") ?? "",
    class: form.get("class") ?? "",
    subject: form.get("subject")?.trim() ?? "",
    text: (form.get("text") ?? "").replaceAll("\r\n", "\n"),
    evidence: picked,
    again: form.has("again"),
  };
}

type Sent = { form: Map<string, string>; whom: Whom; typed: Typed };

/** Into its conversation where there is one to answer in, else to the person's address. */
async function draft(ctx: Ctx, { form, whom, typed }: Sent) {
  const [channel = "", sender = ""] = typed.way.split("|");
  const { text, evidence, subject } = typed;
  // A reply goes through quiet hours and needs no consent: nothing else may pass for one.
  if (channel === "chat" && typed.class !== "reply")
    throw new Fault("unprocessable", "chat_replies_only", {
      detail: "A conversation takes replies only. Choose that kind, or another way.",
    });
  if (channel === "chat" && whom.conversation)
    return once(ctx, { verb: replyInConversation, input: { id: whom.conversation, text, evidence }, form });
  const input = {
    contact: whom.contact,
    channel,
    sender,
    class: typed.class,
    text,
    evidence,
    ...(subject && channel === "email" ? { subject } : {}),
    ...(typed.again ? { again: true } : {}),
  };
  return once(ctx, { verb: createMessage, input, form });
}

export async function writeForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const whom = whomIn((name) => form.get(name));
  const typed = typedIn(form);
  const act = form.get("act");
  if (act === "preview") return answerWrite(c, ctx, { whom, typed, isPreview: true });
  try {
    const { id, version } = await draft(ctx, { form, whom, typed });
    if (act !== "ask") return seeOther(c, await withNote(c, approvalPath(id), { code: "message_written" }));
    await submitMessage.run(ctx, { id, version });
    return seeOther(c, await withNote(c, approvalPath(id), { code: "message_asked" }));
  } catch (thrown) {
    if (!(thrown instanceof Fault) || !shownHere.has(thrown.code)) throw thrown;
    const errors = thrown.extra.errors ?? [];
    const said =
      errors.length > 0 ? errors.map(({ pointer, detail }) => `${nameOf(pointer)}: ${detail}.`) : [sayFault(thrown)];
    return answerWrite(c, ctx, { whom, typed, said, status: statusOf(thrown.kind) });
  }
}

/** Refusals that another word or another way mends. */
const shownHere = new Set([
  "invalid_input",
  "sender_missing",
  "reply_to_nothing",
  "recipient_missing",
  "nothing_to_answer",
  "chat_replies_only",
  "outbound_duplicate",
  "person_erased",
]);

const nameOf = (pointer: string): string =>
  ({ "/text": "The text", "/subject": "The subject", "/channel": "The way", "/class": "The kind" })[pointer] ?? pointer;
