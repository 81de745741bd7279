/** The form that an offer is written and changed with. */
import { Complaints } from "./mend.tsx";
import { blankRow, offerPath, offersPath, type Row } from "./offer-words.ts";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import type { AccountSeen, Contact, KnownFact } from "./shapes.ts";
import { personName } from "./shapes.ts";

export type Typed = {
  title: string;
  currency: string;
  note: string;
  account: string;
  contact: string;
  rows: Row[];
};

export type FormView = {
  seat: Seat;
  /** Null: a new one. */
  offer: { id: string; version: number } | null;
  typed: Typed;
  said: string[];
  accounts: AccountSeen[];
  people: Pick<Contact, "id" | "name">[];
  facts: KnownFact[];
};

type Choice = { name: string; label: string; chosen: string; none: string; options: (readonly [string, string])[] };

const Choose = ({ name, label, chosen, none, options }: Choice) => {
  const isListed = chosen === "" || options.some(([id]) => id === chosen);
  return (
    <label class="field whole">
      <span class="label">{label}</span>
      <select name={name}>
        <option value="">{none}</option>
        {isListed ? null : (
          <option value={chosen} selected>
            As it is
          </option>
        )}
        {options.map(([id, word]) => (
          <option value={id} selected={id === chosen}>
            {word}
          </option>
        ))}
      </select>
    </label>
  );
};

const Figure = ({ name, label, value }: { name: string; label: string; value: string }) => (
  <label class="field">
    <span class="label">{label}</span>
    <input name={name} value={value} maxlength={20} inputmode="decimal" autocomplete="off" />
  </label>
);

const Line = ({ n, row, view }: { n: number; row: Row; view: FormView }) => (
  <fieldset class="offer-line">
    <legend class="label">Line {n + 1}</legend>
    <label class="field whole">
      <span class="label">What</span>
      <input name={`description-${n}`} value={row.description} maxlength={1000} autocomplete="off" required={n === 0} />
    </label>
    <Figure name={`quantity-${n}`} label="How many" value={row.quantity} />
    <Figure name={`price-${n}`} label="Each, without VAT" value={row.price} />
    <Figure name={`off-${n}`} label="Discount, %" value={row.off} />
    <Figure name={`vat-${n}`} label="VAT, %" value={row.vat} />
    <input type="hidden" name={`evidence-${n}`} value={row.evidence} />
    <Choose
      name={`fact-${n}`}
      label="Rests on"
      chosen={row.fact}
      none="Nothing that we know"
      options={view.facts.map(({ id, statement }) => [id, statement] as const)}
    />
  </fieldset>
);

export const OfferForm = ({ view }: { view: FormView }) => {
  const { typed, offer } = view;
  const rows = [...typed.rows, blankRow, ...(typed.rows.length === 0 ? [blankRow] : [])].slice(0, 40);
  return (
    <form class="wordy" method="post" action={offer ? `${offerPath(offer.id)}/edit` : offersPath}>
      <Proof seat={view.seat} />
      {offer ? <input type="hidden" name="version" value={offer.version} /> : null}
      <Complaints said={view.said} />
      <div class="pair">
        <label class="field">
          <span class="label">Title</span>
          <input name="title" value={typed.title} maxlength={200} autocomplete="off" required />
        </label>
        <label class="field">
          <span class="label">Currency</span>
          <input name="currency" value={typed.currency} maxlength={3} pattern="[A-Z]{3}" autocomplete="off" required />
        </label>
      </div>
      <div class="pair">
        <Choose
          name="contact"
          label="To whom it is sent"
          chosen={typed.contact}
          none="Not said yet"
          options={view.people.map(({ id, name }) => [id, personName(name)] as const)}
        />
        <Choose
          name="account"
          label="For which account"
          chosen={typed.account}
          none="None"
          options={view.accounts.map(({ id, name }) => [id, name] as const)}
        />
      </div>
      {rows.map((row, n) => (
        <Line n={n} row={row} view={view} />
      ))}
      <p class="small soft">A line without words is left out. Save to get another empty one.</p>
      <label class="field">
        <span class="label">Said below the sums</span>
        <textarea name="note" rows={3} maxlength={4000}>
          {typed.note}
        </textarea>
      </label>
      <p class="actions">
        <button class="button chief" type="submit">
          Save
        </button>
        <a class="button" href={offer ? offerPath(offer.id) : offersPath}>
          Back
        </a>
      </p>
    </form>
  );
};
