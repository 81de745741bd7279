/** The weekly review as a page, with the form of one's rhythm. */
import type { Context } from "hono";
import {
  askOwnEmail,
  getRhythm,
  makeChatCode,
  proveOwnEmail,
  review,
  unlinkChat,
  updateRhythm,
} from "#brain/assistant/index.ts";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import type { App } from "../runtime.ts";
import { filterIn, reader, readForm, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { saidOf } from "./mend.tsx";
import { once } from "./once.ts";
import { ReviewPage } from "./review-view.tsx";
import { seatOf } from "./seat.ts";

const place = "/console/review";

type Told = { said?: string[]; refused?: string[]; code?: string };

async function answerReview(c: Context<App>, ctx: Ctx, { said, refused, code }: Told = {}): Promise<Response> {
  const week = filterIn(c, "week");
  const [looked, rhythm, memory] = await together(ctx, [
    [review, week ? { week } : {}],
    [getRhythm, {}],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const body = <ReviewPage view={{ seat, review: looked, rhythm, said, refused, code }} />;
  return answerFramed(c, {
    seat,
    place: "today",
    title: "Review",
    body,
    ...((said ?? refused) ? { status: 422 } : {}),
  });
}

export const reviewPage = async (c: Context<App>): Promise<Response> => answerReview(c, await reader(c));

const names = {
  email: "The address",
  digits: "The digits",
  timezone: "The time zone",
  plan_days: "The days of the plan",
  version: "The page",
};
const times = ["quiet_from", "quiet_until", "plan_at", "review_at", "reminders_at"] as const;

export async function rhythmForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const ticked = (name: string) => form.get(name) === "yes";
  const input = {
    version: Number(form.get("version")),
    channel: form.get("channel") || null,
    language: form.get("language"),
    timezone: form.get("timezone")?.trim() || null,
    ...Object.fromEntries(times.map((name) => [name, form.get(name)])),
    plan_on: ticked("plan_on"),
    plan_days: [1, 2, 3, 4, 5, 6, 7].filter((day) => ticked(`day_${day}`)),
    review_on: ticked("review_on"),
    review_day: Number(form.get("review_day")),
    reminders_on: ticked("reminders_on"),
  };
  try {
    await once(ctx, { verb: updateRhythm, input, form });
    return seeOther(c, await withNote(c, place, { code: "thing_changed" }));
  } catch (thrown) {
    const isMended = thrown instanceof Fault && /^(invalid|unprocessable|conflict)$/.test(thrown.kind);
    if (!isMended) throw thrown;
    return answerReview(c, ctx, { said: saidOf(thrown, names) });
  }
}

type Sent = { ctx: Ctx; form: Map<string, string> };

/** What other words mend is said on the page that he filled in. */
async function emailForm(c: Context<App>, code: "digits_sent" | "email_proven", act: (sent: Sent) => Promise<unknown>) {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  try {
    await act({ ctx, form });
  } catch (thrown) {
    const isMended = thrown instanceof Fault && /^(invalid|unprocessable|conflict|limited)$/.test(thrown.kind);
    if (!isMended) throw thrown;
    return answerReview(c, ctx, { refused: saidOf(thrown, names) });
  }
  return seeOther(c, await withNote(c, place, { code }));
}

export const askEmailForm = (c: Context<App>): Promise<Response> =>
  emailForm(c, "digits_sent", ({ ctx, form }) =>
    once(ctx, { verb: askOwnEmail, input: { email: form.get("email")?.trim() ?? "" }, form }),
  );

export const proveEmailForm = (c: Context<App>): Promise<Response> =>
  emailForm(c, "email_proven", ({ ctx, form }) =>
    once(ctx, { verb: proveOwnEmail, input: { digits: form.get("digits")?.trim() ?? "" }, form }),
  );

/** The code is part of this one answer. */
export async function telegramForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const { code } = await once(ctx, { verb: makeChatCode, input: {}, form });
  return answerReview(c, ctx, { code });
}

export async function unlinkForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  await once(await writer(c, form), { verb: unlinkChat, input: {}, form });
  return seeOther(c, await withNote(c, place, { code: "thing_changed" }));
}
