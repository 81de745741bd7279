/** Forgetting somebody, as a form on his page, a list, and a page with what went and whether that can still be proved. */
import { personPath } from "./outbound-words.ts";
import type { Seat } from "./seat.ts";
import type { ErasureProof, ErasureRow, Listed, Manifest } from "./shapes.ts";
import { State, Time } from "./signs.tsx";
import { counted, dateTime, number } from "./words.ts";

export const place = "/console/erasures";

/** What has to be typed: nobody does it by one click too many. */
export const confirming = "ERASE";

export const erasurePath = (id: string): string => `${place}/${encodeURIComponent(id)}`;

const erasing = {
  person: {
    what: "Erase this person",
    goes: "Conversations, messages, jobs' words, drafts, answers and everything made of them go for good, and open jobs are cancelled. If this person opted out, that stays known.",
    why: [
      ["gdpr_delete", "The person asked to be forgotten"],
      ["user_delete", "We no longer want the record"],
    ],
  },
  document: {
    what: "Erase this document",
    goes: "Its copy here, its passages, and the answers and facts that rest on it go for good, and no sync brings it back. The original stays where it is.",
    why: [
      ["user_delete", "We no longer want the record"],
      ["gdpr_delete", "Somebody asked to be forgotten"],
    ],
  },
} as const;

export const Erase = ({ seat, kind, id }: { seat: Seat; kind: keyof typeof erasing; id: string }) => (
  <details class="asking">
    <summary>{erasing[kind].what}</summary>
    <form method="post" action={place}>
      <p>{erasing[kind].goes}</p>
      <input type="hidden" name="csrf" value={seat.csrf} />
      <input type="hidden" name="once" value={seat.once} />
      <input type="hidden" name="kind" value={kind} />
      <input type="hidden" name="id" value={id} />
      <label class="field">
        <span class="label">Why</span>
        <select name="reason">
          {erasing[kind].why.map(([reason, said]) => (
            <option value={reason}>{said}</option>
          ))}
        </select>
      </label>
      <label class="field">
        <span class="label">Type {confirming} to go on</span>
        <input name="typed" required pattern={confirming} autocomplete="off" spellcheck={false} />
      </label>
      <button class="button" type="submit">
        Erase for good
      </button>
    </form>
  </details>
);

const Stands = ({ row }: { row: ErasureRow }) => (
  <State tone={row.state === "done" ? "good" : "wait"} shape={row.state === "done" ? "done" : "clock"}>
    {row.state === "done" ? "Done" : "Under way"}
  </State>
);

const subjects: Record<string, string> = {
  person: "A person",
  message: "A message",
  entry: "A knowledge entry",
  document: "A document",
  fact: "A fact",
};
const subjectWord = ({ subject }: ErasureRow): string => subjects[subject.kind] ?? subject.kind;

const Row = ({ row, seat }: { row: ErasureRow; seat: Seat }) => (
  <tr class="row">
    <td class="whole">
      <a class="link strong" href={erasurePath(row.id)}>
        {subjectWord(row)}
      </a>
      <p class="mono faint">{row.subject.id}</p>
    </td>
    <td>
      <Stands row={row} />
    </td>
    <td>{counted(row.rows, "row")}</td>
    <td class="late brief">
      <Time at={row.asked_at} here={seat.here}>
        {dateTime(row.asked_at, seat.here)}
      </Time>
    </td>
  </tr>
);

export const ErasuresPage = ({ view }: { view: { seat: Seat; erasures: Listed<ErasureRow> } }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <h1>Erasures</h1>
        <p>Whom and what this house has forgotten, and the proof of it. A person is erased from his own page.</p>
      </div>
    </header>
    {view.erasures.data.length === 0 ? (
      <div class="empty">
        <h2>Nobody was erased</h2>
        <p>When somebody asks to be forgotten, open his page and choose “Erase this person”.</p>
      </div>
    ) : (
      <table class="table">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">State</th>
            <th scope="col">Went</th>
            <th scope="col">Asked for</th>
          </tr>
        </thead>
        <tbody>
          {view.erasures.data.map((row) => (
            <Row row={row} seat={view.seat} />
          ))}
        </tbody>
      </table>
    )}
    {view.erasures.more ? (
      <a class="more" href={view.erasures.more}>
        Older
      </a>
    ) : null}
  </main>
);

