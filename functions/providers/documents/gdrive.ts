/** Documents below a Google Drive folder: listed folder by folder, Docs exported as Markdown; unchanged drives cost one call. */
import * as z from "zod/v4";
import {
  type DocumentListing,
  type DocumentPlace,
  type Documents,
  type ListedDocument,
  ProviderFailure,
} from "#brain/kernel/ports.ts";
import { call, isTooLarge, jsonOf, limited, mostContent, refusalOf, textIn } from "./call.ts";
import { type GoogleTokens, googleTokens } from "./google-token.ts";

export type GdriveSettings = { url: string; tokenUrl: string; now?: () => Date };

const folderType = "application/vnd.google-apps.folder";
/** How Google's own kinds are asked for; a sheet gives its first page only. */
const exports: Record<string, string> = {
  "application/vnd.google-apps.document": "text/markdown",
  "application/vnd.google-apps.spreadsheet": "text/csv",
  "application/vnd.google-apps.presentation": "text/plain",
};
const textTypes = /^text\/(?:plain|markdown|x-markdown|csv)$/;
const pageSize = 1000;
const pagesAtOnce = 5;
const mostFolders = 5000;

const file = () =>
  z.object({
    id: z.string(),
    name: z.string(),
    mimeType: z.string(),
    md5Checksum: z.string().optional(),
    modifiedTime: z.string(),
    size: z.string().optional(),
    webViewLink: z.string().optional(),
  });
const files = () =>
  z.object({
    files: z.array(file()),
    nextPageToken: z.string().optional(),
    incompleteSearch: z.boolean().default(false),
  });
const changes = () =>
  z.object({
    changes: z.array(z.unknown()),
    nextPageToken: z.string().optional(),
    newStartPageToken: z.string().optional(),
  });
const start = () => z.object({ startPageToken: z.string() });
const problem = () => z.object({ error: z.object({ errors: z.array(z.object({ reason: z.string() })).default([]) }) });

type File = z.output<ReturnType<typeof file>>;
type Folder = { id: string; path: string; page: string | null };
type Checkpoint = { page: string };
type Cursor = { queue: Folder[]; checkpoint: Checkpoint };

const fields = "id,name,mimeType,md5Checksum,modifiedTime,size,webViewLink";
const everywhere = "supportsAllDrives=true&includeItemsFromAllDrives=true";
const idForm = /^[A-Za-z0-9_-]{4,100}$/;

