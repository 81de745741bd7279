/** `npm run export` and `npm run import`: a project's parts in a folder, and from there into another project; each goes on where it stopped. */
import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type Ask = <T>(path: string, body?: unknown) => Promise<T>;
export type Say = (line: string) => void;

export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, told: { code?: string; detail?: string; line?: number; table?: string }) {
    super([status, told.code, told.line && `line ${told.line}`, told.table, told.detail].filter(Boolean).join(" "));
    this.status = status;
    this.code = told.code ?? "";
  }
}

type Sent = { url: string; key: string; fetch?: typeof fetch };

/** An import is begun once, also where the answer was lost: its request's key is made of what it says. */
export function asker({ url, key, fetch: send = fetch }: Sent): Ask {
  return async <T>(path: string, body?: unknown): Promise<T> => {
    const headers: Record<string, string> = { authorization: `Bearer ${key}` };
    const text = body === undefined ? undefined : JSON.stringify(body);
    if (text !== undefined) {
      const mark = path.endsWith("/imports") ? createHash("sha256").update(text).digest("hex") : randomUUID();
      Object.assign(headers, { "content-type": "application/json", "idempotency-key": mark });
    }
    const answer = await send(
      new URL(path, url),
      text === undefined ? { headers } : { method: "POST", headers, body: text },
    );
    const told = (await answer.json()) as T & { code?: string };
    if (!answer.ok) throw new Refused(answer.status, told);
    return told;
  };
}

type Plan = { id: string; parts: number; kind: string };
const planFile = "export.json";
const keyFile = "hash-key";
const importFile = "import.json";
const partName = (n: number): string => `part-${String(n).padStart(7, "0")}.jsonl`;

const readJson = <T>(path: string): T | undefined =>
  existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as T) : undefined;

/** Whole or not at all: a break leaves no half of a file. Readable by its owner only. */
function put(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** `mine`: what belongs to whoever's key it is. */
export async function exportTo(
  ask: Ask,
  { folder, mine, say }: { folder: string; mine: boolean; say: Say },
): Promise<Plan> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = mine ? "/v1/shared/own-exports" : "/v1/shared/exports";
  const known = readJson<Plan>(join(folder, planFile));
  const plan = known ?? (await ask<Plan>(path, mine ? {} : { kind: "project" }));
  if ((plan.kind === "mine") !== mine) throw new Error(`${folder} holds another kind of export`);
  put(join(folder, planFile), JSON.stringify(plan));
  if (!mine) put(join(folder, keyFile), (await ask<{ hash_key: string }>("/v1/shared/hash-key")).hash_key);
  for (let n = 1; n <= plan.parts; n++) {
    const file = join(folder, partName(n));
    if (existsSync(file)) continue;
    const { lines } = await ask<{ lines: string[] }>(`${path}/${plan.id}/parts/${n}`);
    put(file, `${lines.join("\n")}\n`);
    say(`part ${n} of ${plan.parts}`);
  }
  return plan;
}

/** A request takes five thousand lines and eight megabytes; well below both. */
const mostLines = 1000;
const mostBytes = 2 * 1024 * 1024;

function* pieces(lines: Iterable<string>): Generator<string[]> {
  let piece: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    if (piece.length > 0 && (piece.length >= mostLines || bytes + line.length > mostBytes)) {
      yield piece;
      piece = [];
      bytes = 0;
    }
    piece.push(line);
    bytes += line.length;
  }
  if (piece.length > 0) yield piece;
}

/** Part by part: a project may be larger than the machine's memory. */
function* linesOf(folder: string): Generator<string> {
  for (const name of readdirSync(folder)
    .filter((one) => /^part-\d{7}\.jsonl$/.test(one))
    .sort())
    yield* readFileSync(join(folder, name), "utf8").trimEnd().split("\n");
}

type Import = { id: string; state: string; lines: number };

export async function importFrom(ask: Ask, { folder, say }: { folder: string; say: Say }): Promise<Import> {
  const plan = readJson<Plan>(join(folder, planFile));
  const missing = Array.from({ length: plan?.parts ?? 0 }, (_, i) => partName(i + 1)).find(
    (name) => !existsSync(join(folder, name)),
  );
  if (!plan || missing) throw new Error(`${folder} holds no whole export${missing ? `: ${missing} is missing` : ""}`);
  const lines = linesOf(folder);
  const manifest = String(lines.next().value ?? "");
  const hash_key = readFileSync(join(folder, keyFile), "utf8").trim();
  const known = readJson<Import>(join(folder, importFile));
  const begun = known ?? (await ask<Import>("/v1/shared/imports", { manifest, hash_key }));
  put(join(folder, importFile), JSON.stringify({ id: begun.id }));
  const at = `/v1/shared/imports/${begun.id}`;
  let here = await ask<Import>(at);
  let after = 0;
  for (const piece of pieces(lines)) {
    // Pieces are always cut alike: what is there already is passed over.
    if (after + piece.length > here.lines) {
      here = await ask<Import>(`${at}/lines`, { after, lines: piece });
      say(`${here.lines} lines`);
    }
    after += piece.length;
  }
  while (here.state !== "done") here = await ask<Import>(`${at}/finish`, {});
  return here;
}
