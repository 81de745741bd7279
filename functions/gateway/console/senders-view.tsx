/** The page of senders. */
import { type Field, type Provider, providers, senderKinds } from "#brain/outbound/index.ts";
import type { Seat } from "./seat.ts";
import { AskedAgain, Proof } from "./secret-shown.tsx";
import type { Listed, SenderRow } from "./shapes.ts";
import { Sign, State, Time } from "./signs.tsx";
import { ago, counted, sentence } from "./words.ts";

/** A sender that is being added: what was typed, and what was wrong with it. */
export type Adding = { provider: Provider; typed?: Record<string, string>; said?: string[] };
/** Credentials that were not taken. */
export type Refusal = { id: string; said: string[] };

type View = { seat: Seat; senders: Listed<SenderRow>; adding?: Adding; refusal?: Refusal };

const refusedCredentials = "The provider refuses its credentials. Give it new ones.";
const wrongNumber = "The provider says that this number is not the account's, or may not send.";
const reasons: Record<string, string> = {
  rate_limited: "The provider asks for a pause: too many messages at once.",
  credentials_incomplete: "Something that opens the provider's account is missing. Give it new credentials.",
  http_401: refusedCredentials,
  twilio_20003: refusedCredentials,
  telnyx_10009: refusedCredentials,
  postmark_10: refusedCredentials,
  resend_invalid_api_key: refusedCredentials,
  resend_restricted_api_key: "This API key may not send e-mail.",
  twilio_21606: wrongNumber,
  twilio_21659: wrongNumber,
  twilio_21660: wrongNumber,
  telnyx_40305: wrongNumber,
  twilio_21408: "The account may not send to the recipient's country yet. Permit it at Twilio.",
  twilio_21612: "There is no way from this number to the recipient's network.",
  twilio_21608: "A trial account sends to verified numbers only.",
  twilio_30034: "This number is not registered for sending to businesses' customers.",
  resend_daily_quota_exceeded: "The account's mail for today is used up.",
  resend_monthly_quota_exceeded: "The account's mail for this month is used up.",
  postmark_405: "The account's mail is used up.",
  postmark_412: "Postmark has not approved this account yet.",
};

const sayReason = (reason: string): string => reasons[reason] ?? `The provider refuses: ${sentence(reason)}.`;

const Standing = ({ row, seat }: { row: SenderRow; seat: Seat }) => {
  if (row.state === "disabled")
    return (
      <State tone="plain" shape="ring">
        Put away
      </State>
    );
  if (row.state === "works")
    return (
      <State tone="good" shape="done">
        Sends
      </State>
    );
  return (
    <div class="notice bad" role="status">
      <Sign shape="warning" />
      <div>
        <p>{row.reason ? sayReason(row.reason) : "Paused."}</p>
        <p class="small">
          {row.paused_until ? (
            <>
              Tried again{" "}
              <Time at={row.paused_until} here={seat.here}>
                {ago(row.paused_until, seat.here)}
              </Time>
              .{" "}
            </>
          ) : null}
          <span class="mono">{row.reason}</span>
        </p>
      </div>
    </div>
  );
};

const Complaints = ({ said }: { said: string[] | undefined }) =>
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

const CredentialFields = ({ provider }: { provider: Provider }) => (
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

const Act = ({ row, seat, path, word }: { row: SenderRow; seat: Seat; path: string; word: string }) => (
  <form method="post" action={`/console/senders/${row.id}/${path}`}>
    <Proof seat={seat} />
    <button class="button" type="submit" aria-label={`${word}: ${row.name}`}>
      {word}
    </button>
  </form>
);

const Change = ({ row, view }: { row: SenderRow; view: View }) => (
  <>
    <div class="actions">
      {row.state === "works" ? null : <Act row={row} seat={view.seat} path="resume" word="Let it send again" />}
      {row.state === "disabled" ? null : <Act row={row} seat={view.seat} path="disable" word="Put away" />}
    </div>
    <details open={view.refusal?.id === row.id}>
      <summary class="link">New credentials</summary>
      {view.refusal?.id === row.id ? <Complaints said={view.refusal.said} /> : null}
      <form method="post" action={`/console/senders/${row.id}/credentials`}>
        <Proof seat={view.seat} />
        <input type="hidden" name="provider" value={row.provider} />
        <CredentialFields provider={row.provider} />
        <button class="button" type="submit">
          Use them
        </button>
      </form>
    </details>
  </>
);

const mayChange = (seat: Seat) => seat.permissions.includes("outbound:operate");

const Sender = ({ row, view }: { row: SenderRow; view: View }) => (
  <section class="card wide">
    <header>
      <h2>{row.name}</h2>
      <p>
        {senderKinds[row.provider].title} · {row.address}
        {row.brand ? ` · ${row.brand}` : ""}
      </p>
    </header>
    <Standing row={row} seat={view.seat} />
    {row.waiting > 0 ? <p class="small soft">{counted(row.waiting, "message")} waiting to leave.</p> : null}
    {mayChange(view.seat) ? <Change row={row} view={view} /> : null}
  </section>
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

const Add = ({ adding, seat }: { adding: Adding; seat: Seat }) => {
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

const Choose = ({ chosen }: { chosen: Provider | undefined }) => (
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

export const SendersView = (view: View) => (
  <main class="page">
    <header class="page-head">
      <div>
        <h1>Senders</h1>
        <p>Numbers, addresses and bots that approved messages leave from.</p>
      </div>
    </header>
    <AskedAgain seat={view.seat} place="/console/senders" />
    {view.senders.data.map((row) => (
      <Sender row={row} view={view} />
    ))}
    {view.senders.data.length === 0 ? (
      <div class="empty">
        <h2>No sender yet</h2>
        <p>Nothing can leave the house before there is one.</p>
      </div>
    ) : null}
    {view.senders.more ? (
      <a class="more" href={view.senders.more}>
        Older senders
      </a>
    ) : null}
    {mayChange(view.seat) ? (
      <>
        <h2>Add a sender</h2>
        <Choose chosen={view.adding?.provider} />
        {view.adding ? <Add adding={view.adding} seat={view.seat} /> : null}
      </>
    ) : null}
  </main>
);
