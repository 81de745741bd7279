/** Writing to a person: by which way, what it is about, what it rests on, and what it costs. Saved, it is a draft. */
import { alphabets } from "#brain/outbound/index.ts";
import { channelWord, personPath, writePath } from "./outbound-words.ts";
import type { Seat } from "./seat.ts";
import type { Conversation, Passage, Review, Ways } from "./shapes.ts";
import { conversationPath, personName } from "./shapes.ts";
import { Sign, Time } from "./signs.tsx";
import { Cost } from "./sms-cost.tsx";
import { dateTime } from "./words.ts";

export type Typed = { way: string; class: string; subject: string; text: string; evidence: string[]; again: boolean };

export type WriteView = {
  seat: Seat;
  ways: Ways;
  /** The conversation it is written from; its passages can be picked. */
  conversation: Conversation | null;
  passages: Passage[];
  /** His conversations, where it is not written from one. */
  conversations: Conversation[];
  typed: Typed;
  preview: Review["sms"] | undefined;
  said: string[];
};

type Way = { value: string; name: string; lacks: string | null };

export function waysOf(view: Pick<WriteView, "ways" | "conversation">): Way[] {
  const { ways, conversation } = view;
  const direct = ways.ways.flatMap((way): Way[] => {
    if (way.channel === "chat") {
      if (!conversation || !accountFits(way.from, conversation)) return [];
      return [{ value: `chat|${way.sender}`, name: `Chat, conversation #${conversation.number}`, lacks: null }];
    }
    const name = `${channelWord(way.channel)} from ${way.name}${way.address ? ` to ${way.address}` : ""}`;
    const lacks = way.address === null ? "no address" : way.suppressed ? "opted out" : null;
    return [{ value: `${way.channel}|${way.sender}`, name, lacks }];
  });
  return direct.toSorted((a, b) => Number(a.lacks !== null) - Number(b.lacks !== null));
}

/** `cw:<project>:<account>:<number>`: an account's sender writes into its own conversations. */
const accountFits = (account: string, conversation: Conversation): boolean =>
  !/^\d+$/.test(account) || conversation.id.split(":").at(-2) === account;

const Choice = ({ name, value, label, checked }: { name: string; value: string; label: string; checked: boolean }) => (
  <label>
    <input type="radio" name={name} value={value} checked={checked} />
    {label}
  </label>
);

const Evidence = ({ view }: { view: WriteView }) => {
  const picked = new Set(view.typed.evidence);
  const known = new Map(view.passages.flatMap((one) => (one.evidence ? [[one.evidence.id, one] as const] : [])));
  if (!view.conversation) {
    return (
      <section>
        <h2>Evidence</h2>
        <p class="soft">
          {view.conversations.length > 0
            ? "What it rests on is picked from a conversation. Write from one of these:"
            : "What it rests on is picked from a conversation; this person has none yet."}
        </p>
        <p class="tries">
          {view.conversations.map(({ number }) => (
            <a href={writePath(view.ways.contact, number)}>#{number}</a>
          ))}
        </p>
      </section>
    );
  }
  return (
    <fieldset class="picks">
      <legend>
        Evidence <span class="faint">what it rests on; without any, nobody can approve it</span>
      </legend>
      {[...known].map(([id, passage]) => (
        <label class="pick">
          <input type="checkbox" name={`evidence-${id}`} value="1" checked={picked.has(id)} />
          <span>
            <span class="snippet">{passage.text}</span>
            <span class="small faint">
              <Time at={passage.occurred_at} here={view.seat.here}>
                {dateTime(passage.occurred_at, view.seat.here)}
              </Time>
              {passage.visibility === "internal" ? " · staff only" : ""}
            </span>
          </span>
        </label>
      ))}
      {known.size === 0 ? <p class="soft">Nothing of this conversation is remembered yet.</p> : null}
    </fieldset>
  );
};

