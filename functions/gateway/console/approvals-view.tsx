/** Messages that wait for an approval: the list, one of them with its verdict, and what it rests on beside it. */
import { ApprovalActs, type Seen } from "./approval-acts.tsx";
import { MakeTask } from "./make-task.tsx";
import { Grounds, MessageState, OutboundTabs, VerdictNote } from "./outbound-tabs.tsx";
import { approvalPath, channelWord, classWord, personPath, verdictWords, whoWords } from "./outbound-words.ts";
import type { Seat } from "./seat.ts";
import type { Ground, Outgoing, Review } from "./shapes.ts";
import { numberIn, personName } from "./shapes.ts";
import { Sign, Time } from "./signs.tsx";
import { Cost } from "./sms-cost.tsx";
import { counted, dateTime, initials, sentence, shortTime } from "./words.ts";

export type ApprovalsView = {
  seat: Seat;
  waiting: { data: Outgoing[]; has_more: boolean };
  message: Review | null;
  /** Null where the person may not open evidence. */
  grounds: Ground[] | null;
  people: ReadonlyMap<string, string>;
  /** Asked for by its address; else it is simply the next. */
  isChosen: boolean;
  wrong?: { said: string; seen?: Seen };
};

const Hit = ({ row, view }: { row: Outgoing; view: ApprovalsView }) => {
  const name = personName(row.person);
  return (
    <li id={`m-${row.id}`}>
      <a
        class="hit"
        href={approvalPath(row.id)}
        data-item
        {...(view.message?.id === row.id ? { "aria-current": "true" } : {})}
      >
        <span class="face" aria-hidden="true">
          {initials(name)}
        </span>
        <span class="top">
          <span class="strong clip">{name}</span>
          <Time at={row.updated_at} here={view.seat.here}>
            {shortTime(row.updated_at, view.seat.here)}
          </Time>
        </span>
        <span class="last clip">{row.text}</span>
        <span class="marks">
          <MessageState state={row.state} />
          <span class="clip">{channelWord(row.channel)}</span>
          {row.reason === "returned" ? <span class="clip">returned</span> : null}
        </span>
      </a>
    </li>
  );
};

const Queue = ({ view }: { view: ApprovalsView }) => (
  <section class="pane list" aria-label="Waiting for an approval">
    <div class="pane-head">
      <h1 class="unseen">Approvals</h1>
      <OutboundTabs current="approvals" />
    </div>
    <div class="pane-body">
      <ol>
        {view.waiting.data.length === 0 ? <li class="none">Nothing waits for an approval.</li> : null}
        {view.waiting.data.map((row) => (
          <Hit row={row} view={view} />
        ))}
      </ol>
      {view.waiting.has_more ? <p class="none">More follow as these are decided.</p> : null}
    </div>
  </section>
);

/** Where it goes, in words: a chat's address is its conversation. */
export const Recipient = ({ message }: { message: Pick<Review, "channel" | "recipient" | "thread"> }) => {
  const conversation = message.thread["conversation"];
  if (message.channel !== "chat" || typeof conversation !== "string") return <span>{message.recipient}</span>;
  return (
    <a class="link" href={`/console/conversations/${numberIn(conversation)}`}>
      Conversation #{numberIn(conversation)}
    </a>
  );
};

export const MessageFacts = ({ message, view }: { message: Review; view: Pick<ApprovalsView, "seat" | "people"> }) => (
  <dl class="about">
    <dt>To</dt>
    <dd>
      <a class="link" href={personPath(message.contact)}>
        {personName(message.person)}
      </a>
      , <Recipient message={message} />
    </dd>
    <dt>From</dt>
    <dd>
      {message.from.name}, {message.from.address}
      <span class="faint"> by {sentence(message.from.provider)}</span>
    </dd>
    <dt>Kind</dt>
    <dd>
      {channelWord(message.channel)} · {classWord(message.class)}
      {message.through_quiet ? " · through quiet hours" : ""}
    </dd>
    {message.sms ? (
      <>
        <dt>Cost</dt>
        <dd>
          <Cost sms={message.sms} />
        </dd>
      </>
    ) : null}
    <dt>Written</dt>
    <dd>
      by {whoWords(message.written_by, view.people)},{" "}
      <Time at={message.created_at} here={view.seat.here}>
        {dateTime(message.created_at, view.seat.here)}
      </Time>
    </dd>
    {message.note ? (
      <>
        <dt>{message.state === "draft" || message.state === "pending" ? "Returned with" : "A note"}</dt>
        <dd>{message.note}</dd>
      </>
    ) : null}
  </dl>
);

