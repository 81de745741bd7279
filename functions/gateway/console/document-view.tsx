/** One document: where it is from, and the passages it is remembered as. */
import { Audience } from "./documents-view.tsx";
import { Erase } from "./erasure-view.tsx";
import type { Seat } from "./seat.ts";
import type { DocumentPassage, DocumentShown } from "./shapes.ts";
import { ChunkState, Time } from "./signs.tsx";
import { counted, dateTime, sentence } from "./words.ts";

type View = { seat: Seat; document: DocumentShown; passages: DocumentPassage[] };

const Passage = ({ passage }: { passage: DocumentPassage }) => (
  <li class="passage" id={`passage-${passage.id}`}>
    <blockquote>{passage.text}</blockquote>
    <p class="about">
      <ChunkState status={passage.status} />
      {passage.evidence ? (
        <span class="mono" title={passage.evidence.id}>
          {`evi…${passage.evidence.id.slice(-5)}`}
          {passage.evidence.version > 1 ? ` v${passage.evidence.version}` : ""}
        </span>
      ) : null}
    </p>
    {passage.error ? <p class="small soft">Reason: {sentence(passage.error).toLowerCase()}</p> : null}
  </li>
);

/** Only the web: an address from outside may be anything. */
const isWeb = (url: string | null): url is string => url !== null && /^https:\/\//.test(url);

export const DocumentView = ({ seat, document, passages }: View) => (
  <main class="page">
    <header class="page-head">
      <div>
        <h1>{document.title ?? document.path}</h1>
        <p>
          <a class="link" href={`/console/documents?source=${document.source_id}`}>
            {document.repository}
          </a>{" "}
          {document.path}
        </p>
      </div>
      <div class="small soft">
        <Audience visibility={document.visibility} />
        <p>
          Copied{" "}
          <Time at={document.updated_at} here={seat.here}>
            {dateTime(document.updated_at, seat.here)}
          </Time>
          {isWeb(document.url) ? (
            <>
              {", "}
              <a class="link" href={document.url} rel="noreferrer">
                the original
              </a>
            </>
          ) : null}
        </p>
      </div>
    </header>
    <section>
      <div class="page-head">
        <h2>{counted(passages.length, "passage")}</h2>
      </div>
      {passages.length === 0 ? <p class="none">Nothing in it can be searched.</p> : null}
      <ol>
        {passages.map((passage) => (
          <Passage passage={passage} />
        ))}
      </ol>
    </section>
    <details>
      <summary class="link">The document as it was copied</summary>
      <pre class="said">{document.content}</pre>
    </details>
    {seat.permissions.includes("privacy:erase") ? <Erase seat={seat} kind="document" id={document.id} /> : null}
  </main>
);
