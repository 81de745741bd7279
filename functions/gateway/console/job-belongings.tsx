/** What belongs to a job: its parts with their prices, and notes for the house or for its client. */
import type { Doing } from "./job-acts.tsx";
import { jobPath, money } from "./job-words.ts";
import { Proof } from "./secret-shown.tsx";
import { State, Time } from "./signs.tsx";
import { number, shortTime } from "./words.ts";

const mayWork = ({ seat }: Doing) => seat.permissions.includes("field:work");

const Remove = ({ doing, name, id }: { doing: Doing; name: "note" | "part"; id: string }) =>
  mayWork(doing) ? (
    <form method="post" action={`${jobPath(doing.job.id)}/${name}s/remove`}>
      <Proof seat={doing.seat} />
      <input type="hidden" name={name} value={id} />
      <button class="button slight" type="submit" aria-label={`Remove this ${name}`}>
        Remove
      </button>
    </form>
  ) : null;

export const JobParts = ({ doing }: { doing: Doing }) => (
  <section>
    <h2>Parts</h2>
    {doing.job.parts.length === 0 ? <p class="soft">None yet.</p> : null}
    <ul class="belongings">
      {doing.job.parts.map((part) => (
        <li>
          <span>
            {part.quantity === 1 ? "" : `${number(part.quantity)} × `}
            {part.name}
            {part.price_minor !== null && part.currency ? (
              <span class="faint"> {money(part.price_minor, part.currency)}</span>
            ) : null}
          </span>
          <Remove doing={doing} name="part" id={part.id} />
        </li>
      ))}
    </ul>
    {mayWork(doing) ? (
      <form class="adding" method="post" action={`${jobPath(doing.job.id)}/parts`}>
        <Proof seat={doing.seat} />
        <input name="part_name" aria-label="Part" placeholder="Part" maxlength={200} autocomplete="off" required />
        <input name="quantity" aria-label="How many" type="number" min="0.001" step="0.001" value="1" required />
        <input name="price" aria-label="Price of one" placeholder="Price" inputmode="decimal" autocomplete="off" />
        <input name="currency" aria-label="Currency" value="DKK" maxlength={3} pattern="[A-Z]{3}" autocomplete="off" />
        <button class="button" type="submit">
          Add
        </button>
      </form>
    ) : null}
  </section>
);

export const JobNotes = ({ doing }: { doing: Doing }) => (
  <section>
    <h2>Notes</h2>
    {doing.job.note_list.length === 0 ? <p class="soft">None yet.</p> : null}
    <ul class="belongings">
      {doing.job.note_list.map((note) => (
        <li>
          <div>
            <p class="kept-lines">{note.text}</p>
            <p class="small faint">
              {note.visibility === "client" ? (
                <State tone="good" shape="talk">
                  The client may be told
                </State>
              ) : (
                <State tone="plain" shape="lock">
                  The house only
                </State>
              )}{" "}
              <Time at={note.created_at} here={doing.seat.here}>
                {shortTime(note.created_at, doing.seat.here)}
              </Time>
            </p>
          </div>
          <Remove doing={doing} name="note" id={note.id} />
        </li>
      ))}
    </ul>
    {mayWork(doing) ? (
      <form class="noting" method="post" action={`${jobPath(doing.job.id)}/notes`}>
        <Proof seat={doing.seat} />
        <textarea
          name="text"
          aria-label="Note"
          placeholder="What was found, what was done"
          rows={3}
          maxlength={20000}
          required
        />
        <div class="inline">
          <select name="visibility" aria-label="Who may read it">
            <option value="internal">The house only</option>
            <option value="client">The client may be told</option>
          </select>
          <button class="button" type="submit">
            Write it down
          </button>
        </div>
      </form>
    ) : null}
  </section>
);
