/** Documents of a GitHub repository: branch → commit → tree → blobs, as its REST API has them; unchanged trees cost one free 304. */
import * as z from "zod/v4";
import {
  type DocumentListing,
  type DocumentPlace,
  type Documents,
  type ListedDocument,
  ProviderFailure,
} from "#brain/kernel/ports.ts";
import { type Call, call, isTooLarge, jsonOf, limited, mostContent, refusalOf, textIn } from "./call.ts";

export type GithubSettings = { url: string; now?: () => Date };

/** docs.github.com/rest/about-the-rest-api/api-versions */
const apiVersion = "2022-11-28";
const documentNames = /\.(?:md|markdown|mdx|txt|text|rst|adoc)$/i;
/** Trees asked for in one piece of a listing that GitHub cut short. */
const treesAtOnce = 10;
/** A repository of more folders than this is none that people write documents in. */
const mostFolders = 5000;
const lfsPointer = "version https://git-lfs.github.com/spec/";

const commit = () => z.object({ sha: z.string(), commit: z.object({ tree: z.object({ sha: z.string() }) }) });
const tree = () =>
  z.object({
    truncated: z.boolean().default(false),
    tree: z.array(
      z.object({ path: z.string(), mode: z.string(), type: z.string(), sha: z.string(), size: z.number().optional() }),
    ),
  });

type Folder = { path: string; sha: string };
type Checkpoint = { etag: string | null; tree: string; branch: string | null; folder: string | null };
type Cursor = { queue: Folder[]; checkpoint: Checkpoint };
type Tree = z.output<ReturnType<typeof tree>>["tree"];

const sha1 = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> =>
  Array.from(new Uint8Array(await crypto.subtle.digest("SHA-1", bytes)), (b) => b.toString(16).padStart(2, "0")).join(
    "",
  );

/** What Git calls this content. */
export async function blobSha(content: Uint8Array): Promise<string> {
  const head = new TextEncoder().encode(`blob ${content.length}\0`);
  const bytes = new Uint8Array(head.length + content.length);
  bytes.set(head);
  bytes.set(content, head.length);
  return sha1(bytes);
}

