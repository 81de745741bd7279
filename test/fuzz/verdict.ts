// Whether an answer is one that the document promises, and holds nothing that is another tenant's.
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { Endpoint } from "./calls.ts";
import type { Schema } from "./schemas.ts";

export type Answer = { status: number; headers: Headers; text: string };

/** Words of our own insides. */
export const inside = /node_modules|\bat [\w.<>]+ \(|SQLSTATE|\.ts:\d+|pg_catalog|syntax error|violates/;

/** One for all: compiling the language of schemas itself takes longer than any of ours. */
const ajv = new Ajv2020({ strict: false, allErrors: false });
(addFormats as unknown as (target: Ajv2020) => void)(ajv);

export function judgeOf(document: { components: { schemas: { Problem: Schema } } }, endpoint: Endpoint) {
  const isProblem = ajv.compile(document.components.schemas.Problem);
  const { responses } = endpoint.operation;
  const validators = new Map<string, ValidateFunction>();
  for (const [status, { content }] of Object.entries(responses)) {
    const schema = content?.["application/json"]?.schema;
    if (schema) validators.set(status, ajv.compile(schema));
  }
  const isDocumented = (status: number) => String(status) in responses || `${Math.floor(status / 100)}XX` in responses;

  const faultsOfProblem = ({ status, headers, text }: Answer): string[] => {
    if (headers.get("content-type") !== "application/problem+json") return ["a refusal that is no problem+json"];
    const body = JSON.parse(text) as { status: number; code: string; request_id: string };
    return [
      ...(isProblem(body) ? [] : [`no Problem: ${ajv.errorsText(isProblem.errors)}`]),
      ...(body.status === status ? [] : ["the body tells another status"]),
      ...(/^[a-z_]+$/.test(body.code) ? [] : ["the code is no name"]),
      ...(body.request_id === headers.get("x-request-id") ? [] : ["the body tells another request id"]),
      ...(inside.test(text) ? ["tells how it is made inside"] : []),
    ];
  };

  const faultsOfSuccess = ({ status, headers, text }: Answer): string[] => {
    const validate = validators.get(String(status));
    if (!validate) return [];
    if (headers.get("content-type") !== "application/json") return ["an answer that is no JSON"];
    return validate(JSON.parse(text)) ? [] : [`not what its schema says: ${ajv.errorsText(validate.errors)}`];
  };

  return (answer: Answer, secrets: readonly string[]): string[] => {
    const seen = `${answer.text}\n${[...answer.headers].join("\n")}`;
    return [
      ...(answer.status >= 500 ? [`${answer.status}: our fault`] : []),
      ...(isDocumented(answer.status) ? [] : [`${answer.status} is not documented`]),
      ...(answer.headers.get("x-content-type-options") === "nosniff" ? [] : ["headers are missing"]),
      ...(answer.status >= 400 ? faultsOfProblem(answer) : faultsOfSuccess(answer)),
      ...secrets.filter((secret) => seen.includes(secret)).map((secret) => `holds the other tenant's ${secret}`),
    ];
  };
}
