/** A small HTTP server on 127.0.0.1 for the stand-ins: whole bodies in, one answer out, and a close that does not linger. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Asked = {
  method: string;
  /** The request target exactly as it came: not decoded, slashes not merged. */
  target: string;
  headers: Record<string, string>;
  body: Buffer;
};
/** `drop` cuts the connection without an answer, as a network failure would. */
export type Answer =
  | { status: number; json?: unknown; headers?: Record<string, string>; bytes?: Uint8Array }
  | { drop: true };
export type Loopback = { port: number; url: string; close(): Promise<void> };

/** Larger than anything the product sends; a stand-in must not be what runs a laptop out of memory. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

export async function listen(given: {
  port?: number;
  handle(asked: Asked): Answer | Promise<Answer>;
  /** The body of an answer to an unforeseen failure; each vendor words its errors differently. */
  failure?(message: string): unknown;
}): Promise<Loopback> {
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      reply(response, { status: 500, json: given.failure?.(message) ?? { error: message } });
    });
  });
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value);
    reply(response, await given.handle({ method: request.method ?? "GET", target: request.url ?? "/", headers, body }));
  }
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(given.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}`, close: () => close() };

  function close(): Promise<void> {
    return new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.byteLength;
    if (size > MAX_BODY_BYTES) throw new RangeError(`body larger than ${MAX_BODY_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function reply(response: ServerResponse, answer: Answer): void {
  if ("drop" in answer) {
    response.destroy();
    return;
  }
  if (response.headersSent || response.destroyed) return;
  const json = answer.json === undefined ? undefined : Buffer.from(JSON.stringify(answer.json));
  const body = answer.bytes ?? json ?? Buffer.alloc(0);
  response.writeHead(answer.status, {
    ...(json === undefined ? {} : { "content-type": "application/json" }),
    "content-length": String(body.byteLength),
    ...answer.headers,
  });
  response.end(body);
}
