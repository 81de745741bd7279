// The Worker as wrangler would upload it, without uploading it.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";

export const root = fileURLToPath(new URL("../..", import.meta.url));
const WRANGLER = join(root, "node_modules", "wrangler", "bin", "wrangler.js");

type Meta = {
  outputs: Record<string, { bytes: number; inputs: Record<string, { bytesInOutput: number }> }>;
};

export type WorkerBundle = { code: string; bytes: number; gzip: number; inputs: Record<string, number> };

/** `inputs`: minified bytes that each source file has in the bundle. */
export async function bundleWorker(): Promise<WorkerBundle> {
  const folder = await mkdtemp(join(tmpdir(), "omneuro-bundle-"));
  try {
    const meta = join(folder, "meta.json");
    const args = [WRANGLER, "deploy", "--dry-run", "--minify", "--outdir", folder, "--metafile", meta];
    await promisify(execFile)(process.execPath, args, { cwd: root, env: { ...process.env, CI: "true" } });
    const code = await readFile(join(folder, "worker.js"), "utf8");
    const { outputs } = JSON.parse(await readFile(meta, "utf8")) as Meta;
    const output = Object.entries(outputs).find(([path]) => path.endsWith("worker.js"))?.[1];
    const inputs = Object.entries(output?.inputs ?? {}).map(([path, { bytesInOutput }]) => [path, bytesInOutput]);
    // The platform measures what is uploaded, without the source map.
    return { code, bytes: Buffer.byteLength(code), gzip: gzipSync(code).length, inputs: Object.fromEntries(inputs) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The npm package, or the folder of our own, that a source file belongs to. */
export function ownerOf(path: string): string {
  const inside = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  if (inside) return inside;
  const own = /(?:^|\/)(functions\/(?:brain\/[a-z]+|[a-z]+)|db|migrations)\//.exec(path)?.[1];
  return own ? `our ${own}` : "other";
}

/** Bytes by owner, largest first. */
export function byOwner(inputs: Record<string, number>): [string, number][] {
  const totals = new Map<string, number>();
  for (const [path, bytes] of Object.entries(inputs)) {
    const owner = ownerOf(path);
    totals.set(owner, (totals.get(owner) ?? 0) + bytes);
  }
  return [...totals].sort(([, a], [, b]) => b - a);
}
