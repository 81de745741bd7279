/** `npm run sync -- --source <id>`: has a source's API read, and shows how far it has come until it is done. */
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { localFile } from "./up/addresses.ts";
import { readSettings } from "./up/settings.ts";

const usage = `npm run sync -- --source <id> [--kind catch_up|full|check]
Without a source the only one is meant. OMNEURO_URL and OMNEURO_API_KEY name another installation than npm start's.`;

type Run = {
  id: string;
  kind: string;
  state: "running" | "done" | "failed" | "cancelled";
  conversations: { done: number; total: number | null };
  messages: number;
  written: number;
  gone: number;
  skipped: number;
  held_back: number;
  rate: number | null;
  seconds_left: number | null;
  error: string | null;
  waiting_until: string | null;
};

const POLL_MS = 1_000;

class Stopped extends Error {}

type Address = { url: string; key: string };

async function ask<T>(at: Address, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { authorization: `Bearer ${at.key}` };
  if (body !== undefined)
    Object.assign(headers, { "content-type": "application/json", "idempotency-key": randomUUID() });
  const sent = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const answer = await fetch(new URL(path, at.url), { ...sent, headers });
  const told = (await answer.json()) as T & { code?: string; detail?: string };
  if (!answer.ok) throw new Stopped([answer.status, told.code, told.detail].filter(Boolean).join(" "));
  return told;
}

function address(): Address {
  const file = localFile(readSettings(process.env).data);
  const here = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { url: string; apiKey: string }) : null;
  const key = process.env["OMNEURO_API_KEY"] ?? here?.apiKey;
  const place = process.env["OMNEURO_URL"] ?? here?.url;
  if (!key || !place) throw new Stopped(`No address and key: is npm start running?\n${usage}`);
  return { url: place, key };
}

const told = (run: Run): string =>
  [
    `${run.conversations.done}${run.conversations.total === null ? "" : ` of ${run.conversations.total}`} conversations`,
    `${run.messages} messages`,
    `${run.written} written`,
    ...(run.gone > 0 ? [`${run.gone} gone`] : []),
    ...(run.rate === null ? [] : [`${run.rate} messages/s`]),
    ...(run.seconds_left === null ? [] : [`${run.seconds_left} s left`]),
    ...(run.waiting_until === null ? [] : [`waiting until ${run.waiting_until}`]),
  ].join(", ");

async function onlySource(at: Address): Promise<string> {
  const { data } = await ask<{ data: { id: string; external_id: string }[] }>(at, "/v1/identity/sources");
  const [source] = data;
  if (source && data.length === 1) return source.id;
  throw new Stopped([usage, ...data.map((one) => `  ${one.id}  account ${one.external_id}`)].join("\n"));
}

async function main(): Promise<void> {
  const options = { source: { type: "string" }, kind: { type: "string" } } as const;
  const { source, kind } = parseArgs({ options }).values;
  const at = address();
  const path = `/v1/inbox/sources/${encodeURIComponent(source ?? (await onlySource(at)))}/sync`;
  const begun = await ask<Run>(at, path, kind ? { kind } : {});
  console.log(`${begun.kind} ${begun.id}`);
  const run = await followed(at, { path, begun });
  if (run.state !== "done") throw new Stopped(`${run.state}${run.error ? `: ${run.error}` : ""}`);
  console.log(`done: ${told(run)}`);
  if (run.skipped > 0 || run.held_back > 0) {
    throw new Stopped(`${run.skipped} conversations could not be read, ${run.held_back} deletions were not believed`);
  }
}

/** Prints what is new until the run is over. */
async function followed(at: Address, { path, begun }: { path: string; begun: Run }): Promise<Run> {
  let run = begun;
  for (let last = ""; run.state === "running"; ) {
    await wait(POLL_MS);
    const news = (await ask<{ run: Run | null }>(at, path)).run;
    if (news?.id !== begun.id) throw new Stopped("another run has begun");
    run = news;
    const line = told(run);
    if (line !== last) console.log(line);
    last = line;
  }
  return run;
}

main().catch((error: unknown) => {
  console.error(error instanceof Stopped ? error.message : error);
  process.exitCode = 1;
});
