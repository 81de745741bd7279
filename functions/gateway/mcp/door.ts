/** `/mcp`: each POST is one message of an agent, checked and counted like any other request, answered by the verbs. */
import type { Context, Handler } from "hono";
import { me } from "#brain/identity/index.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { parseJson, readBytes, requireJson } from "../body.ts";
import { countUnder } from "../limits.ts";
import { type App, contextOf } from "../runtime.ts";
import type { Exchange } from "./exchange.ts";
import { assertOurs, bearerOf, mcpPath, metadataPath, protectedResource, refusal } from "./guards.ts";
import { type Serve, serve as withVerbs } from "./server.ts";
import { tools } from "./tools.ts";

/** These find out in their own request to the database whether the key is any good. */
const entersItself = new Set(["tools/call", "resources/read", "resources/list", "ping"]);

/** JSON-RPC 2.0, before there is anybody to speak it. */
function rpcError(status: number, id: unknown, error: { code: number; message: string }): Response {
  const echoed = typeof id === "string" || typeof id === "number" ? id : null;
  return Response.json({ jsonrpc: "2.0", id: echoed, error }, { status });
}

type Message = { id?: unknown; method?: unknown };

function readMessage(bytes: Uint8Array): Message | Response {
  let message: unknown;
  try {
    message = parseJson(bytes);
  } catch (thrown) {
    const detail = thrown instanceof Fault ? thrown.extra.detail : undefined;
    return rpcError(400, null, { code: -32700, message: detail ?? "The body is not JSON." });
  }
  if (typeof message === "object" && message !== null && !Array.isArray(message)) return message;
  return rpcError(400, null, { code: -32600, message: "Send one message as a JSON object, no batch." });
}

async function answer(c: Context<App>, serve: Serve): Promise<Response> {
  assertOurs(c);
  if (c.req.method !== "POST") {
    throw new Fault("method", "method_not_allowed", { detail: "Use POST; there is no stream.", allow: "POST" });
  }
  const ctx = contextOf(c, await bearerOf(c));
  requireJson(c.req.raw);
  const message = readMessage(await readBytes(c.req.raw));
  if (message instanceof Response) return message;
  const { id, method } = message;
  // An isolate hears of no change but its own: there is nothing to subscribe to.
  if (method === "subscriptions/listen") return rpcError(404, id, { code: -32601, message: "Method not found" });
  if (id !== undefined && !entersItself.has(String(method))) await me.run(ctx, {});
  const exchange: Exchange = { ctx, count: (policy) => countUnder(c, policy) };
  const answered = await serve(c.req.raw, message, exchange);
  return exchange.refused ? refusal(c, exchange.refused) : answered;
}

/** `serve` is the SDK with our verbs; the conformance suite brings its own fixtures. */
export const agentsDoor =
  (serve: Serve = withVerbs): Handler<App> =>
  (c) =>
    answer(c, serve).catch((thrown: unknown) => {
      if (thrown instanceof Fault && !thrown.extra["cause"]) return refusal(c, thrown);
      throw thrown;
    });

export const agentsMetadata: Handler<App> = (c) => {
  const scopes = [...new Set([...tools().values()].map(({ verb }) => verb.needs))].toSorted();
  return c.json(protectedResource(c.get("runtime").settings, scopes));
};

export const agentsPath = mcpPath;
export const agentsMetadataPaths = [metadataPath, metadataPath + mcpPath];
