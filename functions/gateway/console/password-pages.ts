/** One's own password: given again, then back to where one was; or changed. */
import type { Context } from "hono";
import { changePassword, confirmPassword, me, sessionDays } from "#brain/identity/index.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { statusOf } from "../problem.ts";
import { writeCookie } from "../routes/identity.ts";
import type { App } from "../runtime.ts";
import { home, reader, readForm, safePlace, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerConfirm, answerPassword, type OwnView } from "./own-password.tsx";
import { sayFault } from "./trouble.tsx";

const placeIn = (c: Context<App>, text: string | undefined) => safePlace(text, c.get("runtime").settings.publicUrl);

async function ownView(c: Context<App>): Promise<OwnView> {
  const { username, csrf_token } = await me.run(await reader(c), {});
  return { username: username ?? "", csrf: csrf_token ?? "" };
}

/** What a person can do something about stays on the page that he filled in. */
async function again(c: Context<App>, thrown: unknown): Promise<OwnView> {
  const isTheirs = thrown instanceof Fault && ["invalid", "limited"].includes(thrown.kind);
  if (!isTheirs) throw thrown;
  if (thrown.extra.retryAfter !== undefined) c.header("retry-after", String(thrown.extra.retryAfter));
  const error = thrown.code === "invalid_input" ? "A password has 8 to 128 characters." : sayFault(thrown);
  return { ...(await ownView(c)), error, status: statusOf(thrown.kind) };
}

export const confirmPage = async (c: Context<App>): Promise<Response> =>
  answerConfirm(c, { ...(await ownView(c)), to: placeIn(c, c.req.query("to")) });

export async function confirmPasswordForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const to = placeIn(c, form.get("to"));
  const ctx = await writer(c, form);
  try {
    const { token } = await confirmPassword.run(ctx, { password: form.get("password") ?? "" });
    writeCookie(c, token, sessionDays * 24 * 3600);
  } catch (thrown) {
    return answerConfirm(c, { ...(await again(c, thrown)), to });
  }
  return seeOther(c, await withNote(c, to, { code: "confirmed" }));
}

export const passwordPage = async (c: Context<App>): Promise<Response> => answerPassword(c, await ownView(c));

export async function passwordForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const given = {
    current_password: form.get("current_password") ?? "",
    new_password: form.get("new_password") ?? "",
  };
  try {
    const { token } = await changePassword.run(ctx, given);
    writeCookie(c, token, sessionDays * 24 * 3600);
  } catch (thrown) {
    return answerPassword(c, await again(c, thrown));
  }
  return seeOther(c, await withNote(c, home, { code: "password_changed" }));
}
