/** Who stands at the console's door: the session cookie, forms with their proof, and the way back after signing in. */
import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import { tokenHash } from "#brain/identity/index.ts";
import type { Credential, Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { isTimezone } from "#brain/kernel/wall-time.ts";
import { assertSameSite, cookieName } from "../actor.ts";
import { readBytes } from "../body.ts";
import { type App, contextOf } from "../runtime.ts";

export const home = "/console";
const loginPath = "/console/login";
/** Forms of the console carry a question at most. */
const formLimit = 64 * 1024;

/** After the password was given again: to the page whose form was sent, to send it once more. */
export function confirmAddress(c: Context<App>): string {
  const section = /^\/console\/[a-z]+/.exec(c.req.path)?.[0] ?? home;
  return `/console/confirm?to=${encodeURIComponent(section)}`;
}

/** A place of the console that `text` names, else its front page: nobody is sent elsewhere. */
export function safePlace(text: string | undefined, publicUrl: string): string {
  if (!text?.startsWith("/")) return home;
  const own = new URL(publicUrl).origin;
  const url = URL.parse(text, own);
  if (url?.origin !== own) return home;
  const inside = url.pathname === home || url.pathname.startsWith(`${home}/`);
  if (!inside || url.pathname.startsWith(loginPath)) return home;
  return `${url.pathname}${url.search}`;
}

/** The address of signing in or up that leads on to `to`. */
export const onTo = (place: "/console/login" | "/console/signup", to: string): string =>
  to === home ? place : `${place}?to=${encodeURIComponent(to)}`;

/** Thrown where a person has to sign in first; the console's one error handler sends him there and back. */
export class SignIn extends Error {}

export function loginAddress(c: Context<App>): string {
  const { pathname, search } = new URL(c.req.url);
  const wanted = c.req.method === "GET" ? `${pathname}${search}` : home;
  return onTo(loginPath, wanted);
}

const cookieOf = (c: Context<App>) => getCookie(c, cookieName(c.get("runtime").settings.publicUrl));

async function sessionHash(c: Context<App>): Promise<string> {
  const cookie = cookieOf(c);
  if (!cookie) throw new SignIn();
  return tokenHash(cookie);
}

/** The session this browser had before it signs in anew, if any. */
export async function formerly(c: Context<App>): Promise<Credential> {
  const cookie = cookieOf(c);
  return cookie ? { kind: "session", hash: await tokenHash(cookie) } : { kind: "none" };
}

/** One context an answer, told to name the projects of the person: the bar shows them. */
function enterAs(c: Context<App>, credential: Credential): Ctx {
  const ctx = contextOf(c, credential);
  ctx.entry = { permission: "", scope: "none", projects: true };
  return ctx;
}

export async function reader(c: Context<App>): Promise<Ctx> {
  return enterAs(c, { kind: "session", hash: await sessionHash(c) });
}

/** An id in the path or a filter; what cannot be one is not looked up. */
export const isName = (text: string | undefined): text is string => /^[A-Za-z0-9_:.-]{1,200}$/.test(text ?? "");

/** The id a page is asked for. */
export function idIn(c: Context<App>): string {
  const id = c.req.param("id");
  if (!isName(id)) throw new Fault("not_found", "route_unknown");
  return id;
}

/** A filter in the query, if it can be one. */
export function filterIn(c: Context<App>, name: string): string | undefined {
  const text = c.req.query(name);
  return isName(text) ? text : undefined;
}

/** A form as sent: fields by name, the last one wins. Refuses other sites and other media. */
export async function readForm(c: Context<App>): Promise<Map<string, string>> {
  assertSameSite(c.req.raw, c.get("runtime").settings.publicUrl);
  const type = (c.req.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") {
    throw new Fault("unsupported", "form_required", { detail: "Send the form as a browser sends it." });
  }
  const text = new TextDecoder().decode(await readBytes(c.req.raw, formLimit));
  const form = new Map(new URLSearchParams(text));
  if ([...form.values()].some((value) => value.includes("\u0000"))) {
    throw new Fault("invalid", "invalid_text", { detail: "Text may hold no null character." });
  }
  return form;
}

/** The person behind a form: the hidden field proves that our own page made it. */
export async function writer(c: Context<App>, form: Map<string, string>): Promise<Ctx> {
  return enterAs(c, { kind: "session", hash: await sessionHash(c), csrf: form.get("csrf") ?? "" });
}

/** Whose clocks a form's times are of: the page says it, because it was drawn by them. */
export function zoneIn(form: Map<string, string>): string {
  const zone = form.get("zone") ?? "";
  return zone !== "" && isTimezone(zone) ? zone : "UTC";
}

/** After a form: a GET, so that a reload sends nothing twice. */
export const seeOther = (c: Context<App>, place: string): Response => c.redirect(place, 303);
