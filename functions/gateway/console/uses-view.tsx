/** What a person has said about the use of what is known of him, and the form that writes a new word down. */
import { Complaints } from "./mend.tsx";
import { personPath } from "./outbound-words.ts";
import type { PersonView } from "./person-view.tsx";
import { Proof } from "./secret-shown.tsx";
import type { Uses } from "./shapes.ts";
import { State, Time } from "./signs.tsx";
import { dateTime } from "./words.ts";

const named = {
  memory: "Facts about this person are kept",
  telemetry: "Figures go into a dataset",
  raw_text: "Words go into a dataset",
} as const;
const order = ["memory", "telemetry", "raw_text"] as const;

const Word = ({ view, said }: { view: PersonView; said: Uses["memory"] }) =>
  said ? (
    <>
      <State tone={said.granted ? "good" : "bad"} shape={said.granted ? "done" : "lock"}>
        {said.granted ? "Yes" : "No"}
      </State>
      <span class="faint">
        {" "}
        <Time at={said.at} here={view.seat.here}>
          {dateTime(said.at, view.seat.here)}
        </Time>
        {said.source ? ` · ${said.source}` : ""}
      </span>
    </>
  ) : (
    <span class="faint">never said</span>
  );

const fields = [
  { name: "source", label: "Where it was said", most: 60 },
  { name: "shown_text", label: "The words that were shown; for a yes", most: 4000 },
  { name: "proof", label: "Proof; for a yes", most: 200 },
];

const Say = ({ view }: { view: PersonView }) => {
  const wrong = view.wrong?.act === "uses" ? view.wrong : undefined;
  const typed = (name: string) => wrong?.typed.get(name) ?? "";
  return (
    <details name="policy" open={wrong !== undefined}>
      <summary class="button slight">Write down a yes or no</summary>
      {wrong ? <Complaints said={wrong.said} /> : null}
      <form method="post" action={`${personPath(view.ways.contact)}/uses#uses`}>
        <Proof seat={view.seat} />
        <label class="field">
          <span class="label">About</span>
          <select name="use">
            {order.map((use) => (
              <option value={use} selected={typed("use") === use}>
                {named[use]}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span class="label">Said</span>
          <select name="granted">
            <option value="no">No</option>
            <option value="yes" selected={typed("granted") === "yes"}>
              Yes
            </option>
          </select>
        </label>
        {fields.map(({ name, label, most }) => (
          <label class="field">
            <span class="label">{label}</span>
            <input name={name} value={typed(name)} maxlength={most} required={name === "source"} />
          </label>
        ))}
        <button class="button" type="submit">
          Write it down
        </button>
      </form>
    </details>
  );
};

export const UsesOf = ({ view, uses }: { view: PersonView; uses: Uses }) => (
  <section id="uses">
    <h2>What may be used</h2>
    <dl class="about">
      {order.map((use) => (
        <>
          <dt>{named[use]}</dt>
          <dd>
            <Word view={view} said={uses[use]} />
          </dd>
        </>
      ))}
    </dl>
    {view.seat.permissions.includes("people:write") ? <Say view={view} /> : null}
    {view.seat.permissions.includes("privacy:export") ? (
      <form class="actions apart" method="post" action="/console/data">
        <Proof seat={view.seat} />
        <input type="hidden" name="kind" value="subject" />
        <input type="hidden" name="contact" value={view.ways.contact} />
        <button class="button slight" type="submit">
          Everything about this person
        </button>
      </form>
    ) : null}
  </section>
);
