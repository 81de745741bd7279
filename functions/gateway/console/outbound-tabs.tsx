/** What the pages of outbound share: their tabs, a message's state, its verdict and what it rests on. */
import { offerPath } from "./offer-words.ts";
import { messagePath, messageStates, type Told } from "./outbound-words.ts";
import type { Ground } from "./shapes.ts";
import { documentPath, numberIn, personName, turnPath } from "./shapes.ts";
import { Sign, State, Time } from "./signs.tsx";
import { dateTime, type Here, sentence } from "./words.ts";
import { worldPath } from "./world-words.ts";

const tabs = [
  { key: "approvals", path: "/console/approvals", name: "Approvals" },
  { key: "outbox", path: "/console/outbox", name: "Outbox" },
  { key: "promises", path: "/console/promises", name: "Promises" },
  { key: "wishes", path: "/console/wishes", name: "Wishes" },
  { key: "campaigns", path: "/console/campaigns", name: "Campaigns" },
  { key: "segments", path: "/console/segments", name: "Segments" },
  { key: "templates", path: "/console/templates", name: "Templates" },
  { key: "senders", path: "/console/senders", name: "Senders" },
  { key: "rules", path: "/console/rules", name: "Rules" },
] as const;

export type OutboundTab = (typeof tabs)[number]["key"];

export const OutboundTabs = ({ current }: { current?: OutboundTab }) => (
  <nav class="tabs" aria-label="Outbound">
    {tabs.map(({ key, path, name }) => (
      <a href={path} {...(key === current ? { "aria-current": "page" } : {})}>
        {name}
      </a>
    ))}
  </nav>
);

export const MessageState = ({ state }: { state: string }) => {
  const { tone, shape, word } = messageStates[state] ?? { tone: "plain", shape: "ring", word: sentence(state) };
  return (
    <State tone={tone} shape={shape}>
      {word}
    </State>
  );
};

/** What would become of it at this moment. */
export const VerdictNote = ({ told }: { told: Told | null }) =>
  told ? (
    <p class={`notice verdict ${told.tone}`}>
      <Sign shape={told.shape} />
      <span>
        <b>{told.said}</b>
        {told.why ? <span class="soft"> {told.why}</span> : null}
      </span>
    </p>
  ) : null;

const textIn = (row: Record<string, unknown> | null): string | null => {
  const found = row && [row["content"], row["body"], row["text"], row["title"]].find((one) => typeof one === "string");
  return typeof found === "string" && found.trim() ? found : null;
};

const authorIn = (row: Record<string, unknown> | null): string | null => {
  const data = row?.["data"] as { sender?: { name?: unknown } } | undefined;
  const name = data?.sender?.name;
  if (typeof name === "string" && name.trim()) return name;
  return row?.["sender_type"] === "contact" ? personName(null) : null;
};

const Origin = ({ ground }: { ground: Ground }) => {
  const { source, row } = ground;
  if (!source)
    return ground.id.startsWith("fct_") ? (
      <a class="link" href={`${worldPath}/fact/${encodeURIComponent(ground.id)}`}>
        A fact we know
      </a>
    ) : null;
  if (source.table === "outbound.messages")
    return (
      <a class="link" href={messagePath(source.pk)}>
        Written by us
      </a>
    );
  const conversation = row?.["conversation_global_id"];
  if (source.table === "inbox.cw_messages" && typeof conversation === "string")
    return (
      <a class="link" href={turnPath(conversation, source.pk)}>
        Conversation #{numberIn(conversation)}
      </a>
    );
  if (source.table === "vault.documents")
    return (
      <a class="link" href={documentPath(source.pk)}>
        Document
      </a>
    );
  if (source.table === "crm.offers")
    return (
      <a class="link" href={offerPath(source.pk)}>
        Offer
      </a>
    );
  return <span>{source.table}</span>;
};

const Proof = ({ ground, here }: { ground: Ground; here: Here }) => {
  const text = textIn(ground.row);
  const author = authorIn(ground.row);
  return (
    <li class="passage">
      {text ? (
        <blockquote>{text}</blockquote>
      ) : ground.id.startsWith("fct_") ? null : (
        <blockquote>
          <span class="faint">{ground.source ? "Its words are not here any more" : "There is no such evidence"}</span>
        </blockquote>
      )}
      <p class="about">
        {author ? <span class="strong">{author}</span> : null}
        {ground.occurred_at ? (
          <Time at={ground.occurred_at} here={here}>
            {dateTime(ground.occurred_at, here)}
          </Time>
        ) : null}
        {ground.row?.["private"] === true ? (
          <State tone="wait" shape="lock">
            Private note
          </State>
        ) : null}
        {ground.withdrawn_at ? (
          <State tone="bad" shape="warning">
            Withdrawn since
          </State>
        ) : null}
        <Origin ground={ground} />
        <span class="mono" title={ground.id}>
          {`…${ground.id.slice(-5)}`}
          {ground.version && ground.version > 1 ? ` v${ground.version}` : ""}
        </span>
      </p>
    </li>
  );
};

/** `grounds` is null where the reader may not open evidence. */
export const Grounds = ({ grounds, here }: { grounds: Ground[] | null; here: Here }) =>
  grounds === null ? (
    <p class="soft small passage">Your role in this project does not include reading evidence.</p>
  ) : grounds.length === 0 ? (
    <p class="soft small passage">It names nothing that it rests on, so nobody can approve it.</p>
  ) : (
    <ol>
      {grounds.map((ground) => (
        <Proof ground={ground} here={here} />
      ))}
    </ol>
  );

export const Retry = ({ id, csrf }: { id: string; csrf: string }) => (
  <form method="post" action={`${messagePath(id)}/send`}>
    <input type="hidden" name="csrf" value={csrf} />
    <button class="button slight" type="submit">
      Send again
    </button>
  </form>
);

/** Of a message whose provider cannot be asked: whoever has looked there says what became of it. */
export const Settle = ({ id, version, csrf }: { id: string; version: number; csrf: string }) => (
  <form class="settle" method="post" action={`${messagePath(id)}/resolve`}>
    <input type="hidden" name="csrf" value={csrf} />
    <input type="hidden" name="version" value={version} />
    <label class="field">
      <span class="label">What became of it, and how you know</span>
      <input name="reason" required={true} minlength={3} maxlength={500} autocomplete="off" />
    </label>
    <div class="actions">
      <button class="button slight" type="submit" name="sent" value="yes">
        It was sent
      </button>
      <button class="button slight" type="submit" name="sent" value="no">
        It was not: send it
      </button>
    </div>
  </form>
);

export const Withdraw = ({ id, csrf }: { id: string; csrf: string }) => (
  <form method="post" action={`${messagePath(id)}/cancel`}>
    <input type="hidden" name="csrf" value={csrf} />
    <button class="button slight" type="submit">
      Cancel
    </button>
  </form>
);
