/** What a person has said about being written to, channel by channel, with what it rests on and the forms that change it. */
import { Complaints } from "./mend.tsx";
import { channelWord, personPath } from "./outbound-words.ts";
import type { PersonView } from "./person-view.tsx";
import { Cap, type Channeled, Consent, OptIn, OptOut } from "./policy-forms.tsx";
import { Proof } from "./secret-shown.tsx";
import type { Hold, PolicyRow, Stands } from "./shapes.ts";
import { State, Time } from "./signs.tsx";
import { counted, dateTime, type Here, span } from "./words.ts";

const causes: Record<string, string> = {
  keyword: "by writing STOP",
  link: "by the link in a message",
  provider: "at the provider",
  complaint: "by a complaint",
  operator: "as noted by a colleague",
};

export const suppressions: Record<string, string> = {
  ...causes,
  bounce: "the address bounces",
  invalid: "the address is not valid",
};

const At = ({ at, here }: { at: string; here: Here }) => (
  <Time at={at} here={here}>
    {dateTime(at, here)}
  </Time>
);

const PolicyState = ({ policy, here }: { policy: PolicyRow; here: Here }) => {
  if (policy.opted_out_at)
    return (
      <State tone="bad" shape="lock">
        Opted out {causes[policy.opted_out_by ?? ""] ?? ""}, <At at={policy.opted_out_at} here={here} />
      </State>
    );
  if (policy.held_at)
    return (
      <State tone="wait" shape="half">
        Held for a colleague to decide, since <At at={policy.held_at} here={here} />
      </State>
    );
  if (policy.cleared_at)
    return (
      <State tone="good" shape="done">
        Allowed again, <At at={policy.cleared_at} here={here} />
      </State>
    );
  return (
    <State tone="good" shape="done">
      May be written to
    </State>
  );
};

const Policy = ({ policy, here }: { policy: PolicyRow; here: Here }) => (
  <p>
    <PolicyState policy={policy} here={here} />
    {policy.brand ? <span class="faint"> for {policy.brand}</span> : null}
    {policy.cap_count === null ? null : (
      <span class="faint">
        {" "}
        at most {counted(policy.cap_count, "message")}
        {policy.cap_seconds === null ? "" : ` in ${span(policy.cap_seconds * 1000)}`}
      </span>
    )}
    {policy.evidence ? (
      <span class="faint">
        {" "}
        kept as <span class="mono">{policy.evidence}</span>
      </span>
    ) : null}
    {policy.note ? <span class="quoted">“{policy.note}”</span> : null}
  </p>
);

type ConsentRow = Stands["consents"][number];

const ConsentLine = ({ consent, here }: { consent: ConsentRow; here: Here }) => {
  const to = consent.scope === "marketing" ? "marketing" : "messages about their own job";
  return (
    <p class="soft">
      {consent.granted ? `Consented to ${to}` : `Took the consent to ${to} back`},{" "}
      <At at={consent.occurred_at} here={here} />
      {consent.source ? <span class="faint"> · {consent.source}</span> : null}
      {consent.proof ? (
        <span class="faint">
          {" "}
          · <span class="mono">{consent.proof}</span>
        </span>
      ) : null}
      {consent.shown_text ? <span class="quoted">“{consent.shown_text}”</span> : null}
    </p>
  );
};

/** Newest first; what it replaced stands behind a fold. */
const Consents = ({ rows, here }: { rows: ConsentRow[]; here: Here }) => {
  const newest = rows.filter((row, i) => rows.findIndex(({ scope }) => scope === row.scope) === i);
  const older = rows.filter((row) => !newest.includes(row));
  return (
    <>
      {newest.map((consent) => (
        <ConsentLine consent={consent} here={here} />
      ))}
      {older.length > 0 ? (
        <details>
          <summary class="link">{counted(older.length, "earlier consent")}</summary>
          {older.map((consent) => (
            <ConsentLine consent={consent} here={here} />
          ))}
        </details>
      ) : null}
    </>
  );
};

