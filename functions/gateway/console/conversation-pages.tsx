/** Conversations: the list alone, or with one of them open beside its evidence. One request to the database each. */
import type { Context } from "hono";
import { listSources } from "#brain/identity/index.ts";
import {
  getConversation,
  listBreakers,
  listConversationEvents,
  listConversations,
  listMessages,
  listPassages,
  listWrites,
} from "#brain/inbox/index.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import { listContacts } from "#brain/people/index.ts";
import type { App } from "../runtime.ts";
import { AskBox } from "./ask-box.tsx";
import { MemoryState } from "./bar.tsx";
import { ConversationList, ConversationRows, type ListView, type StatusTab, statusTabs } from "./conversation-list.tsx";
import { answerParts } from "./document.tsx";
import { filterIn, idIn, reader } from "./door.ts";
import { Evidence, EvidenceBody, type EvidenceView } from "./evidence.tsx";
import { answerFramed } from "./frame.tsx";
import { Nothing } from "./nothing.tsx";
import { type Seat, seatOf } from "./seat.ts";
import { conversationPath, personName } from "./shapes.ts";
import { Thread, ThreadHead, type ThreadView, Turns } from "./thread.tsx";
import { isLive, listed, liveAddress, turnedTo } from "./turning.ts";
import { WriteState } from "./write-box.tsx";

const rows = 30;
const turnsShown = 50;

function asked(c: Context<App>): { status: StatusTab | undefined; filter: { status?: StatusTab } } {
  const status = statusTabs.find((tab) => tab === c.req.query("status"));
  return { status, filter: status ? { status } : {} };
}

export async function conversationsPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const { status, filter } = asked(c);
  const [found, memory, sources, contacts] = await together(ctx, [
    [listConversations, { limit: rows, ...filter, ...(await turnedTo(c, "list")) }],
    [memoryStatus, {}],
    [listSources, { limit: 5 }, "if permitted"],
    [listContacts, { limit: 100 }, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view: ListView = { here: seat.here, status, conversations: await listed(c, "list", found) };
  if (isLive(c)) {
    const parts = (
      <>
        <MemoryState memory={memory} />
        <ConversationRows view={view} />
      </>
    );
    return answerParts(c, parts);
  }
  const isNew = view.conversations.data.length === 0 && !status;
  const body = (
    <main class="panes bare">
      <ConversationList view={view} />
      <Nothing hooks={isNew ? (sources?.data.map((source) => source.hook) ?? []) : null}>
        <AskBox view={{ seat, contacts: contacts?.data ?? null }} />
      </Nothing>
    </main>
  );
  const live = c.req.query("list") ? {} : { live: liveAddress(c) };
  return answerFramed(c, { seat, place: "conversations", title: "Conversations", body, ...live });
}

type Opened = { thread: ThreadView; list: ListView; evidence: EvidenceView; seat: Seat };

async function open(c: Context<App>): Promise<Opened> {
  const ctx = await reader(c);
  const id = idIn(c);
  const { status, filter } = asked(c);
  const turn = filterIn(c, "turn");
  const around = turn && /^[0-9]{1,18}$/.test(turn) ? { around: turn } : {};
  const [conversation, messages, found, memory, passages, lines, writes, breakers] = await together(ctx, [
    [getConversation, { id }],
    [listMessages, { conversation: id, limit: turnsShown, ...around, ...(await turnedTo(c, "turns")) }],
    [listConversations, { limit: rows, ...filter, ...(await turnedTo(c, "list")) }],
    [memoryStatus, {}],
    [listPassages, { id, limit: 100 }],
    [listConversationEvents, { id, limit: 12 }, "if permitted"],
    [listWrites, { id, limit: 5 }],
    [listBreakers, { conversation: id, limit: 1 }],
  ]);
  const seat = seatOf(ctx, memory);
  const { here } = seat;
  const newest = Math.max(0, ...messages.data.map((message) => message.seq));
  const isPast = c.req.query("turns") !== undefined || ("around" in around && newest < conversation.turns);
  return {
    seat,
    thread: {
      here,
      conversation,
      messages: await listed(c, "turns", messages),
      later: isPast ? conversationPath(conversation.number) : null,
      backTo: status ? `/console?status=${status}` : "/console",
      mayAskAs: seat.permissions.includes("memory:ask_as"),
      write: seat.permissions.includes("inbox:write")
        ? {
            seat,
            conversation,
            writes: writes.data,
            breaker: breakers.data[0] ?? null,
            maySuggest: seat.permissions.includes("outbound:write") && seat.permissions.includes("memory:ask_as"),
          }
        : null,
      mayWrite: seat.permissions.includes("outbound:write"),
      permissions: seat.permissions,
    },
    list: { here, status, conversations: await listed(c, "list", found), selected: conversation.number },
    evidence: { here, passages: passages.data, isAll: passages.next === null, lines: lines?.data ?? null },
  };
}

export async function conversationPage(c: Context<App>): Promise<Response> {
  const { seat, thread, list, evidence } = await open(c);
  if (isLive(c)) {
    const parts = (
      <>
        {seat.memory ? <MemoryState memory={seat.memory} /> : null}
        <ConversationRows view={list} />
        <ThreadHead view={thread} />
        <Turns view={thread} />
        {thread.write ? <WriteState view={thread.write} /> : null}
        <EvidenceBody view={evidence} />
      </>
    );
    return answerParts(c, parts);
  }
  const body = (
    <main class="panes open">
      <ConversationList view={list} />
      <Thread view={thread} />
      <Evidence view={evidence} />
    </main>
  );
  const live = c.req.query("list") || c.req.query("turns") ? {} : { live: liveAddress(c) };
  const { contact } = thread.conversation;
  const title = personName(contact?.name, contact?.number);
  return answerFramed(c, { seat, place: "conversations", title, body, ...live });
}
