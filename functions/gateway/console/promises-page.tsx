/** Promises: what may go wrong first, then what is due, with the sentence that says so; and the forms on them. */
import type { Context } from "hono";
import { dismissRisk, listPromises, listRisks, settlePromise } from "#brain/insight/index.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import type { App } from "../runtime.ts";
import { idIn, reader, readForm, seeOther, writer } from "./door.ts";
import { answerFramed } from "./frame.tsx";
import { OutboundTabs } from "./outbound-tabs.tsx";
import { approvalPath, personPath } from "./outbound-words.ts";
import { type Seat, seatOf } from "./seat.ts";
import { type Listed, type PromiseRow, personName, type RiskRow } from "./shapes.ts";
import { type Shape, State, Time, type Tone } from "./signs.tsx";
import { listed, turnedTo } from "./turning.ts";
import { dateTime, sentence } from "./words.ts";

const place = "/console/promises";
type View = { seat: Seat; risks: RiskRow[]; promises: Listed<PromiseRow>; state: string; mayAct: boolean };

const states: Record<string, { tone: Tone; shape: Shape; word: string }> = {
  open: { tone: "busy", shape: "half", word: "Open" },
  broken: { tone: "bad", shape: "warning", word: "Broken" },
  kept: { tone: "good", shape: "done", word: "Kept" },
  moved: { tone: "plain", shape: "clock", word: "Moved" },
  withdrawn: { tone: "plain", shape: "ring", word: "Withdrawn" },
};

const Who = ({ id, name }: { id: string | null; name: string | null }) =>
  id ? (
    <a class="link" href={personPath(id)} data-item>
      {personName(name)}
    </a>
  ) : (
    <span class="faint">Nobody we know</span>
  );

const Act = ({ to, word, seat, value }: { to: string; word: string; seat: Seat; value?: string }) => (
  <form class="inline" method="post" action={`${place}/${to}`}>
    <input type="hidden" name="csrf" value={seat.csrf} />
    <button class="button slight" type="submit" name="state" value={value ?? ""}>
      {word}
    </button>
  </form>
);

const Table = ({ heads, children }: { heads: string[]; children: unknown }) => (
  <table class="table">
    <thead>
      <tr>
        {heads.map((name) => (
          <th scope="col">{name}</th>
        ))}
      </tr>
    </thead>
    <tbody>{children as never}</tbody>
  </table>
);

const gone = <span class="faint">The words are not here any more</span>;

const Risk = ({ risk, seat, mayAct }: { risk: RiskRow; seat: Seat; mayAct: boolean }) => (
  <tr class="row">
    <td class="strong brief">
      <Who id={risk.contact} name={risk.contact_name} />
    </td>
    <td class="brief">{risk.kind === "false_belief" ? "Was told what has changed since" : "Promise broken"}</td>
    <td class="whole">{risk.sentence ?? gone}</td>
    <td class="late">
      <div class="acts-line">
        {risk.action?.state === "draft" || risk.action?.state === "pending" ? (
          <a class="button chief slight" href={approvalPath(risk.action.message)}>
            Read the correction
          </a>
        ) : null}
        {risk.reason && !risk.action ? <span class="soft">{sentence(risk.reason)}</span> : null}
        {mayAct ? <Act to={`risks/${encodeURIComponent(risk.id)}`} word="Dismiss" seat={seat} /> : null}
      </div>
    </td>
  </tr>
);

const Promised = ({ row, seat, mayAct }: { row: PromiseRow; seat: Seat; mayAct: boolean }) => {
  const { tone, shape, word } = states[row.state] ?? { tone: "plain", shape: "ring", word: row.state };
  const to = encodeURIComponent(row.id);
  return (
    <tr class="row">
      <td class="strong brief">
        <Who id={row.contact} name={row.contact_name} />
      </td>
      <td class="whole">
        {row.sentence ?? gone}
        {row.needs_review ? <span class="soft"> Needs a look: its message has changed.</span> : null}
      </td>
      <td class="brief">
        <Time at={row.due_at} here={seat.here}>
          {dateTime(row.due_at, seat.here)}
        </Time>
      </td>
      <td class="brief">
        <State tone={tone} shape={shape}>
          {word}
        </State>
      </td>
      <td class="late">
        {mayAct && row.state === "open" ? (
          <div class="acts-line">
            <Act to={to} word="Kept" value="kept" seat={seat} />
            <Act to={to} word="Take back" value="withdrawn" seat={seat} />
          </div>
        ) : null}
      </td>
    </tr>
  );
};

const Page = ({ view: { seat, risks, promises, state, mayAct } }: { view: View }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <OutboundTabs current="promises" />
        <h1>Promises</h1>
        <p>What our messages say that we will do, by when, and what became of it.</p>
      </div>
    </header>
    {risks.length > 0 ? (
      <section aria-label="What may go wrong">
        <h2>What may go wrong</h2>
        <Table heads={["Person", "What", "Sentence", ""]}>
          {risks.map((risk) => (
            <Risk risk={risk} seat={seat} mayAct={mayAct} />
          ))}
        </Table>
      </section>
    ) : null}
    <nav class="tabs" aria-label="State">
      {Object.entries(states).map(([key, { word }]) => (
        <a href={`${place}?state=${key}`} {...(key === state ? { "aria-current": "page" } : {})}>
          {word}
        </a>
      ))}
    </nav>
    {promises.data.length > 0 ? (
      <Table heads={["Person", "Sentence", "Due", "State", ""]}>
        {promises.data.map((row) => (
          <Promised row={row} seat={seat} mayAct={mayAct} />
        ))}
      </Table>
    ) : (
      <p class="soft">
        No promise is {states[state]?.word.toLowerCase() ?? state}. A sentence like “We come tomorrow at 10” in a
        message that left is read as one within five minutes.
      </p>
    )}
    {promises.more ? (
      <a class="more" href={promises.more}>
        Earlier promises
      </a>
    ) : null}
  </main>
);

export async function promisesPage(c: Context<App>): Promise<Response> {
  const state = c.req.query("state") ?? "open";
  if (!Object.hasOwn(states, state)) throw new Fault("not_found", "route_unknown");
  const ctx = await reader(c);
  const [risks, promises, memory] = await together(ctx, [
    [listRisks, { limit: 50 }],
    [listPromises, { limit: 50, state: state as PromiseRow["state"], ...(await turnedTo(c, "promises")) }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const mayAct = seat.permissions.includes("outbound:write");
  const view = { seat, risks: risks.data, promises: await listed(c, "promises", promises), state, mayAct };
  return answerFramed(c, { seat, place: "outbox", title: "Promises", body: <Page view={view} /> });
}

/** Whoever was not quick enough sees how it stands. */
const unlessSettled = (thrown: unknown) => {
  if (thrown instanceof Fault && /^(?:promise_settled|risk_closed)$/.test(thrown.code)) return;
  throw thrown;
};

export async function settlePromiseForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const state = form.get("state") === "withdrawn" ? "withdrawn" : "kept";
  await settlePromise.run(await writer(c, form), { id: idIn(c), state }).catch(unlessSettled);
  return seeOther(c, place);
}

export async function dismissRiskForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  await dismissRisk.run(await writer(c, form), { id: idIn(c) }).catch(unlessSettled);
  return seeOther(c, place);
}
