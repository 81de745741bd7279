// The app of a world behind a real socket on 127.0.0.1, for a real browser.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { World } from "./world.ts";

export type Served = { url: string; close(): Promise<void> };

async function bodyOf(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer> | null> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return parts.length === 0 ? null : new Uint8Array(Buffer.concat(parts));
}

async function pass(w: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
  const body = await bodyOf(request);
  const answer = await w.fetch(request.url ?? "/", { method: request.method ?? "GET", headers, body });
  response.writeHead(answer.status, [...answer.headers].flat());
  response.end(Buffer.from(await answer.arrayBuffer()));
}

/** From here on the app believes that this is its public address. */
export async function served(w: World): Promise<Served> {
  const server = createServer((request, response) => {
    pass(w, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  // A client that is busy for longer than the usual five seconds would write into a connection that is just being closed.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  w.runtime.settings.publicUrl = url;
  return {
    url,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
