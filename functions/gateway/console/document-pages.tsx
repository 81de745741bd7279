/** Documents: where they come from and how each copy stands, all of them, and one with what is remembered of it. */
import type { Context } from "hono";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import {
  getDocument,
  listDocumentPassages,
  listDocuments,
  listSources,
  showSource,
  startSync,
} from "#brain/vault/index.ts";
import type { App } from "../runtime.ts";
import { MemoryState } from "./bar.tsx";
import { answerParts } from "./document.tsx";
import { DocumentView } from "./document-view.tsx";
import { DocumentsBody, DocumentsView, type DocumentsViewed } from "./documents-view.tsx";
import { filterIn, idIn, reader, readForm, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { once } from "./once.ts";
import { seatOf } from "./seat.ts";
import { isLive, listed, liveAddress, turnedTo } from "./turning.ts";

const home = "/console/documents";

export async function documentsPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const source = filterIn(c, "source");
  const [sources, documents, memory] = await together(ctx, [
    [listSources, { limit: 50 }],
    [listDocuments, { limit: 50, ...(source ? { source } : {}), ...(await turnedTo(c, "documents")) }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view: DocumentsViewed = {
    seat,
    source,
    sources: sources.data,
    documents: await listed(c, "documents", documents),
  };
  if (isLive(c)) {
    const parts = (
      <>
        {memory ? <MemoryState memory={memory} /> : null}
        <DocumentsBody view={view} />
      </>
    );
    return answerParts(c, parts);
  }
  const live = c.req.query("documents") ? {} : { live: liveAddress(c) };
  return answerFramed(c, {
    seat,
    place: "documents",
    title: "Documents",
    body: <DocumentsView view={view} />,
    ...live,
  });
}

export async function documentPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const id = idIn(c);
  const [document, passages, memory] = await together(ctx, [
    [getDocument, { id }],
    [listDocumentPassages, { id }, "if permitted"],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const body = <DocumentView seat={seat} document={document} passages={passages?.data ?? []} />;
  return answerFramed(c, { seat, place: "documents", title: document.title ?? document.path, body });
}

export async function syncForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  await once(await writer(c, form), { verb: startSync, input: { id: idIn(c) }, form });
  return seeOther(c, await withNote(c, home, { code: "sync_asked" }));
}

export async function showSourceForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const input = { id: idIn(c), visibility: form.get("visibility") ?? "" };
  const { visibility } = await once(await writer(c, form), { verb: showSource, input, form });
  return seeOther(c, await withNote(c, home, { code: visibility === "public" ? "source_public" : "source_internal" }));
}
