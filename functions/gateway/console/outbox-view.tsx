/** The outbox: what failed or is in doubt first, with its reason; then everything, by state, channel and person. */

import { isWorded, reasonWords } from "./outbound-reasons.ts";
import { MessageState, OutboundTabs, Retry, Withdraw } from "./outbound-tabs.tsx";
import { channelWord, messagePath, messageStates } from "./outbound-words.ts";
import type { Seat } from "./seat.ts";
import type { Listed, Outgoing, StateCount } from "./shapes.ts";
import { personName } from "./shapes.ts";
import { Time } from "./signs.tsx";
import { number, shortTime } from "./words.ts";

export type OutboxView = {
  seat: Seat;
  messages: Listed<Outgoing>;
  /** Only on the first page without a filter. */
  trouble: Outgoing[] | null;
  counts: StateCount[];
  by: { state?: string; channel?: string; contact?: string };
  mayWrite: boolean;
};

export const Reason = ({ code }: { code: string }) =>
  isWorded(code) ? <span title={code}>{reasonWords(code)}</span> : <code>{code}</code>;

export const outboxPath = (by: OutboxView["by"]): string => {
  const query = new URLSearchParams(Object.entries(by).filter(([, value]) => value)).toString();
  return query ? `/console/outbox?${query}` : "/console/outbox";
};

const Acts = ({ row, view }: { row: Outgoing; view: OutboxView }) => (
  <div class="actions">
    {row.state === "failed" || row.state === "approved" ? <Retry id={row.id} csrf={view.seat.csrf} /> : null}
    <Withdraw id={row.id} csrf={view.seat.csrf} />
  </div>
);

const actedOn = new Set(["failed", "unknown", "approved", "queued"]);

const Row = ({ row, view }: { row: Outgoing; view: OutboxView }) => (
  <tr class="row">
    <td class="strong">
      <a class="link" href={messagePath(row.id)} data-item>
        {personName(row.person)}
      </a>
    </td>
    <td class="whole">
      <span class="snippet">{row.text}</span>
      {row.reason ? (
        <span class="small soft why">
          <Reason code={row.reason} />
        </span>
      ) : null}
    </td>
    <td>
      <span class="state-line">
        <MessageState state={row.state} />
        <span class="faint">{channelWord(row.channel)}</span>
      </span>
    </td>
    <td class="late brief">
      <Time at={row.updated_at} here={view.seat.here}>
        {shortTime(row.updated_at, view.seat.here)}
      </Time>
    </td>
    <td>{view.mayWrite && actedOn.has(row.state) ? <Acts row={row} view={view} /> : null}</td>
  </tr>
);

const Table = ({ rows, view }: { rows: Outgoing[]; view: OutboxView }) => (
  <table class="table outgoing">
    <thead>
      <tr>
        <th scope="col">To</th>
        <th scope="col">Message</th>
        <th scope="col">State</th>
        <th scope="col">Last</th>
        <th scope="col">
          <span class="unseen">Acts</span>
        </th>
      </tr>
    </thead>
    <tbody>
      {rows.map((row) => (
        <Row row={row} view={view} />
      ))}
    </tbody>
  </table>
);

const States = ({ view }: { view: OutboxView }) => (
  <nav class="tries" aria-label="State">
    <a href={outboxPath({ ...view.by, state: "" })} {...(view.by.state ? {} : { "aria-current": "true" })}>
      All
    </a>
    {Object.entries(messageStates).flatMap(([state, { word }]) => {
      const found = view.counts.find((one) => one.state === state);
      const isHere = view.by.state === state;
      return found || isHere ? (
        <a href={outboxPath({ ...view.by, state })} {...(isHere ? { "aria-current": "true" } : {})}>
          {word}{" "}
          <span class="faint">
            {number(found?.count ?? 0)}
            {found?.has_more ? "+" : ""}
          </span>
        </a>
      ) : (
        []
      );
    })}
  </nav>
);

const Filter = ({ view }: { view: OutboxView }) => (
  <form class="filter" method="get" action="/console/outbox">
    {view.by.state ? <input type="hidden" name="state" value={view.by.state} /> : null}
    {view.by.contact ? <input type="hidden" name="contact" value={view.by.contact} /> : null}
    <label class="field">
      <span class="label">Channel</span>
      <select name="channel" data-submit>
        <option value="">All</option>
        {["sms", "email", "chat", "telegram"].map((channel) => (
          <option value={channel} selected={view.by.channel === channel}>
            {channelWord(channel)}
          </option>
        ))}
      </select>
    </label>
    <button class="button unscripted" type="submit">
      Show
    </button>
  </form>
);

const onlyOf = (view: OutboxView) => personName(view.messages.data[0]?.person);

export const OutboxPage = ({ view }: { view: OutboxView }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <OutboundTabs current="outbox" />
        <h1>Outbox</h1>
        <p>
          {view.by.contact ? (
            <>
              Only to {onlyOf(view)}.{" "}
              <a class="link" href={outboxPath({ ...view.by, contact: "" })}>
                Everybody
              </a>
            </>
          ) : (
            "What leaves the house, and what did not."
          )}
        </p>
      </div>
      <Filter view={view} />
    </header>
    <States view={view} />
    {view.trouble && view.trouble.length > 0 ? (
      <section>
        <h2>Somebody has to look at these</h2>
        <Table rows={view.trouble} view={view} />
      </section>
    ) : null}
    {view.messages.data.length > 0 ? (
      <section>
        {view.trouble && view.trouble.length > 0 ? <h2>Everything else</h2> : null}
        <Table rows={view.messages.data} view={view} />
      </section>
    ) : view.trouble && view.trouble.length > 0 ? null : (
      <div class="empty">
        <h2>No message {view.by.state || view.by.channel || view.by.contact ? "fits" : "yet"}</h2>
        <p>Open a conversation and choose “Write” to draft one.</p>
      </div>
    )}
    {view.messages.more ? (
      <a class="more" href={view.messages.more}>
        Older messages
      </a>
    ) : null}
  </main>
);
