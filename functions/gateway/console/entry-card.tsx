/** The card in the middle of a page without a bar, and the fields that its forms share. */
import type { Child } from "hono/jsx";
import { Mark, Sign } from "./signs.tsx";

/** `note` is good news; an error takes its place. */
type Card = { title: string; text: string; error?: string | undefined; note?: string | undefined; children?: Child };

export const EntryCard = ({ title, text, error, note, children }: Card) => (
  <main class="alone">
    <div class="card">
      <header>
        <Mark size={32} />
        <h1>{title}</h1>
        <p>{text}</p>
      </header>
      {error ? (
        <p class="notice bad" role="alert">
          <Sign shape="warning" />
          {error}
        </p>
      ) : note ? (
        <p class="notice good" role="status">
          <Sign shape="done" />
          {note}
        </p>
      ) : null}
      {children}
    </div>
  </main>
);

type Field = {
  id: string;
  label: string;
  /** What may be written here, said below it. */
  rule?: string;
  [attribute: string]: unknown;
};

export const Field = ({ id, label, rule, ...input }: Field) => (
  <div class="field">
    <label for={id}>{label}</label>
    <input id={id} name={id} {...(rule ? { "aria-describedby": `${id}-rule` } : {})} required {...input} />
    {rule ? (
      <p class="small faint" id={`${id}-rule`}>
        {rule}
      </p>
    ) : null}
  </div>
);

/** Somebody's name: known (`value`), or chosen under the rules of a new one. */
export const UsernameField = ({ value, isNew }: { value?: string | undefined; isNew?: true }) => (
  <Field
    id="username"
    label="Username"
    value={value ?? ""}
    autocomplete="username"
    autocapitalize="none"
    spellcheck={false}
    autofocus={!value}
    {...(isNew
      ? { minlength: 3, pattern: "[a-z0-9._\\-]{3,32}", rule: "3 to 32 of a–z, 0–9, dot, dash, underscore" }
      : {})}
    maxlength={isNew ? 32 : 64}
  />
);

/** No `maxlength`: a browser would cut a pasted password in silence. */
export const PasswordField = ({ id = "password", label = "Password", focus }: Partial<Chosen>) => (
  <Field id={id} label={label} type="password" autocomplete="current-password" autofocus={focus ?? false} />
);

export const NewPasswordField = ({ id = "password", label = "Password" }: Partial<Chosen>) => (
  <Field
    id={id}
    label={label}
    type="password"
    autocomplete="new-password"
    minlength={8}
    rule="8 to 128 characters; a few words in a row are fine"
  />
);

type Chosen = { id: string; label: string; focus: boolean };