const Channel = ({ channel, view }: { channel: string; view: PersonView }) => {
  const { seat, stands, ways, wrong } = view;
  const { here } = seat;
  const policies = stands.policies.filter((one) => one.channel === channel);
  const shut = stands.suppressions.filter((one) => one.channel === channel);
  const out = policies.find((policy) => policy.opted_out_at !== null);
  const whole = policies.find(({ brand }) => brand === "");
  const brands = [
    ...new Set(ways.ways.filter((way) => way.channel === channel && way.brand).map(({ brand }) => brand)),
  ];
  const of: Channeled = { seat, contact: ways.contact, channel, brands, wrong };
  const mayWrite = seat.permissions.includes("outbound:write") && !ways.erased;
  const mayOperate = seat.permissions.includes("outbound:operate") && !ways.erased;
  return (
    <li class="policy" id={`policy-${channel}`}>
      <h3>{channelWord(channel)}</h3>
      <div class="stands">
        {policies.map((policy) => (
          <Policy policy={policy} here={here} />
        ))}
        {shut.map(({ reason, suppressed_at }) => (
          <p class="soft">
            The address is shut: {suppressions[reason] ?? reason}, <At at={suppressed_at} here={here} />
          </p>
        ))}
        <Consents rows={stands.consents.filter((one) => one.channel === channel)} here={here} />
      </div>
      <div class="acts-line">
        {mayWrite && !whole?.opted_out_at ? <OptOut of={of} /> : null}
        {mayOperate && (out || shut.some(({ reason }) => Object.hasOwn(causes, reason))) ? (
          <OptIn of={of} brand={out?.brand ?? ""} />
        ) : null}
        {mayOperate ? <Consent of={of} /> : null}
        {mayOperate ? <Cap of={of} count={whole?.cap_count ?? null} seconds={whole?.cap_seconds ?? null} /> : null}
      </div>
    </li>
  );
};

export const Policies = ({ view }: { view: PersonView }) => {
  const { stands, ways } = view;
  const said = [...stands.policies, ...stands.suppressions, ...stands.consents].map(({ channel }) => channel);
  const channels = [...new Set([...ways.ways.map(({ channel }) => channel), ...said])];
  return (
    <section>
      <h2>What this person has said about it</h2>
      {said.length === 0 ? (
        <p class="soft">Nothing yet: the project’s rules apply, and marketing needs a consent.</p>
      ) : null}
      <ul class="policies">
        {channels.map((channel) => (
          <Channel channel={channel} view={view} />
        ))}
      </ul>
    </section>
  );
};

/** Words that may mean "leave me alone": one box for what was heard at once on several channels. */
export const Holds = ({ view }: { view: PersonView }) => {
  const each = [...Map.groupBy(view.holds, ({ held_evidence, id }) => held_evidence ?? id).values()];
  const isWrong = view.wrong?.act === "hold";
  return (
    <>
      {isWrong ? <Complaints said={view.wrong?.said} /> : null}
      {each.map((holds) => (
        <Decision holds={holds} view={view} />
      ))}
    </>
  );
};

const Decision = ({ holds, view }: { holds: Hold[]; view: PersonView }) => {
  const [hold] = holds;
  if (!hold) return null;
  const { here } = view.seat;
  const typed = view.wrong?.act === "hold" ? view.wrong.typed : undefined;
  return (
    <section class="notice hold" aria-label="A wish to decide about">
      <State tone="wait" shape="half">
        Marketing by {holds.map(({ channel }) => channelWord(channel)).join(" and ")} waits
        {hold.held_at ? (
          <>
            {" "}
            since <At at={hold.held_at} here={here} />
          </>
        ) : null}
      </State>
      {hold.quote ? (
        <blockquote class="said">{hold.quote}</blockquote>
      ) : (
        <p class="soft">The words are not here any more.</p>
      )}
      <p class="small soft">Does this person want no more messages?</p>
      {view.seat.permissions.includes("outbound:operate") ? (
        <form method="post" action={`${personPath(view.ways.contact)}/hold`}>
          <Proof seat={view.seat} />
          <input type="hidden" name="hold" value={hold.id} />
          <input
            name="reason"
            aria-label="Why you decide so"
            placeholder="Why, if it needs words"
            value={typed?.get("reason") ?? ""}
            maxlength={500}
            autocomplete="off"
          />
          <div class="actions">
            <button class="button chief" type="submit" name="decision" value="opt_out">
              Opt out
            </button>
            <button class="button" type="submit" name="decision" value="release">
              Let marketing go on
            </button>
          </div>
        </form>
      ) : (
        <p class="small soft">Somebody who runs the sending decides.</p>
      )}
    </section>
  );
};