export type ErasureView = { seat: Seat; row: ErasureRow; proof: { sealed: Manifest; verified: ErasureProof } | null };

type Went = { table: string; how: string; rows: number; digest: string };

const checks: Record<keyof ErasureProof["checks"], string> = {
  seal: "The manifest is as it was sealed",
  tables: "Its digests follow from what the steps took",
  tombstones: "Every tombstone is in its place",
  audit: "The audit trail is whole and goes on",
};

const Proof = ({ proof }: { proof: NonNullable<ErasureView["proof"]> }) => (
  <section>
    <h2>Proof</h2>
    <ul class="brief-list">
      {Object.entries(checks).map(([name, said]) => {
        const holds = proof.verified.checks[name as keyof ErasureProof["checks"]];
        return (
          <li>
            <State tone={holds ? "good" : "bad"} shape={holds ? "done" : "warning"}>
              {said}
            </State>
          </li>
        );
      })}
    </ul>
    <table class="table">
      <thead>
        <tr>
          <th scope="col">Table</th>
          <th scope="col">How</th>
          <th scope="col">Rows</th>
          <th scope="col">Digest</th>
        </tr>
      </thead>
      <tbody>
        {((proof.sealed.manifest["tables"] ?? []) as Went[]).map((went) => (
          <tr class="row">
            <td class="mono">{went.table}</td>
            <td>{went.how === "delete" ? "deleted" : "emptied"}</td>
            <td>{number(went.rows)}</td>
            <td class="mono faint">{went.digest.slice(0, 12)}…</td>
          </tr>
        ))}
      </tbody>
    </table>
    <p class="small faint mono">Seal {proof.sealed.seal}</p>
  </section>
);

const Counts = ({ title, counts, said }: { title: string; counts: Record<string, number>; said: string }) =>
  Object.keys(counts).length === 0 ? null : (
    <section>
      <h2>{title}</h2>
      <p class="soft">{said}</p>
      <dl class="about">
        {Object.entries(counts).map(([table, n]) => (
          <>
            <dt class="mono">{table}</dt>
            <dd>{number(n)}</dd>
          </>
        ))}
      </dl>
    </section>
  );

export const ErasurePage = ({ view: { seat, row, proof } }: { view: ErasureView }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <h1>Erasure</h1>
        <p>
          {subjectWord(row)},{" "}
          {row.subject.kind === "person" ? (
            <a class="link mono" href={personPath(row.subject.id)}>
              {row.subject.id}
            </a>
          ) : (
            <span class="mono">{row.subject.id}</span>
          )}
        </p>
      </div>
      <div class="actions">
        {row.state === "done" ? null : (
          <a class="button" href={erasurePath(row.id)}>
            Look again
          </a>
        )}
      </div>
    </header>
    <p>
      <Stands row={row} /> {counted(row.rows, "row")} in {counted(row.steps, "step")}, asked for{" "}
      <Time at={row.asked_at} here={seat.here}>
        {dateTime(row.asked_at, seat.here)}
      </Time>
      .
    </p>
    <Counts
      title="Waits for"
      counts={row.waits}
      said="These are on their way out of the house; they go when that has ended."
    />
    <Counts
      title="For you to look at"
      counts={row.mentions}
      said="Texts of others that say the name and no address. Nobody can tell whether they mean this person: read and mend them."
    />
    {proof ? <Proof proof={proof} /> : <p class="soft">The manifest is sealed when all of it has gone.</p>}
  </main>
);
