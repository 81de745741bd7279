/** One dead letter: its reason, its trace with the runs in it, and what can be done about it. */
import { LetterState, letterPath } from "./letters-view.tsx";
import type { Seat } from "./seat.ts";
import type { Letter } from "./shapes.ts";
import { State, Time } from "./signs.tsx";
import { counted, dateTime, sentence } from "./words.ts";

export type LetterPageView = { seat: Seat; letter: Letter; mayAct: boolean };

const Facts = ({ seat, letter }: LetterPageView) => (
  <dl class="about">
    <dt>Reason</dt>
    <dd>
      {sentence(letter.reason)}{" "}
      <span class="faint">{letter.http_status > 0 ? `status ${letter.http_status}` : ""}</span>
    </dd>
    <dt>Died</dt>
    <dd>
      {counted(letter.attempts, "time")}, after {counted(letter.deliveries, "delivery attempt")}; last{" "}
      <Time at={letter.died_at} here={seat.here}>
        {dateTime(letter.died_at, seat.here)}
      </Time>
    </dd>
    <dt>Work</dt>
    <dd class="mono">{letter.work}</dd>
    {Object.entries(letter.payload).map(([name, value]) => (
      <>
        <dt>{sentence(name)}</dt>
        <dd class="mono">{typeof value === "string" ? value : JSON.stringify(value)}</dd>
      </>
    ))}
    <dt>Request</dt>
    <dd>
      {letter.request ? (
        <a class="link mono" href={`/console/ledger?request=${encodeURIComponent(letter.request)}`}>
          {letter.request}
        </a>
      ) : (
        "–"
      )}
    </dd>
    <dt>Trace</dt>
    <dd class="mono">{letter.trace ?? "–"}</dd>
    <dt>At QStash</dt>
    <dd class="mono">{letter.message}</dd>
    {letter.note ? (
      <>
        <dt>Discarded because</dt>
        <dd>{letter.note}</dd>
      </>
    ) : null}
  </dl>
);

const Runs = ({ seat, letter }: LetterPageView) => (
  <section>
    <h2>Runs of this trace</h2>
    {letter.runs.length === 0 ? (
      <p class="soft">No run that did or failed something is known.</p>
    ) : (
      <table class="table">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Job</th>
            <th scope="col">Outcome</th>
          </tr>
        </thead>
        <tbody>
          {letter.runs.map((run) => (
            <tr class="row">
              <td class="late brief">
                <Time at={run.started_at} here={seat.here}>
                  {dateTime(run.started_at, seat.here)}
                </Time>
              </td>
              <td class="mono">{run.job}</td>
              <td>
                <State tone={run.status === "ok" ? "good" : "bad"} shape={run.status === "ok" ? "done" : "warning"}>
                  {run.status === "ok" ? `Did ${run.processed}` : sentence(run.error ?? "failed")}
                </State>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    )}
  </section>
);

const Acts = ({ seat, letter }: LetterPageView) => (
  <section class="inline">
    <form method="post" action={`${letterPath(letter.id)}/retry`}>
      <input type="hidden" name="csrf" value={seat.csrf} />
      <button class="button chief" type="submit">
        Retry
      </button>
    </form>
    <form class="inline" method="post" action={`${letterPath(letter.id)}/discard`}>
      <input type="hidden" name="csrf" value={seat.csrf} />
      <input name="reason" aria-label="Why it is discarded" placeholder="Why?" maxlength={500} required />
      <button class="button" type="submit">
        Discard
      </button>
    </form>
  </section>
);

export const LetterPage = ({ view }: { view: LetterPageView }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <p class="small">
          <a class="link" href="/console/letters">
            Dead letters
          </a>
        </p>
        <h1>{view.letter.job}</h1>
        <p>
          <LetterState state={view.letter.state} />
        </p>
      </div>
    </header>
    <Facts {...view} />
    {view.mayAct && view.letter.state === "open" ? <Acts {...view} /> : null}
    <Runs {...view} />
  </main>
);
