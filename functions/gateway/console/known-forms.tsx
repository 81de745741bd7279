/** Forms beside what is known: another fact, one that ended, who knows one, a relation. Nothing is written into the past. */
import type { Child } from "hono/jsx";
import type { KnownView } from "./known-view.tsx";
import { Complaints } from "./mend.tsx";
import { Proof } from "./secret-shown.tsx";
import type { KnownFact } from "./shapes.ts";
import { entityPath, valueWords } from "./world-words.ts";

/** A form that was refused: which, what was wrong, and what was typed into it. */
export type Complained = { act: string; said: string[]; typed: ReadonlyMap<string, string> };

const mayWrite = ({ seat, times, entity }: KnownView): boolean =>
  seat.permissions.includes("world:write") &&
  !times.as_of &&
  !times.known_at &&
  !entity.archived_at &&
  !entity.merged_into;

type Sent = { view: KnownView; act: string; look?: string; children?: Child };

const Form = ({ view, act, look = "filter", children }: Sent) => (
  <form class={look} method="post" action={`${entityPath(view.entity.id)}/${act}`}>
    <Proof seat={view.seat} />
    {view.wrong?.act === act ? <Complaints said={view.wrong.said} /> : null}
    {children}
  </form>
);

const types = { string: "Text", number: "Number", currency: "Money", date: "Date", json: "JSON" };

type Choice = {
  name: string;
  label: string;
  options: readonly (readonly [string, string])[];
  chosen?: string | undefined;
};

const Choose = ({ name, label, options, chosen }: Choice) => (
  <label class="field">
    <span class="label">{label}</span>
    <select name={name}>
      {options.map(([value, word]) => (
        <option value={value} selected={value === chosen}>
          {word}
        </option>
      ))}
    </select>
  </label>
);

type Input = { name: string; label: string; value?: string; type?: string; hint?: string; required?: boolean };

const Field = ({ name, label, value = "", type = "text", hint = "", required = false }: Input) => (
  <label class="field">
    <span class="label">{label}</span>
    <input
      type={type}
      name={name}
      value={value}
      placeholder={hint}
      maxlength={4000}
      autocomplete="off"
      required={required}
    />
  </label>
);

export const AddFact = ({ view }: { view: KnownView }) => {
  if (!mayWrite(view)) return null;
  const wrong = view.wrong?.act === "facts" ? view.wrong.typed : undefined;
  const typed = (name: string) => wrong?.get(name) ?? "";
  const facts = view.entity.attributes.flatMap((each) => each.facts);
  return (
    <details open={wrong !== undefined}>
      <summary class="button">Write a fact down</summary>
      <Form view={view} act="facts">
        <input type="hidden" name="zone" value={view.seat.here.timezone} />
        <Field name="attribute" label="What" hint="price.hourly" value={typed("attribute")} required />
        <Choose name="value_type" label="Kind" options={Object.entries(types)} chosen={typed("value_type")} />
        <Field name="value" label="Value" hint="695.00 DKK" value={typed("value")} required />
        <Field name="unit" label="Unit" hint="per hour" value={typed("unit")} />
        <Field name="valid_from" label="Since" type="datetime-local" value={typed("valid_from")} />
        <Field name="valid_to" label="Until" type="datetime-local" value={typed("valid_to")} />
        <Choose
          name="visibility"
          label="Who may know"
          options={[
            ["internal", "Staff only"],
            ["public", "Everybody"],
          ]}
          chosen={typed("visibility")}
        />
        <Field name="source_ref" label="Where from" hint="price list" value={typed("source_ref")} required />
        <Choose
          name="supersedes"
          label="In place of"
          options={[
            ["", "Nothing: beside the others"],
            ...facts.map(({ id, value, unit, source }) => [id, `${valueWords(value, unit)} (${source.ref})`] as const),
          ]}
          chosen={typed("supersedes")}
        />
        <button class="button chief" type="submit">
          Write it down
        </button>
      </Form>
    </details>
  );
};

const statuses = [
  ["confirmed", "knows it"],
  ["assumed", "is assumed to know it"],
  ["unknown", "does not know it"],
  ["false_belief", "believes something else"],
] as const;

