/** `npm run export` and `npm run import`: a project's parts in a folder, and from there into another project; each goes on where it stopped. */
import { createHash, randomUUID } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type Ask = <T>(path: string, body?: unknown) => Promise<T>;
export type Say = (line: string) => void;
/** Files go by addresses of their own, without the key. */
export type Send = typeof fetch;

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
function put(path: string, held: string | Uint8Array): void {
  writeFileSync(`${path}.new`, held, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

const photoFolder = "photos";
const broughtFile = "photos-brought";

type Photo = { id: string; state: string; bytes: number; sha256: string | null };
type Carried = { photo: { url: string }; upload: { url: string } };

/** Those whose files are in the bucket. An id is a file's name here, and is read as nothing else. */
function* photosIn(folder: string): Generator<Photo> {
  for (const line of linesOf(folder)) {
    if (!line.startsWith('{"table":"field.job_photos"')) continue;
    const { row } = JSON.parse(line) as { row: Photo };
    if (row.state === "stored" && /^pho_[a-z0-9]{1,60}$/.test(row.id)) yield row;
  }
}

const isWhole = ({ bytes, sha256 }: Photo, file: Uint8Array): boolean =>
  file.length === bytes && (sha256 === null || createHash("sha256").update(file).digest("hex") === sha256);

const gone = (thrown: unknown): boolean => thrown instanceof Refused && thrown.status === 404;

async function fetchPhotos(ask: Ask, { folder, say, send }: { folder: string; say: Say; send: Send }): Promise<void> {
  mkdirSync(join(folder, photoFolder), { recursive: true, mode: 0o700 });
  for (const row of photosIn(folder)) {
    const file = join(folder, photoFolder, row.id);
    if (existsSync(file)) continue;
    try {
      const { photo } = await ask<Carried>(`/v1/field/job-photos/${row.id}`);
      const answer = await send(photo.url);
      const bytes = new Uint8Array(await answer.arrayBuffer());
      if (answer.ok && isWhole(row, bytes)) put(file, bytes);
      else say(`photo ${row.id}: its file is not there`);
    } catch (thrown) {
      if (!gone(thrown)) throw thrown;
      say(`photo ${row.id} was deleted meanwhile`);
    }
  }
}

async function bringPhotos(ask: Ask, { folder, say, send }: { folder: string; say: Say; send: Send }): Promise<void> {
  const list = join(folder, broughtFile);
  const brought = new Set(existsSync(list) ? readFileSync(list, "utf8").split("\n") : []);
  for (const { id } of photosIn(folder)) {
    const file = join(folder, photoFolder, id);
    if (brought.has(id) || !existsSync(file)) continue;
    const { upload } = await ask<Carried>(`/v1/field/job-photos/${id}`);
    const answer = await send(upload.url, { method: "PUT", body: readFileSync(file) });
    if (!answer.ok) throw new Refused(answer.status, (await answer.json()) as { code?: string });
    appendFileSync(list, `${id}\n`, { mode: 0o600 });
    say(`photo ${id}`);
  }
}

/** `mine`: what belongs to whoever's key it is. */
export async function exportTo(
  ask: Ask,
  { folder, mine, say, send = fetch }: { folder: string; mine: boolean; say: Say; send?: Send },
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
  if (!mine) await fetchPhotos(ask, { folder, say, send });
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

export async function importFrom(
  ask: Ask,
  { folder, say, send = fetch }: { folder: string; say: Say; send?: Send },
): Promise<Import> {
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
  await bringPhotos(ask, { folder, say, send });
  return here;
}
