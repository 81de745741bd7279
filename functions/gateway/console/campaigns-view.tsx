/** Campaigns as a list: what each is, how it stands, when it began. */
import { OutboundTabs } from "./outbound-tabs.tsx";
import type { Seat } from "./seat.ts";
import type { CampaignLine, Listed } from "./shapes.ts";
import { type Shape, State, Time, type Tone } from "./signs.tsx";
import { counted, shortTime } from "./words.ts";

export type CampaignsView = { seat: Seat; campaigns: Listed<CampaignLine> };

const states: Record<CampaignLine["state"], { tone: Tone; shape: Shape; word: string }> = {
  draft: { tone: "plain", shape: "ring", word: "Draft" },
  approved: { tone: "wait", shape: "clock", word: "Approved, not started" },
  running: { tone: "busy", shape: "half", word: "Running" },
  paused: { tone: "wait", shape: "lock", word: "Paused" },
  finished: { tone: "good", shape: "done", word: "Finished" },
  cancelled: { tone: "plain", shape: "ring", word: "Cancelled" },
};

export const CampaignState = ({ state }: { state: CampaignLine["state"] }) => {
  const { tone, shape, word } = states[state];
  return (
    <State tone={tone} shape={shape}>
      {word}
    </State>
  );
};

export const campaignPath = (id: string): string => `/console/campaigns/${encodeURIComponent(id)}`;

export const ways: Record<string, string> = { sms: "SMS", email: "E-mail", telegram: "Telegram", chat: "Chat" };

const Line = ({ row, seat }: { row: CampaignLine; seat: Seat }) => (
  <tr class="row">
    <td class="strong">
      <a class="link" href={campaignPath(row.id)} data-item>
        {row.name}
      </a>
    </td>
    <td>
      <CampaignState state={row.state} />
    </td>
    <td class="whole">
      {ways[row.channel]}, {row.class}, {counted(row.steps.length, "step")}
    </td>
    <td class="brief">{row.members === null ? "–" : counted(row.members, "member")}</td>
    <td class="late brief">
      <Time at={row.started_at ?? row.created_at} here={seat.here}>
        {shortTime(row.started_at ?? row.created_at, seat.here)}
      </Time>
    </td>
  </tr>
);

export const More = ({ more, name }: { more: string | null; name: string }) =>
  more ? (
    <p class="pager">
      <a class="button slight" href={more}>
        {name}
      </a>
    </p>
  ) : null;

export const CampaignsPage = ({ view }: { view: CampaignsView }) => (
  <main class="page" id="main">
    <div class="page-head">
      <div>
        <OutboundTabs current="campaigns" />
        <h1>Campaigns</h1>
        <p>One text to many people, approved once. Times are in {view.seat.here.timezone}.</p>
      </div>
      {view.seat.permissions.includes("outbound:write") ? (
        <a class="button chief" href="/console/campaigns/new">
          New campaign
        </a>
      ) : null}
    </div>
    {view.campaigns.data.length > 0 ? (
      <table class="table">
        <thead>
          <tr>
            {["Name", "State", "Kind", "Members", "Begun"].map((name) => (
              <th scope="col">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.campaigns.data.map((row) => (
            <Line row={row} seat={view.seat} />
          ))}
        </tbody>
      </table>
    ) : (
      <p class="soft">There is no campaign yet. It needs a segment and a template.</p>
    )}
    <More more={view.campaigns.more} name="Older campaigns" />
  </main>
);
