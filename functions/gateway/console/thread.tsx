/** The middle pane: what was said, turn by turn, with what was private, edited or deleted said in words. */
import type { Child } from "hono/jsx";
import { newJobPath } from "./job-words.ts";
import { MakeTask } from "./make-task.tsx";
import { writePath } from "./outbound-words.ts";
import type { Conversation, Listed, Message } from "./shapes.ts";
import { conversationPath, personName } from "./shapes.ts";
import { ConversationState, Sign, Time } from "./signs.tsx";
import { ago, channelName, clockTime, counted, dateTime, dayName, fileSize, type Here, sentence } from "./words.ts";
import { WriteBox, type WriteView } from "./write-box.tsx";

export type ThreadView = {
  here: Here;
  conversation: Conversation;
  /** Newest first, as the verb tells them. */
  messages: Listed<Message>;
  /** Where the newest turns are, when these are older ones. */
  later: string | null;
  backTo: string;
  mayAskAs: boolean;
  /** Null where the reader may not write. */
  write: WriteView | null;
  mayWrite: boolean;
  permissions: readonly string[];
};

const authorName = (message: Message, view: ThreadView): string => {
  const { type, name } = message.author;
  if (name) return name;
  if (type === "contact") return personName(view.conversation.contact?.name, view.conversation.contact?.number);
  if (type === "agent_bot") return "Bot";
  return message.kind === "template" || message.kind === "activity" ? "Chatwoot" : "Staff";
};

/** Only what a browser may open: other schemes in a payload are somebody's trick. */
const isOpenable = (url: string | null): url is string => url !== null && /^https?:\/\//i.test(url);

const Files = ({ message }: { message: Message }) =>
  message.attachments.length === 0 ? null : (
    <ul class="files" aria-label="Attachments">
      {message.attachments.map((file) => {
        const name = [sentence(file.kind ?? "file"), file.name, file.bytes === null ? null : fileSize(file.bytes)];
        const text = name.filter((part) => part).join(" · ");
        return (
          <li class="file">
            <Sign shape="file" size={14} />
            {isOpenable(file.url) ? (
              <a class="link" href={file.url} rel="noreferrer noopener" target="_blank">
                {text}
              </a>
            ) : (
              text
            )}
          </li>
        );
      })}
    </ul>
  );

const Said = ({ message, here }: { message: Message; here: Here }) => {
  if (message.deleted_at) {
    return (
      <p class="said gone">
        Deleted on <time datetime={message.deleted_at}>{dateTime(message.deleted_at, here)}</time>; the text is gone
        here too
      </p>
    );
  }
  if (message.removed_at) {
    return (
      <p class="said gone">
        Removed by retention on <time datetime={message.removed_at}>{dateTime(message.removed_at, here)}</time>
      </p>
    );
  }
  return message.text ? <p class="said">{message.text}</p> : null;
};

const Turn = ({ message, view }: { message: Message; view: ThreadView }) => {
  const isOurs = message.author.type !== "contact" && message.kind !== "incoming";
  const shape = message.private ? "turn inside" : isOurs ? "turn ours" : "turn";
  return (
    <li class={shape} id={`turn-${message.number}`}>
      <p class="by">
        {message.private ? <Sign shape="lock" size={14} /> : null}
        <b>{authorName(message, view)}</b>
        {message.private ? <b>Private note, staff only</b> : null}
        {message.author.type === "agent_bot" ? <span>Bot</span> : null}
        <span>
          <Time at={message.created_at} here={view.here}>
            {clockTime(message.created_at, view.here)}
          </Time>
          {message.edited && !message.deleted_at && !message.removed_at ? (
            <Edited message={message} here={view.here} />
          ) : null}
        </span>
        {message.text && !message.deleted_at && !message.removed_at ? (
          <MakeTask
            seat={view}
            from={{ table: "inbox.cw_messages", pk: message.id, title: message.text }}
            look="plan-it"
          >
            <Sign shape="ledger" size={14} />
          </MakeTask>
        ) : null}
      </p>
      <Said message={message} here={view.here} />
      {message.deleted_at ? null : <Files message={message} />}
    </li>
  );
};

