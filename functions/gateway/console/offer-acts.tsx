/** What may be done to an offer next, as forms; and why it needs a look. */
import type { Child } from "hono/jsx";
import { offerPath, offerReason } from "./offer-words.ts";
import { approvalPath, messagePath } from "./outbound-words.ts";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import type { GroundSeen, OfferSeen } from "./shapes.ts";
import { Sign } from "./signs.tsx";
import { ago } from "./words.ts";

export type OfferPageView = {
  seat: Seat;
  offer: OfferSeen;
  /** Null where the reader may not know. */
  grounds: GroundSeen[] | null;
  people: ReadonlyMap<string, string>;
  said: string[];
};

type Sent = { view: OfferPageView; act: string; word: string; look?: "chief" | "slight" | ""; children?: Child };

export const Act = ({ view, act, word, look = "chief", children }: Sent) => (
  <form {...(children ? { class: "filter" } : {})} method="post" action={`${offerPath(view.offer.id)}/${act}`}>
    <Proof seat={view.seat} />
    <input type="hidden" name="version" value={view.offer.version} />
    {children}
    <button class={`button ${look}`.trim()} type="submit">
      {word}
    </button>
  </form>
);

export const Review = ({ view }: { view: OfferPageView }) => {
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

export const Next = ({ view }: { view: OfferPageView }) => {
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
