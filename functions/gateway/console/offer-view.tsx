/** One offer: what has to be done next, its lines with what they rest on, its sums, and who approved what. */
import { Complaints } from "./mend.tsx";
import { Act, Next, type OfferPageView, Review } from "./offer-acts.tsx";
import { accountPath, offerPath, offerReason, shownMoney } from "./offer-words.ts";
import { OfferState } from "./offers-view.tsx";
import { MessageState } from "./outbound-tabs.tsx";
import { messagePath, personPath, whoWords } from "./outbound-words.ts";
import type { GroundSeen, OfferSeen } from "./shapes.ts";
import { personName } from "./shapes.ts";
import { State, Time } from "./signs.tsx";
import { dateTime } from "./words.ts";
import { WorldTabs } from "./world-view.tsx";
import { entityPath } from "./world-words.ts";

const Ground = ({ ground }: { ground: GroundSeen | undefined }) =>
  ground === undefined ? null : (
    <p class="small">
      {ground.fact ? (
        <>
          <span class="soft">Rests on </span>
          {ground.subject ? (
            <a class="link" href={entityPath(ground.subject)}>
              {ground.statement}
            </a>
          ) : (
            <span class="faint">a fact that was erased</span>
          )}
          {ground.now ? (
            <>
              {". "}
              <b>Now: {ground.now}</b>
            </>
          ) : null}
        </>
      ) : (
        <span class="soft">
          Rests on evidence <span class="mono">…{ground.evidence?.slice(-5)}</span>
          {ground.evidence_gone ? ", which was taken back" : ""}
        </span>
      )}
    </p>
  );

const Lines = ({ view: { offer, grounds } }: { view: OfferPageView }) => {
  const shown = (minor: number) => shownMoney(minor, offer.currency);
  return (
    <table class="table">
      <thead>
        <tr>
          {["What", "How many", "Each", "Discount", "Without VAT"].map((name) => (
            <th scope="col" class={name === "Each" || name === "Without VAT" ? "number" : "brief"}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {offer.items.map((item) => (
          <tr class="row">
            <td class="whole">
              <p>{item.description}</p>
              {item.stale ? (
                <State tone="bad" shape="warning">
                  {offerReason(item.stale)}
                </State>
              ) : null}
              <Ground ground={grounds?.find((each) => each.item === item.id)} />
            </td>
            <td class="brief">{item.quantity}</td>
            <td class="number">{shown(item.unit_price_minor)}</td>
            <td class="brief">{item.discount_pct > 0 ? `${item.discount_pct} %` : ""}</td>
            <td class="number">{shown(item.net_minor)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};

const Sums = ({ offer }: { offer: OfferSeen }) => (
  <dl class="about">
    {(
      [
        ["Before discounts", offer.discount_minor > 0 ? offer.list_minor : null],
        ["Discounts", offer.discount_minor > 0 ? -offer.discount_minor : null],
        ["Without VAT", offer.net_minor],
        ["VAT", offer.vat_minor],
        ["To pay", offer.total_minor],
      ] as const
    ).map(([name, minor]) =>
      minor === null ? null : (
        <>
          <dt>{name}</dt>
          <dd>{shownMoney(minor, offer.currency)}</dd>
        </>
      ),
    )}
  </dl>
);

const Approvals = ({ view: { offer, people, seat } }: { view: OfferPageView }) =>
  offer.approvals.length === 0 ? null : (
    <section class="closer">
      <h2>Approved</h2>
      <ul class="points">
        {offer.approvals.map((each) => (
          <li>
            <span>
              {each.kind === "discount" ? "The discount" : "That it is sent"}, by {whoWords(each.by, people)},{" "}
              <Time at={each.at} here={seat.here}>
                {dateTime(each.at, seat.here)}
              </Time>
              {each.dropped_because ? (
                <span class="soft"> Counts no more: {offerReason(each.dropped_because)}</span>
              ) : null}
            </span>
            <a class="link small" href="/console/audit">
              Audit …{each.audit_event.slice(-5)}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );

const For = ({ offer }: { offer: OfferSeen }) => (
  <>
    {offer.contact ? (
      <a class="link" href={personPath(offer.contact.id)}>
        {personName(offer.contact.name)}
      </a>
    ) : null}
    {offer.account ? (
      <a class="link" href={accountPath(offer.account.id)}>
        {offer.account.name}
      </a>
    ) : null}
  </>
);

export const OfferPage = ({ view }: { view: OfferPageView }) => {
  const { offer, seat } = view;
  const mayWrite = seat.permissions.includes("crm:write");
  const isUnsent = offer.sent_at === null && offer.settled_at === null;
  return (
    <main class="page">
      <header class="page-head">
        <div>
          <WorldTabs current="" />
          <h1>
            Offer {offer.number}: {offer.title}
          </h1>
          <p class="facts-line">
            <OfferState state={offer.state} />
            <For offer={offer} />
            {offer.message ? (
              <a class="link" href={messagePath(offer.message.id)}>
                Message: <MessageState state={offer.message.state} />
              </a>
            ) : null}
          </p>
        </div>
        {mayWrite && offer.settled_at === null ? (
          <div class="actions">
            {isUnsent ? (
              <a
                class={offer.items.some(({ stale }) => stale) ? "button chief" : "button"}
                href={`${offerPath(offer.id)}/edit`}
              >
                Change
              </a>
            ) : null}
            <Act view={view} act="withdraw" word="Withdraw" look="" />
          </div>
        ) : null}
      </header>
      <Complaints said={view.said} />
      <Review view={view} />
      <Next view={view} />
      <Lines view={view} />
      <Sums offer={offer} />
      {offer.note ? <p>{offer.note}</p> : null}
      {offer.review_note ? <p class="soft">Looked at before: {offer.review_note}</p> : null}
      <Approvals view={view} />
    </main>
  );
};