const Edited = ({ message, here }: { message: Message; here: Here }) => (
  <>
    {", edited"}
    {message.updated_at ? (
      <>
        {" "}
        <Time at={message.updated_at} here={here}>
          {dayName(message.updated_at, here) === dayName(message.created_at, here)
            ? clockTime(message.updated_at, here)
            : dateTime(message.updated_at, here)}
        </Time>
      </>
    ) : null}
  </>
);

/** Turns in the order they were said, with a line where a day begins. */
export const Turns = ({ view }: { view: ThreadView }) => {
  const days = Map.groupBy(view.messages.data.toReversed(), (message) => dayName(message.created_at, view.here));
  return (
    <ol class="turns" data-part="turns" data-pieces aria-live="polite">
      {view.messages.more ? (
        <li id="turn-older">
          <a class="more" href={view.messages.more}>
            Earlier turns
          </a>
        </li>
      ) : null}
      {view.messages.data.length === 0 ? (
        <li id="turn-none" class="day">
          Nothing was said yet
        </li>
      ) : null}
      {[...days].map(([day, messages]) => (
        <>
          <li class="day" id={`day-${messages[0]?.number}`}>
            {day}
          </li>
          {messages.map((message) => (
            <Turn message={message} view={view} />
          ))}
        </>
      ))}
      {view.later ? (
        <li id="turn-later">
          <a class="more" href={view.later}>
            Later turns
          </a>
        </li>
      ) : null}
    </ol>
  );
};

/** `extra` ones are left out where there is little room. */
const Fact = ({ kind, children }: { kind?: "extra"; children?: Child }) => <span class={kind ?? ""}>{children}</span>;

export const ThreadHead = ({ view }: { view: ThreadView }) => {
  const { conversation, here } = view;
  const person = conversation.contact?.person;
  return (
    <header class="pane-head thread-head" data-part="head">
      <a class="back" href={view.backTo}>
        <Sign shape="back" />
        <span class="unseen">Back to the list</span>
      </a>
      <div>
        <h2>
          <a href={conversationPath(conversation.number)}>
            {personName(conversation.contact?.name, conversation.contact?.number)}
          </a>
        </h2>
        <p class="facts">
          <ConversationState status={conversation.status} />
          <Fact>#{conversation.number}</Fact>
          {conversation.channel ? <Fact>{channelName(conversation.channel)}</Fact> : null}
          <Fact kind="extra">{counted(conversation.turns, "turn")}</Fact>
          {conversation.last_message_at ? (
            <Fact kind="extra">
              Last heard{" "}
              <Time at={conversation.last_message_at} here={here}>
                {ago(conversation.last_message_at, here)}
              </Time>
            </Fact>
          ) : null}
        </p>
      </div>
      {view.mayWrite && person ? (
        <a class="button slight push" href={writePath(person, conversation.number)}>
          Write
        </a>
      ) : null}
      {view.mayWrite && person ? (
        <a class="button slight roomy" href={newJobPath(person)}>
          New job
        </a>
      ) : null}
      {view.mayAskAs && person ? (
        <a
          class={view.mayWrite ? "button slight roomy" : "button slight push roomy"}
          href={`/console/ask?contact=${encodeURIComponent(person)}`}
        >
          Ask as contact
        </a>
      ) : null}
    </header>
  );
};

export const Thread = ({ view }: { view: ThreadView }) => (
  <section class="pane thread" aria-label="Conversation">
    <ThreadHead view={view} />
    <div class="pane-body talk">
      <Turns view={view} />
    </div>
    {view.write ? <WriteBox view={view.write} /> : null}
  </section>
);
