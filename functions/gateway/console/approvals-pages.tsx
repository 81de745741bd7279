/** The approval queue as pages and the forms on them. */
import type { Context } from "hono";
import { listMembers } from "#brain/identity/index.ts";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import {
  approveMessage,
  cancelMessage,
  editMessage,
  listWaiting,
  returnMessage,
  reviewEvidence,
  reviewMessage,
  sendMessage,
} from "#brain/outbound/index.ts";
import { statusOf } from "../problem.ts";
import type { App } from "../runtime.ts";
import { seenIn } from "./approval-acts.tsx";
import { ApprovalsPage, type ApprovalsView } from "./approvals-view.tsx";
import { idIn, reader, readForm, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { approvalPath, messagePath } from "./outbound-words.ts";
import { seatOf } from "./seat.ts";
import { type Member, personName } from "./shapes.ts";
import { sayFault } from "./trouble.tsx";

const place = "/console/approvals";

export const namesOf = (members: { data: Member[] } | null): ReadonlyMap<string, string> =>
  new Map(members?.data.flatMap(({ user, name }) => (name ? [[user, name] as const] : [])));

type Shown = { id?: string; wrong?: ApprovalsView["wrong"]; status?: number };

async function answerApprovals(c: Context<App>, ctx: Ctx, { id, wrong, status }: Shown): Promise<Response> {
  const asked = id === undefined ? {} : { id };
  const [{ message }, waiting, evidence, memory, members] = await together(ctx, [
    [reviewMessage, asked],
    [listWaiting, { limit: 50 }],
    [reviewEvidence, asked, "if permitted"],
    [memoryStatus, {}, "if permitted"],
    [listMembers, { limit: 100 }, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view: ApprovalsView = {
    seat,
    waiting,
    message,
    grounds: evidence?.data ?? null,
    people: namesOf(members),
    isChosen: id !== undefined,
    ...(wrong ? { wrong } : {}),
  };
  const title = id === undefined || !message ? "Approvals" : personName(message.person);
  const body = <ApprovalsPage view={view} />;
  return answerFramed(c, { seat, place: "outbox", title, body, ...(status ? { status } : {}) });
}

export const approvalsPage = async (c: Context<App>): Promise<Response> => answerApprovals(c, await reader(c), {});

export const approvalPage = async (c: Context<App>): Promise<Response> =>
  answerApprovals(c, await reader(c), { id: idIn(c) });

/** Refusals that are about this message, shown beside it. */
const shown = new Set([
  "outbound_message_changed",
  "outbound_invalid_state",
  "four_eyes_required",
  "evidence_required",
  "invalid_input",
]);

type Act = { form: Map<string, string>; ctx: Ctx; id: string; version: number };

async function acting(c: Context<App>, act: (asked: Act) => Promise<Response>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const id = idIn(c);
  try {
    return await act({ form, ctx, id, version: Number(form.get("version")) });
  } catch (thrown) {
    if (!(thrown instanceof Fault) || !shown.has(thrown.code)) throw thrown;
    const isStale = thrown.code === "outbound_message_changed" || thrown.code === "outbound_invalid_state";
    const wrong = { said: sayFault(thrown), ...(isStale ? { seen: seenIn(form) } : {}) };
    return answerApprovals(c, ctx, { id, wrong, status: statusOf(thrown.kind) });
  }
}

/** Approved it may leave: the queue judges it once more when it does. */
export const approveForm = (c: Context<App>): Promise<Response> =>
  acting(c, async ({ ctx, id, version }) => {
    await approveMessage.run(ctx, { id, version });
    try {
      await sendMessage.run(ctx, { id });
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown;
      return seeOther(c, await withNote(c, messagePath(id), { code: "message_approved_only" }));
    }
    return seeOther(c, await withNote(c, place, { code: "message_approved" }));
  });

export const editForm = (c: Context<App>): Promise<Response> =>
  acting(c, async ({ ctx, id, version, form }) => {
    const subject = form.get("subject")?.trim();
    const text = (form.get("text") ?? "").replaceAll("\r\n", "\n");
    await editMessage.run(ctx, { id, version, text, ...(subject ? { subject } : {}) });
    return seeOther(c, await withNote(c, approvalPath(id), { code: "message_edited" }));
  });

export const returnForm = (c: Context<App>): Promise<Response> =>
  acting(c, async ({ ctx, id, version, form }) => {
    const note = form.get("note")?.trim();
    await returnMessage.run(ctx, { id, version, ...(note ? { note } : {}) });
    return seeOther(c, await withNote(c, place, { code: "message_returned" }));
  });

export const cancelForm = (c: Context<App>): Promise<Response> =>
  acting(c, async ({ ctx, id }) => {
    await cancelMessage.run(ctx, { id });
    return seeOther(c, await withNote(c, place, { code: "message_cancelled" }));
  });
