/** OpenAPI 3.1 from the same declarations that make the routes; built when first asked for. */
import * as z from "zod/v4";
import type { Verb } from "#brain/kernel/verb.ts";
import type { Route } from "./route.ts";

type Json = Record<string, unknown>;

const problemSchema: Json = {
  type: "object",
  required: ["type", "title", "status", "code", "request_id"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    code: { type: "string", description: "Stable name of the fault" },
    detail: { type: "string", description: "What to change" },
    errors: {
      type: "array",
      items: { type: "object", properties: { pointer: { type: "string" }, detail: { type: "string" } } },
    },
    request_id: { type: "string" },
  },
};

/** zod → JSON Schema 2020-12, the dialect of OpenAPI 3.1. */
export function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Json;
  return rest;
}

/** What each domain is for, in a line. */
const domains: Record<string, string> = {
  identity: "Who may come in, and to which project",
  shared: "The ledger and the state of the work behind it",
  insight: "What happened, over all domains",
  people: "The one record of a person outside the firm",
  memory: "What can be recalled, and answers with their evidence",
  inbox: "The mirror of Chatwoot",
};

const problemAnswer = (description: string): Json => ({
  description,
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
});

/** Other answers carry the two RateLimit fields as well, where limits are in force. */
const limitHeaders: Json = Object.fromEntries(
  [
    ["Retry-After", "Seconds to wait"],
    ["RateLimit-Policy", 'The policy that applied: `"caller";q=600;w=60` is 600 requests in 60 seconds'],
    ["RateLimit", 'What is left under it: `"caller";r=0;t=42` is none for 42 seconds'],
  ].map(([name, description]) => [name, { description, schema: { type: "string" } }]),
);

function parametersOf(route: Route, properties: Json, required: string[]): Json[] {
  const inPath = [...route.path.matchAll(/\{([a-z_]+)\}/g)].map((match) => match[1] as string);
  const named = (name: string, place: "path" | "query"): Json => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    schema: properties[name] ?? { type: "string" },
  });
  const query =
    route.method === "get" ? Object.keys(properties).filter((name) => !inPath.includes(name) && name !== "after") : [];
  const parameters = [...inPath.map((name) => named(name, "path")), ...query.map((name) => named(name, "query"))];
  if (route.list) parameters.push({ name: "cursor", in: "query", required: false, schema: { type: "string" } });
  if (route.verb.idempotency !== "none") {
    const required = route.verb.idempotency === "required";
    const schema = { type: "string", minLength: 1, maxLength: 255 };
    parameters.push({ name: "Idempotency-Key", in: "header", required, schema });
  }
  if (route.versioned) {
    const schema = { type: "string", description: "The ETag that you read, in place of `version`" };
    parameters.push({ name: "If-Match", in: "header", required: false, schema });
  }
  return parameters;
}

function bodyOf(route: Route, input: Json, properties: Json, required: string[]): Json | undefined {
  if (route.method === "get" || route.method === "delete") return undefined;
  const inPath = new Set([...route.path.matchAll(/\{([a-z_]+)\}/g)].map((match) => match[1]));
  const kept = Object.fromEntries(Object.entries(properties).filter(([name]) => !inPath.has(name)));
  const schema = { ...input, properties: kept, required: required.filter((name) => !inPath.has(name)) };
  const given = Object.entries(route.verb.example?.() ?? {}).filter(([name]) => !inPath.has(name));
  const example = given.length > 0 ? Object.fromEntries(given) : undefined;
  return { required: true, content: { "application/json": { schema, ...(example ? { example } : {}) } } };
}

/** A list's answer, with the signed cursor instead of the position. */
export function pageSchema(output: Json): Json {
  const { next, ...properties } = (output["properties"] ?? {}) as Json;
  return {
    ...output,
    properties: { ...properties, next_cursor: { type: ["string", "null"] } },
    required: ["data", "next_cursor"],
  };
}

function operationOf(route: Route): Json {
  const verb: Verb = route.verb;
  const input = schemaOf(verb.input(), "input");
  const properties = (input["properties"] ?? {}) as Json;
  const required = (input["required"] ?? []) as string[];
  const body = bodyOf(route, input, properties, required);
  const output = schemaOf(verb.output(), "output");
  const codes = verb.faults.length ? ` Codes: ${verb.faults.map((code) => `\`${code}\``).join(", ")}.` : "";
  return {
    operationId: verb.name,
    summary: verb.summary,
    description: `Needs \`${verb.needs}\`.${codes}`,
    tags: [verb.name.split(".")[0]],
    parameters: parametersOf(route, properties, required),
    ...(body ? { requestBody: body } : {}),
    ...(verb.scope === "none" ? { security: [] } : {}),
    responses: {
      [String(route.status ?? 200)]: {
        description: "Done",
        content: { "application/json": { schema: route.list ? pageSchema(output) : output } },
      },
      ...(route.method === "get" ? { "304": { description: "Unchanged since the ETag in If-None-Match" } } : {}),
      "400": problemAnswer("The request is malformed; `errors` points at what to change"),
      "401": problemAnswer("No or wrong credentials"),
      "403": problemAnswer("The credentials do not carry this permission"),
      "429": { ...problemAnswer("Too many requests; Retry-After says when to come again"), headers: limitHeaders },
      "4XX": problemAnswer("Another fault; `code` names it"),
      "5XX": problemAnswer("Our side, or a service we depend on"),
    },
  };
}

export function openapi(routes: readonly Route[], publicUrl: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Omneuro",
      version: "0.1.0",
      summary: "The operations brain of a service business",
      license: { name: "Proprietary", identifier: "LicenseRef-Proprietary" },
    },
    servers: [{ url: publicUrl }],
    security: [{ apiKey: [] }],
    tags: [...new Set(routes.map((route) => route.verb.name.split(".")[0]))].map((name) => ({
      name,
      description: domains[name ?? ""] ?? `The domain ${name}`,
    })),
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: "http", scheme: "bearer", description: "An API key, `omn_live_…`" },
      },
      schemas: { Problem: problemSchema },
    },
  };
}
