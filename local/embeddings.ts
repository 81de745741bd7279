/** An OpenAI-compatible embeddings endpoint on the laptop, over a small real model that came with `npm ci`. */
import type { Embedder } from "./embeddings/embedder.ts";
import { Faults } from "./embeddings/faults.ts";
import { SmallModel } from "./embeddings/model.ts";
import { ApiError, answerBody, parseRequest } from "./embeddings/wire.ts";
import { type Answer, type Asked, listen } from "./loopback.ts";

export type EmbeddingsStats = { requests: number; inputs: number };

export type LocalEmbeddings = {
  port: number;
  /** The base URL as OpenAI clients want it: it ends in `/v1`. */
  url: string;
  /** Answered in every response, and to be stored with every vector. */
  model: string;
  faults: Pick<Faults, "down" | "slow" | "rateLimit" | "failFor" | "ok">;
  stats(): EmbeddingsStats;
  close(): Promise<void>;
};

/** The model is loaded by the first request (about half a second), not here. */
export async function startEmbeddings(options: { port?: number; embedder?: Embedder } = {}): Promise<LocalEmbeddings> {
  const embedder = options.embedder ?? new SmallModel();
  const faults = new Faults();
  const stats: EmbeddingsStats = { requests: 0, inputs: 0 };
  const server = await listen({
    ...(options.port === undefined ? {} : { port: options.port }),
    handle: (asked) => answer({ embedder, faults, stats }, asked),
  });
  return {
    port: server.port,
    url: `${server.url}/v1`,
    model: embedder.model,
    faults,
    stats: () => ({ ...stats }),
    close: async () => {
      await server.close();
      await embedder.close();
    },
  };
}

type Endpoint = { embedder: Embedder; faults: Faults; stats: EmbeddingsStats };

async function answer(endpoint: Endpoint, asked: Asked): Promise<Answer> {
  try {
    return await route(endpoint, asked);
  } catch (error) {
    if (error instanceof ApiError) return error.answer;
    const message = error instanceof Error ? error.message : String(error);
    return new ApiError(500, { message, type: "server_error" }).answer;
  }
}

async function route(endpoint: Endpoint, asked: Asked): Promise<Answer> {
  const call = `${asked.method} ${asked.target}`;
  if (call === "GET /stats") return { status: 200, json: endpoint.stats };
  if (call === "POST /_faults") {
    endpoint.faults.set(asked.body);
    return { status: 204 };
  }
  if (call !== "POST /v1/embeddings") {
    throw new ApiError(404, { message: `Invalid URL (${call})`, code: "unknown_url" });
  }
  return embeddings(endpoint, asked);
}

async function embeddings({ embedder, faults, stats }: Endpoint, asked: Asked): Promise<Answer> {
  stats.requests += 1;
  const request = parseRequest(asked.body);
  stats.inputs += request.inputs.length;
  const instead = await faults.before(request.inputs);
  if (instead !== undefined) return instead;
  const vectors = await embedder.embed(request.inputs);
  return { status: 200, json: answerBody(request, { model: embedder.model, vectors }) };
}
