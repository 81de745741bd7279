/** The page of documents: sources on top, then the documents, the one changed last first. */
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import { type DocumentRow, documentPath, type Listed, type VaultSource } from "./shapes.ts";
import { type Shape, State, Time, type Tone } from "./signs.tsx";
import { ago, counted, number, shortTime } from "./words.ts";

export type DocumentsViewed = {
  seat: Seat;
  source: string | undefined;
  sources: VaultSource[];
  documents: Listed<DocumentRow>;
};

const places = { github: "GitHub", notion: "Notion", gdrive: "Google Drive" } as const;

const syncStates: Record<VaultSource["sync"]["status"], { tone: Tone; shape: Shape; word: string }> = {
  pending: { tone: "wait", shape: "clock", word: "Waiting" },
  in_progress: { tone: "busy", shape: "half", word: "Being copied" },
  success: { tone: "good", shape: "done", word: "Up to date" },
  error: { tone: "bad", shape: "warning", word: "Failed" },
};

export const Audience = ({ visibility }: { visibility: "public" | "internal" }) =>
  visibility === "public" ? (
    <span>Clients and staff</span>
  ) : (
    <State tone="wait" shape="lock">
      Staff only
    </State>
  );

const Change = ({ source, seat }: { source: VaultSource; seat: Seat }) => {
  const other = source.visibility === "public" ? "internal" : "public";
  return (
    <div class="actions">
      <form method="post" action={`/console/documents/sources/${source.id}/sync`}>
        <Proof seat={seat} />
        <button class="button" type="submit">
          Sync now
        </button>
      </form>
      <form method="post" action={`/console/documents/sources/${source.id}/visibility`}>
        <Proof seat={seat} />
        <input type="hidden" name="visibility" value={other} />
        <button class="button" type="submit">
          {other === "public" ? "Let clients be answered from it" : "Keep it to staff"}
        </button>
      </form>
    </div>
  );
};

const Source = ({ source, seat }: { source: VaultSource; seat: Seat }) => {
  const { sync } = source;
  const { tone, shape, word } = syncStates[sync.status];
  return (
    <tr class="row">
      <td>
        <a class="link" href={`/console/documents?source=${source.id}`}>
          {source.name || source.repository}
        </a>
        <p class="small soft">
          {places[source.source]} {source.name ? source.repository : ""}
          {source.branch ? `, branch ${source.branch}` : ""}
          {source.folder ? `, below ${source.folder}` : ""}
        </p>
      </td>
      <td>
        <State tone={tone} shape={shape}>
          {word}
        </State>
        {sync.error_message ? <p class="small soft">{sync.error_message}</p> : null}
        {sync.next_try_at ? <p class="small soft">Goes on {ago(sync.next_try_at, seat.here)}.</p> : null}
        {sync.last_sync_at ? (
          <p class="small faint">
            Last copied <Time at={sync.last_sync_at} here={seat.here} />
          </p>
        ) : null}
      </td>
      <td class="brief">{counted(sync.document_count, "document")}</td>
      <td>
        <Audience visibility={source.visibility} />
      </td>
      <td class="whole">{seat.permissions.includes("vault:write") ? <Change source={source} seat={seat} /> : null}</td>
    </tr>
  );
};

const Document = ({ row, seat }: { row: DocumentRow; seat: Seat }) => (
  <tr class="row">
    <td>
      <a class="link" href={documentPath(row.id)}>
        {row.title ?? row.path}
      </a>
      <p class="small soft">{row.path}</p>
    </td>
    <td class="brief">
      {counted(row.passages, "passage")}
      {row.waiting > 0 ? (
        <State tone="wait" shape="clock">
          {number(row.waiting)} waiting
        </State>
      ) : null}
    </td>
    <td>
      <Audience visibility={row.visibility} />
    </td>
    <td class="late brief">
      <Time at={row.updated_at} here={seat.here}>
        {shortTime(row.updated_at, seat.here)}
      </Time>
    </td>
  </tr>
);

const Documents = ({ view }: { view: DocumentsViewed }) => (
  <section>
    <div class="page-head">
      <h2>{view.source ? "Documents of this source" : "All documents"}</h2>
      {view.source ? (
        <a class="link" href="/console/documents">
          All documents
        </a>
      ) : null}
    </div>
    <table class="table">
      <thead>
        <tr>
          <th scope="col">Document</th>
          <th scope="col">Remembered as</th>
          <th scope="col">Who is answered from it</th>
          <th scope="col">Changed</th>
        </tr>
      </thead>
      <tbody>
        {view.documents.data.map((row) => (
          <Document row={row} seat={view.seat} />
        ))}
      </tbody>
    </table>
    {view.documents.data.length === 0 ? <p class="none">No document yet.</p> : null}
    {view.documents.more ? (
      <a class="more" href={view.documents.more}>
        More documents
      </a>
    ) : null}
  </section>
);

/** Asked for again while one looks at it. */
export const DocumentsBody = ({ view }: { view: DocumentsViewed }) => (
  <div class="state-of-memory" data-part="documents">
    {view.sources.length > 0 ? (
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">Copy</th>
            <th scope="col">Holds</th>
            <th scope="col">Who is answered from it</th>
            <th scope="col">
              <span class="unseen">Change</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {view.sources.map((source) => (
            <Source source={source} seat={view.seat} />
          ))}
        </tbody>
      </table>
    ) : null}
    {view.sources.length > 0 ? <Documents view={view} /> : null}
  </div>
);

export const DocumentsView = ({ view }: { view: DocumentsViewed }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <h1>Documents</h1>
        <p>What the house has written down, copied so that it can be found and cited.</p>
      </div>
    </header>
    <DocumentsBody view={view} />
    {view.sources.length === 0 ? (
      <div class="empty">
        <h2>No source yet</h2>
        <p>Bind a GitHub repository, a Notion workspace or a Google Drive folder with POST /v1/vault/sources.</p>
      </div>
    ) : null}
  </main>
);
