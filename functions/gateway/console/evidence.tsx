/** The right pane: what is remembered of a conversation, who may know it, and what the ledger says. */
import type { LedgerLine, Passage } from "./shapes.ts";
import { numberIn } from "./shapes.ts";
import { ChunkState, State, Time } from "./signs.tsx";
import { counted, type Here, sentence, shortTime } from "./words.ts";

export type EvidenceView = {
  here: Here;
  /** Newest first. */
  passages: Passage[];
  isAll: boolean;
  /** Null where the person may not read the ledger. */
  lines: LedgerLine[] | null;
};

const audiences: Record<Passage["visibility"], string> = {
  public: "Public",
  contact: "Contact’s own",
  internal: "Staff only",
};

const PassageCard = ({ passage }: { passage: Passage }) => (
  <li class="passage" id={`passage-${passage.id}`}>
    <blockquote>
      <a href={`#turn-${numberIn(passage.source.pk)}`}>{passage.text}</a>
    </blockquote>
    <p class="about">
      <ChunkState status={passage.status} />
      {passage.visibility === "internal" ? (
        <State tone="wait" shape="lock">
          {audiences.internal}
        </State>
      ) : (
        <span>{audiences[passage.visibility]}</span>
      )}
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

const tally = (passages: Passage[]): string => {
  const ready = passages.filter((passage) => passage.status === "ready").length;
  return ready === passages.length ? `all ${ready}` : `${ready} of ${passages.length}`;
};

const Passages = ({ view }: { view: EvidenceView }) =>
  view.passages.length === 0 ? (
    <p class="soft small passage" id="passage-none">
      Nothing of this conversation is remembered yet. A message becomes passages when it arrives.
    </p>
  ) : (
    <ol>
      {view.passages.map((passage) => (
        <PassageCard passage={passage} />
      ))}
    </ol>
  );

const Lines = ({ lines, here }: { lines: LedgerLine[]; here: Here }) => (
  <ol class="lines">
    {lines.map((line) => (
      <li id={`line-${line.id}`}>
        <a href={`/console/ledger?request=${encodeURIComponent(line.request_id)}`}>
          {sentence(line.kind.replaceAll(".", " "))}
          {line.ref?.type === "message" ? <span class="faint"> {numberIn(line.ref.id)}</span> : null}
        </a>
        <Time at={line.ts} here={here}>
          {shortTime(line.ts, here)}
        </Time>
      </li>
    ))}
  </ol>
);

/** Asked for again as a whole while one looks at it. */
export const EvidenceBody = ({ view }: { view: EvidenceView }) => (
  <div class="evidence" data-part="evidence">
    <h3>
      <span>Passages</span>
      {view.passages.length > 0 ? (
        <span>
          {tally(view.passages)}
          {view.isAll ? "" : " of the newest"} remembered
        </span>
      ) : null}
    </h3>
    <Passages view={view} />
    {view.lines ? (
      <>
        <h3>
          <span>Ledger</span>
          <span>{view.lines.length > 0 ? `newest ${counted(view.lines.length, "line")}` : ""}</span>
        </h3>
        {view.lines.length > 0 ? (
          <Lines lines={view.lines} here={view.here} />
        ) : (
          <p class="soft small passage">No line about it yet.</p>
        )}
      </>
    ) : null}
  </div>
);

export const Evidence = ({ view }: { view: EvidenceView }) => (
  <aside class="pane beside" id="evidence" aria-label="Evidence">
    <div class="pane-head">
      <h2>Evidence</h2>
      <span class="small faint">what is remembered of it</span>
    </div>
    <div class="pane-body">
      <EvidenceBody view={view} />
    </div>
  </aside>
);
