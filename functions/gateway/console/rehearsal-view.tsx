/** The rehearsal room: the talk, beside it the coach, and under them what the counterparty knows and what came up. */
import type { CameUpRow, Rehearsal, RehearsalRow, RehearsalTurn } from "./rehearsal-shapes.ts";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import { Sign, State, Time } from "./signs.tsx";
import { clockTime, type Here } from "./words.ts";

export const rehearsalsPath = "/console/rehearse";
export const rehearsalPath = (id: string): string => `${rehearsalsPath}/${id}`;

export const turnPath = (id: string, n: number): string => `${rehearsalPath(id)}/turns/${n}`;

export const styleWords: Record<string, string> = {
  polite: "Polite",
  neutral: "Neutral",
  tough: "Tough",
  busy: "Busy",
  defensive: "Defensive",
};
export const titleOf = ({ title, counterparty }: RehearsalRow): string =>
  title ?? `With ${counterparty?.name ?? "somebody"}`;

export const Ended = ({ at, here }: { at: string | null; here: Here }) =>
  at ? (
    <State tone="plain" shape="done">
      Ended <Time at={at} here={here} />
    </State>
  ) : (
    <State tone="busy" shape="dot">
      Going on
    </State>
  );

export type RehearsalView = { seat: Seat; session: Rehearsal; proposals: CameUpRow[] };

const Turn = ({ turn, view }: { turn: RehearsalTurn; view: RehearsalView }) => (
  <li class={turn.role === "user" ? "turn ours" : "turn"} id={`turn-${turn.n}`}>
    <p class="by">
      <b>
        {turn.role === "user" ? "You" : turn.role === "coach" ? "Coach" : (view.session.counterparty?.name ?? "He")}
      </b>
      <Time at={turn.said_at} here={view.seat.here}>
        {clockTime(turn.said_at, view.seat.here)}
      </Time>
      {turn.pack ? (
        <a class="link" href={turnPath(view.session.id, turn.n)}>
          made of
        </a>
      ) : null}
      {turn.flags.length > 0 ? <span title={turn.flags.join(", ")}>said anew</span> : null}
    </p>
    <p class="said">{turn.text}</p>
  </li>
);

const words = {
  roleplay: {
    title: "The talk",
    say: "Say it",
    hint: "What you say about yourself he knows from then on, in this rehearsal.",
  },
  coach: { title: "Your coach", say: "Ask", hint: "In confidence: the counterparty does not hear it." },
} as const;

const Side = ({ channel, view }: { channel: "roleplay" | "coach"; view: RehearsalView }) => {
  const turns = view.session.turns.filter((turn) => turn.channel === channel);
  const { title, say, hint } = words[channel];
  return (
    <section class={`side ${channel}`} aria-label={title}>
      <h2>
        {channel === "coach" ? <Sign shape="lock" /> : null}
        {title}
      </h2>
      <ol class="turns">
        {turns.map((turn) => (
          <Turn turn={turn} view={view} />
        ))}
      </ol>
      {view.session.ended_at || !view.seat.permissions.includes("world:write") ? null : (
        <form class="ask" method="post" action={rehearsalPath(view.session.id)}>
          <Proof seat={view.seat} />
          <input type="hidden" name="channel" value={channel} />
          <textarea name="text" aria-label={title} placeholder={hint} maxlength={4000} rows={2} required />
          <div class="below">
            <button class="button chief" type="submit">
              {say}
            </button>
          </div>
        </form>
      )}
    </section>
  );
};

export const statusWords: Record<string, string> = {
  confirmed: "knows",
  assumed: "is assumed to know",
  false_belief: "believes, wrongly",
};

const Known = ({ session }: { session: Rehearsal }) => (
  <section>
    <h2>What {session.counterparty?.name ?? "the counterparty"} knows</h2>
    {session.known.length === 0 ? <p class="soft">Nothing of what this is about.</p> : null}
    <ul class="known-list">
      {session.known.map((fact) => (
        <li>
          <span class="faint small">{statusWords[fact.status] ?? fact.status}</span> {fact.statement}
          {fact.session_only ? <span class="faint small"> here only</span> : null}
        </li>
      ))}
    </ul>
    {session.unknown_required_slots.length > 0 ? (
      <p class="soft">Not spoken about yet: {session.unknown_required_slots.join(", ").replaceAll("_", " ")}.</p>
    ) : null}
  </section>
);

const decisions = [
  ["save_global", "It is true"],
  ["save_session_only", "True here only"],
  ["discard", "Discard"],
] as const;

const CameUp = ({ view }: { view: RehearsalView }) =>
  view.proposals.length === 0 ? null : (
    <section>
      <h2>What came up</h2>
      <p class="soft">It holds in this rehearsal only, until you decide.</p>
      <ul class="known-list">
        {view.proposals.map((fact) => (
          <li>
            <form class="actions" method="post" action={`${rehearsalPath(view.session.id)}/facts`}>
              <Proof seat={view.seat} />
              <input type="hidden" name="fact" value={fact.id} />
              <span>{fact.statement}</span>
              {decisions.map(([decision, word]) => (
                <button class="button slight" type="submit" name="decision" value={decision}>
                  {word}
                </button>
              ))}
            </form>
          </li>
        ))}
      </ul>
    </section>
  );

export const RehearsalPage = ({ view }: { view: RehearsalView }) => {
  const { session, seat } = view;
  return (
    <main class="page wide">
      <header class="page-head">
        <div>
          <a class="link small" href={rehearsalsPath}>
            Rehearsals
          </a>
          <h1>{titleOf(session)}</h1>
          <p class="facts-line">
            <span>{styleWords[session.counterparty_style]}</span>
            {session.template ? <span>about {session.template}</span> : null}
            {session.self ? <span>“my” means {session.self.name}</span> : null}
            <Ended at={session.ended_at} here={seat.here} />
          </p>
        </div>
        {session.ended_at || !seat.permissions.includes("world:write") ? null : (
          <form method="post" action={`${rehearsalPath(session.id)}/end`}>
            <Proof seat={seat} />
            <button class="button" type="submit">
              End it
            </button>
          </form>
        )}
      </header>
      <div class={session.coached ? "room coached" : "room"}>
        <Side channel="roleplay" view={view} />
        {session.coached ? <Side channel="coach" view={view} /> : null}
      </div>
      <Known session={session} />
      <CameUp view={view} />
    </main>
  );
};
