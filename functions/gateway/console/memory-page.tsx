/** Memory: how much of what was heard is remembered, what waits, what failed and why. */
import type { Seat } from "./seat.ts";
import type { FailedPassage, Listed, MemoryStatus } from "./shapes.ts";
import { documentPath, numberIn, turnPath } from "./shapes.ts";
import { type ChunkStatus, chunkStates, Sign, State, Time } from "./signs.tsx";
import { counted, number, sentence, shortTime, span } from "./words.ts";

export type MemoryView = { seat: Seat; status: MemoryStatus; failed: Listed<FailedPassage>; mayRetry: boolean };

const order: readonly ChunkStatus[] = ["ready", "processing", "pending", "failed"];

/** A stacked bar of 1,000 units; a state with anything in it gets at least four, so that it can be seen. */
const Meter = ({ status }: { status: MemoryStatus }) => {
  const total = order.reduce((sum, key) => sum + status[key], 0);
  const shown = order.filter((key) => status[key] > 0);
  const raw = shown.map((key) => Math.max(4, (status[key] / Math.max(total, 1)) * 1000));
  const scale = 1000 / raw.reduce((sum, width) => sum + width, 0);
  const label = order.map((key) => `${chunkStates[key].word} ${status[key]}`).join(", ");
  let at = 0;
  return (
    <svg class="meter" viewBox="0 0 1000 12" preserveAspectRatio="none" role="img" aria-label={label}>
      {shown.map((key, i) => {
        const width = (raw[i] ?? 0) * scale;
        const x = at;
        at += width;
        return <rect class={key} x={x.toFixed(2)} y="0" width={Math.max(width - 2, 2).toFixed(2)} height="12" />;
      })}
    </svg>
  );
};

const Figures = ({ status }: { status: MemoryStatus }) => (
  <dl class="figures">
    {order.map((key) => (
      <div class="figure">
        <dt>
          <State tone={chunkStates[key].tone} shape={chunkStates[key].shape}>
            {chunkStates[key].word}
          </State>
        </dt>
        <dd>
          {key === "ready" && !status.exact ? <span class="faint">about </span> : null}
          {number(status[key])}
        </dd>
      </div>
    ))}
  </dl>
);

const headline = (status: MemoryStatus): string => {
  if (status.chunks === 0) return "Nothing to remember yet: no message has arrived.";
  const waiting = status.pending + status.processing;
  const about = status.exact ? "" : "About ";
  if (waiting > 0)
    return `${about}${counted(status.ready, "passage")} of ${number(status.chunks)} can be found by meaning.`;
  if (status.failed > 0) return "Everything was read; some passages could not be remembered.";
  return `Everything that was heard is remembered: ${about.toLowerCase()}${counted(status.ready, "passage")}.`;
};

export const Headline = ({ status }: { status: MemoryStatus }) => <p data-part="headline">{headline(status)}</p>;

const Facts = ({ status }: { status: MemoryStatus }) => (
  <p class="small soft">
    {status.oldest_seconds === null
      ? "Nothing is waiting. "
      : `The oldest has waited ${span(status.oldest_seconds * 1000)}. `}
    {status.paused_seconds ? `The embedder asked to be left alone for ${span(status.paused_seconds * 1000)}. ` : ""}
    {status.model ? (
      <>
        Model <span class="mono">{status.model}</span>
      </>
    ) : null}
  </p>
);

const FailedRow = ({ row, seat }: { row: FailedPassage; seat: Seat }) => (
  <tr class="row">
    <td>
      <State tone="bad" shape="warning">
        {sentence(row.error ?? "unknown reason")}
      </State>
    </td>
    <td class="whole">{row.text.length > 160 ? `${row.text.slice(0, 160)}…` : row.text}</td>
    <td>
      {row.conversation && row.source.table === "inbox.cw_messages" ? (
        <a class="link" href={turnPath(row.conversation, row.source.pk)}>
          #{numberIn(row.conversation)}
        </a>
      ) : row.source.table === "vault.documents" ? (
        <a class="link" href={documentPath(row.source.pk)}>
          Document
        </a>
      ) : (
        <span class="mono">{row.source.table}</span>
      )}
    </td>
    <td class="brief">{counted(row.attempts, "attempt")}</td>
    <td class="late brief">
      <Time at={row.failed_at} here={seat.here}>
        {shortTime(row.failed_at, seat.here)}
      </Time>
    </td>
  </tr>
);

const Failed = ({ view }: { view: MemoryView }) => (
  <section>
    <div class="page-head">
      <h2>Failed passages</h2>
      {view.mayRetry ? (
        <form method="post" action="/console/memory/retry">
          <input type="hidden" name="csrf" value={view.seat.csrf} />
          <button class="button" type="submit">
            Retry {view.status.failed === 1 ? "it" : `all ${number(view.status.failed)}`}
          </button>
        </form>
      ) : null}
    </div>
    <table class="table">
      <thead>
        <tr>
          <th scope="col">Reason</th>
          <th scope="col">Passage</th>
          <th scope="col">Conversation</th>
          <th scope="col">Tried</th>
          <th scope="col">Failed</th>
        </tr>
      </thead>
      <tbody>
        {view.failed.data.map((row) => (
          <FailedRow row={row} seat={view.seat} />
        ))}
      </tbody>
    </table>
    {view.failed.more ? (
      <a class="more" href={view.failed.more}>
        Earlier failures
      </a>
    ) : null}
  </section>
);

/** Asked for again while one looks at it. */
export const MemoryBody = ({ view }: { view: MemoryView }) => (
  <div class="state-of-memory" data-part="state">
    <Meter status={view.status} />
    <Figures status={view.status} />
    <Facts status={view.status} />
    {view.failed.data.length > 0 ? <Failed view={view} /> : null}
  </div>
);

export const MemoryPage = ({ view }: { view: MemoryView }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <h1>Memory</h1>
        <Headline status={view.status} />
      </div>
      <a class="button" href="/console/knowledge">
        Knowledge
      </a>
    </header>
    {view.status.canaries_failing > 0 ? (
      <p class="notice bad">
        <Sign shape="warning" />
        <a class="link" href="/console/canaries">
          {counted(view.status.canaries_failing, "canary question")} answered wrong
        </a>
      </p>
    ) : null}
    <MemoryBody view={view} />
    {view.status.chunks === 0 ? (
      <p class="notice">
        <Sign shape="talk" />
        <span>
          Messages become passages as they arrive.{" "}
          <a class="link" href="/console">
            Connect Chatwoot
          </a>{" "}
          to begin.
        </span>
      </p>
    ) : null}
  </main>
);
