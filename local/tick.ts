// Registers the tick, the one schedule of a deployment: `node local/tick.ts` with QSTASH_URL, QSTASH_TOKEN and PUBLIC_URL.
import { qstash } from "#providers/queue.ts";
import { ensureTick } from "#providers/tick.ts";

const env = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set.`);
  return value;
};

const client = qstash({ url: process.env["QSTASH_URL"] ?? "https://qstash.upstash.io", token: env("QSTASH_TOKEN") });
await ensureTick(client, env("PUBLIC_URL"));
console.log("The tick is registered: every fifteen minutes.");
