/** What was read out of messages and talks and waits for a decision: kept for everybody, for its rehearsal, or let go. */
import type { Context } from "hono";
import { Fault } from "#brain/kernel/fault.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import { listFactProposals, reviewFact } from "#brain/world/index.ts";
import type { App } from "../runtime.ts";
import { isName, reader, readForm, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { once } from "./once.ts";
import { type Seat, seatOf } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import type { FactProposal, Listed } from "./shapes.ts";
import { State } from "./signs.tsx";
import { listed, turnedTo } from "./turning.ts";
import { WorldFrame } from "./world-view.tsx";
import { attributeWords, entityPath, sourceWords, spanWords, valueWords, worldPath } from "./world-words.ts";

const place = `${worldPath}/proposals`;
const decisions = {
  save_global: "It is true",
  save_session_only: "True in its rehearsal only",
  discard: "Discard",
} as const;

const Choices = ({ of, session }: { of: string | undefined; session: string | null }) => (
  <p class="actions">
    {Object.entries(decisions).map(([decision, words]) =>
      decision === "save_session_only" && of && !session ? null : (
        <button class="button slight" type="submit" name="decision" value={of ? `${decision} ${of}` : decision}>
          {words}
        </button>
      ),
    )}
  </p>
);

const Proposed = ({ row, seat }: { row: FactProposal; seat: Seat }) => (
  <article class="known" id={row.id}>
    <input type="checkbox" name={`pick ${row.id}`} aria-label={`Pick ${attributeWords(row.attribute)}`} />
    <div>
      <p class="strong">
        <a class="link" href={entityPath(row.subject)}>
          {row.about}
        </a>
        {`: ${attributeWords(row.attribute).toLowerCase()} ${valueWords(row.value, row.unit)}`}
      </p>
      {row.quote ? <blockquote class="kept-lines">{row.quote}</blockquote> : null}
      <p class="facts-line small soft">
        <span>{spanWords(row.valid_from, row.valid_to, seat.here)}</span>
        <span>{row.session ? "Said in a rehearsal of yours" : sourceWords[row.source.type]}</span>
        <span>{Math.round(row.confidence * 100)}% sure</span>
        {row.source.evidence ? (
          <a class="link" href={`/console/evidence/${encodeURIComponent(row.source.evidence.id)}`}>
            What was said
          </a>
        ) : null}
        {row.stale ? (
          <State tone="wait" shape="warning">
            What it rests on has changed
          </State>
        ) : null}
      </p>
      {seat.permissions.includes("world:write") ? <Choices of={row.id} session={row.session} /> : null}
    </div>
  </article>
);

const ProposalsPage = ({ seat, rows }: { seat: Seat; rows: Listed<FactProposal> }) => (
  <WorldFrame
    shown={{
      path: place,
      title: "Review",
      lead: "What was read out of messages and rehearsals. Nobody is answered from it before somebody has said that it is true.",
    }}
  >
    {rows.data.length === 0 ? (
      <p class="soft">
        Nothing waits for a decision. Prices, days, numbers and promises in messages are read every quarter of an hour,
        and what you state in a rehearsal comes up here too.
      </p>
    ) : (
      <form class="proposed" method="post" action={place}>
        <Proof seat={seat} />
        {rows.data.map((row) => (
          <Proposed row={row} seat={seat} />
        ))}
        {seat.permissions.includes("world:write") && rows.data.length > 1 ? (
          <fieldset class="moment-of">
            <legend class="label">All that are ticked</legend>
            <Choices of={undefined} session={null} />
          </fieldset>
        ) : null}
      </form>
    )}
    {rows.more ? (
      <a class="more" href={rows.more}>
        Older ones
      </a>
    ) : null}
  </WorldFrame>
);

export async function proposalsPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const [found, memory] = await together(ctx, [
    [listFactProposals, { limit: 25, ...(await turnedTo(c, "proposals")) }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const body = <ProposalsPage seat={seat} rows={await listed(c, "proposals", found)} />;
  return answerFramed(c, { seat, place: "people", title: "Review", body });
}

/** A page shows no more. */
const most = 25;

/** Somebody else was faster, or it is of no rehearsal: the others are decided all the same. */
const passed = new Set(["fact_reviewed", "session_missing", "fact_unknown"]);

/** One by its own buttons, or all that are ticked. */
export async function reviewForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const [decision = "", only] = (form.get("decision") ?? "").split(" ");
  const picked = [...form.keys()].flatMap((name) => (name.startsWith("pick ") ? [name.slice(5)] : []));
  const ids = only ? [only] : picked.filter(isName).slice(0, most);
  if (ids.length === 0) {
    throw new Fault("invalid", "invalid_input", { errors: [{ pointer: "/pick", detail: "tick at least one" }] });
  }
  let decided = 0;
  for (const id of ids) {
    try {
      await once(ctx, { verb: reviewFact, input: { id, decision }, form });
      decided += 1;
    } catch (thrown) {
      if (only || !(thrown instanceof Fault) || !passed.has(thrown.code)) throw thrown;
    }
  }
  return seeOther(c, await withNote(c, place, { code: "facts_decided", count: decided }));
}
