/** Who somebody is: what is known of him, and the forms that change it. */
import { preferredChannels } from "#brain/people/index.ts";
import { Complaints } from "./mend.tsx";
import { channelWord, peoplePath, personPath } from "./outbound-words.ts";
import { Proposal, Records } from "./person-merge.tsx";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import type { MergeProposal, PersonCard } from "./shapes.ts";

/** A form that was refused: which, what was wrong, and what was typed into it. */
export type Refused = { act: string; said: string[]; typed: ReadonlyMap<string, string> };

export type AboutView = { seat: Seat; person: PersonCard; proposals: MergeProposal[]; refused: Refused | undefined };

export const proofWords: Record<string, string> = {
  channel: "writes from it",
  office: "entered by a colleague",
  told: "only typed somewhere",
};

type Fields = { typed: ReadonlyMap<string, string> | undefined; person?: PersonCard };

/** The fields of a record, for a new one and for one that is changed. */
export const RecordFields = ({ typed, person }: Fields) => {
  const value = (name: "name" | "language" | "timezone" | "notes" | "preferred_channel") =>
    typed?.get(name) ?? person?.[name] ?? "";
  return (
    <>
      <label class="field">
        <span class="label">Name</span>
        <input name="name" value={value("name")} maxlength={200} autocomplete="off" />
      </label>
      <div class="pair">
        <label class="field">
          <span class="label">Prefers</span>
          <select name="preferred_channel">
            <option value="">Not known</option>
            {preferredChannels.map((name) => (
              <option value={name} selected={name === value("preferred_channel")}>
                {channelWord(name)}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span class="label">Language</span>
          <input
            name="language"
            value={value("language")}
            placeholder="da"
            maxlength={2}
            pattern="[A-Za-z]{2}"
            autocomplete="off"
          />
        </label>
        <label class="field">
          <span class="label">Time zone</span>
          <input
            name="timezone"
            value={value("timezone")}
            placeholder="Europe/Copenhagen"
            maxlength={64}
            autocomplete="off"
          />
        </label>
      </div>
      <label class="field">
        <span class="label">Notes, for staff only</span>
        <textarea name="notes" maxlength={4000} rows={2}>
          {value("notes")}
        </textarea>
      </label>
    </>
  );
};

const Edit = ({ view }: { view: AboutView }) => {
  const { person, seat, refused } = view;
  const typed = refused?.act === "edit" ? refused.typed : undefined;
  return (
    <details open={typed !== undefined}>
      <summary class="button slight">Change</summary>
      {typed ? <Complaints said={refused?.said} /> : null}
      <form method="post" action={`${personPath(person.id)}/edit`}>
        <Proof seat={seat} />
        <input type="hidden" name="version" value={person.version} />
        <RecordFields typed={typed} person={person} />
        <button class="button chief" type="submit">
          Save
        </button>
      </form>
    </details>
  );
};

const Points = ({ view }: { view: AboutView }) => {
  const { person, seat } = view;
  const mayWrite = seat.permissions.includes("people:write");
  return (
    <ul class="points">
      {person.points.map((point) => (
        <li>
          <span>
            <b>{point.value}</b> <span class="small faint">{proofWords[point.proof] ?? point.proof}</span>
          </span>
          {mayWrite && point.kind !== "telegram" ? (
            <form method="post" action={`${personPath(person.id)}/forget`}>
              <Proof seat={seat} />
              <input type="hidden" name="point" value={point.id} />
              <button class="button slight" type="submit" aria-label={`Take ${point.value} out`}>
                Take out
              </button>
            </form>
          ) : null}
        </li>
      ))}
      {person.points.length === 0 ? <li class="soft">No number and no address.</li> : null}
    </ul>
  );
};

const AddPoint = ({ view }: { view: AboutView }) => {
  const { person, seat, refused } = view;
  const typed = refused?.act === "point" ? refused.typed : undefined;
  return (
    <details open={typed !== undefined}>
      <summary class="button slight">Add a number or address</summary>
      {typed ? <Complaints said={refused?.said} /> : null}
      <form method="post" action={`${personPath(person.id)}/point`}>
        <Proof seat={seat} />
        <label class="field">
          <span class="label">Number or e-mail address</span>
          <input
            name="value"
            value={typed?.get("value") ?? ""}
            maxlength={254}
            required
            autocomplete="off"
            placeholder="20 30 40 50"
          />
        </label>
        <button class="button chief" type="submit">
          Add
        </button>
      </form>
    </details>
  );
};

export const About = ({ view }: { view: AboutView }) => {
  const { person, seat, proposals } = view;
  const mayWrite = seat.permissions.includes("people:write");
  const facts = [
    ["Prefers", person.preferred_channel ? channelWord(person.preferred_channel) : "not known"],
    ["Language", person.language ?? "not known"],
    ["Time zone", person.timezone ?? "by the number"],
  ] as const;
  return (
    <section class="reach">
      <h2>Who this is</h2>
      {person.speaker === person.id ? null : (
        <p class="notice">
          <span>
            This record was merged:{" "}
            <a class="link" href={personPath(person.speaker)}>
              another one speaks for it
            </a>
            .
          </span>
        </p>
      )}
      {proposals.map((row) => (
        <Proposal row={row} seat={seat} />
      ))}
      <dl class="about">
        {facts.map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
      {person.notes ? <p class="quoted">{person.notes}</p> : null}
      <Points view={view} />
      <Records person={person} seat={seat} />
      {mayWrite ? (
        <div class="acts-line">
          <Edit view={view} />
          <AddPoint view={view} />
          {person.speaker === person.id ? (
            <a class="button slight" href={peoplePath({ with: person.id })}>
              Merge with…
            </a>
          ) : null}
        </div>
      ) : null}
    </section>
  );
};
