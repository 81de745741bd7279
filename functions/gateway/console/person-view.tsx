/** One person as whoever writes to him sees him: the ways to reach him, what he has said about it, what was sent. */
import { MessageState } from "./outbound-tabs.tsx";
import { channelWord, messagePath, momentAt, writePath, zoneName } from "./outbound-words.ts";
import { outboxPath } from "./outbox-view.tsx";
import type { Seat } from "./seat.ts";
import type { Conversation, Outgoing, Ways } from "./shapes.ts";
import { conversationPath, personName } from "./shapes.ts";
import { ConversationState, State, Time } from "./signs.tsx";
import { counted, dateTime, shortTime, span } from "./words.ts";

export type PersonView = { seat: Seat; ways: Ways; messages: Outgoing[]; conversations: Conversation[] };

type Policy = Ways["policies"][number];

const causes: Record<string, string> = {
  keyword: "by writing STOP",
  link: "by the link in a message",
  provider: "at the provider",
  complaint: "by a complaint",
  operator: "as noted by a colleague",
};

const suppressions: Record<string, string> = {
  ...causes,
  bounce: "the address bounces",
  invalid: "the address is not valid",
};

const PolicyState = ({ policy, seat }: { policy: Policy; seat: Seat }) => {
  if (policy.opted_out_at)
    return (
      <State tone="bad" shape="lock">
        Opted out {causes[policy.opted_out_by ?? ""] ?? ""},{" "}
        <Time at={policy.opted_out_at} here={seat.here}>
          {dateTime(policy.opted_out_at, seat.here)}
        </Time>
      </State>
    );
  if (policy.held_at)
    return (
      <State tone="wait" shape="half">
        Held for a colleague to decide, since{" "}
        <Time at={policy.held_at} here={seat.here}>
          {dateTime(policy.held_at, seat.here)}
        </Time>
      </State>
    );
  return (
    <State tone="good" shape="done">
      May be written to
    </State>
  );
};

const Policies = ({ view }: { view: PersonView }) => {
  const { policies, consents } = view.ways;
  const channels = [...new Set([...policies.map(({ channel }) => channel), ...consents.map(({ channel }) => channel)])];
  return (
    <section>
      <h2>What this person has said about it</h2>
      {channels.length === 0 ? (
        <p class="soft">Nothing yet: the project’s rules apply, and marketing needs a consent.</p>
      ) : (
        <dl class="about policies">
          {channels.map((channel) => {
            const consent = consents.find((one) => one.channel === channel);
            return (
              <>
                <dt>{channelWord(channel)}</dt>
                <dd>
                  {policies
                    .filter((one) => one.channel === channel)
                    .map((policy) => (
                      <p>
                        <PolicyState policy={policy} seat={view.seat} />
                        {policy.brand ? <span class="faint"> for {policy.brand}</span> : null}
                        {policy.cap_count === null ? null : (
                          <span class="faint">
                            {" "}
                            at most {counted(policy.cap_count, "message")}
                            {policy.cap_seconds === null ? "" : ` in ${span(policy.cap_seconds * 1000)}`}
                          </span>
                        )}
                      </p>
                    ))}
                  {consent ? (
                    <p class="soft">
                      {consent.granted ? "Consented to marketing" : "Took the consent to marketing back"},{" "}
                      <Time at={consent.at} here={view.seat.here}>
                        {dateTime(consent.at, view.seat.here)}
                      </Time>
                    </p>
                  ) : null}
                </dd>
              </>
            );
          })}
        </dl>
      )}
    </section>
  );
};

const Reach = ({ view }: { view: PersonView }) => {
  const { ways, zones } = view.ways;
  const { now } = view.seat.here;
  const zone = zones[0] ?? "UTC";
  return (
    <section>
      <h2>How to reach this person</h2>
      <p class="small soft">
        {zones.length === 1
          ? `It is ${momentAt(now.toISOString(), { now, timezone: zone })} in ${zoneName(zone)}.`
          : `May be in one of ${zones.length} time zones; quiet hours hold in each.`}
      </p>
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
        <h1>{personName(view.ways.name)}</h1>
        {view.ways.erased ? <p>The record of this person was erased.</p> : null}
      </div>
      {view.seat.permissions.includes("outbound:write") && !view.ways.erased ? (
        <a class="button chief" href={writePath(view.ways.contact)}>
          Write to this person
        </a>
      ) : null}
    </header>
    <div class="life">
      <Reach view={view} />
      <Policies view={view} />
    </div>
    <Messages view={view} />
    {view.conversations.length > 0 ? <Conversations rows={view.conversations} /> : null}
  </main>
);
