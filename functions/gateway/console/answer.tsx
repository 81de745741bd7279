/** An answer: every sentence with the evidence it rests on beside it; what is lacking said plainly. */
import type { Child } from "hono/jsx";
import { entryPath } from "./knowledge-words.ts";
import type { Answer, Message } from "./shapes.ts";
import { documentPath, numberIn, personName, turnPath } from "./shapes.ts";
import { Sign, State, Time } from "./signs.tsx";
import { ago, counted, dateTime, type Here } from "./words.ts";

export type AnswerView = {
  here: Here;
  answer: Answer;
  /** The cited messages as they are now; those somebody may not read are missing. */
  sources: Message[];
  /** The reader's name where the answer was meant for one contact. */
  contactName: string | null;
  /** Where several answers stand side by side. */
  column?: number;
  /** Passages that no search can find yet by their meaning. */
  waiting: number;
};

type Citation = Answer["citations"][number];
type Numbered = Map<string, { number: number; citation: Citation }>;

/** Numbered in the order in which the sentences cite them. */
function numbered(answer: Answer): Numbered {
  const known = new Map(answer.citations.map((citation) => [citation.id, citation]));
  const order = [...new Set(answer.sentences.flatMap((sentence) => sentence.citations))];
  return new Map(
    order.flatMap((id, i) => {
      const citation = known.get(id);
      return citation ? [[id, { number: i + 1, citation }] as const] : [];
    }),
  );
}

const anchor = ({ column }: AnswerView, number: number) => `evidence-${column ? `${column}-` : ""}${number}`;

const Proof = ({ entry, view }: { entry: { number: number; citation: Citation }; view: AnswerView }) => {
  const { number, citation } = entry;
  const message = view.sources.find((source) => source.id === citation.source.pk);
  const isMessage = citation.source.table === "inbox.cw_messages";
  const author = message?.author.name ?? (message?.author.type === "contact" ? personName(null) : "Staff");
  return (
    <div class="proof" id={anchor(view, number)}>
      <span class="ref">{number}</span>
      <blockquote>{citation.quote || "Deleted since"}</blockquote>
      <p class="about">
        {message ? <span class="strong">{author}</span> : null}
        <Time at={citation.occurred_at} here={view.here}>
          {dateTime(citation.occurred_at, view.here)}
        </Time>
        {message?.private ? (
          <State tone="wait" shape="lock">
            Private note
          </State>
        ) : null}
        {message?.deleted_at ? (
          <State tone="bad" shape="warning">
            Deleted since
          </State>
        ) : null}
        {message && !message.deleted_at ? (
          <a class="link" href={turnPath(message.conversation, message.id)}>
            Conversation #{numberIn(message.conversation)}
          </a>
        ) : isMessage ? null : citation.source.table === "vault.documents" ? (
          <a class="link" href={documentPath(citation.source.pk)}>
            Document
          </a>
        ) : citation.source.table === "memory.kb_entries" ? (
          <a class="link" href={`${entryPath(citation.source.pk)}?evidence=${citation.version}`}>
            Knowledge
          </a>
        ) : citation.source.table === "world.facts" ? (
          <span>Recorded</span>
        ) : (
          <span>{citation.source.table}</span>
        )}
      </p>
    </div>
  );
};

const Claims = ({ view }: { view: AnswerView }) => {
  const proofs = numbered(view.answer);
  const shown = new Set<string>();
  return (
    <ol class="claims">
      {view.answer.sentences.map((sentence) => {
        const entries = sentence.citations.flatMap((id) => proofs.get(id) ?? []);
        const fresh = entries.filter(({ citation }) => !shown.has(citation.id));
        for (const { citation } of fresh) shown.add(citation.id);
        return (
          <li class="claim">
            <p>
              {sentence.text || "What stood here was taken back with the message it rested on."}
              {entries.map(({ number }) => (
                <a class="ref" href={`#${anchor(view, number)}`} aria-label={`Evidence ${number}`}>
                  {number}
                </a>
              ))}
            </p>
            <div class="proofs">
              {fresh.map((entry) => (
                <Proof entry={entry} view={view} />
              ))}
            </div>
          </li>
        );
      })}
    </ol>
  );
};

/** `children` is what a sound answer is called here. */
export const AnswerState = ({ answer, children }: { answer: Answer; children?: Child }) =>
  answer.stale_at ? (
    <State tone="bad" shape="warning">
      Evidence changed
    </State>
  ) : answer.status === "answered" ? (
    <State tone="good" shape="done">
      {children}
    </State>
  ) : (
    <State tone="wait" shape="ring">
      Insufficient evidence
    </State>
  );

const Lacking = ({ view }: { view: AnswerView }) => (
  <div class="lacking">
    <p class="plainly">Nothing that {readerName(view)} may know answers this. Omneuro says so rather than guess.</p>
    <ul>
      <li>Use the words people would have used, or the name of a person, a place or a part.</li>
      {view.answer.audience.kind === "staff" ? null : <li>Ask as staff: that looks through every conversation.</li>}
      {view.waiting > 0 ? (
        <li>Ask again in a moment: {counted(view.waiting, "passage")} still wait to be remembered.</li>
      ) : null}
    </ul>
  </div>
);

export function readerName(view: Pick<AnswerView, "answer" | "contactName">): string {
  const { kind } = view.answer.audience;
  if (kind === "contact") return view.contactName ?? "this contact";
  return kind === "public" ? "anybody" : kind === "technician" ? "a technician" : "staff";
}

const staleReasons: Record<string, string> = {
  cited_fact_superseded: "What it says is not so any more: a fact with the same source was replaced. Ask again.",
  evidence_deprecated: "An entry it quotes was taken out of use since. Ask again before relying on it.",
  evidence_edited: "A message it quotes was edited since. Ask again before relying on it.",
  evidence_withdrawn: "A message it quotes was deleted since. Ask again before relying on it.",
  evidence_erased: "A message it quotes was erased since. Ask again before relying on it.",
};

/** Headed by its question, or by its reader where others have answers beside it. */
export const AnswerSheet = ({ view, head = "question" }: { view: AnswerView; head?: "question" | "reader" }) => {
  const { answer, here } = view;
  return (
    <article class="answer" aria-label="Answer">
      <header class="answer-head">
        {head === "reader" ? <h3>For {readerName(view)}</h3> : <h2>{answer.question}</h2>}
        <p class="facts">
          <AnswerState answer={answer}>Answered from evidence</AnswerState>
          {head === "reader" ? null : <span>For {readerName(view)}</span>}
          <Time at={answer.created_at} here={here}>
            {ago(answer.created_at, here)}
          </Time>
        </p>
        {answer.stale_at ? (
          <p class="notice bad" role="note">
            <Sign shape="warning" />
            {staleReasons[answer.stale_reason ?? ""] ?? "The evidence under it changed since. Ask again."}
          </p>
        ) : null}
      </header>
      {answer.status === "answered" ? <Claims view={view} /> : <Lacking view={view} />}
    </article>
  );
};
