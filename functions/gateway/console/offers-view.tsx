/** Offers as a list, and what their pages share with those of people and accounts. */
import type { Child } from "hono/jsx";
import { offerPath, offerStateWords, offersPath, shownMoney } from "./offer-words.ts";
import type { Seat } from "./seat.ts";
import type { Listed, OfferSeen } from "./shapes.ts";
import { State, Time } from "./signs.tsx";
import { shortTime } from "./words.ts";
import { WorldTabs } from "./world-view.tsx";

export const OfferState = ({ state }: { state: OfferSeen["state"] }) => {
  const { tone, shape, word } = offerStateWords[state];
  return (
    <State tone={tone} shape={shape}>
      {word}
    </State>
  );
};

export const OfferTable = ({ rows, seat }: { rows: OfferSeen[]; seat: Seat }) => (
  <table class="table">
    <thead>
      <tr>
        {["Offer", "For", "State", "With VAT", "Changed"].map((name) => (
          <th scope="col" class={name === "With VAT" ? "number" : "brief"}>
            {name}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {rows.map((row) => (
        <tr class="row">
          <td class="strong">
            <a class="link" href={offerPath(row.id)} data-item>
              {row.number}: {row.title}
            </a>
          </td>
          <td class="whole">
            {[row.account?.name, row.contact?.name].filter(Boolean).join(", ") || <span class="faint">Nobody yet</span>}
          </td>
          <td class="brief">
            <OfferState state={row.state} />
          </td>
          <td class="number">{shownMoney(row.total_minor, row.currency)}</td>
          <td class="late brief">
            <Time at={row.updated_at} here={seat.here}>
              {shortTime(row.updated_at, seat.here)}
            </Time>
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

type View = { seat: Seat; offers: Listed<OfferSeen>; state: string | undefined; children?: Child };

export const OffersPage = ({ view: { seat, offers, state } }: { view: View }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <WorldTabs current={offersPath} />
        <h1>Offers</h1>
        <p>What was offered to whom, what it rests on, and what became of it.</p>
      </div>
      {seat.permissions.includes("crm:write") ? (
        <a class="button chief" href={`${offersPath}/new`}>
          Write an offer
        </a>
      ) : null}
    </header>
    <nav class="tabs" aria-label="State">
      <a href={offersPath} {...(state ? {} : { "aria-current": "page" })}>
        All
      </a>
      {Object.entries(offerStateWords).map(([key, { word }]) => (
        <a href={`${offersPath}?state=${key}`} {...(key === state ? { "aria-current": "page" } : {})}>
          {word}
        </a>
      ))}
    </nav>
    {offers.data.length > 0 ? (
      <OfferTable rows={offers.data} seat={seat} />
    ) : (
      <p class="soft">{state ? "No offer is in that state." : "No offer was written yet."}</p>
    )}
    {offers.more ? (
      <a class="more" href={offers.more}>
        Earlier offers
      </a>
    ) : null}
  </main>
);
