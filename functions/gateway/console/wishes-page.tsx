/** Wishes to be left alone that somebody has to decide about: what was written, by whom, and since when marketing waits for it. */
import type { Context } from "hono";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import { listHolds } from "#brain/outbound/index.ts";
import type { App } from "../runtime.ts";
import { reader } from "./door.ts";
import { answerFramed } from "./frame.tsx";
import { OutboundTabs } from "./outbound-tabs.tsx";
import { channelWord, personPath } from "./outbound-words.ts";
import { type Seat, seatOf } from "./seat.ts";
import { type Hold, type Listed, personName } from "./shapes.ts";
import { Time } from "./signs.tsx";
import { listed, turnedTo } from "./turning.ts";
import { shortTime } from "./words.ts";

const Wish = ({ hold, seat }: { hold: Hold; seat: Seat }) => (
  <tr class="row">
    <td class="strong brief">
      <a class="link" href={personPath(hold.contact)} data-item>
        {personName(hold.name)}
      </a>
    </td>
    <td class="whole">{hold.quote ?? <span class="faint">The words are not here any more</span>}</td>
    <td class="brief">{channelWord(hold.channel)}</td>
    <td class="late brief">
      {hold.held_at ? (
        <Time at={hold.held_at} here={seat.here}>
          {shortTime(hold.held_at, seat.here)}
        </Time>
      ) : null}
    </td>
  </tr>
);

const Page = ({ seat, holds }: { seat: Seat; holds: Listed<Hold> }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <OutboundTabs current="wishes" />
        <h1>Wishes</h1>
        <p>What reads like “leave me alone”. Marketing waits until somebody has said what was meant.</p>
      </div>
    </header>
    {holds.data.length > 0 ? (
      <table class="table">
        <thead>
          <tr>
            {["Person", "Wrote", "Channel", "Waits since"].map((name) => (
              <th scope="col">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {holds.data.map((hold) => (
            <Wish hold={hold} seat={seat} />
          ))}
        </tbody>
      </table>
    ) : (
      <p class="soft">Nobody waits for a decision.</p>
    )}
    {holds.more ? (
      <a class="more" href={holds.more}>
        Older wishes
      </a>
    ) : null}
  </main>
);

export async function wishesPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const [holds, memory] = await together(ctx, [
    [listHolds, { limit: 50, ...(await turnedTo(c, "wishes")) }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const body = <Page seat={seat} holds={await listed(c, "wishes", holds)} />;
  return answerFramed(c, { seat, place: "outbox", title: "Wishes", body });
}
