/** One campaign: how far it has come, what came of it and when, and why each non-send was none. */
import type { Child } from "hono/jsx";
import { counted, dateTime, number, personName, sentence, span } from "./campaign-words.ts";
import { CampaignState, campaignPath, More, ways } from "./campaigns-view.tsx";
import type { Seat } from "./seat.ts";
import type { CampaignEventRow, CampaignFull, Listed } from "./shapes.ts";
import { Sign, Time } from "./signs.tsx";

export type CampaignPageView = {
  seat: Seat;
  campaign: CampaignFull;
  events: Listed<CampaignEventRow>;
  kind: string | undefined;
};

type Part = { name: string; count: number; tone: string };

function partsOf({ progress }: CampaignFull): Part[] {
  const sum = (of: Record<string, number>) => Object.values(of).reduce((all, n) => all + n, 0);
  const unsent = sum(progress.unsent);
  const delivered = progress.delivered;
  return [
    { name: "Delivered", count: delivered, tone: "good" },
    { name: "Sent", count: progress.sent - delivered, tone: "busy" },
    { name: "Waiting", count: progress.members - progress.sent - unsent, tone: "wait" },
    { name: "Not sent", count: unsent, tone: "bad" },
  ];
}

/** Widths are attributes of an SVG: the page's policy allows no styles of its own. */
const Bar = ({ campaign }: { campaign: CampaignFull }) => {
  const parts = partsOf(campaign);
  const all = Math.max(1, campaign.progress.members);
  let at = 0;
  return (
    <figure class="outcome">
      <svg class="progress" role="img" aria-label="What became of the members" width="100%" height="16">
        {parts.map(({ count, tone }) => {
          const x = at;
          at += count;
          return <rect class={tone} x={`${(100 * x) / all}%`} width={`${(100 * count) / all}%`} height="16" />;
        })}
      </svg>
      <figcaption class="legend">
        {parts.map(({ name, count, tone }) => (
          <span>
            <i class={`mark ${tone}`} /> {name} {number(count)}
          </span>
        ))}
      </figcaption>
    </figure>
  );
};

const good = new Set(["sent", "delivered", "read"]);
const columns = 48;

const Chart = ({ campaign, seat }: { campaign: CampaignFull; seat: Seat }) => {
  const times = [...new Set(campaign.series.points.map(({ at }) => at))].slice(-columns);
  if (times.length < 1) return null;
  const count = (at: string, of: (kind: string) => boolean) =>
    campaign.series.points.filter((point) => point.at === at && of(point.kind)).reduce((sum, p) => sum + p.count, 0);
  const rows = times.map((at) => ({
    at,
    sent: count(at, (kind) => kind === "sent"),
    not: count(at, (kind) => !good.has(kind)),
  }));
  const most = Math.max(1, ...rows.map(({ sent, not }) => sent + not));
  return (
    <figure class="outcome">
      <svg
        class="chart"
        viewBox="0 0 960 120"
        preserveAspectRatio="none"
        role="img"
        aria-label="Messages sent and not sent, by time"
      >
        {rows.map(({ at, sent, not }, i) => {
          const [up, down] = [(100 * sent) / most, (100 * not) / most];
          return (
            <g>
              <title>{`${dateTime(at, seat.here)}: ${sent} sent, ${not} not`}</title>
              <rect class="busy" x={i * 20 + 2} y={118 - up} width="16" height={up} />
              <rect class="bad" x={i * 20 + 2} y={118 - up - down} width="16" height={down} />
            </g>
          );
        })}
      </svg>
      <figcaption class="legend">
        <span>
          From {dateTime(times[0] ?? "", seat.here)}, a column for each {span(campaign.series.every_seconds * 1000)} in
          which something happened
        </span>
        <span>
          <i class="mark busy" /> Sent
        </span>
        <span>
          <i class="mark bad" /> Not sent, or not yet
        </span>
      </figcaption>
    </figure>
  );
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

const Acts = ({ campaign, seat }: { campaign: CampaignFull; seat: Seat }) => (
  <div class="actions">
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

export const CampaignPage = ({ view: { seat, campaign, events, kind } }: { view: CampaignPageView }) => (
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
