/** The page of sources. */
import type { Seat } from "./seat.ts";
import { AskedAgain, Proof, SecretShown } from "./secret-shown.tsx";
import type { SourceNews, SourceRow, SyncRow } from "./shapes.ts";
import { Sign, State } from "./signs.tsx";
import { Reading } from "./sync-view.tsx";
import { sentence } from "./words.ts";

/** What was typed and refused stays in the form, without the secret. */
export type Binding = { external_id: string; name: string; error: string };
type View = { seat: Seat; sources: SourceRow[]; runs: SyncRow[]; news?: SourceNews; binding?: Binding };

const News = ({ news }: { news: SourceNews }) => {
  if (news.what === "bound")
    return news.secret ? (
      <SecretShown label="Bound. Give the sender the address above and this secret." secret={news.secret} />
    ) : (
      <p class="notice good" role="status">
        <Sign shape="done" />
        Bound. Give the sender the address above.
      </p>
    );
  if (news.what === "secret")
    return news.secret ? (
      <SecretShown label="Give this secret to the sender now; the old one is refused already." secret={news.secret} />
    ) : (
      <p class="notice good" role="status">
        <Sign shape="done" />
        The secret is changed; the old one is refused.
      </p>
    );
  // An event of a name that nobody sends is proven, counted and set aside.
  const isWell = news.result === "ignored";
  return (
    <p class={`notice ${isWell ? "good" : "bad"}`} role="status">
      <Sign shape={isWell ? "done" : "warning"} />
      {isWell
        ? "The test event arrived, its signature is right."
        : `The test event was refused: ${sentence(news.result)}.`}
    </p>
  );
};

const Change = ({ source, seat }: { source: SourceRow; seat: Seat }) => (
  <div class="actions">
    {source.kind === "chatwoot_account" ? (
      <form method="post" action={`/console/sources/${source.id}/test`}>
        <Proof seat={seat} />
        <button class="button" type="submit">
          Send a test event
        </button>
      </form>
    ) : null}
    <form method="post" action={`/console/sources/${source.id}/secret`}>
      <Proof seat={seat} />
      <button class="button" type="submit">
        Make a new secret
      </button>
    </form>
    <form class="filter" method="post" action={`/console/sources/${source.id}/secret`}>
      <Proof seat={seat} />
      <label class="field">
        <span class="label">Secret that the sender shows</span>
        <input name="secret" type="password" minlength={8} maxlength={200} required autocomplete="off" />
      </label>
      <button class="button" type="submit">
        Use it
      </button>
    </form>
    <form class="filter" method="post" action={`/console/sources/${source.id}/connect`}>
      <Proof seat={seat} />
      <label class="field">
        <span class="label">Address of its API</span>
        <input name="api_url" type="url" maxlength={300} required value={source.api_url ?? ""} />
      </label>
      <label class="field">
        <span class="label">Access token</span>
        <input name="api_token" type="password" minlength={8} maxlength={200} required autocomplete="off" />
      </label>
      <button class="button" type="submit">
        Connect
      </button>
    </form>
  </div>
);

const Source = ({ source, view }: { source: SourceRow; view: View }) => (
  <section class="card wide">
    <header>
      <h2>{source.name || sentence(source.kind)}</h2>
      <p>
        {sentence(source.kind)} {source.external_id}
      </p>
      <State tone={source.signed ? "good" : "wait"} shape={source.signed ? "lock" : "warning"}>
        {source.signed ? "Signed webhooks only" : "Not signed: the address is the only proof"}
      </State>
    </header>
    <div>
      <p class="small soft">Webhook address</p>
      <code class="hook">{source.hook}</code>
    </div>
    {view.news?.source === source.id ? <News news={view.news} /> : null}
    <Reading source={source} seat={view.seat} run={view.runs.find((run) => run.source === source.id)} />
    {view.seat.permissions.includes("identity:write") ? <Change source={source} seat={view.seat} /> : null}
  </section>
);

/** Places that documents come from and that send nothing have a page of their own. */
const sendsWebhooks = (source: SourceRow): boolean => source.kind === "chatwoot_account" || source.signed;

/** A project has one source of each kind. */
const kinds = [{ kind: "chatwoot_account", name: "Chatwoot account" }];
const unbound = ({ sources }: View) => kinds.filter(({ kind }) => sources.every((source) => source.kind !== kind));

const Bind = ({ view }: { view: View }) => {
  const { seat, binding } = view;
  return (
    <section class="card wide" id="bind">
      <h2>Bind an account</h2>
      {binding ? (
        <p class="notice bad" role="alert">
          <Sign shape="warning" />
          {binding.error}
        </p>
      ) : null}
      <form method="post" action="/console/sources">
        <Proof seat={seat} />
        <label class="field">
          <span class="label">What it is</span>
          <select name="kind">
            {unbound(view).map(({ kind, name }) => (
              <option value={kind}>{name}</option>
            ))}
          </select>
        </label>
        <label class="field">
          <span class="label">Its number there</span>
          <input
            name="external_id"
            value={binding?.external_id ?? ""}
            inputmode="numeric"
            pattern="[1-9][0-9]{0,17}"
            title="The account's number, as in its address"
            maxlength={18}
            autocomplete="off"
            required
          />
        </label>
        <label class="field">
          <span class="label">A name for it</span>
          <input name="name" value={binding?.name ?? ""} maxlength={200} autocomplete="off" placeholder="Head office" />
        </label>
        <fieldset class="choice">
          <legend>How its webhooks prove themselves</legend>
          <label>
            <input type="radio" name="signing" value="made" checked />
            By a secret made here, shown once
          </label>
          <label>
            <input type="radio" name="signing" value="given" />
            By the sender's own secret, below
          </label>
          <label>
            <input type="radio" name="signing" value="none" />
            Not at all: the sender is too old to sign
          </label>
        </fieldset>
        <label class="field">
          <span class="label">Secret that the sender shows</span>
          <input name="secret" type="password" minlength={8} maxlength={200} autocomplete="off" />
        </label>
        <button class="button" type="submit">
          Bind it
        </button>
      </form>
    </section>
  );
};

/** What was refused is said in the form, whatever else is bound meanwhile. */
const mayBind = (view: View) =>
  view.seat.permissions.includes("identity:write") && (unbound(view).length > 0 || view.binding !== undefined);

export const SourcesView = (view: View) => (
  <main class="page">
    <header class="page-head">
      <div>
        <h1>Sources</h1>
        <p>Outside accounts that feed this project.</p>
      </div>
    </header>
    <AskedAgain seat={view.seat} place="/console/sources" />
    {view.binding && mayBind(view) ? <Bind view={view} /> : null}
    {view.sources.filter(sendsWebhooks).map((source) => (
      <Source source={source} view={view} />
    ))}
    {view.sources.length === 0 ? (
      <div class="empty">
        <h2>No source yet</h2>
        <p>Bind a Chatwoot account, and its conversations come here.</p>
      </div>
    ) : null}
    {!view.binding && mayBind(view) ? <Bind view={view} /> : null}
  </main>
);
