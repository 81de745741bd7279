/** The official SDK between an agent and the verbs. */
import type { Server } from "@modelcontextprotocol/server";
import { listConversations } from "#brain/inbox/index.ts";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { answerTo } from "../problem.ts";
import { type Exchange, isRefusal } from "./exchange.ts";
import { listResources, needsOf, openResource, templatesFor } from "./resources.ts";
import { callTool, tools, toolsFor } from "./tools.ts";

/** Loaded with the first agent's request: nobody else's start pays for it. */
const sdk = () => import("@modelcontextprotocol/server");
type Sdk = Awaited<ReturnType<typeof sdk>>;

const invalidParams = -32602;
const internalError = -32603;

const instructions = `The operations brain of a service business: its conversations, people and memory.
Ask with memory_ask (an answer with citations) or memory_search (passages); open a citation as omneuro://evidence/{id}.
A failed tool answers isError with a problem: "code" names the fault, "detail" and "errors" say what to change.`;

/** Runs `work`; what HTTP must refuse is left on the exchange, the rest becomes an error without our insides. */
type Guard = <T>(needs: string, work: () => Promise<T>) => Promise<T>;

const guardOf =
  ({ ProtocolError }: Sdk, exchange: Exchange): Guard =>
  async (needs, work) => {
    try {
      return await work();
    } catch (thrown) {
      if (thrown instanceof ProtocolError) throw thrown;
      if (isRefusal(thrown, needs)) exchange.refused = thrown;
      const told = (await answerTo(thrown, exchange.ctx.requestId, exchange.ctx.log).json()) as Record<string, unknown>;
      const code = thrown instanceof Fault && thrown.kind === "invalid" ? invalidParams : internalError;
      throw new ProtocolError(code, String(told["detail"] ?? told["title"]), told);
    }
  };

function serverOf(loaded: Sdk, exchange: Exchange): Server {
  const { ctx } = exchange;
  const guarded = guardOf(loaded, exchange);
  const held = () => ctx.who?.permissions ?? [];
  const server = new loaded.Server(
    { name: "omneuro", title: "Omneuro", version: "0.1.0" },
    { capabilities: { tools: {}, resources: {} }, instructions },
  );
  server.setRequestHandler("tools/list", () => ({ tools: toolsFor(held()).map((tool) => tool.shown) }));
  server.setRequestHandler("tools/call", async ({ params }) => {
    const tool = tools().get(params.name);
    if (!tool)
      throw new loaded.ProtocolError(invalidParams, `There is no tool of this name: ${params.name.slice(0, 128)}`);
    return guarded(tool.verb.needs, () => callTool(exchange, tool, params.arguments ?? {}));
  });
  server.setRequestHandler("resources/list", ({ params }) =>
    guarded(listConversations.needs, () => listed(ctx, params?.cursor)),
  );
  server.setRequestHandler("resources/templates/list", () => ({ resourceTemplates: templatesFor(held()) }));
  server.setRequestHandler("resources/read", ({ params: { uri } }) =>
    guarded(needsOf(uri) ?? "", async () => {
      const found = await opened(ctx, uri);
      if (!found) throw new loaded.ResourceNotFoundError(uri);
      return found;
    }),
  );
  return server;
}

/** Who may not see conversations has none. */
const listed = (ctx: Ctx, cursor: string | undefined) =>
  listResources(ctx, cursor).catch((thrown: unknown) => {
    if (thrown instanceof Fault && thrown.code === "permission_missing") return { resources: [] };
    throw thrown;
  });

const opened = (ctx: Ctx, uri: string) =>
  openResource(ctx, uri).catch((thrown: unknown) => {
    if (thrown instanceof Fault && thrown.kind === "not_found") return undefined;
    throw thrown;
  });

export type Serve = (request: Request, message: unknown, exchange: Exchange) => Promise<Response>;

/** Both eras of the protocol. Our verbs say nothing on the way, so an event stream is as good whole, and a late refusal can still replace it. */
export const serve: Serve = async (request, message, exchange) => {
  const loaded = await sdk();
  const handler = loaded.createMcpHandler(() => serverOf(loaded, exchange), {
    onerror: (error) => exchange.ctx.log({ mcp: error.message, request: exchange.ctx.requestId }),
  });
  const answer = await handler.fetch(request, { parsedBody: message });
  return new Response(answer.body && (await answer.arrayBuffer()), answer);
};