export function gdrive(settings: GdriveSettings): Documents {
  const now = () => settings.now?.() ?? new Date();
  const tokens: GoogleTokens = googleTokens({ url: settings.tokenUrl, now });

  async function ask(place: DocumentPlace, path: string, most?: number): Promise<Response> {
    const headers = { authorization: `Bearer ${await tokens(place.token ?? "")}` };
    const response = await call({ base: settings.url, path: `/drive/v3${path}`, headers, ...(most ? { most } : {}) });
    if (response.ok) return response;
    throw await refusal(response, now());
  }

  /** Everything since the last time is nothing: one call instead of a walk. */
  async function hasChanged(place: DocumentPlace, { page }: Checkpoint): Promise<boolean> {
    const path = `/changes?pageToken=${encodeURIComponent(page)}&pageSize=1&includeRemoved=true&${everywhere}&fields=nextPageToken,newStartPageToken,changes(fileId)`;
    const found = await jsonOf(await ask(place, path), changes());
    return found.changes.length > 0 || found.nextPageToken !== undefined;
  }

  async function folderPage(place: DocumentPlace, folder: Folder) {
    const query = encodeURIComponent(`'${folder.id}' in parents and trashed = false`);
    const more = folder.page === null ? "" : `&pageToken=${encodeURIComponent(folder.page)}`;
    const path = `/files?q=${query}&pageSize=${pageSize}&${everywhere}&fields=nextPageToken,incompleteSearch,files(${fields})${more}`;
    const found = await jsonOf(await ask(place, path), files());
    if (found.incompleteSearch) throw new ProviderFailure("provider_failed", { retryable: true });
    const below = (name: string) => (folder.path === "" ? name : `${folder.path}/${name}`);
    const later = found.files
      .filter(({ mimeType, id }) => mimeType === folderType && idForm.test(id))
      .map(({ id, name }): Folder => ({ id, path: below(cleaned(name)), page: null }));
    if (found.nextPageToken !== undefined) later.unshift({ ...folder, page: found.nextPageToken });
    return { entries: found.files.flatMap((each) => documentOf(each, below)), later };
  }

  async function list(place: DocumentPlace, at: { cursor: unknown; checkpoint: unknown }): Promise<DocumentListing> {
    const known = at.checkpoint as Checkpoint | null;
    let cursor = at.cursor as Cursor | null;
    if (cursor === null) {
      if (known && !(await hasChanged(place, known)))
        return { entries: [], cursor: null, complete: true, unchanged: true, checkpoint: known };
      // Taken before the walk: what changes meanwhile is seen next time.
      const { startPageToken } = await jsonOf(
        await ask(place, "/changes/startPageToken?supportsAllDrives=true"),
        start(),
      );
      await jsonOf(await ask(place, `/files/${place.repository}?supportsAllDrives=true&fields=${fields}`), file());
      cursor = { queue: [{ id: place.repository, path: "", page: null }], checkpoint: { page: startPageToken } };
    }
    const { checkpoint } = cursor;
    const queue = [...cursor.queue];
    const entries: ListedDocument[] = [];
    for (let pages = 0; pages < pagesAtOnce && queue.length > 0; pages++) {
      const found = await folderPage(place, queue.shift() as Folder);
      entries.push(...found.entries);
      queue.unshift(...found.later);
    }
    if (queue.length > mostFolders) throw new ProviderFailure("place_too_large", { retryable: false });
    const complete = queue.length === 0;
    return { entries, cursor: complete ? null : { queue, checkpoint }, complete, unchanged: false, checkpoint };
  }

  async function read(place: DocumentPlace, { ref }: { ref: string }): Promise<{ text: string } | { skipped: string }> {
    const [id = "", type = ""] = ref.split("|");
    const as = exports[type];
    const path = as
      ? `/files/${id}/export?mimeType=${encodeURIComponent(as)}`
      : `/files/${id}?alt=media&supportsAllDrives=true`;
    try {
      return textIn(new Uint8Array(await (await ask(place, path, mostContent)).arrayBuffer()));
    } catch (thrown) {
      if (isTooLarge(thrown)) return { skipped: "too_large" };
      if (thrown instanceof ProviderFailure && thrown.code === "place_unknown")
        throw new ProviderFailure("file_unknown", { retryable: false, blames: "input" });
      throw thrown;
    }
  }

  // A folder's listing names everything in it.
  return { list, read, isGone: async () => true };
}

/** A name may hold a slash. */
const cleaned = (name: string): string => name.replaceAll("/", "∕");

/** Two files in one folder may have one name: the id makes the path theirs alone. */
function documentOf(each: File, below: (name: string) => string): ListedDocument[] {
  if (!idForm.test(each.id) || (!exports[each.mimeType] && !textTypes.test(each.mimeType))) return [];
  const isLarge = Number(each.size ?? 0) > mostContent && !exports[each.mimeType];
  return [
    {
      path: below(`${cleaned(each.name)} (${each.id})`),
      ref: `${each.id}|${each.mimeType}`,
      sha: each.md5Checksum ?? each.modifiedTime,
      title: each.name.replace(/\.(?:md|markdown|txt|csv)$/i, ""),
      url: each.webViewLink ?? null,
      occurred_at: each.modifiedTime,
      ...(isLarge ? { skipped: "too_large" } : {}),
    },
  ];
}

/** developers.google.com/workspace/drive/api/guides/handle-errors: limits come as 403 too. */
async function refusal(response: Response, now: Date): Promise<ProviderFailure> {
  if (response.status !== 403) return refusalOf(response, now);
  const read = problem().safeParse(await response.json().catch(() => undefined));
  const reasons = read.success ? read.data.error.errors.map(({ reason }) => reason) : [];
  if (reasons.some((reason) => /^(?:userRateLimitExceeded|rateLimitExceeded|sharingRateLimitExceeded)$/.test(reason))) {
    const after = response.headers.get("retry-after");
    return limited(after === null ? undefined : Number(after) || undefined);
  }
  if (reasons.includes("exportSizeLimitExceeded"))
    return new ProviderFailure("answer_too_large", { retryable: false, blames: "input" });
  return refusalOf(response, now);
}
