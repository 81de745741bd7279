/** The box a question is put in, with the reader it is meant for. */
import type { Seat } from "./seat.ts";
import type { Contact } from "./shapes.ts";
import { personName } from "./shapes.ts";

export type AskView = {
  seat: Seat;
  contacts: Contact[] | null;
  question?: string;
  /** Preset reader: a contact's id, or a kind. */
  audience?: "staff" | "contact" | "public" | "own" | "each";
  contact?: string | undefined;
};

const Choice = ({ value, label, checked }: { value: string; label: string; checked: boolean }) => (
  <label>
    <input type="radio" name="audience" value={value} checked={checked} />
    {label}
  </label>
);

const Readers = ({ view }: { view: AskView }) => {
  const contacts = view.contacts ?? [];
  const chosen = view.audience ?? "staff";
  return (
    <>
      <fieldset class="choice">
        <legend>As</legend>
        <Choice value="staff" label="Staff" checked={chosen === "staff" || chosen === "own"} />
        {contacts.length > 0 ? <Choice value="contact" label="A contact" checked={chosen === "contact"} /> : null}
        <Choice value="public" label="Anybody" checked={chosen === "public"} />
        <Choice value="each" label="Side by side" checked={chosen === "each"} />
      </fieldset>
      {contacts.length > 0 ? (
        <select class="whom" name="contact" aria-label="Which contact">
          {contacts.map((contact) => (
            <option value={contact.id} selected={contact.id === view.contact}>
              {personName(contact.name)}
            </option>
          ))}
        </select>
      ) : null}
    </>
  );
};

export const AskBox = ({ view }: { view: AskView }) => (
  <form class="ask" method="post" action="/console/ask">
    <input type="hidden" name="csrf" value={view.seat.csrf} />
    <input type="hidden" name="once" value={view.seat.once} />
    <textarea
      name="question"
      rows={2}
      maxlength={1000}
      required
      placeholder="Ask what was said, by whom, when"
      aria-label="Question"
      data-ask
      data-send
    >
      {view.question ?? ""}
    </textarea>
    <div class="below">
      {view.seat.permissions.includes("memory:ask_as") ? <Readers view={view} /> : null}
      <button class="button chief" type="submit">
        Ask
      </button>
    </div>
  </form>
);
