/** What is kept how long: the list, what would leave, and the form that changes it after showing what that takes away. */
import type { Seat } from "./seat.ts";
import type { RetentionCount, RetentionPolicy } from "./shapes.ts";
import { Sign, Time } from "./signs.tsx";
import { counted, dateTime, number } from "./words.ts";

/** The change that is being considered. */
export type Considered = {
  policy: RetentionPolicy;
  /** Undefined until somebody typed a number; null is for ever. */
  days?: number | null | undefined;
  count?: RetentionCount | undefined;
  wrong?: string | undefined;
};

export type LastRun = { at: string; removed: Record<string, number>; isAll: boolean };

export type RetentionView = {
  seat: Seat;
  policies: RetentionPolicy[];
  counts: RetentionCount[];
  last: LastRun | null;
  mayChange: boolean;
  considered: Considered | null;
};

const reasons: Record<string, string> = {
  cited_by_answer: "quoted by an answer",
  cited_by_act: "named by an audited act",
};

export const place = "/console/retention";

const kept = ({ keep_days, since }: RetentionPolicy, days: number | null = keep_days): string =>
  days === null
    ? "For ever"
    : days === 0
      ? `Until ${since.replace(/^after /, "")}`
      : `${counted(days, "day")} ${since}`;

const Stays = ({ count }: { count: RetentionCount }) =>
  Object.entries(count.stays).map(([reason, n]) => (
    <span class="faint">
      {" "}
      {number(n)} {n === 1 ? "stays" : "stay"}: {reasons[reason] ?? reason}
    </span>
  ));

const PolicyRow = ({ policy, view }: { policy: RetentionPolicy; view: RetentionView }) => {
  const count = view.counts.find(({ kind }) => kind === policy.kind);
  return (
    <tr class="row">
      <td class="whole">
        <p class="strong">{policy.what}</p>
        <p class="mono faint">{policy.kind}</p>
      </td>
      <td class="whole">
        {kept(policy)}
        {policy.version > 0 ? (
          <>
            {" "}
            <span class="tag">chosen</span>
          </>
        ) : null}
      </td>
      <td>
        {count ? (
          <>
            {count.leaves === 0 ? "Nothing would leave" : `${number(count.leaves)} would leave`}
            <Stays count={count} />
          </>
        ) : (
          <span class="faint">The same in every project</span>
        )}
      </td>
      <td class="late">
        {policy.changeable && view.mayChange ? (
          <a class="button slight" href={`${place}?kind=${encodeURIComponent(policy.kind)}#change`}>
            Change<span class="unseen"> {policy.what}</span>
          </a>
        ) : null}
      </td>
    </tr>
  );
};

const Last = ({ last, view }: { last: LastRun | null; view: RetentionView }) => {
  if (!last) return <p class="soft">Nothing has left yet. It is looked after every night.</p>;
  const nameOf = (kind: string) => view.policies.find((policy) => policy.kind === kind)?.what ?? kind;
  const parts = Object.entries(last.removed).map(([kind, n]) => `${number(n)} × ${nameOf(kind).toLowerCase()}`);
  return (
    <p class="soft">
      Last left on{" "}
      <Time at={last.at} here={view.seat.here}>
        {dateTime(last.at, view.seat.here)}
      </Time>
      : {parts.join(", ")}
      {last.isAll ? "" : " at least"}.
    </p>
  );
};

const Outcome = ({ considered, seat }: { considered: Considered; seat: Seat }) => {
  const { policy, days, count, wrong } = considered;
  if (wrong) {
    return (
      <div class="notice bad" role="alert">
        <Sign shape="warning" />
        <p>{wrong}</p>
      </div>
    );
  }
  if (days === undefined) return null;
  const leaves = count?.leaves ?? 0;
  return (
    <div class={`notice ${leaves > 0 ? "bad" : "good"}`} role="status">
      <Sign shape={leaves > 0 ? "warning" : "done"} />
      <div>
        <p>
          {kept(policy, days)}:{" "}
          {leaves === 0
            ? "nothing would leave now."
            : `${number(leaves)} would leave with the next run, and nobody can bring them back.`}
          {count ? <Stays count={count} /> : null}
        </p>
        <form method="post" action={`${place}/${encodeURIComponent(policy.kind)}`}>
          <input type="hidden" name="csrf" value={seat.csrf} />
          <input type="hidden" name="once" value={seat.once} />
          <input type="hidden" name="version" value={String(policy.version)} />
          <input type="hidden" name="days" value={days === null ? "" : String(days)} />
          <p class="actions">
            <button class="button chief" type="submit">
              {days === null ? "Keep for ever" : `Keep for ${counted(days, "day")}`}
            </button>
            <a class="button slight" href={place}>
              Leave it
            </a>
          </p>
        </form>
      </div>
    </div>
  );
};

const Change = ({ considered }: { considered: Considered }) => {
  const { policy, days } = considered;
  const shown = days === undefined ? policy.keep_days : days;
  const usual = policy.usual_days === null ? "for ever" : counted(policy.usual_days, "day");
  return (
    <section id="change">
      <div class="page-head">
        <h2>{policy.what}</h2>
      </div>
      <form class="filter" method="get" action={`${place}#change`}>
        <input type="hidden" name="kind" value={policy.kind} />
        <label class="field">
          <span class="label">
            Days {policy.since}; empty is for ever, usual is {usual}
          </span>
          <input
            name="days"
            type="number"
            min={policy.least_days}
            max={36500}
            value={shown === null ? "" : String(shown)}
          />
        </label>
        <button class="button" type="submit">
          See what would leave
        </button>
      </form>
    </section>
  );
};

export const RetentionPage = ({ view }: { view: RetentionView }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <h1>Retention</h1>
        <p>
          What is kept how long. The ledger, the audit trail and the marks of what was removed stay for ever: they hold
          no words.
        </p>
        <Last last={view.last} view={view} />
      </div>
    </header>
    {view.considered ? (
      <>
        <Change considered={view.considered} />
        <Outcome considered={view.considered} seat={view.seat} />
      </>
    ) : null}
    <table class="table">
      <thead>
        <tr>
          {["What", "Kept", "Now", ""].map((head) => (
            <th scope="col">{head}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {view.policies.map((policy) => (
          <PolicyRow policy={policy} view={view} />
        ))}
      </tbody>
    </table>
  </main>
);
