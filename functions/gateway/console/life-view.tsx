/** One message's life: what it says, what it rests on, everything that happened to it, and what may follow. */
import { MessageFacts, Words } from "./approvals-view.tsx";
import { Grounds, MessageState, Retry, Settle, VerdictNote, Withdraw } from "./outbound-tabs.tsx";
import { approvalPath, channelWord, messageStates, verdictWords, whoWords } from "./outbound-words.ts";
import { Reason } from "./outbox-view.tsx";
import type { Seat } from "./seat.ts";
import type { Ground, OutgoingLife, Review } from "./shapes.ts";
import { personName } from "./shapes.ts";
import { type Shape, Sign, Time, type Tone } from "./signs.tsx";
import { dateTime, sentence } from "./words.ts";

export type LifeView = {
  seat: Seat;
  life: OutgoingLife;
  review: Review;
  grounds: Ground[] | null;
  people: ReadonlyMap<string, string>;
};

type Moment = {
  at: string;
  what: string;
  who: string | null;
  reason: string | null;
  detail: string | null;
  request: string | null;
  tone: Tone;
  shape: Shape;
};

const happenings: Record<string, string> = {
  drafted: "Written as a draft",
  edited: "Edited",
  submitted_for_approval: "Approval asked for",
  approved: "Approved",
  returned: "Sent back to its writer",
  queued: "Put in the queue",
  cancelled: "Cancelled",
  stopped: "Did not leave",
  submitted: "The provider took it",
  sent: "The provider sent it on",
  delivered: "Delivered",
  read: "Read",
  failed: "Failed for good",
  unknown: "Its fate is unknown",
  resolved: "Said by hand what became of it",
  blocked_opt_out: "Blocked: opted out",
  draft: "Back to a draft",
};

const outcomes: Record<string, string> = {
  submitting: "under way",
  accepted: "taken",
  later: "not taken for now",
  refused: "refused",
  unknown: "no clear answer",
  found: "found at the provider",
  absent: "not at the provider",
};

const looksOf = (state: string): { tone: Tone; shape: Shape } =>
  messageStates[state] ?? { tone: "plain", shape: "dot" };

function momentsOf(view: LifeView): Moment[] {
  const { life, people } = view;
  const told = life.timeline.flatMap(({ kind, actor, reason, at, request }): Moment[] => {
    const name = kind.replace(/^outbound\.message\./, "");
    // The attempt itself is a line of its own.
    if (name === "submitting") return [];
    const isMachine = actor.startsWith("system:") || actor.startsWith("source:");
    const what = happenings[name] ?? sentence(name.replaceAll(".", " "));
    return [
      { at, what, who: isMachine ? null : whoWords(actor, people), reason, detail: null, request, ...looksOf(name) },
    ];
  });
  const tried = life.tried.map((one): Moment => {
    const isBad = one.outcome === "refused" || one.outcome === "unknown";
    const status = one.http_status ? `status ${one.http_status}` : "";
    const detail = [status, one.provider_message_id ?? ""].filter((part) => part).join(" · ");
    return {
      at: one.started_at,
      what: `Attempt ${one.number}: ${outcomes[one.outcome] ?? one.outcome}`,
      who: null,
      reason: one.reason,
      detail: detail || null,
      request: null,
      tone: isBad ? "bad" : one.outcome === "later" ? "wait" : "busy",
      shape: isBad ? "warning" : one.outcome === "later" ? "clock" : "send",
    };
  });
  const isTold = told.some(({ what }) => what === happenings["drafted"]);
  const written: Moment = {
    at: life.created_at,
    what: "Written as a draft",
    who: told.some(({ what }) => what === happenings["edited"]) ? null : whoWords(life.written_by, people),
    reason: null,
    detail: null,
    request: null,
    tone: "plain",
    shape: "ring",
  };
  return [...(isTold ? [] : [written]), ...told, ...tried].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

const MomentLine = ({ moment, seat }: { moment: Moment; seat: Seat }) => (
  <li class={`moment ${moment.tone}`}>
    <Sign shape={moment.shape} />
    <div>
      <p>
        <b>{moment.what}</b>
        {moment.who ? <span class="soft"> by {moment.who}</span> : null}
      </p>
      {moment.reason ? (
        <p class="small soft">
          <Reason code={moment.reason} />
        </p>
      ) : null}
      {moment.detail ? <p class="small faint mono">{moment.detail}</p> : null}
    </div>
    <p class="small faint when">
      <Time at={moment.at} here={seat.here}>
        {dateTime(moment.at, seat.here)}
      </Time>
      {moment.request ? (
        <a
          class="mono"
          href={`/console/ledger?request=${encodeURIComponent(moment.request)}`}
          title={`Everything of request ${moment.request}`}
        >
          …{moment.request.slice(-8)}
        </a>
      ) : null}
    </p>
  </li>
);

const Follows = ({ view }: { view: LifeView }) => {
  const { life, seat } = view;
  const words = life.allowed.map((state) => (messageStates[state]?.word ?? sentence(state)).toLowerCase());
  const mayWrite = seat.permissions.includes("outbound:write");
  const isWaiting = life.state === "draft" || life.state === "pending";
  return (
    <div class="follows">
      <p class="small soft">
        {words.length > 0 ? `From here it can become: ${words.join(", ")}.` : "This is where its life ends."}
      </p>
      <div class="actions">
        {isWaiting || life.state === "approved" || life.state === "queued" ? (
          <a class="button slight" href={approvalPath(life.id)}>
            {isWaiting ? "Read and approve" : "Open to change it"}
          </a>
        ) : null}
        {mayWrite && (life.state === "failed" || life.state === "approved") ? (
          <Retry id={life.id} csrf={seat.csrf} />
        ) : null}
        {mayWrite && life.allowed.includes("cancelled") ? <Withdraw id={life.id} csrf={seat.csrf} /> : null}
      </div>
      {life.state === "unknown" && seat.permissions.includes("outbound:operate") ? (
        <Settle id={life.id} version={life.version} csrf={seat.csrf} />
      ) : null}
    </div>
  );
};

export const LifePage = ({ view }: { view: LifeView }) => {
  const { life, review, seat } = view;
  return (
    <main class="page">
      <header class="page-head">
        <div>
          <p class="small">
            <a class="link" href="/console/outbox">
              Outbox
            </a>
          </p>
          <h1>{personName(life.person)}</h1>
          <p class="facts-line">
            <MessageState state={life.state} /> <span>{channelWord(life.channel)}</span>
            {life.reason ? (
              <span>
                <Reason code={life.reason} />
              </span>
            ) : null}
          </p>
        </div>
      </header>
      <div class="life">
        <section class="said-side">
          <VerdictNote told={verdictWords(review, seat.here.now)} />
          <Words message={review} />
          <MessageFacts message={review} view={view} />
          <h2>Evidence</h2>
          <div class="grounds">
            <Grounds grounds={view.grounds} here={seat.here} />
          </div>
        </section>
        <section>
          <h2>What happened</h2>
          <ol class="moments">
            {momentsOf(view).map((moment) => (
              <MomentLine moment={moment} seat={seat} />
            ))}
          </ol>
          <Follows view={view} />
        </section>
      </div>
    </main>
  );
};
