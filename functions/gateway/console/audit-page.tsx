/** The audit trail: critical acts, newest first, and whether the chain over them holds. */
import type { Context } from "hono";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import { listAudit, verifyAudit } from "#brain/shared/index.ts";
import type { App } from "../runtime.ts";
import { reader } from "./door.ts";
import { answerFramed } from "./frame.tsx";
import { actorName } from "./ledger-page.tsx";
import { type Seat, seatOf } from "./seat.ts";
import type { AuditRow, Listed, Verdict } from "./shapes.ts";
import { Sign, Time } from "./signs.tsx";
import { listed, turnedTo } from "./turning.ts";
import { counted, dateTime } from "./words.ts";

const Judged = ({ verdict }: { verdict: Verdict }) => {
  const { ok, broken, rows, seals, unsealed = 0 } = verdict;
  const said = ok
    ? `The chain holds: ${counted(rows, "act")} under ${counted(seals, "seal")}, ${counted(unsealed, "act")} not yet sealed.`
    : `The chain is broken at seal ${broken?.seal ?? "?"}: ${broken?.id ?? "the seal itself"} was ${broken?.how === "chain" ? "changed" : (broken?.how ?? "changed")}.`;
  return (
    <div class={`notice ${ok ? "good" : "bad"}`} role="status">
      <Sign shape={ok ? "done" : "warning"} />
      <div>
        <p>{said}</p>
        {verdict.root ? (
          <p class="small">
            Newest root, to compare with the one in the log: <code class="mono">{verdict.root}</code>
          </p>
        ) : null}
      </div>
    </div>
  );
};

const Row = ({ row, seat }: { row: AuditRow; seat: Seat }) => (
  <tr class="row">
    <td class="late brief">
      <Time at={row.at} here={seat.here}>
        {dateTime(row.at, seat.here)}
      </Time>
    </td>
    <td class="mono">{row.action}</td>
    <td title={row.actor}>{actorName(row.actor)}</td>
    <td class="mono beside" title={row.ref?.id ?? ""}>
      {row.ref ? `${row.ref.type} …${row.ref.id.slice(-8)}` : "–"}
    </td>
    <td>{row.evidence.length > 0 ? counted(row.evidence.length, "piece") : "–"}</td>
    <td>
      <a class="mono faint" href={`/console/ledger?request=${encodeURIComponent(row.request_id)}`}>
        …{row.request_id.slice(-8)}
      </a>
    </td>
  </tr>
);

const heads = ["When", "Act", "Who", "Of", "Evidence", "Request"];

type View = { seat: Seat; acts: Listed<AuditRow>; verdict: Verdict | null };

const Acts = ({ seat, acts }: Pick<View, "seat" | "acts">) => (
  <table class="table">
    <thead>
      <tr>
        {heads.map((head) => (
          <th scope="col">{head}</th>
        ))}
      </tr>
    </thead>
    <tbody>
      {acts.data.map((row) => (
        <Row row={row} seat={seat} />
      ))}
    </tbody>
  </table>
);

const Empty = () => (
  <div class="empty">
    <h2>No critical act yet</h2>
    <p>
      The first will be here when somebody makes or revokes a key, binds a source or changes who may come in. Make one
      under <a href="/console/keys">API keys</a>.
    </p>
  </div>
);

const AuditView = ({ seat, acts, verdict }: View) => (
  <main class="page">
    <header class="page-head">
      <div>
        <h1>Audit trail</h1>
        <p>Critical acts, newest first. Nobody can change or take away a line unnoticed.</p>
      </div>
      <form method="get" action="/console/audit">
        <button class="button" type="submit" name="verify" value="1">
          Verify the chain
        </button>
      </form>
    </header>
    {verdict ? <Judged verdict={verdict} /> : null}
    {acts.data.length > 0 ? <Acts seat={seat} acts={acts} /> : <Empty />}
    {acts.more ? (
      <a class="more" href={acts.more}>
        Older acts
      </a>
    ) : null}
  </main>
);

export async function auditPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const asked = [
    [listAudit, { limit: 50, ...(await turnedTo(c, "acts")) }],
    [memoryStatus, {}, "if permitted"],
  ] as const;
  const isAsked = c.req.query("verify") !== undefined;
  const [acts, memory, verdict = null] = isAsked
    ? await together(ctx, [...asked, [verifyAudit, {}]] as const)
    : await together(ctx, asked);
  const seat = seatOf(ctx, memory);
  const body = <AuditView seat={seat} acts={await listed(c, "acts", acts)} verdict={verdict} />;
  return answerFramed(c, { seat, place: "access", title: "Audit trail", body });
}
