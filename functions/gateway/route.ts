/** A verb becomes a route: who asks, what was sent, one run, one answer. OpenAPI and the sweep read the same declaration. */
import type { Context, Handler } from "hono";
import type { Credential, Ctx } from "#brain/kernel/ctx.ts";
import { Fault, Replay } from "#brain/kernel/fault.ts";
import type { Verb } from "#brain/kernel/verb.ts";
import { credentialOf } from "./actor.ts";
import { parseJson, readBytes, requireJson, requireStorable } from "./body.ts";
import { assertOwn, type Read, readCursor, writeCursor } from "./cursor.ts";
import { sha256 } from "./digest.ts";
import { idempotencyOf } from "./idempotency.ts";
import { type App, contextOf } from "./runtime.ts";

export type Method = "get" | "post" | "patch" | "put" | "delete";

export type Route = {
  verb: Verb;
  method: Method;
  /** OpenAPI form: `/v1/inbox/conversations/{id}`. */
  path: string;
  /** Status of a success, 200 unless said. */
  status?: 200 | 201 | 202 | 204;
  /** Of the body, where more than usual. */
  mostBytes?: number;
  /** A list: `cursor` goes in, `{data, next_cursor}` and Link come out. */
  list?: true;
  /** A write that takes `If-Match`, with the ETag that somebody read, in place of the body's `version`. */
  versioned?: "required" | "optional";
  /** Wraps the answer where HTTP itself is the subject (cookies). */
  finish?: (c: Context<App>, output: unknown) => unknown;
};

export const route = (declared: Route): Route => declared;

export const honoPath = (path: string): string => path.replaceAll(/\{([a-z_]+)\}/g, ":$1");

type Input = Record<string, unknown> & { after?: Read };

/** The version that somebody read, from `"7-…"`; where a write needs one and none is given, it says so (RFC 6585). */
function versionIn(
  header: string | undefined,
  { needed, body }: { needed: boolean; body: object },
): { version?: number } {
  if (header === undefined || header.trim() === "*") {
    if (needed && !("version" in body))
      throw new Fault("precondition_required", "version_required", {
        detail: "Send If-Match with the ETag that you read, or `version`.",
      });
    return {};
  }
  const version = /^"([0-9]{1,9})(?:-[0-9a-f]*)?"$/.exec(header.trim())?.[1];
  if (version === undefined)
    throw new Fault("invalid", "invalid_precondition", { detail: "If-Match takes one ETag of ours." });
  return { version: Number(version) };
}

async function inputOf(c: Context<App>, declared: Route, body: Uint8Array<ArrayBuffer>): Promise<Input> {
  const params = c.req.param() as Record<string, string>;
  requireStorable(params);
  if (declared.method !== "get" && declared.method !== "delete") {
    requireJson(c.req.raw);
    const sent = parseJson(body);
    if (typeof sent !== "object" || sent === null || Array.isArray(sent)) {
      throw new Fault("invalid", "invalid_input", { detail: "The body must be a JSON object." });
    }
    const read = declared.versioned
      ? versionIn(c.req.header("if-match"), { needed: declared.versioned === "required", body: sent })
      : {};
    return { ...sent, ...read, ...params };
  }
  const query: Input = { ...c.req.query(), ...params };
  requireStorable(query);
  if (!declared.list) return query;
  const { cursor, ...rest } = query;
  if (typeof cursor !== "string") return rest as Input;
  return { ...rest, after: await readCursor(c.get("runtime").ports.secrets, declared.path, cursor) };
}

type Listed = { data: unknown[]; next: { at: string; id: string } | null };

const listScope = ({ verb }: Route) => (verb.scope === "project" ? "project" : "user");

async function pageOf(
  c: Context<App>,
  of: { declared: Route; ctx: Ctx; listed: Listed },
): Promise<Record<string, unknown>> {
  const { declared, ctx, listed } = of;
  const { next, ...rest } = listed;
  if (!next) return { ...rest, next_cursor: null };
  const cursor = await writeCursor(ctx, { list: declared.path, scope: listScope(declared) }, next);
  const url = new URL(c.req.url);
  url.searchParams.set("cursor", cursor);
  c.header("link", `<${url.pathname}${url.search}>; rel="next"`);
  return { ...rest, next_cursor: cursor };
}

/** What If-Match speaks of, in front of the ETag of a row that has a version. */
const versionOf = (output: unknown): string => {
  const { version } = (output ?? {}) as { version?: unknown };
  return typeof version === "number" ? `${version}-` : "";
};

/** A strong ETag over the bytes; an unchanged GET is a 304. */
export async function answerJson(c: Context<App>, output: unknown, status: number): Promise<Response> {
  const text = JSON.stringify(output);
  if (c.req.method === "GET") {
    const tag = `"${versionOf(output)}${(await sha256(text)).slice(0, 32)}"`;
    c.header("etag", tag);
    if (
      c.req
        .header("if-none-match")
        ?.split(/\s*,\s*/)
        .includes(tag)
    )
      return c.body(null, 304);
  }
  c.header("content-type", "application/json");
  return c.body(text, status as 200);
}

export function handlerOf(declared: Route): Handler<App> {
  const { verb, method, path } = declared;
  return async (c) => {
    const runtime = c.get("runtime");
    const credential = (await credentialOf(c, runtime.settings.publicUrl)) ?? ({ kind: "none" } satisfies Credential);
    if (credential.kind === "none" && verb.scope !== "none") throw new Fault("unauthenticated", "credentials_required");
    const body =
      method === "get" || method === "delete" ? new Uint8Array() : await readBytes(c.req.raw, declared.mostBytes);
    const input = await inputOf(c, declared, body);
    const header = c.req.header("idempotency-key");
    const idempotency = await idempotencyOf(verb, { header, route: `${method} ${path}`, body });
    const ctx = contextOf(c, credential);
    const output = await verb.run(ctx, input, idempotency).catch((thrown: unknown) => {
      if (!(thrown instanceof Replay)) throw thrown;
      c.header("idempotent-replayed", "true");
      return verb.render(ctx, thrown.body);
    });
    if (declared.list) await assertOwn(ctx, input.after, listScope(declared));
    const finished = declared.finish ? declared.finish(c, output) : output;
    if (finished instanceof Response) return finished;
    return answerJson(
      c,
      declared.list ? await pageOf(c, { declared, ctx, listed: finished as Listed }) : finished,
      declared.status ?? 200,
    );
  };
}