const Said = ({ said }: { said: string[] }) => (
  <div class="notice bad" role="alert">
    <Sign shape="warning" />
    <div>
      {said.map((one) => (
        <p>{one}</p>
      ))}
    </div>
  </div>
);

const classes = (view: WriteView) => [
  ...(view.conversation ? [{ value: "reply", label: "Reply" }] : []),
  { value: "transactional", label: "About their own job" },
  { value: "marketing", label: "Marketing" },
];

const Fields = ({ view, ways }: { view: WriteView; ways: Way[] }) => (
  <>
    <label class="field">
      <span class="label">By</span>
      <select name="way" required data-way>
        {ways.map(({ value, name, lacks }) => (
          <option value={value} disabled={lacks !== null} selected={value === view.typed.way}>
            {name}
            {lacks ? ` (${lacks})` : ""}
          </option>
        ))}
      </select>
    </label>
    <fieldset class="choice">
      <legend>Kind</legend>
      {classes(view).map(({ value, label }) => (
        <Choice name="class" value={value} label={label} checked={value === view.typed.class} />
      ))}
    </fieldset>
    <label class="field only-email">
      <span class="label">Subject, for an email</span>
      <input name="subject" value={view.typed.subject} maxlength={300} autocomplete="off" />
    </label>
    <label class="field">
      <span class="label">Text</span>
      <textarea
        name="text"
        rows={5}
        maxlength={20000}
        required
        data-segments
        data-basic={alphabets.basic}
        data-extension={alphabets.extension}
      >
        {view.typed.text}
      </textarea>
    </label>
    <p class="small soft cost" data-cost aria-live="polite">
      {view.preview ? <Cost sms={view.preview} /> : null}
    </p>
  </>
);

const Form = ({ view, ways }: { view: WriteView; ways: Way[] }) => (
  <form class="writing" method="post" action="/console/write">
    <input type="hidden" name="csrf" value={view.seat.csrf} />
    <input type="hidden" name="once" value={view.seat.once} />
    <input type="hidden" name="contact" value={view.ways.contact} />
    {view.conversation ? <input type="hidden" name="conversation" value={view.conversation.number} /> : null}
    {view.said.length > 0 ? <Said said={view.said} /> : null}
    <Fields view={view} ways={ways} />
    <Evidence view={view} />
    <label class="pick">
      <input type="checkbox" name="again" value="1" checked={view.typed.again} />
      <span>The same words may go to this person twice in a day</span>
    </label>
    <div class="actions">
      <button class="button chief" type="submit" name="act" value="ask">
        Ask for approval
      </button>
      <button class="button" type="submit" name="act" value="draft">
        Save as a draft
      </button>
      <button class="button" type="submit" name="act" value="preview">
        Preview the cost
      </button>
    </div>
  </form>
);

export const WritePage = ({ view }: { view: WriteView }) => {
  const ways = waysOf(view);
  const canWrite = ways.some(({ lacks }) => lacks === null);
  return (
    <main class="page narrow">
      <header class="page-head">
        <div>
          <p class="small">
            <a
              class="link"
              href={view.conversation ? conversationPath(view.conversation.number) : personPath(view.ways.contact)}
            >
              {view.conversation ? `Conversation #${view.conversation.number}` : "Person"}
            </a>
          </p>
          <h1>Write to {personName(view.ways.name)}</h1>
          <p>Nothing leaves before somebody approves it.</p>
        </div>
      </header>
      {canWrite && !view.ways.erased ? (
        <Form view={view} ways={ways} />
      ) : (
        <div class="empty">
          <h2>There is no way to write to this person</h2>
          <p>
            {view.ways.erased
              ? "The record of this person was erased."
              : view.ways.ways.length === 0
                ? "No sender is set up in this project yet. An owner adds one."
                : "This person has no address that a sender of this project serves."}
          </p>
        </div>
      )}
    </main>
  );
};