const SetKnower = ({ fact, view }: { fact: KnownFact; view: KnownView }) => {
  const wrong = view.wrong?.act === "knowers" && view.wrong.typed.get("fact") === fact.id ? view.wrong : undefined;
  return (
    <details open={wrong !== undefined}>
      <summary class="button slight">Who knows it</summary>
      <Form view={wrong ? view : { ...view, wrong: undefined }} act="knowers">
        <input type="hidden" name="fact" value={fact.id} />
        <input type="hidden" name="value_type" value={fact.value_type} />
        <Choose
          name="knower"
          label="Who"
          options={view.knowers.map(({ id, name }) => [id, name] as const)}
          chosen={wrong?.typed.get("knower")}
        />
        <Choose name="status" label="How" options={statuses} chosen={wrong?.typed.get("status")} />
        <Field name="believed" label="Believes, if something else" value={wrong?.typed.get("believed") ?? ""} />
        <button class="button" type="submit">
          Save
        </button>
      </Form>
    </details>
  );
};

export const ActsOn = ({ fact, view, torn }: { fact: KnownFact; view: KnownView; torn: "torn" | "agreed" }) =>
  mayWrite(view) ? (
    <div class="acts-line">
      <SetKnower fact={fact} view={view} />
      <Form view={{ ...view, wrong: undefined }} act="close" look="actions">
        <input type="hidden" name="fact" value={fact.id} />
        <button class="button slight" name="because" value="ended" type="submit">
          No longer true
        </button>
        <button class="button slight" name="because" value="mistaken" type="submit">
          {torn === "torn" ? "Not this one" : "Never was true"}
        </button>
      </Form>
    </div>
  ) : null;

export const CloseRelation = ({ id, view }: { id: string; view: KnownView }) =>
  mayWrite(view) ? (
    <Form view={{ ...view, wrong: undefined }} act="apart" look="actions">
      <input type="hidden" name="relationship" value={id} />
      <button class="button slight" type="submit">
        No longer
      </button>
    </Form>
  ) : null;

const kinds = ["WORKS_AT", "CLIENT_OF", "NEGOTIATING_WITH", "RENTED_FROM", "OWNS", "ROOMMATE_OF", "PARENT_OF"];

export const Relate = ({ view }: { view: KnownView }) =>
  mayWrite(view) && view.others.some(({ id }) => id !== view.entity.id) ? (
    <details open={view.wrong?.act === "relations"}>
      <summary class="button slight">Relate it to something</summary>
      <Form view={view} act="relations">
        <label class="field">
          <span class="label">How</span>
          <input name="type" list="relations" pattern="[A-Z][A-Z_]{1,39}" value="WORKS_AT" required />
          <datalist id="relations">
            {kinds.map((kind) => (
              <option value={kind} />
            ))}
          </datalist>
        </label>
        <Choose
          name="to"
          label="To"
          options={view.others.flatMap(({ id, name }) => (id === view.entity.id ? [] : [[id, name ?? id] as const]))}
        />
        <Field name="source_ref" label="Where from" hint="business card" required />
        <button class="button" type="submit">
          Save
        </button>
      </Form>
    </details>
  ) : null;

/** Of one kind, or of none in particular: only those can be one. */
const isAlike = (one: { type: string }, other: { type: string }): boolean =>
  one.type === other.type || one.type === "Custom" || other.type === "Custom";

export const Merge = ({ view }: { view: KnownView }) => {
  const { entity } = view;
  const others = view.others.filter((one) => one.id !== entity.id && isAlike(one, entity));
  const wrong = view.wrong?.act === "merge" ? view.wrong.typed : undefined;
  return mayWrite(view) && others.length > 0 ? (
    <details open={wrong !== undefined}>
      <summary class="button slight">It is the same as another one</summary>
      <Form view={view} act="merge">
        <Choose
          name="into"
          label="It is"
          options={others.map(({ id, name }) => [id, name ?? id] as const)}
          chosen={wrong?.get("into")}
        />
        <Field name="reason" label="Why" hint="entered twice" value={wrong?.get("reason") ?? ""} required />
        <button class="button" type="submit">
          Put them together
        </button>
      </Form>
    </details>
  ) : null;
};

export const Merged = ({ view }: { view: KnownView }) =>
  view.entity.merged_into ? (
    <div class="notice">
      <p>
        Another one <a href={entityPath(view.entity.merged_into)}>stands for it</a>; move a slider to see it as it was.
      </p>
      <Form view={view} act="unmerge" look="actions">
        <button class="button slight" type="submit">
          They are two after all
        </button>
      </Form>
    </div>
  ) : null;
