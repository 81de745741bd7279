/** The left pane: conversations, the one with the newest message first. */
import type { Conversation, Listed } from "./shapes.ts";
import { conversationPath, personName } from "./shapes.ts";
import { ConversationState, Sign, Time } from "./signs.tsx";
import { channelName, counted, type Here, initials, shortTime } from "./words.ts";

export const statusTabs = ["open", "pending", "resolved"] as const;
export type StatusTab = (typeof statusTabs)[number];

export type ListView = {
  here: Here;
  conversations: Listed<Conversation>;
  status: StatusTab | undefined;
  selected?: number;
};

const tabs: readonly { status: StatusTab | undefined; name: string }[] = [
  { status: undefined, name: "All" },
  { status: "open", name: "Open" },
  { status: "pending", name: "Pending" },
  { status: "resolved", name: "Resolved" },
];

const lastAuthor = (author: string | null): string =>
  author === null || author === "contact" ? "" : author === "agent_bot" ? "Bot: " : "Staff: ";

const Hit = ({ row, view }: { row: Conversation; view: ListView }) => {
  const name = personName(row.contact?.name, row.contact?.number);
  const at = row.last_message_at ?? row.created_at;
  const query = view.status ? `?status=${view.status}` : "";
  return (
    <li id={`c-${row.number}`}>
      <a
        class="hit"
        href={`${conversationPath(row.number)}${query}`}
        data-item
        {...(view.selected === row.number ? { "aria-current": "true" } : {})}
      >
        <span class="face" aria-hidden="true">
          {initials(name)}
        </span>
        <span class="top">
          <span class="strong clip">{name}</span>
          <Time at={at} here={view.here}>
            {shortTime(at, view.here)}
          </Time>
        </span>
        <span class="last clip">{row.last_text ? `${lastAuthor(row.last_author)}${row.last_text}` : "No text"}</span>
        <span class="marks">
          <ConversationState status={row.status} />
          {row.channel ? <span class="clip">{channelName(row.channel)}</span> : null}
          {row.waiting > 0 ? (
            <span class="state wait push" title={`${counted(row.waiting, "passage")} not remembered yet`}>
              <Sign shape="clock" size={14} />
              {row.waiting}
              <span class="unseen"> waiting to be remembered</span>
            </span>
          ) : null}
          {row.unread ? (
            <span class={row.waiting > 0 ? "count" : "count push"}>
              {row.unread}
              <span class="unseen"> unread</span>
            </span>
          ) : null}
        </span>
      </a>
    </li>
  );
};

export const ConversationList = ({ view }: { view: ListView }) => (
  <section class="pane list" aria-label="Conversations">
    <div class="pane-head">
      <h1 class="unseen">Conversations</h1>
      <nav class="tabs" aria-label="Status">
        {tabs.map(({ status, name }) => (
          <a
            href={status ? `/console?status=${status}` : "/console"}
            {...(status === view.status ? { "aria-current": "true" } : {})}
          >
            {name}
          </a>
        ))}
      </nav>
    </div>
    <div class="pane-body">
      <ConversationRows view={view} />
      {view.conversations.more ? (
        <a class="more" href={view.conversations.more}>
          Older conversations
        </a>
      ) : null}
    </div>
  </section>
);

/** The part that is asked for again while one looks at it. */
export const ConversationRows = ({ view }: { view: ListView }) => (
  <ol data-part="list" data-pieces>
    {view.conversations.data.length === 0 ? (
      <li id="c-none" class="none">
        {view.status ? `No ${view.status} conversation.` : "No conversation yet."}
      </li>
    ) : (
      view.conversations.data.map((row) => <Hit row={row} view={view} />)
    )}
  </ol>
);
