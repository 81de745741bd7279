/** The form of a template: its words, and for each gap what kind of value fills it. */
import { Complaints } from "./mend.tsx";
import { channelWord } from "./outbound-words.ts";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import { kindHints, kindWords, type VariableKind } from "./typed-values.ts";

export type TypedGap = { name: string; type: string; default: string };

export type TypedTemplate = {
  name: string;
  language: string;
  channel: string;
  class: string;
  subject: string;
  text: string;
  gaps: TypedGap[];
};

export type TemplateFormView = {
  seat: Seat;
  typed: TypedTemplate;
  said: string[];
  /** The row that is replaced; else a new one is written. */
  changes?: { id: string; version: number };
};

/** Rows without a name are left out when it is sent. */
const spareRows = 2;
const mostGaps = 20;

const Row = ({ gap, at }: { gap: TypedGap; at: number }) => (
  <div class="gap">
    <input
      name={`gap${at}`}
      value={gap.name}
      aria-label={`Gap ${at + 1}: name`}
      placeholder="name"
      maxlength={40}
      autocomplete="off"
      spellcheck={false}
    />
    <select name={`type${at}`} aria-label={`Gap ${at + 1}: kind`}>
      {Object.entries(kindWords).map(([type, word]) => (
        <option value={type} selected={type === gap.type}>
          {word}
          {kindHints[type as VariableKind] ? `, such as ${kindHints[type as VariableKind]}` : ""}
        </option>
      ))}
    </select>
    <input
      name={`default${at}`}
      value={gap.default}
      aria-label={`Gap ${at + 1}: said when nothing is given`}
      placeholder="Required"
      maxlength={2000}
      autocomplete="off"
    />
  </div>
);

const Gaps = ({ typed }: { typed: TypedTemplate }) => {
  const spare = Array.from({ length: spareRows }, () => ({ name: "", type: "text", default: "" }));
  return (
    <fieldset class="rule gaps">
      <legend>Gaps</legend>
      <p class="small soft">
        For each {"{{name}}"} in the text: what fills it, and what is said when nothing is given. Without that it has to
        be given. {"{{contact_name}}"} and {"{{brand}}"} fill themselves.
      </p>
      {[...typed.gaps, ...spare].slice(0, mostGaps).map((gap, at) => (
        <Row gap={gap} at={at} />
      ))}
    </fieldset>
  );
};

const channels = ["sms", "email", "telegram", "chat"];

/** What a row is for never changes: its words do. */
const Kind = ({ typed, isFixed }: { typed: TypedTemplate; isFixed: boolean }) =>
  isFixed ? (
    <p class="soft">
      <span class="mono">{typed.name}</span>, {channelWord(typed.channel)}, {typed.language}, {typed.class}
      <input type="hidden" name="name" value={typed.name} />
      <input type="hidden" name="channel" value={typed.channel} />
      <input type="hidden" name="language" value={typed.language} />
      <input type="hidden" name="class" value={typed.class} />
    </p>
  ) : (
    <>
      <label class="field">
        <span class="label">Name: small letters, digits, - and _; the same for every language</span>
        <input
          name="name"
          value={typed.name}
          pattern="[a-z][a-z0-9_\-]{1,63}"
          maxlength={64}
          placeholder="boiler-ready"
          required
          autocomplete="off"
        />
      </label>
      <div class="rule pair">
        <label class="field">
          <span class="label">By</span>
          <select name="channel">
            {channels.map((channel) => (
              <option value={channel} selected={channel === typed.channel}>
                {channelWord(channel)}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span class="label">Language</span>
          <input
            name="language"
            value={typed.language}
            pattern="[A-Za-z]{2}"
            maxlength={2}
            placeholder="da"
            required
            autocomplete="off"
          />
        </label>
      </div>
      <fieldset class="choice">
        <legend>Kind</legend>
        {[
          ["transactional", "About their own job"],
          ["marketing", "Marketing"],
        ].map(([value, label]) => (
          <label>
            <input type="radio" name="class" value={value} checked={value === typed.class} />
            {label}
          </label>
        ))}
      </fieldset>
    </>
  );

export const TemplateFormPage = ({ view }: { view: TemplateFormView }) => {
  const { seat, typed, said, changes } = view;
  const title = changes ? `Change ${typed.name}` : "New template";
  return (
    <main class="page narrow">
      <header class="page-head">
        <div>
          <p class="small">
            <a class="link" href="/console/templates">
              Templates
            </a>
          </p>
          <h1>{title}</h1>
          {changes ? <p>A new row takes its place; what was approved keeps the old words.</p> : null}
        </div>
      </header>
      <form
        class="writing"
        method="post"
        action={changes ? `/console/templates/${encodeURIComponent(changes.id)}` : "/console/templates"}
      >
        <Proof seat={seat} />
        {changes ? <input type="hidden" name="version" value={changes.version} /> : null}
        <Complaints said={said} />
        <Kind typed={typed} isFixed={changes !== undefined} />
        {!changes || typed.channel === "email" ? (
          <label class="field">
            <span class="label">Subject, for an email</span>
            <input name="subject" value={typed.subject} maxlength={300} autocomplete="off" />
          </label>
        ) : null}
        <label class="field">
          <span class="label">Text</span>
          <textarea name="text" rows={5} maxlength={20000} required>
            {typed.text}
          </textarea>
        </label>
        <Gaps typed={typed} />
        <div class="actions">
          <button class="button chief" type="submit">
            {changes ? "Replace the words" : "Save"}
          </button>
        </div>
      </form>
    </main>
  );
};
