/** The forms of one channel on a person's page: opted out, written to again, consents, a cap of his own. */
import type { Child } from "hono/jsx";
import { Complaints } from "./mend.tsx";
import { channelWord, personPath } from "./outbound-words.ts";
import type { Wrong } from "./person-view.tsx";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";

/** What a form is about, and what was typed into it, if that was refused. */
export type Channeled = { seat: Seat; contact: string; channel: string; brands: string[]; wrong: Wrong | undefined };

const isWrong = ({ wrong, channel }: Channeled, act: string) => wrong?.act === act && wrong.channel === channel;

export const typedOf = (of: Channeled, act: string): ReadonlyMap<string, string> =>
  (isWrong(of, act) && of.wrong?.typed) || new Map();

const Form = ({ of, act, word, children }: { of: Channeled; act: string; word: string; children?: Child }) => (
  <details name="policy" open={isWrong(of, act)}>
    <summary class="button slight">
      {word}
      <span class="unseen"> on {channelWord(of.channel)}</span>
    </summary>
    {isWrong(of, act) ? <Complaints said={of.wrong?.said} /> : null}
    <form method="post" action={`${personPath(of.contact)}/${act}#policy-${of.channel}`}>
      <Proof seat={of.seat} />
      <input type="hidden" name="channel" value={of.channel} />
      {children}
    </form>
  </details>
);

const Brand = ({ of, typed }: { of: Channeled; typed: ReadonlyMap<string, string> }) =>
  of.brands.length === 0 ? null : (
    <label class="field">
      <span class="label">From</span>
      <select name="brand">
        <option value="">Every brand</option>
        {of.brands.map((brand) => (
          <option value={brand} selected={typed.get("brand") === brand}>
            {brand}
          </option>
        ))}
      </select>
    </label>
  );

const Line = (given: {
  name: string;
  label: string;
  typed: ReadonlyMap<string, string>;
  most: number;
  required?: true;
  hint?: string;
}) => (
  <label class="field">
    <span class="label">{given.label}</span>
    <input
      name={given.name}
      value={given.typed.get(given.name) ?? ""}
      maxlength={given.most}
      required={given.required}
      placeholder={given.hint}
      autocomplete="off"
    />
  </label>
);

export const OptOut = ({ of }: { of: Channeled }) => {
  const typed = typedOf(of, "opt-out");
  return (
    <Form of={of} act="opt-out" word="Opt out">
      <Brand of={of} typed={typed} />
      <label class="field">
        <span class="label">Why</span>
        <select name="by">
          <option value="operator">This person asked for it</option>
          <option value="complaint" selected={typed.get("by") === "complaint"}>
            This person complained
          </option>
        </select>
      </label>
      <Line
        name="evidence"
        label="Where it is kept, if anywhere"
        typed={typed}
        most={120}
        hint="The number of a message, call or letter"
      />
      <p class="small soft">What waits for this person on {channelWord(of.channel)} is blocked at once.</p>
      <button class="button" type="submit">
        Opt out of {channelWord(of.channel)}
      </button>
    </Form>
  );
};

/** `brand`: of the policy that is taken back; empty for all of them. */
export const OptIn = ({ of, brand }: { of: Channeled; brand: string }) => {
  const typed = typedOf(of, "opt-in");
  return (
    <Form of={of} act="opt-in" word="Allow again">
      <input type="hidden" name="brand" value={brand} />
      <label class="field">
        <span class="label">What the person said or signed</span>
        <textarea name="reason" rows={2} maxlength={500} required>
          {typed.get("reason") ?? ""}
        </textarea>
      </label>
      <Line
        name="evidence"
        label="Where it is kept"
        typed={typed}
        most={120}
        required
        hint="The number of a message, call or letter"
      />
      <p class="small soft">Marketing needs a consent besides.</p>
      <button class="button" type="submit">
        Allow {channelWord(of.channel)} again
      </button>
    </Form>
  );
};

export const Consent = ({ of }: { of: Channeled }) => {
  const typed = typedOf(of, "consent");
  const isWithdrawn = typed.get("granted") === "no";
  return (
    <Form of={of} act="consent" word="Write down a consent">
      <input type="hidden" name="zone" value={of.seat.here.timezone} />
      <fieldset class="choice">
        <legend>The person</legend>
        <label>
          <input type="radio" name="granted" value="yes" checked={!isWithdrawn} /> agreed
        </label>
        <label>
          <input type="radio" name="granted" value="no" checked={isWithdrawn} /> took it back
        </label>
      </fieldset>
      <label class="field">
        <span class="label">To</span>
        <select name="scope">
          <option value="marketing">Marketing</option>
          <option value="transactional" selected={typed.get("scope") === "transactional"}>
            Messages about their own job
          </option>
        </select>
      </label>
      <label class="field">
        <span class="label">The words that were shown or read out, word for word</span>
        <textarea name="shown_text" rows={2} maxlength={4000}>
          {typed.get("shown_text") ?? ""}
        </textarea>
      </label>
      <Line name="source" label="Where it was said" typed={typed} most={60} required hint="A form, on paper, a call" />
      <Line name="proof" label="Proof: where it is kept" typed={typed} most={200} hint="form-2026-118" />
      <label class="field">
        <span class="label">When, in {of.seat.here.timezone}; empty is now</span>
        <input type="datetime-local" name="occurred_at" value={typed.get("occurred_at") ?? ""} />
      </label>
      <button class="button" type="submit">
        Write it down
      </button>
    </Form>
  );
};

export const Cap = ({ of, count, seconds }: { of: Channeled; count: number | null; seconds: number | null }) => {
  const typed = typedOf(of, "cap");
  const shown = (name: string, value: number | null) => typed.get(name) ?? (value === null ? "" : String(value));
  return (
    <Form of={of} act="cap" word="Limit">
      <label class="field">
        <span class="label">At most so many messages; empty is as the project has it</span>
        <input name="count" type="number" min={0} max={1000} value={shown("count", count)} />
      </label>
      <label class="field">
        <span class="label">In so many hours</span>
        <input name="hours" type="number" min={1} max={8760} value={shown("hours", seconds && seconds / 3600)} />
      </label>
      <p class="small soft">What was approved under another limit goes back to its writer.</p>
      <button class="button" type="submit">
        Keep this limit
      </button>
    </Form>
  );
};