/** The words as they will be read. */
export const Words = ({ message }: { message: Pick<Review, "subject" | "text"> }) => (
  <div class="words">
    {message.subject ? <p class="strong">{message.subject}</p> : null}
    <p class="said">{message.text}</p>
  </div>
);

const changes = (seen: Seen, now: Review): { what: string; was: string; is: string }[] =>
  [
    { what: "Text", was: seen.text, is: now.text },
    { what: "Subject", was: seen.subject, is: now.subject ?? "" },
    { what: "Recipient", was: seen.recipient, is: now.recipient },
    { what: "State", was: sentence(seen.state), is: sentence(now.state) },
    { what: "Evidence", was: seen.evidence, is: now.evidence.join(" ") },
  ].filter(({ was, is }) => was.replaceAll("\r\n", "\n") !== is.replaceAll("\r\n", "\n"));

const Wrong = ({ wrong, message }: { wrong: NonNullable<ApprovalsView["wrong"]>; message: Review }) => (
  <div class="notice bad" role="alert">
    <Sign shape="warning" />
    <div>
      <p>{wrong.said}</p>
      {wrong.seen ? (
        <dl class="about changed">
          {changes(wrong.seen, message).map(({ what, was, is }) => (
            <>
              <dt>{what} was</dt>
              <dd>{was || "–"}</dd>
              <dt>{what} is now</dt>
              <dd>{is || "–"}</dd>
            </>
          ))}
        </dl>
      ) : null}
    </div>
  </div>
);

const Open = ({ message, view }: { message: Review; view: ApprovalsView }) => (
  <section class="pane thread message" aria-label="Message">
    <header class="pane-head thread-head">
      <a class="back" href="/console/approvals">
        <Sign shape="back" />
        <span class="unseen">Back to the list</span>
      </a>
      <div>
        <h2>
          <a href={approvalPath(message.id)}>{personName(message.person)}</a>
        </h2>
        <p class="facts">
          <MessageState state={message.state} />
          <span>{channelWord(message.channel)}</span>
          <span class="clip">
            <Recipient message={message} />
          </span>
          <MakeTask
            seat={view.seat}
            from={{
              table: "outbound.messages",
              pk: message.id,
              title: `Look at the message to ${personName(message.person)}`,
            }}
          />
        </p>
      </div>
    </header>
    <div class="pane-body sheet">
      {view.wrong ? <Wrong wrong={view.wrong} message={message} /> : null}
      <VerdictNote told={verdictWords(message, view.seat.here.now)} />
      <Words message={message} />
      <MessageFacts message={message} view={view} />
    </div>
    <ApprovalActs message={message} seat={view.seat} />
  </section>
);

const Beside = ({ view }: { view: ApprovalsView }) => (
  <aside class="pane beside" aria-label="Evidence">
    <div class="pane-head">
      <h2>Evidence</h2>
      <span class="small faint">{view.grounds ? `${counted(view.grounds.length, "piece")} it rests on` : ""}</span>
    </div>
    <div class="pane-body">
      <div class="evidence">
        <Grounds grounds={view.grounds} here={view.seat.here} />
      </div>
    </div>
  </aside>
);

const Nothing = () => (
  <section class="pane nothing" aria-label="Approvals">
    <div class="empty">
      <h2>Nothing waits for an approval</h2>
      <p>
        Messages that people, programs and campaigns want to send stand here until somebody approves them as they are.
      </p>
    </div>
  </section>
);

export const ApprovalsPage = ({ view }: { view: ApprovalsView }) =>
  view.message ? (
    <main class={`panes ${view.isChosen ? "open" : "next"}`}>
      <Queue view={view} />
      <Open message={view.message} view={view} />
      <Beside view={view} />
    </main>
  ) : (
    <main class="panes bare">
      <Queue view={view} />
      <Nothing />
    </main>
  );
