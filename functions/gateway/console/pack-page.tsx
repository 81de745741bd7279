/** What an answer in a rehearsal was made of, rebuilt as it was known then, and whether that is still the same. */
import type { Context } from "hono";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import { replayTurn } from "#brain/world/index.ts";
import type { App } from "../runtime.ts";
import { idIn, reader } from "./door.ts";
import { answerFramed } from "./frame.tsx";
import type { Rebuilt } from "./rehearsal-shapes.ts";
import { rehearsalPath, statusWords } from "./rehearsal-view.tsx";
import { seatOf } from "./seat.ts";
import { State } from "./signs.tsx";
import { dateTime, type Here } from "./words.ts";

const states = {
  same: { tone: "good", shape: "done", said: "Rebuilt just now: the same, byte for byte" },
  erased: { tone: "plain", shape: "lock", said: "Something in it was erased, so only its hash is left" },
  different: { tone: "bad", shape: "warning", said: "Rebuilt just now, it is not the same" },
} as const;

/** Of a pack, what is shown. */
type Shown = {
  facts: { fact: string; status: string; statement: string; session_only: boolean }[];
  transcript: { id: string; role: string; text: string }[];
  unknown_required_slots: string[];
};

const Made = ({ pack }: { pack: Shown }) => (
  <>
    <section>
      <h2>Facts</h2>
      {pack.facts.length === 0 ? <p class="soft">None.</p> : null}
      <ul class="known-list">
        {pack.facts.map((fact) => (
          <li>
            <span class="faint small">{statusWords[fact.status] ?? fact.status}</span> {fact.statement}
            {fact.session_only ? <span class="faint small"> here only</span> : null}
          </li>
        ))}
      </ul>
    </section>
    <section>
      <h2>What was said before it</h2>
      <ul class="known-list">
        {pack.transcript.map(({ role, text }) => (
          <li>
            <span class="faint small">{role === "user" ? "you" : role}</span> {text}
          </li>
        ))}
      </ul>
    </section>
    {pack.unknown_required_slots.length > 0 ? (
      <p class="soft">Not known then: {pack.unknown_required_slots.join(", ").replaceAll("_", " ")}.</p>
    ) : null}
  </>
);

const Page = ({ id, told, here }: { id: string; told: Rebuilt; here: Here }) => {
  const { tone, shape, said } = states[told.state];
  return (
    <main class="page">
      <header class="page-head">
        <div>
          <a class="link small" href={`${rehearsalPath(id)}#turn-${told.n}`}>
            Back to the talk
          </a>
          <h1>What this answer was made of</h1>
          <p>Whoever answered knew this at {dateTime(told.known_at, here)}, and nothing else.</p>
        </div>
      </header>
      <p>
        <State tone={tone} shape={shape}>
          {said}
        </State>
      </p>
      {told.pack ? <Made pack={told.pack as Shown} /> : null}
      <p class="small faint mono">{told.hash}</p>
    </main>
  );
};

/** `/console/rehearse/{id}/turns/{n}`. */
export async function packPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const id = idIn(c);
  const [told, memory] = await together(ctx, [
    [replayTurn, { id, n: c.req.param("n") as unknown as number }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const body = <Page id={id} told={told} here={seat.here} />;
  return answerFramed(c, { seat, place: "people", title: "What an answer was made of", body });
}
