/** One person as whoever writes to him sees him: the ways to reach him, what he has said about it, what was sent. */
import { Erase } from "./erasure-view.tsx";
import { newJobPath } from "./job-words.ts";
import { offersPath } from "./offer-words.ts";
import { MessageState } from "./outbound-tabs.tsx";
import { channelWord, messagePath, momentAt, writePath, zoneName } from "./outbound-words.ts";
import { outboxPath } from "./outbox-view.tsx";
import { About, type AboutView } from "./person-edit.tsx";
import { Timeline, type TimelineView } from "./person-timeline.tsx";
import { Holds, Policies, suppressions } from "./policies-view.tsx";
import type { Seat } from "./seat.ts";
import type { Conversation, Hold, Outgoing, Stands, Uses, Ways } from "./shapes.ts";
import { conversationPath, personName } from "./shapes.ts";
import { ConversationState, State, Time } from "./signs.tsx";
import { UsesOf } from "./uses-view.tsx";
import { shortTime } from "./words.ts";
import { worldPath } from "./world-words.ts";

/** A form that was refused: which, what was wrong, and what was typed into it. */
export type Wrong = { act: string; channel: string; said: string[]; typed: ReadonlyMap<string, string> };

export type PersonView = {
  seat: Seat;
  ways: Ways;
  stands: Stands;
  holds: Hold[];
  /** Null where the reader may not know. */
  about: AboutView | null;
  timeline: TimelineView | null;
  /** Null where the reader may not know. */
  uses: Uses | null;
  messages: Outgoing[];
  conversations: Conversation[];
  wrong?: Wrong;
};

/** Quiet hours as they are for this person at this moment. */
const Quiet = ({ view }: { view: PersonView }) => {
  const { zones, quiet } = view.ways;
  const { now } = view.seat.here;
  const zone = zones[0] ?? "UTC";
  const hours = `Quiet from ${quiet.from} to ${quiet.until}`;
  if (quiet.from === quiet.until) return <p class="small soft">The project has no quiet hours.</p>;
  return (
    <p class="small soft">
      {zones.length === 1
        ? `It is ${momentAt(now.toISOString(), { now, timezone: zone })} in ${zoneName(zone)}. ${hours} there: `
        : `May be in one of ${zones.length} time zones. ${hours} in each: `}
      {quiet.ends_at === null
        ? "they share no waking hour, so nothing but replies is sent."
        : quiet.is_now
          ? `messages wait until ${momentAt(quiet.ends_at, { now, timezone: zone })}.`
          : "messages may leave now."}
    </p>
  );
};

const Reach = ({ view }: { view: PersonView }) => {
  const { ways } = view.ways;
  return (
    <section class="reach">
      <h2>How to reach this person</h2>
      <Quiet view={view} />
      <dl class="about">
        {ways.map((way) => (
          <>
            <dt>{channelWord(way.channel)}</dt>
            <dd>
              {way.address ?? (way.channel === "chat" ? "in the conversation itself" : "no address")}
              <span class="faint">
                {" "}
                from {way.name}, {way.from}
              </span>
              {way.suppressed ? (
                <State tone="bad" shape="lock">
                  Not to be written to: {suppressions[way.suppressed] ?? way.suppressed}
                </State>
              ) : null}
            </dd>
          </>
        ))}
      </dl>
      {ways.length === 0 ? <p class="soft">No sender is set up in this project yet.</p> : null}
    </section>
  );
};

const Messages = ({ view }: { view: PersonView }) => (
  <section>
    <h2>Written to this person</h2>
    <ol class="brief-list">
      {view.messages.map((row) => (
        <li>
          <a href={messagePath(row.id)} data-item>
            <span class="clip">{row.text}</span>
            <MessageState state={row.state} />
            <Time at={row.updated_at} here={view.seat.here}>
              {shortTime(row.updated_at, view.seat.here)}
            </Time>
          </a>
        </li>
      ))}
    </ol>
    {view.messages.length === 0 ? (
      <p class="soft">Nothing yet.</p>
    ) : (
      <a class="more" href={outboxPath({ contact: view.ways.contact })}>
        All of them
      </a>
    )}
  </section>
);

const Conversations = ({ rows }: { rows: Conversation[] }) => (
  <section>
    <h2>Conversations</h2>
    <ol class="brief-list">
      {rows.map((row) => (
        <li>
          <a href={conversationPath(row.number)} data-item>
            <span class="clip">
              #{row.number} {row.last_text ?? ""}
            </span>
            <ConversationState status={row.status} />
          </a>
        </li>
      ))}
    </ol>
  </section>
);

export const PersonPage = ({ view }: { view: PersonView }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <h1>{view.ways.erased ? "Somebody who was erased" : personName(view.ways.name)}</h1>
        {view.ways.erased ? <p>Who this was is forgotten. What is left holds no words of the person.</p> : null}
      </div>
      <div class="actions">
        {view.seat.permissions.includes("world:read") && !view.ways.erased ? (
          <a class="button" href={`${worldPath}?contact=${encodeURIComponent(view.ways.contact)}`}>
            What we know
          </a>
        ) : null}
        {view.seat.permissions.includes("crm:write") && !view.ways.erased ? (
          <a class="button" href={`${offersPath}/new?contact=${encodeURIComponent(view.ways.contact)}`}>
            Write an offer
          </a>
        ) : null}
        {view.seat.permissions.includes("field:write") && !view.ways.erased ? (
          <a class="button" href={newJobPath(view.ways.contact)}>
            New job
          </a>
        ) : null}
        {view.seat.permissions.includes("outbound:write") && !view.ways.erased ? (
          <a class="button chief" href={writePath(view.ways.contact)}>
            Write to this person
          </a>
        ) : null}
      </div>
    </header>
    <Holds view={view} />
    <div class="life">
      {view.about && !view.ways.erased ? <About view={view.about} /> : null}
      <div class="said-side">
        {view.ways.erased ? null : (
          <>
            <Reach view={view} />
            <Policies view={view} />
          </>
        )}
        {view.uses && !view.ways.erased ? <UsesOf view={view} uses={view.uses} /> : null}
      </div>
    </div>
    {view.timeline ? <Timeline view={view.timeline} /> : null}
    <Messages view={view} />
    {view.conversations.length > 0 ? <Conversations rows={view.conversations} /> : null}
    {view.seat.permissions.includes("privacy:erase") && !view.ways.erased ? (
      <Erase seat={view.seat} kind="person" id={view.ways.contact} />
    ) : null}
  </main>
);
