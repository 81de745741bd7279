/** Writing an entry, or other words for one: a page with a form that forgets nothing when it is refused. */
import { entryPath, knowledgeHome, typeWords } from "./knowledge-words.ts";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import { Sign } from "./signs.tsx";

export type Typed = { type: string; title: string; body: string; tags: string; visibility: string; replaces: string };

export type WriteEntryView = {
  seat: Seat;
  typed: Typed;
  /** The entry that is rewritten; a live one changes at once. */
  of?: { id: string; version: number; isLive: boolean };
  said: string[];
};

export const blank: Typed = { type: "faq", title: "", body: "", tags: "", visibility: "internal", replaces: "" };

export const typedIn = (form: Map<string, string>): Typed => ({
  type: form.get("type") ?? "",
  title: form.get("title") ?? "",
  body: (form.get("body") ?? "").replaceAll("\r\n", "\n"),
  tags: form.get("tags") ?? "",
  visibility: form.get("visibility") ?? "",
  replaces: form.get("replaces") ?? "",
});

export const wordsOf = ({ type, title, body, tags, visibility }: Typed) => ({
  type,
  title,
  body,
  tags: tags
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean),
  visibility,
});

const Readers = ({ chosen }: { chosen: string }) => (
  <fieldset class="choice">
    <legend>Who may be answered from it</legend>
    {[
      ["internal", "Staff only"],
      ["client", "Clients and staff"],
    ].map(([value, name]) => (
      <label>
        <input type="radio" name="visibility" value={value} checked={value === chosen} />
        {name}
      </label>
    ))}
  </fieldset>
);

const said = (view: WriteEntryView): string => {
  if (view.of?.isLive) return "It answers with these words as soon as they are saved. The former ones are kept.";
  if (view.typed.replaces) return "A draft. When it goes live, what it replaces goes out of use.";
  return "A draft answers nobody until it was reviewed and published.";
};

export const WriteEntryPage = ({ view }: { view: WriteEntryView }) => {
  const { typed, of } = view;
  return (
    <main class="page narrow">
      <header class="page-head">
        <div>
          <h1>{of ? (of.isLive ? "Revise" : "Edit") : typed.replaces ? "Write a replacement" : "Write an entry"}</h1>
          <p>{said(view)}</p>
        </div>
      </header>
      {view.said.length > 0 ? (
        <div class="notice bad" role="alert">
          <Sign shape="warning" />
          <p>{view.said.join(" ")}</p>
        </div>
      ) : null}
      <form class="wordy" method="post" action={of ? `${entryPath(of.id)}/edit` : `${knowledgeHome}/new`}>
        <Proof seat={view.seat} />
        {of ? <input type="hidden" name="version" value={of.version} /> : null}
        {of?.isLive ? <input type="hidden" name="live" value="yes" /> : null}
        {of ? null : <input type="hidden" name="replaces" value={typed.replaces} />}
        <label class="field">
          <span class="label">Title, or the question</span>
          <input name="title" value={typed.title} maxlength={300} required autocomplete="off" />
        </label>
        <label class="field">
          <span class="label">What there is to know</span>
          <textarea name="body" rows={10} maxlength={20000}>
            {typed.body}
          </textarea>
        </label>
        <div class="pair">
          <label class="field">
            <span class="label">Kind</span>
            <select name="type">
              {Object.entries(typeWords).map(([value, name]) => (
                <option value={value} selected={value === typed.type}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <label class="field">
            <span class="label">Tags, with commas</span>
            <input name="tags" value={typed.tags} maxlength={500} autocomplete="off" />
          </label>
        </div>
        <Readers chosen={typed.visibility} />
        <p class="actions">
          <button class="button chief" type="submit">
            Save
          </button>
          <a class="button" href={of ? entryPath(of.id) : knowledgeHome}>
            Leave it
          </a>
        </p>
      </form>
    </main>
  );
};
