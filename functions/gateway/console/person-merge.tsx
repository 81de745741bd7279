/** The records that are one person, and those that may be: taken apart, merged, kept apart. */
import { personPath } from "./outbound-words.ts";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import type { MergeProposal, PersonCard } from "./shapes.ts";
import { personName } from "./shapes.ts";
import { State, Time } from "./signs.tsx";
import { shortTime } from "./words.ts";

const reasons: Record<string, string> = {
  source: "Chatwoot says so",
  operator: "a colleague decided",
  proposal: "a colleague decided",
  same_address: "both have proven the same address",
};

export const Records = ({ person, seat }: { person: PersonCard; seat: Seat }) => {
  const others = person.records.filter(({ merge }) => merge !== null);
  if (others.length === 0) return null;
  return (
    <div>
      <h3>Merged records</h3>
      <ul class="points">
        {others.map(({ id, name, merge, version }) => (
          <li>
            <span>
              {personName(name)}{" "}
              <span class="small faint">
                {reasons[merge?.reason ?? ""] ?? merge?.reason}
                {merge?.note ? `: ${merge.note}` : ""}
                {merge ? ", " : ""}
                {merge ? (
                  <Time at={merge.at} here={seat.here}>
                    {shortTime(merge.at, seat.here)}
                  </Time>
                ) : null}
              </span>
            </span>
            {seat.permissions.includes("people:write") ? (
              <form method="post" action={`${personPath(id)}/unmerge`}>
                <Proof seat={seat} />
                <input type="hidden" name="version" value={version} />
                <button class="button slight" type="submit">
                  Take apart
                </button>
              </form>
            ) : null}
          </li>
        ))}
      </ul>
    </div>
  );
};

const whys: Record<string, string> = {
  several: "several records have it",
  unproven: "it was only typed somewhere",
  taken_apart: "they were taken apart before",
};

export const Proposal = ({ row, seat }: { row: MergeProposal; seat: Seat }) => (
  <div class="notice hold">
    <State tone="wait" shape="half">
      One person? {row.common.join(", ")}: {whys[row.why] ?? row.why}
    </State>
    <p>
      {row.people.map(({ id, name, points }, i) => (
        <>
          {i > 0 ? " and " : ""}
          <a class="link" href={personPath(id)}>
            {personName(name ?? points[0]?.value)}
          </a>
        </>
      ))}
    </p>
    {seat.permissions.includes("people:write") ? (
      <div class="acts-line">
        {(["accept", "dismiss"] as const).map((decision) => (
          <form method="post" action={`/console/proposals/${row.id}/${decision}`}>
            <Proof seat={seat} />
            <input type="hidden" name="version" value={row.version} />
            <button class="button slight" type="submit">
              {decision === "accept" ? "The same person" : "Two persons"}
            </button>
          </form>
        ))}
      </div>
    ) : null}
  </div>
);
