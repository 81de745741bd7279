// The HTTP door: POST /sql as Neon answers it, GET /stats, POST /stats/reset, GET /health.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { Backend } from "./backend.ts";
import type { Counts } from "./counts.ts";
import type { Fault, Faults } from "./faults.ts";
import { errorBody, HttpError, readRequest, SqlError } from "./protocol.ts";

/** `maxBytes` bounds a request's and a response's body. */
export type Door = { backend: Backend; counts: Counts; faults: Faults; maxBytes: number };
type Reply = { status: number; body: unknown; headers?: Record<string, string> };

/** Instead of an answer: the connection is cut. */
const CUT = Symbol("cut");

export async function serve(
  door: Door,
  at: { port: number; host: string },
): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((req, res) => {
    handle(door, req).then(
      (reply) => (reply === CUT ? req.socket.destroy() : send(res, reply, door.maxBytes)),
      (error: unknown) => send(res, failure(error), door.maxBytes),
    );
  });
  server.keepAliveTimeout = 60_000;
  await listen(server, at);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, { port, host }: { port: number; host: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function handle(door: Door, req: IncomingMessage): Promise<Reply | typeof CUT> {
  const path = (req.url ?? "").split("?")[0];
  switch (`${req.method} ${path}`) {
    case "POST /sql":
      return sql(door, { headers: req.headers, body: await readBody(req, door.maxBytes) });
    case "GET /stats":
      return { status: 200, body: door.counts.read() };
    case "POST /stats/reset":
      door.counts.reset();
      return { status: 200, body: door.counts.read() };
    case "GET /health":
      return { status: 200, body: { ok: true } };
    default:
      return { status: 404, body: { message: "not found" } };
  }
}

type Asked = { headers: IncomingMessage["headers"]; body: string };

/** The same door without a socket, for whoever asks from this process: what it answers to `POST /sql`. */
export async function answerHere(door: Door, init: RequestInit): Promise<Response> {
  // As over a socket: whoever asked goes on first, and what is asked after an answer is counted after it.
  await new Promise((resolve) => setImmediate(resolve));
  const headers = Object.fromEntries(new Headers(init.headers).entries());
  const reply = await sql(door, { headers, body: String(init.body) }).catch(failure);
  if (reply === CUT) throw new TypeError("fetch failed");
  return Response.json(reply.body, { status: reply.status, ...(reply.headers ? { headers: reply.headers } : {}) });
}

async function sql({ backend, counts, faults }: Door, { headers, body }: Asked): Promise<Reply | typeof CUT> {
  const { request, batch } = readRequest(headers, body);
  counts.add(request.login.user, request.statements.length);
  const fault = faults.take(request.statements.map(({ query }) => query));
  if (fault?.kind === "delay") await wait(fault.ms ?? 0);
  if (fault?.kind === "before") return accident(fault);
  const results = await backend.run(request);
  if (fault?.kind === "after-commit") return accident(fault);
  return { status: 200, body: batch ? { results } : results[0], headers: batch ? echo(headers) : {} };
}

function accident({ status }: Fault): Reply | typeof CUT {
  return status === undefined ? CUT : { status, body: { message: "an accident on order" } };
}

/** Neon repeats a batch's options in its answer. */
function echo(headers: Asked["headers"]): Record<string, string> {
  const names = ["neon-batch-isolation-level", "neon-batch-read-only", "neon-batch-deferrable"];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name];
      return typeof value === "string" && value !== "false" ? [[name, value]] : [];
    }),
  );
}

async function readBody(req: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new HttpError(413, tooLarge("request", maxBytes));
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function failure(error: unknown): Reply {
  if (error instanceof SqlError) return { status: 400, body: errorBody(error) };
  if (error instanceof HttpError) return { status: error.status, body: { message: error.message } };
  return { status: 500, body: { message: error instanceof Error ? error.message : String(error) } };
}

function tooLarge(what: string, maxBytes: number): string {
  return `${what} is too large (max is ${maxBytes} bytes)`;
}

function send(res: ServerResponse, { status, body, headers }: Reply, maxBytes: number): void {
  const text = Buffer.from(JSON.stringify(body));
  if (status === 200 && text.length > maxBytes) {
    send(res, { status: 507, body: { message: tooLarge("response", maxBytes) } }, maxBytes);
    return;
  }
  // The rest of an oversized request is never read: its connection cannot be used again.
  const closing = status === 413 ? { connection: "close" } : {};
  res.writeHead(status, { ...headers, ...closing, "content-type": "application/json", "content-length": text.length });
  res.end(text);
}
