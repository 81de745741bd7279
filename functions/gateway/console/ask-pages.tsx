/** Asking: the box, the answer with its evidence, and the recent ones. */
import type { Context } from "hono";
import { listCitedMessages } from "#brain/inbox/index.ts";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { together } from "#brain/kernel/verb.ts";
import { getAnswer, listAnswers, status as memoryStatus } from "#brain/memory/index.ts";
import { listContacts } from "#brain/people/index.ts";
import type { App } from "../runtime.ts";
import { AnswerSheet, AnswerState, type AnswerView, readerName } from "./answer.tsx";
import { AskBox, type AskView } from "./ask-box.tsx";
import { idIn, isName, reader } from "./door.ts";
import { answerFramed } from "./frame.tsx";
import { type Seat, seatOf } from "./seat.ts";
import type { Answer, Contact, Listed, Message } from "./shapes.ts";
import { personName } from "./shapes.ts";
import { Time } from "./signs.tsx";
import { listed, turnedTo } from "./turning.ts";
import { shortTime } from "./words.ts";

const nameOf = (contacts: Contact[] | null, id: string | undefined): string | null => {
  const contact = contacts?.find((one) => one.id === id);
  return contact ? personName(contact.name) : null;
};

const contactIn = (answer: Answer): string | undefined =>
  answer.audience.kind === "contact" ? answer.audience.id : undefined;

type Recent = { seat: Seat; answers: Listed<Answer>; contacts: Contact[] | null; current?: readonly string[] };

const RecentAnswers = ({ view }: { view: Recent }) => {
  const others = view.answers.data.filter((answer) => !view.current?.includes(answer.id));
  if (others.length === 0) return null;
  return (
    <section class="recent">
      <h2>Recent answers</h2>
      <ol>
        {others.map((answer) => (
          <li>
            <a href={`/console/ask/${encodeURIComponent(answer.id)}`} data-item>
              <span class="clip">{answer.question}</span>
              <AnswerState answer={answer}>
                For {readerName({ answer, contactName: nameOf(view.contacts, contactIn(answer)) })}
              </AnswerState>
              <Time at={answer.created_at} here={view.seat.here}>
                {shortTime(answer.created_at, view.seat.here)}
              </Time>
            </a>
          </li>
        ))}
      </ol>
      {view.answers.more ? (
        <a class="more" href={view.answers.more}>
          Older answers
        </a>
      ) : null}
    </section>
  );
};

type SheetView = { ask: AskView; recent: Recent; answer?: AnswerView; beside?: AnswerView[] | null };

const Sheet = ({ ask: box, recent, answer, beside }: SheetView) => (
  <main class="page">
    <h1 class={answer ? "unseen" : ""}>Ask</h1>
    <AskBox view={box} />
    {answer && beside ? (
      <>
        <h2>{answer.answer.question}</h2>
        <div class="columns">
          {[answer, ...beside].map((one) => (
            <AnswerSheet view={one} head="reader" />
          ))}
        </div>
      </>
    ) : answer ? (
      <AnswerSheet view={answer} />
    ) : null}
    {!answer && recent.answers.data.length === 0 ? (
      <div class="empty">
        <h2>Every sentence comes with its evidence</h2>
        <p>
          Ask what a customer reported, what was promised, or when something was done. The answer quotes the messages it
          rests on; where nobody said it, it says so.
        </p>
      </div>
    ) : null}
    <RecentAnswers view={recent} />
  </main>
);

export async function askPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const [answers, memory, contacts] = await together(ctx, [
    [listAnswers, { limit: 12, ...(await turnedTo(c, "answers")) }],
    [memoryStatus, {}],
    [listContacts, { limit: 100 }, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const people = contacts?.data ?? null;
  const contact = c.req.query("contact");
  const box: AskView = { seat, contacts: people, ...(contact ? { audience: "contact", contact } : {}) };
  const recent = { seat, contacts: people, answers: await listed(c, "answers", answers) };
  return answerFramed(c, { seat, place: "ask", title: "Ask", body: <Sheet ask={box} recent={recent} /> });
}

/** The same question's answers to other readers. */
async function besideOf(c: Context<App>, ctx: Ctx): Promise<[Answer, Message[]][] | null> {
  const ids = (c.req.queries("beside") ?? []).filter(isName).slice(0, 2);
  const found: [Answer, Message[]][] = [];
  for (const id of ids) {
    const [answer, sources] = await together(ctx, [
      [getAnswer, { id }],
      [listCitedMessages, { answer: id, limit: 50 }, "if permitted"],
    ]);
    found.push([answer, sources?.data ?? []]);
  }
  return found.length > 0 ? found : null;
}

export async function answerPageOf(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const id = idIn(c);
  const [answer, sources, answers, memory, contacts] = await together(ctx, [
    [getAnswer, { id }],
    [listCitedMessages, { answer: id, limit: 50 }, "if permitted"],
    [listAnswers, { limit: 8 }],
    [memoryStatus, {}],
    [listContacts, { limit: 100 }, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const people = contacts?.data ?? null;
  const contact = contactIn(answer);
  const viewOf = (told: Answer, cited: Message[], column = 0): AnswerView => ({
    here: seat.here,
    column,
    answer: told,
    sources: cited,
    contactName: nameOf(people, contactIn(told)),
    waiting: memory.pending + memory.processing,
  });
  const view = viewOf(answer, sources?.data ?? []);
  const beside = (await besideOf(c, ctx))?.map(([told, cited], i) => viewOf(told, cited, i + 1)) ?? null;
  const { kind } = answer.audience;
  const audience = beside ? "each" : kind === "technician" ? "own" : kind;
  // To be put better, or again; after a sound answer the next question is another one.
  const again = answer.status === "answered" && !answer.stale_at ? {} : { question: answer.question };
  const asked = contact ?? beside?.flatMap((one) => contactIn(one.answer) ?? [])[0];
  const box: AskView = { seat, contacts: people, audience, contact: asked, ...again };
  const current = [view, ...(beside ?? [])].map((one) => one.answer.id);
  const recent = { seat, contacts: people, answers: { data: answers.data, more: null }, current };
  const body = <Sheet ask={box} recent={recent} answer={view} beside={beside} />;
  return answerFramed(c, { seat, place: "ask", title: answer.question, body });
}
