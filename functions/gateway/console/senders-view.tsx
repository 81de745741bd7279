/** The page of senders. */
import { senderKinds } from "#brain/outbound/index.ts";
import { OutboundTabs } from "./outbound-tabs.tsx";
import type { Seat } from "./seat.ts";
import { AskedAgain, Proof } from "./secret-shown.tsx";
import { Add, type Adding, Choose, Complaints, CredentialFields } from "./sender-form.tsx";
import { sayReason } from "./sender-reasons.ts";
import type { Listed, SenderRow } from "./shapes.ts";
import { Sign, State, Time } from "./signs.tsx";
import { ago, counted } from "./words.ts";

/** Credentials that were not taken. */
export type Refusal = { id: string; said: string[] };

type View = { seat: Seat; senders: Listed<SenderRow>; adding?: Adding; refusal?: Refusal };

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
        {row.per_second === null ? "" : ` · at most ${row.per_second} a second`}
      </p>
    </header>
    <Standing row={row} seat={view.seat} />
    {row.waiting > 0 ? <p class="small soft">{counted(row.waiting, "message")} waiting to leave.</p> : null}
    {mayChange(view.seat) ? <Change row={row} view={view} /> : null}
  </section>
);

export const SendersView = (view: View) => (
  <main class="page">
    <header class="page-head">
      <div>
        <OutboundTabs current="senders" />
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
