/** How far the reading of a source's API has come, and what may be done about it; asked for again while one looks. */
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import type { SourceRow, SyncRow } from "./shapes.ts";
import { State, Time } from "./signs.tsx";
import { counted, number, sentence, shortTime, span } from "./words.ts";

type View = { source: SourceRow; seat: Seat; run: SyncRow | undefined };

const kindWords: Record<SyncRow["kind"], string> = {
  import: "First import",
  catch_up: "Catching up",
  full: "Reading everything again",
  check: "Looking for gaps",
};

const Mark = ({ run }: { run: SyncRow }) => {
  if (run.state === "running")
    return (
      <State tone="wait" shape="memory">
        {run.waiting_until ? "Waiting" : kindWords[run.kind]}
      </State>
    );
  const isWell = run.state === "done" && run.skipped === 0 && run.held_back === 0;
  return (
    <State tone={isWell ? "good" : "bad"} shape={isWell ? "done" : "warning"}>
      {run.state === "done" ? (isWell ? "Complete" : "Complete but for some") : sentence(run.state)}
    </State>
  );
};

/** A bar of 1,000 units for what has a known end. */
const Meter = ({ run }: { run: SyncRow }) => {
  const { done, total } = run.conversations;
  if (run.state !== "running" || total === null || total === 0 || run.kind === "catch_up" || run.kind === "check")
    return null;
  const width = Math.min(1000, (done / total) * 1000);
  return (
    <svg
      class="meter"
      viewBox="0 0 1000 12"
      preserveAspectRatio="none"
      role="img"
      aria-label={`${done} of ${total} conversations`}
    >
      <rect class="ready" x="0" y="0" width={Math.max(4, width).toFixed(2)} height="12" />
    </svg>
  );
};

const facts = (run: SyncRow): string[] => {
  const { done, total } = run.conversations;
  const ofTotal = total !== null && (run.kind === "import" || run.kind === "full") ? ` of ${number(total)}` : "";
  return [
    `${number(done)}${ofTotal} conversations and ${counted(run.messages, "message")} read`,
    `${counted(run.written, "row")} new or different`,
    ...(run.gone > 0 ? [`${counted(run.gone, "row")} gone`] : []),
    ...(run.skipped > 0 ? [`${counted(run.skipped, "conversation")} could not be read`] : []),
    ...(run.held_back > 0 ? [`${number(run.held_back)} seemed gone, too many at once to be believed`] : []),
    ...(run.rate !== null && run.state === "running" ? [`${run.rate} messages a second`] : []),
    ...(run.seconds_left !== null ? [`about ${span(run.seconds_left * 1000)} left`] : []),
  ];
};

const Progress = ({ run, seat }: { run: SyncRow; seat: Seat }) => (
  <>
    <Mark run={run} />
    <Meter run={run} />
    <p class="small soft">
      {facts(run).join(", ")}.{" "}
      <Time at={run.finished_at ?? run.started_at} here={seat.here}>
        {run.finished_at ? "Ended" : "Began"} {shortTime(run.finished_at ?? run.started_at, seat.here)}
      </Time>
      {run.error ? `. ${sentence(run.error)}` : ""}
      {run.waiting_until ? `, goes on ${shortTime(run.waiting_until, seat.here)}` : ""}
    </p>
  </>
);

const Acts = ({ source, seat, run }: View) =>
  run?.state === "running" ? (
    <div class="actions">
      <form method="post" action={`/console/sources/${source.id}/sync/cancel`}>
        <Proof seat={seat} />
        <button class="button" type="submit">
          Stop reading
        </button>
      </form>
    </div>
  ) : (
    <div class="actions">
      <form method="post" action={`/console/sources/${source.id}/sync`}>
        <Proof seat={seat} />
        <button class="button" type="submit">
          {run ? "Catch up now" : "Read everything"}
        </button>
      </form>
      {run ? (
        <form method="post" action={`/console/sources/${source.id}/sync`}>
          <Proof seat={seat} />
          <input type="hidden" name="kind" value="full" />
          <button class="button" type="submit">
            Read everything again
          </button>
        </form>
      ) : null}
    </div>
  );

export const Reading = (view: View) => (
  <div class="state-of-memory" data-part={`reading-${view.source.id}`}>
    {view.run ? <Progress run={view.run} seat={view.seat} /> : null}
    {view.source.connected ? null : (
      <p class="small soft">Its API is not connected: webhooks that get lost cannot be made up for.</p>
    )}
    {view.source.connected && view.seat.permissions.includes("shared:operate") ? <Acts {...view} /> : null}
  </div>
);
