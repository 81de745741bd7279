/** Canary questions: which are answered right, and what one of them was answered night after night. */
import { KnowledgeTabs } from "./knowledge-list.tsx";
import { canaryHome, canaryPath, entryPath, failureWords } from "./knowledge-words.ts";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import type { CanaryRow, CanaryRun, Listed } from "./shapes.ts";
import { documentPath } from "./shapes.ts";
import { State, Time } from "./signs.tsx";
import { ago, dateTime } from "./words.ts";

const CanaryState = ({ canary, seat }: { canary: CanaryRow; seat: Seat }) => {
  if (!canary.enabled)
    return (
      <State tone="plain" shape="ring">
        Switched off
      </State>
    );
  if (canary.failing_since)
    return (
      <State tone="bad" shape="warning">
        Wrong since {ago(canary.failing_since, seat.here)}
      </State>
    );
  return canary.last_passed ? (
    <State tone="good" shape="done">
      Right
    </State>
  ) : (
    <State tone="wait" shape="clock">
      Not asked yet
    </State>
  );
};

const readers = { staff: "staff", technician: "a technician", contact: "a contact", public: "anybody" } as const;
const readerWord = ({ audience }: CanaryRow): string =>
  audience.kind === "contact" ? `contact ${audience.id}` : readers[audience.kind];

const expected = (canary: CanaryRow): string =>
  canary.expects === "insufficient_evidence"
    ? "No answer is right."
    : canary.words.length > 0
      ? `The answer says ${canary.words.map((word) => `“${word}”`).join(" and ")}.`
      : "Any answer will do.";

export type CanariesView = { seat: Seat; canaries: Listed<CanaryRow>; mayChange: boolean };

const Line = ({ canary, seat }: { canary: CanaryRow; seat: Seat }) => (
  <tr class="row">
    <td>
      <a class="link" href={canaryPath(canary.id)} data-item>
        {canary.question}
      </a>
      <p class="small soft">
        Asked as {readerWord(canary)}. {expected(canary)}
      </p>
    </td>
    <td>
      <CanaryState canary={canary} seat={seat} />
    </td>
    <td class="late brief">{canary.last_run_at ? <Time at={canary.last_run_at} here={seat.here} /> : "Never"}</td>
  </tr>
);

const Add = ({ seat }: { seat: Seat }) => (
  <details>
    <summary class="link">Write down another one</summary>
    <form class="wordy" method="post" action={canaryHome}>
      <Proof seat={seat} />
      <label class="field">
        <span class="label">Question</span>
        <input name="question" maxlength={1000} required autocomplete="off" />
      </label>
      <div class="pair">
        <label class="field">
          <span class="label">Words of the right answer, with commas; none if no answer is right</span>
          <input name="words" maxlength={500} autocomplete="off" />
        </label>
        <label class="field">
          <span class="label">Words that must not show, with commas</span>
          <input name="forbidden" maxlength={500} autocomplete="off" />
        </label>
      </div>
      <fieldset class="choice">
        <legend>Asked as</legend>
        {(["staff", "public"] as const).map((kind) => (
          <label>
            <input type="radio" name="audience" value={kind} checked={kind === "staff"} />
            {readers[kind]}
          </label>
        ))}
      </fieldset>
      <p class="actions">
        <button class="button chief" type="submit">
          Write it down
        </button>
      </p>
    </form>
  </details>
);

export const CanariesPage = ({ view }: { view: CanariesView }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <h1>Canary questions</h1>
        <p>Questions whose right answer is known, asked every night. One that is answered wrong is an alarm.</p>
      </div>
      {view.mayChange && view.canaries.data.length > 0 ? (
        <form method="post" action={`${canaryHome}/run`}>
          <Proof seat={view.seat} />
          <button class="button" type="submit">
            Ask them now
          </button>
        </form>
      ) : null}
    </header>
    <KnowledgeTabs current="canaries" />
    {view.canaries.data.length > 0 ? (
      <table class="table">
        <thead>
          <tr>
            {["Question", "Answered", "Last asked"].map((name) => (
              <th scope="col">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.canaries.data.map((canary) => (
            <Line canary={canary} seat={view.seat} />
          ))}
        </tbody>
      </table>
    ) : (
      <p class="soft">There is none yet. Begin with what clients ask most, and with what they must never be told.</p>
    )}
    {view.canaries.more ? (
      <a class="more" href={view.canaries.more}>
        More questions
      </a>
    ) : null}
    {view.mayChange ? <Add seat={view.seat} /> : null}
  </main>
);

export type CanaryView = { seat: Seat; canary: CanaryRow; runs: Listed<CanaryRun>; mayChange: boolean };

const Source = ({ table, pk }: { table: string; pk: string }) => {
  const path = table === "memory.kb_entries" ? entryPath(pk) : table === "vault.documents" ? documentPath(pk) : null;
  return path ? (
    <a class="link" href={path}>
      {pk}
    </a>
  ) : (
    <span class="mono">{pk}</span>
  );
};

const Run = ({ run, seat }: { run: CanaryRun; seat: Seat }) => (
  <tr class="row">
    <td>
      {run.sentences.length > 0 ? <p>{run.sentences.join(" ")}</p> : <p class="soft">No answer.</p>}
      {run.failures.map((failure) => (
        <p class="small soft">{failureWords[failure] ?? failure}</p>
      ))}
      {run.cited.length > 0 ? (
        <p class="small faint">
          From{" "}
          {run.cited.map((source, i) => (
            <>
              {i > 0 ? ", " : ""}
              <Source {...source} />
            </>
          ))}
        </p>
      ) : null}
    </td>
    <td>
      <State tone={run.passed ? "good" : "bad"} shape={run.passed ? "done" : "warning"}>
        {run.passed ? "Right" : run.regressed ? "Wrong now" : "Still wrong"}
      </State>
    </td>
    <td class="late brief">
      <Time at={run.created_at} here={seat.here}>
        {dateTime(run.created_at, seat.here)}
      </Time>
    </td>
  </tr>
);

export const CanaryPage = ({ view }: { view: CanaryView }) => {
  const { canary, seat, runs } = view;
  return (
    <main class="page">
      <header class="page-head">
        <div>
          <h1>{canary.question}</h1>
          <p class="facts-line">
            <CanaryState canary={canary} seat={seat} />
            <span class="small">Asked as {readerWord(canary)}.</span>
            <a class="link small" href={canaryHome}>
              Canary questions
            </a>
          </p>
        </div>
        {view.mayChange ? (
          <form method="post" action={`${canaryPath(canary.id)}/switch`}>
            <Proof seat={seat} />
            <input type="hidden" name="version" value={canary.version} />
            <input type="hidden" name="enabled" value={canary.enabled ? "false" : "true"} />
            <button class="button" type="submit">
              {canary.enabled ? "Switch off" : "Switch on"}
            </button>
          </form>
        ) : null}
      </header>
      <p>
        {expected(canary)}
        {canary.source ? (
          <>
            {" "}
            It is cited from <Source {...canary.source} />.
          </>
        ) : null}
        {canary.forbidden.length > 0
          ? ` Nowhere stands ${canary.forbidden.map((word) => `“${word}”`).join(" or ")}.`
          : ""}
      </p>
      {runs.data.length > 0 ? (
        <table class="table">
          <tbody>
            {runs.data.map((run) => (
              <Run run={run} seat={seat} />
            ))}
          </tbody>
        </table>
      ) : (
        <p class="soft">It was not asked yet.</p>
      )}
      {runs.more ? (
        <a class="more" href={runs.more}>
          Earlier nights
        </a>
      ) : null}
    </main>
  );
};
