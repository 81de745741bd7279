// An agent as its maker would write it: the official client, over HTTP, with a key, in either era of the protocol.
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { World } from "#test/kit/world.ts";

export const eras = ["2025-11-25", "2026-07-28"] as const;
export type Era = (typeof eras)[number];

export async function agent(url: string, options: { key: string; era?: Era }): Promise<Client> {
  const modern = options.era !== "2025-11-25";
  const client = new Client(
    { name: "test agent", version: "1.0.0" },
    { versionNegotiation: { mode: modern ? { pin: "2026-07-28" } : "legacy" } },
  );
  const headers = { authorization: `Bearer ${options.key}` };
  await client.connect(new StreamableHTTPClientTransport(new URL("/mcp", url), { requestInit: { headers } }));
  return client;
}

type Envelope = { id?: unknown; result?: Record<string, unknown>; error?: { code: number; message: string } };
export type Reply = { status: number; headers: Headers; text: string; body: Envelope & Record<string, unknown> };

type Raw = { key?: string; headers?: Record<string, string>; method?: string; meta?: Record<string, unknown> };

/** One message of the newer era by hand, headers and all; `headers` may spoil it. */
export async function post(w: World, message: { method: string; params?: object }, raw: Raw = {}): Promise<Reply> {
  const params: Record<string, unknown> = {
    ...message.params,
    _meta: {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": {},
      ...raw.meta,
    },
  };
  const name = params["name"] ?? params["uri"];
  const answer = await w.fetch("/mcp", {
    method: "POST",
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: message.method, params }),
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": message.method,
      ...(typeof name === "string" ? { "mcp-name": name } : {}),
      ...raw.headers,
    },
    ...(raw.key ? { key: raw.key } : {}),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: text ? JSON.parse(text) : {} };
}

export const call = (w: World, name: string, given: object, raw: Raw = {}): Promise<Reply> =>
  post(w, { method: "tools/call", params: { name, arguments: given } }, raw);

/** The problem inside a tool's failure. */
export function problemOf(reply: Reply): { code: string; status: number; errors?: { pointer: string }[] } {
  const { isError, content } = (reply.body.result ?? {}) as { isError?: boolean; content?: { text: string }[] };
  if (!isError) throw new Error(`not a failure: ${reply.text}`);
  return JSON.parse(content?.[0]?.text ?? "null");
}
