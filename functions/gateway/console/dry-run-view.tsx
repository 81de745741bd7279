/** What a campaign would do if it began now: how many it would be sent to, who would wait and who never, and why. */
import { counted } from "./campaign-words.ts";
import { campaignPath } from "./campaigns-view.tsx";
import { isWorded, reasonWords } from "./outbound-reasons.ts";
import { personPath } from "./outbound-words.ts";
import type { Seat } from "./seat.ts";
import { type CampaignDryRun, personName } from "./shapes.ts";
import { State, Time } from "./signs.tsx";
import { dateTime, number, sentence } from "./words.ts";

const reason = (code: string) => (isWorded(code) ? reasonWords(code) : `${sentence(code)}.`);

/** People who need a look; the others are sent to. */
const mostShown = 50;

type View = { judged: CampaignDryRun; campaign: string; seat: Seat };

const Person = ({ row, seat }: { row: CampaignDryRun["people"][number]; seat: Seat }) => (
  <li>
    <a href={personPath(row.contact)} data-item>
      <span class="clip">
        {personName(row.name)}
        {row.reason ? <span class="faint"> {reason(row.reason)}</span> : null}
      </span>
      <span class="faint">{row.verdict === "wait" ? "waits" : "never"}</span>
      {row.until ? (
        <Time at={row.until} here={seat.here}>
          {dateTime(row.until, seat.here)}
        </Time>
      ) : null}
    </a>
  </li>
);

export const DryRun = ({ judged, campaign, seat }: View) => {
  const others = judged.people.filter(({ verdict }) => verdict !== "send");
  return (
    <>
      <p class="state-line" role="status">
        <State tone="good" shape="done">
          {number(judged.send)} would be sent to
        </State>
        <State tone="wait" shape="clock">
          {number(judged.wait)} would wait
        </State>
        <State tone="bad" shape="lock">
          {number(judged.never)} never
        </State>
        <span class="faint">
          of {counted(judged.judged, "person", "people")}
          {judged.next ? ", the first ones" : ""}
        </span>
      </p>
      <ul class="lines">
        {Object.entries(judged.reasons).map(([code, n]) => (
          <li>
            <span>{reason(code)}</span>
            <span>{number(n)}</span>
          </li>
        ))}
      </ul>
      <ol class="brief-list">
        {others.slice(0, mostShown).map((row) => (
          <Person row={row} seat={seat} />
        ))}
      </ol>
      {judged.next ? (
        <a class="more" href={`${campaignPath(campaign)}?dry=${encodeURIComponent(judged.next)}#dry`}>
          Judge the next ones
        </a>
      ) : null}
    </>
  );
};
