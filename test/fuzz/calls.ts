// From an operation of the document to requests: mostly right, nearly right, or hostile.
import fc from "fast-check";
import { rawBody, segment, text, value } from "./hostile.ts";
import { near, type Schema, valid } from "./schemas.ts";

export type Parameter = { name: string; in: "path" | "query" | "header"; required: boolean; schema: Schema };
type Content = { content?: Record<string, { schema: Schema }> };
export type Operation = {
  operationId: string;
  parameters: Parameter[];
  requestBody?: Content;
  responses: Record<string, Content>;
};
export type Endpoint = { path: string; method: string; operation: Operation };

export type Call = {
  caller: "a" | "b";
  credential: "key" | "read" | "session" | "none" | "forged" | "both";
  session: number;
  address: number;
  path: string;
  query: string;
  headers: Record<string, string>;
  body?: string;
};

export function endpoints(document: { paths: Record<string, Record<string, Operation>> }): Endpoint[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
}

const encode = (given: unknown) =>
  encodeURIComponent((typeof given === "string" ? given : (JSON.stringify(given) ?? "")).toWellFormed());
/** Marks are resolved before the request is made: they stay readable. */
const encodeAround = (given: unknown) =>
  encode(given).replaceAll(encodeURIComponent("⟦"), "⟦").replaceAll(encodeURIComponent("⟧"), "⟧");

function segments({ path, operation }: Endpoint): fc.Arbitrary<string> {
  const parameters = operation.parameters.filter((parameter) => parameter.in === "path");
  const filled = parameters.map(({ name, schema }) =>
    fc.oneof(
      { weight: 12, arbitrary: valid({ ...schema, minLength: 1 }, name).map(encodeAround) },
      { weight: 3, arbitrary: text().map((given) => encodeAround(given || "-")) },
      { weight: 2, arbitrary: segment() },
    ),
  );
  return fc
    .tuple(...filled)
    .map((found) => parameters.reduce((whole, { name }, i) => whole.replace(`{${name}}`, () => found[i] ?? ""), path));
}

const strangePair = () =>
  fc.tuple(
    fc.constantFrom(
      "after",
      "after[at]",
      "__proto__",
      "constructor",
      "limit[]",
      "project_id",
      "id",
      "%00",
      "%ff",
      "a%",
    ),
    fc.oneof(text().map(encodeAround), segment()),
  );

function query({ operation }: Endpoint): fc.Arbitrary<string> {
  const parameters = operation.parameters.filter((parameter) => parameter.in === "query");
  const pairs = parameters.map(({ name, required, schema }) => {
    const right = valid(schema, name).map((given) => [[name, encodeAround(given)]]);
    const wrong = near(schema, name).map((given) => [[name, encodeAround(given)]]);
    const twice = fc.tuple(right, wrong).map(([one, other]) => [...one, ...other]);
    const odd = segment().map((given) => [[name, given]]);
    return fc.oneof(
      { weight: required ? 1 : 20, arbitrary: fc.constant<string[][]>([]) },
      { weight: 14, arbitrary: right },
      { weight: 2, arbitrary: wrong },
      { weight: 1, arbitrary: twice },
      { weight: 1, arbitrary: odd },
    );
  });
  const strange = fc.oneof(
    { weight: 12, arbitrary: fc.constant<string[][]>([]) },
    { weight: 1, arbitrary: strangePair().map((pair) => [pair]) },
  );
  return fc.tuple(...pairs, strange).map((found) =>
    found
      .flat()
      .map(([name, given]) => `${name}=${given}`)
      .join("&"),
  );
}

function body({ operation }: Endpoint): fc.Arbitrary<string | undefined> {
  const schema = operation.requestBody?.content?.["application/json"]?.schema;
  if (!schema) return fc.constant(undefined);
  const json = (given: unknown) => JSON.stringify(given) ?? "";
  return fc.oneof(
    { weight: 12, arbitrary: valid(schema).map(json) },
    { weight: 6, arbitrary: near(schema).map(json) },
    { weight: 1, arbitrary: value().map(json) },
    { weight: 2, arbitrary: rawBody() },
  );
}

const printable = () => fc.string({ minLength: 1, maxLength: 20 }).map((given) => given.trim() || "k");

function idempotencyKey(endpoint: Endpoint): fc.Arbitrary<string | undefined> {
  if (!endpoint.operation.parameters.some(({ name }) => name === "Idempotency-Key")) return fc.constant(undefined);
  return fc.oneof(
    { weight: 16, arbitrary: fc.uuid().map((key) => `"${key}"`) },
    { weight: 2, arbitrary: fc.constantFrom('"one"', '"two"', "three") },
    { weight: 1, arbitrary: fc.oneof(printable(), fc.constantFrom('""', "x".repeat(256), '"a b"', "?1")) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

const otherHeaders = (): fc.Arbitrary<Record<string, string>> =>
  fc.oneof(
    { weight: 20, arbitrary: fc.constant({}) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Record<string, string>>(
        { "content-type": "text/plain" },
        { "content-type": "application/json; charset=utf-16" },
        { "content-type": "APPLICATION/JSON;" },
        { "content-length": "999999999" },
        { "content-length": "-1" },
        { origin: "https://evil.example" },
        { "sec-fetch-site": "cross-site" },
        { "if-none-match": "*" },
        { "if-match": '"1"' },
        { "x-request-id": "<script>" },
        { traceparent: "00-00000000000000000000000000000000-0000000000000000-00" },
        { accept: "text/html" },
        { "x-http-method-override": "DELETE" },
        { "x-forwarded-host": "evil.example" },
        { range: "bytes=0-1" },
      ),
    },
  );

const credentials = fc.oneof(
  { weight: 14, arbitrary: fc.constant("key" as const) },
  { weight: 3, arbitrary: fc.constant("session" as const) },
  { weight: 1, arbitrary: fc.constantFrom("read" as const, "none" as const, "forged" as const, "both" as const) },
);

export function calls(endpoint: Endpoint): fc.Arbitrary<Call> {
  return fc
    .record({
      caller: fc.constantFrom("a" as const, "b" as const),
      credential: credentials,
      session: fc.nat({ max: 3 }),
      address: fc.nat({ max: 60_000 }),
      path: segments(endpoint),
      query: query(endpoint),
      headers: otherHeaders(),
      key: idempotencyKey(endpoint),
      body: body(endpoint),
    })
    .map(({ key, body: sent, headers, ...rest }) => ({
      ...rest,
      headers: {
        ...(sent === undefined ? {} : { "content-type": "application/json" }),
        ...(key === undefined ? {} : { "idempotency-key": key }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent }),
    }));
}
