/** The forms of senders: what each provider asks for, field by field. */
import { type Field, type Provider, providers, senderKinds } from "#brain/outbound/index.ts";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import { Sign } from "./signs.tsx";

/** A sender that is being added: what was typed, and what was wrong with it. */
export type Adding = { provider: Provider; typed?: Record<string, string>; said?: string[] };
export const Complaints = ({ said }: { said: string[] | undefined }) =>
  said ? (
    <div class="notice bad" role="alert">
      <Sign shape="warning" />
      <div>
        {said.map((line) => (
          <p>{line}</p>
        ))}
      </div>
    </div>
  ) : null;

const isSecret = ({ name }: Field) => !["url", "stream", "marketing_stream"].includes(name);

export const CredentialFields = ({ provider }: { provider: Provider }) => (
  <>
    {senderKinds[provider].credentials.map((field) => (
      <label class="field">
        <span class="label">
          {field.label}
          {field.optional ? " (if there is one)" : ""}
        </span>
        <input
          name={`credential ${field.name}`}
          type={isSecret(field) ? "password" : "text"}
          maxlength={400}
          required={!field.optional}
          autocomplete="off"
        />
      </label>
    ))}
  </>
);

const TextField = (given: {
  name: string;
  label: string;
  value: string | undefined;
  required: boolean;
  most: number;
}) => (
  <label class="field">
    <span class="label">{given.label}</span>
    <input
      name={given.name}
      value={given.value ?? ""}
      maxlength={given.most}
      required={given.required}
      autocomplete="off"
    />
  </label>
);

export const Add = ({ adding, seat }: { adding: Adding; seat: Seat }) => {
  const { provider, typed, said } = adding;
  const kind = senderKinds[provider];
  return (
    <section class="card wide" id="add">
      <h2>{kind.title}</h2>
      <Complaints said={said} />
      <form method="post" action="/console/senders">
        <Proof seat={seat} />
        <input type="hidden" name="provider" value={provider} />
        <TextField name="name" label="What you call it" value={typed?.["name"]} required={true} most={100} />
        <TextField name="address" label={kind.address.label} value={typed?.["address"]} required={true} most={320} />
        <TextField name="brand" label="Brand, if it has its own" value={typed?.["brand"]} required={false} most={100} />
        {kind.account ? (
          <TextField
            name="account"
            label={kind.account.label}
            value={typed?.["account"]}
            required={!kind.account.optional}
            most={64}
          />
        ) : null}
        <CredentialFields provider={provider} />
        <p class="small soft">The credentials are sealed and never shown again.</p>
        <button class="button chief" type="submit">
          Add it
        </button>
      </form>
    </section>
  );
};

export const Choose = ({ chosen }: { chosen: Provider | undefined }) => (
  <nav class="actions" aria-label="Add a sender">
    {providers.map((provider) => (
      <a
        class="button"
        href={`/console/senders?provider=${provider}#add`}
        {...(provider === chosen ? { "aria-current": "true" } : {})}
      >
        {senderKinds[provider].title}
      </a>
    ))}
  </nav>
);
