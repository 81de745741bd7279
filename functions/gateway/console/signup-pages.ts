/** Signing up: asked, proven, signed in, and on to a project. */
import type { Context } from "hono";
import { confirmSignup, sessionDays, startSignup } from "#brain/identity/index.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { statusOf } from "../problem.ts";
import { writeCookie } from "../routes/identity.ts";
import { type App, contextOf } from "../runtime.ts";
import { readForm, safePlace, seeOther } from "./door.ts";
import { answerPin, answerSignup } from "./signup.tsx";
import { sayFault } from "./trouble.tsx";

const join = "/console/join";
const placeIn = (c: Context<App>, text: string | undefined) => safePlace(text, c.get("runtime").settings.publicUrl);

export const signupPage = (c: Context<App>): Promise<Response> =>
  answerSignup(c, { to: placeIn(c, c.req.query("to")) });

/** What stays on the page as a sentence; what is no fault is trouble like any other. */
function told(c: Context<App>, thrown: unknown): { error: string; status: number; fault: Fault } {
  if (!(thrown instanceof Fault) || thrown.kind === "forbidden") throw thrown;
  if (thrown.extra.retryAfter !== undefined) c.header("retry-after", String(thrown.extra.retryAfter));
  return { error: sayFault(thrown), status: statusOf(thrown.kind), fault: thrown };
}

export async function signupForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const username = form.get("username") ?? "";
  const to = placeIn(c, form.get("to"));
  try {
    const ctx = contextOf(c, { kind: "none" });
    const asked = await startSignup.run(ctx, { username, password: form.get("password") ?? "" });
    return answerPin(c, { to, request: asked.signup_request_id });
  } catch (thrown) {
    const { error, status, fault } = told(c, thrown);
    const wrong =
      fault.code === "invalid_input" ? "The username or the password does not fit the rules below it." : error;
    return answerSignup(c, { to, username: username.slice(0, 32), error: wrong, status });
  }
}

export async function confirmForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const request = form.get("signup_request_id") ?? "";
  const to = placeIn(c, form.get("to"));
  try {
    const ctx = contextOf(c, { kind: "none" });
    const { token } = await confirmSignup.run(ctx, { signup_request_id: request, pin: form.get("pin") ?? "" });
    writeCookie(c, token, sessionDays * 24 * 3600);
    // Who is new belongs to no project, and every other page would turn him away: to where he joins one.
    return seeOther(c, to.startsWith(join) ? to : join);
  } catch (thrown) {
    const { error, status, fault } = told(c, thrown);
    const wrong = fault.code === "invalid_input" ? "A PIN has six digits." : error;
    return answerPin(c, { to, request: request.slice(0, 64), error: wrong, status });
  }
}
