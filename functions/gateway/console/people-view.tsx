/** The list of people: found by what one remembers of them, made by hand, and chosen as the same person. */
import { Complaints } from "./mend.tsx";
import { channelWord, personPath } from "./outbound-words.ts";
import { RecordFields, type Refused } from "./person-edit.tsx";
import { Proposal } from "./person-merge.tsx";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import type { Contact, Listed, MergeProposal } from "./shapes.ts";
import { personName } from "./shapes.ts";
import { Time } from "./signs.tsx";
import { counted, shortTime } from "./words.ts";
import { WorldTabs } from "./world-view.tsx";

export type PeopleView = {
  seat: Seat;
  q: string;
  /** Whoever is looked for here is to be the same person as this one. */
  same: string | undefined;
  people: Listed<Contact>;
  proposals: MergeProposal[];
  refused: Refused | undefined;
};

const Row = ({ row, view }: { row: Contact; view: PeopleView }) => (
  <tr class="row">
    <td class="strong">
      <a class="link" href={personPath(row.id)} data-item>
        {personName(row.name)}
      </a>
    </td>
    <td class="whole">
      <span class="snippet">{[...new Set(row.points.map(({ value }) => value))].join(", ")}</span>
    </td>
    <td class="brief">{row.preferred_channel ? channelWord(row.preferred_channel) : ""}</td>
    <td class="late brief">
      <Time at={row.updated_at} here={view.seat.here}>
        {shortTime(row.updated_at, view.seat.here)}
      </Time>
    </td>
    {view.same ? (
      <td>
        {row.id === view.same ? null : (
          <form method="post" action={`${personPath(row.id)}/merge`}>
            <Proof seat={view.seat} />
            <input type="hidden" name="version" value={row.version} />
            <input type="hidden" name="into" value={view.same} />
            <button class="button slight" type="submit">
              The same person
            </button>
          </form>
        )}
      </td>
    ) : null}
  </tr>
);

const Make = ({ view }: { view: PeopleView }) => {
  const typed = view.refused?.typed;
  return (
    <details open={typed !== undefined}>
      <summary class="button">New person</summary>
      {typed ? <Complaints said={view.refused?.said} /> : null}
      <form method="post" action="/console/people">
        <Proof seat={view.seat} />
        <RecordFields typed={typed} />
        <div class="pair">
          <label class="field">
            <span class="label">Telephone</span>
            <input
              name="phone"
              value={typed?.get("phone") ?? ""}
              maxlength={40}
              autocomplete="off"
              placeholder="20 30 40 50"
            />
          </label>
          <label class="field">
            <span class="label">Email</span>
            <input name="email" value={typed?.get("email") ?? ""} maxlength={254} autocomplete="off" />
          </label>
        </div>
        <button class="button chief" type="submit">
          Save
        </button>
      </form>
    </details>
  );
};

const Proposals = ({ view }: { view: PeopleView }) => (
  <details class="proposals">
    <summary class="button">{counted(view.proposals.length, "pair")} may be one person</summary>
    {view.proposals.map((row) => (
      <Proposal row={row} seat={view.seat} />
    ))}
  </details>
);

export const PeoplePage = ({ view }: { view: PeopleView }) => (
  <main class="page">
    <header class="page-head">
      <div>
        {view.seat.permissions.includes("world:read") ? (
          <WorldTabs current={view.same ? "" : "/console/people"} />
        ) : null}
        <h1>{view.same ? "Who is the same person?" : "People"}</h1>
        {view.same ? (
          <p>
            Everything of whom you choose is told on{" "}
            <a class="link" href={personPath(view.same)}>
              this person’s page
            </a>{" "}
            from then on. It can be taken apart again.
          </p>
        ) : null}
      </div>
      <form class="filter" method="get" action="/console/people">
        {view.same ? <input type="hidden" name="with" value={view.same} /> : null}
        <label class="field">
          <span class="label">Name, number or address begins with</span>
          <input type="search" name="q" value={view.q} maxlength={100} autocomplete="off" />
        </label>
        <button class="button" type="submit">
          Find
        </button>
      </form>
    </header>
    {view.same ? null : (
      <div class="acts-line">
        {view.seat.permissions.includes("people:write") ? <Make view={view} /> : null}
        {view.proposals.length === 0 ? null : <Proposals view={view} />}
      </div>
    )}
    <table class="table">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Numbers and addresses</th>
          <th scope="col">Prefers</th>
          <th scope="col">Changed</th>
          {view.same ? (
            <th scope="col">
              <span class="unseen">Choose</span>
            </th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {view.people.data.map((row) => (
          <Row row={row} view={view} />
        ))}
      </tbody>
    </table>
    {view.people.data.length === 0 ? <p class="soft">Nobody begins with that.</p> : null}
    {view.people.more ? (
      <a class="more" href={view.people.more}>
        More
      </a>
    ) : null}
  </main>
);
