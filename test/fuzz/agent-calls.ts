// What agents send to `/mcp`, in both eras of the protocol: right, nearly right, at odds with its own headers, or hostile.
import fc from "fast-check";
import { tools } from "#gateway/mcp/tools.ts";
import { rawBody, references, text, value } from "./hostile.ts";
import { near, type Schema, valid } from "./schemas.ts";

export type AgentCall = {
  caller: "a" | "b";
  credential: "key" | "read" | "forged" | "none" | "cookie";
  address: number;
  path: string;
  body: string;
  headers: Record<string, string>;
};

type Message = { method: string; params: Record<string, unknown> };

const toolNames = [...tools().keys()];

const toolCall = fc.constantFrom(...toolNames).chain((name) => {
  const schema = tools().get(name)?.shown.inputSchema as Schema;
  const given = fc.oneof(
    { weight: 8, arbitrary: valid(schema) },
    { weight: 5, arbitrary: near(schema) },
    { weight: 1, arbitrary: value() },
  );
  return given.map((chosen): Message => ({ method: "tools/call", params: { name, arguments: chosen } }));
});

const resource = fc
  .tuple(
    fc.constantFrom("omneuro://conversation/", "omneuro://evidence/", "omneuro://", "file:///", ""),
    fc.oneof(
      { weight: 4, arbitrary: references("conversation", "evidence", "message", "answer") },
      { weight: 1, arbitrary: text() },
    ),
  )
  .map(([scheme, id]): Message => ({ method: "resources/read", params: { uri: scheme + id } }));

const plain = fc
  .tuple(
    fc.constantFrom("tools/list", "resources/list", "resources/templates/list", "server/discover", "ping"),
    fc.oneof(
      fc.constant({}),
      references("cursor").map((cursor) => ({ cursor })),
      text().map((cursor) => ({ cursor })),
    ),
  )
  .map(([method, params]): Message => ({ method, params }));

const begin = fc.constantFrom("2025-11-25", "2025-06-18", "2026-07-28", "1999-01-01", "").map(
  (protocolVersion): Message => ({
    method: "initialize",
    params: { protocolVersion, capabilities: {}, clientInfo: { name: "fuzz", version: "1" } },
  }),
);

const strange = fc
  .tuple(
    fc.oneof(
      text(),
      fc.constantFrom(
        "notifications/initialized",
        "notifications/cancelled",
        "subscriptions/listen",
        "prompts/list",
        "completion/complete",
        "sampling/createMessage",
        "logging/setLevel",
        "__proto__",
      ),
    ),
    fc.dictionary(fc.constantFrom("name", "uri", "cursor", "_meta", "level"), value(), { noNullPrototype: true }),
  )
  .map(([method, params]): Message => ({ method, params }));

const messages = fc.oneof(
  { weight: 8, arbitrary: toolCall },
  { weight: 4, arbitrary: resource },
  { weight: 2, arbitrary: plain },
  { weight: 1, arbitrary: begin },
  { weight: 1, arbitrary: strange },
);

const ids = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom<unknown>(1, 7, "one") },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(null, undefined, -1, 1.5, 2 ** 53, "", "x".repeat(300), [], {}, true),
  },
);

const modern = "2026-07-28";
const meta = {
  "io.modelcontextprotocol/protocolVersion": modern,
  "io.modelcontextprotocol/clientCapabilities": {},
};

/** Header values are bytes: what is none cannot be sent. */
const printable = (given: string) => given.replaceAll(/[^\x21-\x7e]/g, "").slice(0, 200);

type Sent = { body: string; headers: Record<string, string> };

function sent(message: Message, how: { era: "old" | "new"; id: unknown; odd: Record<string, string> }): Sent {
  const { method, params } = message;
  const isNew = how.era === "new";
  const whole = isNew ? { ...params, _meta: params["_meta"] ?? meta } : params;
  const name = params["name"] ?? params["uri"];
  return {
    body: JSON.stringify({ jsonrpc: "2.0", id: how.id, method, params: whole }),
    headers: {
      "mcp-protocol-version": isNew ? modern : "2025-11-25",
      ...(isNew ? { "mcp-method": printable(method) } : {}),
      ...(isNew && typeof name === "string" ? { "mcp-name": name } : {}),
      ...how.odd,
    },
  };
}

const odd = fc.oneof(
  { weight: 16, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Record<string, string>>(
      { "mcp-method": "tools/list" },
      { "mcp-name": "identity_me" },
      { "mcp-protocol-version": "1999-01-01" },
      { "mcp-session-id": "../../x" },
      { "content-type": "text/plain" },
      { accept: "text/html" },
      { origin: "https://evil.example" },
      { host: "evil.example" },
      { "last-event-id": "1" },
    ),
  },
);

const request = fc.oneof(
  {
    weight: 14,
    arbitrary: fc
      .tuple(messages, fc.record({ era: fc.constantFrom("old" as const, "new" as const), id: ids, odd }))
      .map(([message, how]) => sent(message, how)),
  },
  {
    weight: 1,
    arbitrary: fc
      .oneof(
        rawBody(),
        fc.array(value(), { maxLength: 3 }).map((batch) => JSON.stringify(batch) ?? ""),
      )
      .map((body): Sent => ({ body, headers: {} })),
  },
);

export const agentCalls = (): fc.Arbitrary<AgentCall> =>
  fc
    .record({
      caller: fc.constantFrom("a" as const, "b" as const),
      credential: fc.oneof(
        { weight: 14, arbitrary: fc.constant("key" as const) },
        {
          weight: 2,
          arbitrary: fc.constantFrom("read" as const, "forged" as const, "none" as const, "cookie" as const),
        },
      ),
      address: fc.nat({ max: 60_000 }),
      request,
    })
    .map(({ request: made, ...rest }) => ({ ...rest, ...made, path: "/mcp" }));
