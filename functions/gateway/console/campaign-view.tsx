/** One campaign: how far it has come, what came of it and when, and why each non-send was none. */
import type { Child } from "hono/jsx";
import { Bar, Chart } from "./campaign-chart.tsx";
import { counted, dateTime, personName, sentence, span } from "./campaign-words.ts";
import { CampaignState, campaignPath, More, ways } from "./campaigns-view.tsx";
import { DryRun } from "./dry-run-view.tsx";
import { Complaints } from "./mend.tsx";
import type { Seat } from "./seat.ts";
import type { CampaignDryRun, CampaignEventRow, CampaignFull, Listed } from "./shapes.ts";
import { Sign, Time } from "./signs.tsx";

export type CampaignPageView = {
  seat: Seat;
  campaign: CampaignFull;
  events: Listed<CampaignEventRow>;
  kind: string | undefined;
  /** What a dry run said, or why there was none; null where none was asked for. */
  judged: CampaignDryRun | string | null;
};

const acts: Record<string, { word: string; needs: string; chief?: true }> = {
  approve: { word: "Approve", needs: "outbound:approve", chief: true },
  start: { word: "Start", needs: "outbound:operate", chief: true },
  pause: { word: "Pause", needs: "outbound:operate", chief: true },
  resume: { word: "Resume", needs: "outbound:operate", chief: true },
  cancel: { word: "Cancel for good", needs: "outbound:operate" },
};

const actsIn: Record<CampaignFull["state"], string[]> = {
  draft: ["approve", "cancel"],
  approved: ["start", "cancel"],
  running: ["pause", "cancel"],
  paused: ["resume", "cancel"],
  finished: [],
  cancelled: [],
};

const isOpen = ({ state }: CampaignFull) => state === "draft" || state === "approved";

const Acts = ({ campaign, seat }: { campaign: CampaignFull; seat: Seat }) => (
  <div class="actions">
    {isOpen(campaign) ? (
      <a class="button slight" href={`${campaignPath(campaign.id)}?dry=first#dry`}>
        Dry run
      </a>
    ) : null}
    {isOpen(campaign) && seat.permissions.includes("outbound:write") ? (
      <a class="button slight" href={`${campaignPath(campaign.id)}/edit`}>
        Change
      </a>
    ) : null}
    {actsIn[campaign.state]
      .filter((act) => seat.permissions.includes(acts[act]?.needs ?? ""))
      .map((act) => (
        <form method="post" action={`${campaignPath(campaign.id)}/${act}`}>
          <input type="hidden" name="csrf" value={seat.csrf} />
          <input type="hidden" name="once" value={seat.once} />
          <input type="hidden" name="version" value={campaign.version} />
          <button class={acts[act]?.chief ? "button chief" : "button slight"} type="submit">
            {acts[act]?.word}
          </button>
        </form>
      ))}
  </div>
);

const Reasons = ({ title, of, id }: { title: string; of: Record<string, number>; id: string }) =>
  Object.keys(of).length === 0 ? null : (
    <div>
      <h3>{title}</h3>
      <ul class="lines">
        {Object.entries(of).map(([reason, count]) => (
          <li>
            <a class="link" href={`${campaignPath(id)}?kind=${encodeURIComponent(reason)}#events`}>
              {sentence(reason)}
            </a>
            <span>{counted(count, "person", "people")}</span>
          </li>
        ))}
      </ul>
    </div>
  );

const Steps = ({ campaign }: { campaign: CampaignFull }) => (
  <ol class="steps">
    {campaign.steps.map(({ template, wait_seconds, stop_on_reply }, i) => (
      <li>
        <b>{i + 1}.</b> {wait_seconds > 0 ? `${span(wait_seconds * 1000)} later: ` : ""}
        <a class="link mono" href={`/console/templates?name=${encodeURIComponent(template)}`}>
          {template}
        </a>
        <span class="faint">{stop_on_reply ? " ends on a reply" : " goes on after a reply"}</span>
      </li>
    ))}
  </ol>
);

const EventLine = ({ row, seat }: { row: CampaignEventRow; seat: Seat }) => (
  <tr class="row">
    <td class="strong">{personName(row.name)}</td>
    <td>
      {sentence(row.kind)}
      {row.reason && row.reason !== row.kind ? <span class="faint"> {sentence(row.reason).toLowerCase()}</span> : null}
    </td>
    <td class="brief">Step {row.step}</td>
    <td class="late brief">
      <Time at={row.at} here={seat.here}>
        {dateTime(row.at, seat.here)}
      </Time>
    </td>
  </tr>
);

const Section = ({ id, title, children }: { id: string; title: string; children?: Child }) => (
  <section aria-labelledby={id} class="closer">
    <h2 id={id}>{title}</h2>
    {children}
  </section>
);

export const CampaignPage = ({ view: { seat, campaign, events, kind, judged } }: { view: CampaignPageView }) => (
  <main class="page" id="main">
    <div class="page-head">
      <div>
        <h1>{campaign.name}</h1>
        <p>
          <CampaignState state={campaign.state} /> {ways[campaign.channel]}, {campaign.class}, to{" "}
          {campaign.segment_name}
          {campaign.members === null ? "" : `: ${counted(campaign.members, "member")}`}
        </p>
      </div>
      <Acts campaign={campaign} seat={seat} />
    </div>
    {campaign.reason ? (
      <div class="notice bad" role="alert">
        <Sign shape="warning" />
        <p>{sentence(campaign.reason)}.</p>
      </div>
    ) : null}
    <Section id="steps" title="Steps">
      <Steps campaign={campaign} />
    </Section>
    {judged === null ? null : (
      <Section id="dry" title="If it began now">
        {typeof judged === "string" ? (
          <Complaints said={[judged]} />
        ) : (
          <DryRun judged={judged} campaign={campaign.id} seat={seat} />
        )}
      </Section>
    )}
    {campaign.members === null ? null : (
      <>
        <Section id="progress" title="What became of the members">
          <Bar campaign={campaign} />
          <Chart campaign={campaign} seat={seat} />
          <div class="reasons">
            <Reasons title="Never sent to" of={campaign.progress.unsent} id={campaign.id} />
            <Reasons title="Wait" of={campaign.progress.held} id={campaign.id} />
            <Reasons title="Ended after a message" of={campaign.progress.stopped} id={campaign.id} />
          </div>
        </Section>
        <Section id="events" title={kind ? `Events: ${sentence(kind).toLowerCase()}` : "Events"}>
          {events.data.length > 0 ? (
            <table class="table">
              <tbody>
                {events.data.map((row) => (
                  <EventLine row={row} seat={seat} />
                ))}
              </tbody>
            </table>
          ) : (
            <p class="soft">Nothing has happened yet.</p>
          )}
          <More more={events.more} name="Older events" />
        </Section>
      </>
    )}
  </main>
);
