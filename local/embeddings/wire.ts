/** The embeddings request and answer in OpenAI's shapes, limits and words. https://platform.openai.com/docs/api-reference/embeddings */
import type { Answer } from "../loopback.ts";

const MAX_INPUTS = 2_048;
const MAX_TOKENS = 8_192;
const MAX_REQUEST_TOKENS = 300_000;
const MAX_DIMENSIONS = 4_096;
export const DEFAULT_DIMENSIONS = 1_536;

export type EmbeddingsRequest = { inputs: string[]; dimensions: number; format: "float" | "base64" };

/** An answer with OpenAI's error body. */
export class ApiError extends Error {
  readonly answer: Answer;
  constructor(
    status: number,
    error: { message: string; type?: string; param?: string; code?: string; retryAfter?: number },
  ) {
    super(error.message);
    const body = {
      message: error.message,
      type: error.type ?? "invalid_request_error",
      param: error.param ?? null,
      code: error.code ?? null,
    };
    const headers = error.retryAfter === undefined ? {} : { "retry-after": String(error.retryAfter) };
    this.answer = { status, json: { error: body }, headers };
  }
}

export function parseRequest(body: Buffer): EmbeddingsRequest {
  const given = jsonObject(body);
  if (typeof given["model"] !== "string" || given["model"] === "") {
    throw new ApiError(400, { message: "you must provide a model parameter", param: "model" });
  }
  const inputs = inputsOf(given["input"]);
  const dimensions = given["dimensions"] ?? DEFAULT_DIMENSIONS;
  if (
    typeof dimensions !== "number" ||
    !Number.isInteger(dimensions) ||
    dimensions < 1 ||
    dimensions > MAX_DIMENSIONS
  ) {
    throw new ApiError(400, {
      message: `'dimensions' must be an integer from 1 to ${MAX_DIMENSIONS}`,
      param: "dimensions",
    });
  }
  const format = given["encoding_format"] ?? "float";
  if (format !== "float" && format !== "base64") {
    throw new ApiError(400, { message: "'encoding_format' must be 'float' or 'base64'", param: "encoding_format" });
  }
  return { inputs, dimensions, format };
}

function jsonObject(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Answered below, like any other body that is not an object.
  }
  throw new ApiError(400, { message: "We could not parse the JSON body of your request." });
}

function inputsOf(input: unknown): string[] {
  const invalid = (message: string): ApiError => new ApiError(400, { message, param: "input" });
  const list: unknown[] = Array.isArray(input) ? input : [input];
  if (list.length === 0) throw invalid("'input' cannot be an empty array");
  if (list.length > MAX_INPUTS) throw invalid(`'input' holds ${list.length} texts, at most ${MAX_INPUTS} are allowed`);
  let total = 0;
  const texts = list.map((text) => {
    if (typeof text !== "string") throw invalid("'$.input' is invalid: this server takes text, not token ids");
    if (text === "") throw invalid("'$.input' is invalid: an empty string has no embedding");
    const tokens = tokensIn(text);
    if (tokens > MAX_TOKENS) {
      const message = `This model's maximum context length is ${MAX_TOKENS} tokens, however you requested ${tokens} tokens`;
      throw new ApiError(400, { message, param: "input", code: "context_length_exceeded" });
    }
    total += tokens;
    return text;
  });
  if (total > MAX_REQUEST_TOKENS) throw invalid(`at most ${MAX_REQUEST_TOKENS} tokens are allowed per request`);
  return texts;
}

/** An estimate, as this model's own pieces are no one's bill: about four characters of English each. */
function tokensIn(text: string): number {
  return Math.ceil(text.length / 4);
}

export function answerBody(request: EmbeddingsRequest, from: { model: string; vectors: number[][] }): unknown {
  const tokens = request.inputs.reduce((sum, text) => sum + tokensIn(text), 0);
  return {
    object: "list",
    data: from.vectors.map((vector, index) => {
      const sized = resized(vector, request.dimensions);
      return { object: "embedding", index, embedding: request.format === "base64" ? base64(sized) : [...sized] };
    }),
    model: from.model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** Longer by zeros, which changes no distance; shorter by cutting, and then scaled back to unit length. */
export function resized(vector: number[], dimensions: number): Float32Array {
  if (dimensions >= vector.length) {
    const longer = new Float32Array(dimensions);
    longer.set(vector);
    return longer;
  }
  const cut = Float32Array.from(vector.slice(0, dimensions));
  const length = Math.hypot(...cut);
  return length === 0 ? cut : cut.map((value) => value / length);
}

/** Little-endian float32, whatever the machine. */
function base64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString("base64");
}
