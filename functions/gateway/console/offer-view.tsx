/** One offer: what has to be done next, its lines with what they rest on, its sums, and who approved what. */
import type { Child } from "hono/jsx";
import { Complaints } from "./mend.tsx";
import { accountPath, offerPath, offerReason, shownMoney } from "./offer-words.ts";
import { OfferState, PeopleTabs } from "./offers-view.tsx";
import { MessageState } from "./outbound-tabs.tsx";
import { approvalPath, messagePath, personPath, whoWords } from "./outbound-words.ts";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import type { GroundSeen, OfferSeen } from "./shapes.ts";
import { personName } from "./shapes.ts";
import { Sign, State, Time } from "./signs.tsx";
import { ago, dateTime } from "./words.ts";
import { entityPath } from "./world-words.ts";

export type OfferPageView = {
  seat: Seat;
  offer: OfferSeen;
  /** Null where the reader may not know. */
  grounds: GroundSeen[] | null;
  people: ReadonlyMap<string, string>;
  said: string[];
};

type Sent = { view: OfferPageView; act: string; word: string; look?: "chief" | "slight" | ""; children?: Child };

const Act = ({ view, act, word, look = "chief", children }: Sent) => (
  <form {...(children ? { class: "filter" } : {})} method="post" action={`${offerPath(view.offer.id)}/${act}`}>
    <Proof seat={view.seat} />
    <input type="hidden" name="version" value={view.offer.version} />
    {children}
    <button class={`button ${look}`.trim()} type="submit">
      {word}
    </button>
  </form>
);

const Review = ({ view }: { view: OfferPageView }) => {
  const { review, items } = view.offer;
  if (!review) return null;
  const isOpen = items.some(({ stale }) => stale);
  return (
    <section class="notice bad" aria-label="Needs a look">
      <Sign shape="warning" />
      <div>
        <p>
          <b>{offerReason(review.reason)}</b> That was {ago(review.since, view.seat.here)}.{" "}
          {review.was === "sent"
            ? "It had been sent by then: its reader has it as it was. Tell him, or say why it stands."
            : isOpen
              ? "Nothing of it leaves until the line is changed, or somebody says why it stands."
              : "The lines were changed since. Look it over, and it can go on."}
        </p>
        {view.seat.permissions.includes("crm:write") ? (
          <Act
            view={view}
            act="review"
            word={isOpen ? "It stands as it is" : "I have looked at it"}
            look={isOpen ? "" : "chief"}
          >
            <label class="field">
              <span class="label">{isOpen ? "Why it stands" : "What was done"}</span>
              <input name="reason" maxlength={500} autocomplete="off" required={isOpen} />
            </label>
          </Act>
        ) : null}
      </div>
    </section>
  );
};

const Hand = ({ view }: { view: OfferPageView }) => (
  <Act view={view} act="send" word="Write the message">
    <label class="field">
      <span class="label">By</span>
      <select name="channel">
        <option value="email">Email</option>
        <option value="sms">SMS</option>
        <option value="telegram">Telegram</option>
      </select>
    </label>
  </Act>
);

const Settle = ({ view }: { view: OfferPageView }) => (
  <Act view={view} act="settle" word="Write it down">
    <label class="field">
      <span class="label">The answer</span>
      <select name="outcome">
        <option value="accepted">Accepted</option>
        <option value="declined">Declined</option>
      </select>
    </label>
    <label class="field">
      <span class="label">Evidence of it, if it was written</span>
      <input name="evidence" maxlength={120} autocomplete="off" placeholder="by telephone: leave empty" />
    </label>
  </Act>
);

const Next = ({ view }: { view: OfferPageView }) => {
  const { offer, seat } = view;
  const may = (what: string) => seat.permissions.includes(what);
  const counts = (kind: string) => offer.approvals.some((each) => each.kind === kind && !each.dropped_at);
  const message = offer.message?.state === "cancelled" ? null : offer.message;
  if (offer.state === "draft")
    return may("crm:approve") ? (
      <Act view={view} act="approve-discount" word="Approve the discount" />
    ) : (
      <p class="soft">Somebody has to approve the discount.</p>
    );
  if (offer.state === "sent") return may("crm:write") ? <Settle view={view} /> : null;
  if (offer.state !== "approved") return null;
  if (message)
    return (
      <p>
        Its message is written. It leaves when it is approved and sent.{" "}
        <a class="link" href={message.state === "draft" ? approvalPath(message.id) : messagePath(message.id)}>
          Open the message
        </a>
      </p>
    );
  if (!counts("send"))
    return may("crm:approve") ? (
      <Act view={view} act="approve-send" word="Approve that it is sent" />
    ) : (
      <p class="soft">Somebody has to approve that it is sent.</p>
    );
  if (!offer.contact) return <p class="soft">Say first, under Change, to whom it is sent.</p>;
  return may("crm:write") ? <Hand view={view} /> : null;
};

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
          <PeopleTabs current="" />
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
