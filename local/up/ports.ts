/** Whether the ports are free, asked before anything starts: a half-started laptop is worse than none. */
import { connect, createServer } from "node:net";
import { Refusal } from "./refusal.ts";
import type { Place, Ports } from "./settings.ts";

const USES: Record<Place, string> = {
  worker: "the Worker and its console",
  neon: "the database",
  qstash: "the queue",
  redis: "the limits' counters (Redis)",
  embeddings: "the embeddings",
  chatwoot: "the Chatwoot stand-in",
};

/** Throws a Refusal that names every taken port. */
export async function requireFreePorts(ports: Ports): Promise<void> {
  const taken: string[] = [];
  for (const [place, port] of Object.entries(ports) as [Place, number][]) {
    if (!(await isFree(port))) taken.push(`  ${port}  wanted for ${USES[place]}`);
  }
  if (taken.length === 0) return;
  const other = ports.worker >= 60_000 ? ports.worker - 100 : ports.worker + 100;
  throw new Refusal(
    [
      `Already in use by another program on this machine:`,
      ...taken,
      `Choose other ports (this one and the five after it):  PORT=${other} npm start`,
    ].join("\n"),
  );
}

/** Some systems let two programs listen, one on all addresses and one on this: somebody who answers counts as well. */
async function isFree(port: number): Promise<boolean> {
  return (await canListen(port)) && !(await answers(port));
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const call = connect({ port, host: "127.0.0.1" });
    call.once("connect", () => {
      call.destroy();
      resolve(true);
    });
    call.once("error", () => resolve(false));
  });
}
