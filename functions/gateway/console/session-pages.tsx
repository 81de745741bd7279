/** Signing in and out, and working in another of one's projects. */
import type { Context } from "hono";
import { login, logout, selectProject, sessionDays } from "#brain/identity/index.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { statusOf } from "../problem.ts";
import { writeCookie } from "../routes/identity.ts";
import { type App, contextOf } from "../runtime.ts";
import { formerly, home, readForm, safePlace, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerLogin } from "./login.tsx";
import { sayFault } from "./trouble.tsx";

const publicUrl = (c: Context<App>) => c.get("runtime").settings.publicUrl;

export const loginPage = (c: Context<App>): Promise<Response> =>
  answerLogin(c, { to: safePlace(c.req.query("to"), publicUrl(c)) });

/** What a person can do something about stays on the page; the rest is trouble like any other. */
const isTheirs = (fault: Fault) => ["unauthenticated", "limited", "invalid"].includes(fault.kind);

export async function loginForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const to = safePlace(form.get("to"), publicUrl(c));
  const username = form.get("username") ?? "";
  try {
    const ctx = contextOf(c, await formerly(c));
    const { token } = await login.run(ctx, { username, password: form.get("password") ?? "" });
    writeCookie(c, token, sessionDays * 24 * 3600);
  } catch (thrown) {
    if (!(thrown instanceof Fault) || !isTheirs(thrown)) throw thrown;
    const error = thrown.kind === "invalid" ? "Type your username and password." : sayFault(thrown);
    if (thrown.extra.retryAfter !== undefined) c.header("retry-after", String(thrown.extra.retryAfter));
    return answerLogin(c, { to, username: username.slice(0, 64), error, status: statusOf(thrown.kind) });
  }
  return seeOther(c, to);
}

export async function logoutForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  await logout.run(await writer(c, form), {});
  writeCookie(c, "", 0);
  return seeOther(c, await withNote(c, "/console/login", { code: "signed_out" }));
}

export async function projectForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  await selectProject.run(await writer(c, form), { project: form.get("project") });
  return seeOther(c, await withNote(c, home, { code: "project_changed" }));
}
