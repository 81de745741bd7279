/** One API call as its route sees it, with readers for the JSON and multipart bodies Chatwoot takes. */
import type { NewAttachment } from "./messages.ts";
import type { Office } from "./office.ts";

export class ApiError extends Error {
  readonly status: number;
  readonly body: unknown;
  constructor(status: number, body: unknown) {
    super(`status ${status}`);
    this.status = status;
    this.body = body;
  }
}

export type Call = {
  /** The numbers in the path, in order. */
  ids: number[];
  query: URLSearchParams;
  headers: Record<string, string>;
  body: Buffer;
};

export type Route = {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: RegExp;
  run(office: Office, call: Call): unknown;
};

export function invalid(attribute: string, problem: string): ApiError {
  return new ApiError(422, { message: `${attribute} ${problem}`, attributes: [attribute.toLowerCase()] });
}

export function idAt(call: Call, index: number): number {
  return call.ids[index] ?? Number.NaN;
}

/** A page counted from 1; what is no page is the first. */
export function pageOf(call: Call): number {
  const page = Number(call.query.get("page") ?? 1);
  return Number.isInteger(page) && page > 0 ? page : 1;
}

export type Fields = Record<string, unknown>;

export function jsonBody(call: Call): Fields {
  try {
    const value: unknown = JSON.parse(call.body.toString("utf8") || "{}");
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  } catch {
    // Answered below, like a body of another kind.
  }
  throw new ApiError(400, { error: "There was a problem in the JSON you submitted" });
}

/** Messages may come as a form with files: `attachments[]`, and fields as text. */
export async function formBody(call: Call): Promise<{ fields: Fields; attachments: NewAttachment[] }> {
  const type = call.headers["content-type"] ?? "";
  if (!type.startsWith("multipart/form-data")) return { fields: jsonBody(call), attachments: [] };
  const form = await new Response(new Uint8Array(call.body), { headers: { "content-type": type } }).formData();
  const fields: Fields = {};
  const attachments: NewAttachment[] = [];
  for (const [name, value] of form) {
    if (typeof value === "string") fields[name] = value;
    else
      attachments.push({
        fileName: value.name,
        contentType: value.type,
        bytes: new Uint8Array(await value.arrayBuffer()),
      });
  }
  return { fields, attachments };
}

export function textField(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function numberField(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  if (typeof value !== "number" && typeof value !== "string") return undefined;
  const number = Number(value);
  return Number.isInteger(number) ? number : undefined;
}

/** Attribute objects may arrive as JSON text inside a form. */
export function objectField(fields: Fields, name: string): Record<string, unknown> | undefined {
  const value = fields[name];
  const parsed: unknown = typeof value === "string" ? JSON.parse(value) : value;
  return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? (parsed as Fields) : undefined;
}
