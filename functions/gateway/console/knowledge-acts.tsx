/** What can be done with an entry as it stands, by somebody of this role: each a form of its own. */
import type { Child } from "hono/jsx";
import { entryPath, knowledgeHome } from "./knowledge-words.ts";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import type { EntryFull } from "./shapes.ts";

type Acting = { entry: EntryFull; seat: Seat };

const Act = ({ entry, seat, act, children }: Acting & { act: string; children: Child }) => (
  <form method="post" action={`${entryPath(entry.id)}/${act}`}>
    <Proof seat={seat} />
    <input type="hidden" name="version" value={entry.version} />
    {children}
  </form>
);

const Button = ({ chief, children }: { chief?: true; children: Child }) => (
  <button class={chief ? "button chief" : "button"} type="submit">
    {children}
  </button>
);

const Reason = ({ label, needed }: { label: string; needed?: true }) => (
  <textarea name="reason" aria-label={label} placeholder={label} rows={2} maxlength={500} required={needed === true} />
);

const EditLink = ({ entry, word }: { entry: EntryFull; word: string }) => (
  <a class="button" href={`${entryPath(entry.id)}/edit`}>
    {word}
  </a>
);

const OfDraft = ({ entry, seat }: Acting) => {
  const may = (permission: string) => seat.permissions.includes(permission);
  return (
    <>
      {may("knowledge:review") && entry.body !== "" ? (
        <Act entry={entry} seat={seat} act="submit">
          <Button chief>Put under review</Button>
        </Act>
      ) : null}
      {may("knowledge:write") ? <EditLink entry={entry} word={entry.body === "" ? "Write it" : "Edit"} /> : null}
      {may("knowledge:review") ? (
        <details>
          <summary class="button">Dismiss</summary>
          <Act entry={entry} seat={seat} act="dismiss">
            <Reason label="Why, if there is something to say" />
            <Button>Put it away for good</Button>
          </Act>
        </details>
      ) : null}
      {may("knowledge:review") ? null : <p class="small soft">A lead technician or an owner puts it under review.</p>}
    </>
  );
};

const UnderReview = ({ entry, seat }: Acting) => {
  const may = (permission: string) => seat.permissions.includes(permission);
  return (
    <>
      {may("knowledge:publish") ? (
        <Act entry={entry} seat={seat} act="publish">
          <Button chief>{entry.replacing ? "Publish and replace" : "Publish"}</Button>
        </Act>
      ) : (
        <p class="small soft">An owner decides whether it goes live.</p>
      )}
      {may("knowledge:review") ? (
        <details>
          <summary class="button">Send back</summary>
          <Act entry={entry} seat={seat} act="return">
            <Reason label="What should be different?" needed />
            <Button>Send it back</Button>
          </Act>
        </details>
      ) : null}
    </>
  );
};

const OfLive = ({ entry, seat }: Acting) => {
  const may = (permission: string) => seat.permissions.includes(permission);
  return (
    <>
      {may("knowledge:publish") ? <EditLink entry={entry} word="Revise" /> : null}
      {may("knowledge:write") ? (
        <a class="button" href={`${knowledgeHome}/new?replaces=${entry.id}`}>
          Write its replacement
        </a>
      ) : null}
      {may("knowledge:publish") ? (
        <details>
          <summary class="button">Take out of use</summary>
          <Act entry={entry} seat={seat} act="deprecate">
            <Reason label="Why" />
            <input
              name="replaced_by"
              aria-label="Id of the live entry that replaces it, if there is one"
              placeholder="kbe_… that replaces it, if there is one"
              maxlength={64}
              autocomplete="off"
            />
            <Button>Take it out of use</Button>
          </Act>
        </details>
      ) : null}
    </>
  );
};

export const EntryActs = ({ entry, seat }: Acting) => (
  <div class="steps-of">
    {entry.status === "draft" ? <OfDraft entry={entry} seat={seat} /> : null}
    {entry.status === "review" ? <UnderReview entry={entry} seat={seat} /> : null}
    {entry.status === "live" ? <OfLive entry={entry} seat={seat} /> : null}
    {entry.status === "deprecated" ? <p class="small soft">It is kept, and stays as it was.</p> : null}
  </div>
);