export function github(settings: GithubSettings): Documents {
  const now = () => settings.now?.() ?? new Date();

  async function ask(
    place: DocumentPlace,
    path: string,
    more: { headers?: Record<string, string>; most?: number } = {},
  ) {
    const given: Call = {
      base: settings.url,
      path: `/repos/${place.repository.split("/").map(encodeURIComponent).join("/")}${path}`,
      headers: {
        accept: "application/vnd.github+json",
        "x-github-api-version": apiVersion,
        "user-agent": "omneuro",
        ...(place.token ? { authorization: `Bearer ${place.token}` } : {}),
        ...more.headers,
      },
      ...(more.most ? { most: more.most } : {}),
    };
    const response = await call(given);
    if (response.ok || response.status === 304) return response;
    throw refusal(response, now());
  }

  async function treeOf(place: DocumentPlace, sha: string, isDeep: boolean) {
    return jsonOf(await ask(place, `/git/trees/${sha}${isDeep ? "?recursive=1" : ""}`), tree());
  }

  /** A folder whole where GitHub can, else its own files and its subfolders for later. */
  async function folderOf(place: DocumentPlace, folder: Folder): Promise<{ entries: Tree; later: Folder[] }> {
    const below = (path: string) => (folder.path === "" ? path : `${folder.path}/${path}`);
    const named = (found: Tree) => found.map((each) => ({ ...each, path: below(each.path) }));
    const deep = await treeOf(place, folder.sha, true);
    if (!deep.truncated) return { entries: named(deep.tree), later: [] };
    const flat = named((await treeOf(place, folder.sha, false)).tree);
    return { entries: flat, later: flat.filter(({ type }) => type === "tree").map(({ path, sha }) => ({ path, sha })) };
  }

  async function begin(place: DocumentPlace, known: Checkpoint | null): Promise<Cursor | "unchanged" | "empty"> {
    const headers = known?.etag ? { "if-none-match": known.etag } : {};
    const ref = encodeURIComponent(place.branch ?? "HEAD");
    const response = await ask(place, `/commits/${ref}`, { headers }).catch((thrown: unknown) => {
      if (thrown instanceof ProviderFailure && thrown.code === "repository_empty") return null;
      throw thrown;
    });
    if (response === null) return "empty";
    if (response.status === 304) return "unchanged";
    const { commit: found } = await jsonOf(response, commit());
    const { branch, folder } = place;
    const checkpoint = { etag: response.headers.get("etag"), tree: found.tree.sha, branch, folder };
    if (known?.tree === found.tree.sha) return "unchanged";
    return { queue: [{ path: "", sha: found.tree.sha }], checkpoint };
  }

  async function list(place: DocumentPlace, at: { cursor: unknown; checkpoint: unknown }): Promise<DocumentListing> {
    const known = usable(at.checkpoint as Checkpoint | null, place);
    const cursor = (at.cursor as Cursor | null) ?? (await begin(place, known));
    const end = { entries: [], cursor: null, complete: true };
    if (cursor === "unchanged") return { ...end, unchanged: true, checkpoint: known };
    if (cursor === "empty") return { ...end, unchanged: false, checkpoint: null };
    const { checkpoint } = cursor;
    const queue = [...cursor.queue];
    const entries: ListedDocument[] = [];
    for (const folder of queue.splice(0, treesAtOnce)) {
      const found = await folderOf(place, folder);
      entries.push(...found.entries.flatMap((each) => documentOf(each, place)));
      queue.push(...found.later);
    }
    if (queue.length > mostFolders) throw new ProviderFailure("place_too_large", { retryable: false });
    const complete = queue.length === 0;
    return { entries, cursor: complete ? null : { queue, checkpoint }, complete, unchanged: false, checkpoint };
  }

  async function read(place: DocumentPlace, { ref }: { ref: string }): Promise<{ text: string } | { skipped: string }> {
    const headers = { accept: "application/vnd.github.raw+json" };
    try {
      const response = await ask(place, `/git/blobs/${ref}`, { headers, most: mostContent });
      const bytes = new Uint8Array(await response.arrayBuffer());
      if ((await blobSha(bytes)) !== ref) throw new ProviderFailure("content_mismatch", { retryable: true });
      const found = textIn(bytes);
      return "text" in found && found.text.startsWith(lfsPointer) ? { skipped: "lfs_pointer" } : found;
    } catch (thrown) {
      if (isTooLarge(thrown)) return { skipped: "too_large" };
      // The tree named it a moment ago: a forced push took it away, and the next run sees the new tree.
      if (thrown instanceof ProviderFailure && thrown.code === "place_unknown")
        throw new ProviderFailure("blob_unknown", { retryable: false, blames: "input" });
      throw thrown;
    }
  }

  // A whole tree names everything there is.
  return { list, read, isGone: async () => true };
}

/** A checkpoint of another branch or folder says nothing. */
const usable = (known: Checkpoint | null, place: DocumentPlace): Checkpoint | null =>
  known && known.branch === place.branch && known.folder === place.folder ? known : null;

/** Links (mode 120000) and submodules (type commit) are no content. */
function documentOf(each: Tree[number], place: DocumentPlace): ListedDocument[] {
  if (each.type !== "blob" || each.mode === "120000" || !documentNames.test(each.path)) return [];
  const folder = place.folder?.replace(/\/+$/, "");
  if (folder && !each.path.startsWith(`${folder}/`)) return [];
  const url = `https://github.com/${place.repository}/blob/${place.branch ?? "HEAD"}/${each.path.split("/").map(encodeURIComponent).join("/")}`;
  const isLarge = (each.size ?? 0) > mostContent;
  const skipped = isLarge ? { skipped: "too_large" } : {};
  return [{ path: each.path, ref: each.sha, sha: each.sha, title: null, url, occurred_at: null, ...skipped }];
}

/** docs.github.com/rest/using-the-rest-api/rate-limits: retry-after, else the reset where nothing remains, else a minute. */
function refusal(response: Response, now: Date): ProviderFailure {
  const { status, headers } = response;
  if (status === 409) return new ProviderFailure("repository_empty", { retryable: false });
  if (status === 410) return new ProviderFailure("version_refused", { retryable: false });
  if (status !== 403 && status !== 429) return refusalOf(response, now);
  const after = headers.get("retry-after");
  if (after !== null && /^\d+$/.test(after)) return limited(Number(after));
  const reset = Number(headers.get("x-ratelimit-reset"));
  if (headers.get("x-ratelimit-remaining") === "0" && reset > 0)
    return limited(Math.max(1, reset - now.getTime() / 1000));
  return status === 429 ? limited(undefined) : refusalOf(response, now);
}
