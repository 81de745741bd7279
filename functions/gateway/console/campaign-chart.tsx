/** What came of a campaign, as a bar of its members and columns over time. */
import { dateTime, number, span } from "./campaign-words.ts";
import type { Seat } from "./seat.ts";
import type { CampaignFull } from "./shapes.ts";

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
export const Bar = ({ campaign }: { campaign: CampaignFull }) => {
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

export const Chart = ({ campaign, seat }: { campaign: CampaignFull; seat: Seat }) => {
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
