/** The page of the project's rules for what it sends. */
import { Complaints } from "./mend.tsx";
import { isWorded, reasonWords } from "./outbound-reasons.ts";
import { OutboundTabs } from "./outbound-tabs.tsx";
import { messagePath } from "./outbound-words.ts";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import type { DryRun, SendingRules } from "./shapes.ts";
import { State, Time } from "./signs.tsx";
import { counted, dateTime, sentence } from "./words.ts";

export const rulesPath = "/console/rules";

export type RulesView = {
  seat: Seat;
  /** As they stand. */
  rules: SendingRules;
  typed: ReadonlyMap<string, string>;
  said: string[];
  judged: (DryRun & { ahead: string }) | undefined;
};

/** The rules as the form's fields hold them; a box that is not ticked is not there. */
export const typedFrom = (rules: SendingRules): ReadonlyMap<string, string> =>
  new Map(
    Object.entries({
      brand: rules.brand,
      quiet_from: rules.quiet_from,
      quiet_until: rules.quiet_until,
      cap_count: String(rules.cap_count),
      cap_hours: String(rules.cap_seconds / 3600),
      most_attempts: String(rules.most_attempts),
      help_en: rules.help_text.en ?? "",
      help_da: rules.help_text.da ?? "",
      postal_address: rules.postal_address,
      ...(rules.four_eyes ? { four_eyes: "1" } : {}),
      ...(rules.stop_on_reply ? { stop_on_reply: "1" } : {}),
      ...(rules.confirm_stop ? { confirm_stop: "1" } : {}),
    }),
  );

type Of = { view: RulesView; name: string; label: string };

/** After a change by somebody else: what stands now, where that is not what was typed. */
const Now = ({ view, name }: { view: RulesView; name: string }) => {
  const stands = typedFrom(view.rules).get(name) ?? "";
  return view.said.length > 0 && stands !== (view.typed.get(name) ?? "") ? (
    <span class="small faint">Stands now: {stands || "nothing"}</span>
  ) : null;
};

const Field = ({
  view,
  name,
  label,
  type,
  ...more
}: Of & { type?: string; min?: number; max?: number; most?: number }) => (
  <label class="field">
    <span class="label">{label}</span>
    <input
      name={name}
      type={type ?? "text"}
      value={view.typed.get(name) ?? ""}
      min={more.min}
      max={more.max}
      maxlength={more.most}
      step={type === "number" ? "any" : undefined}
      required={type !== undefined}
      autocomplete="off"
    />
    <Now view={view} name={name} />
  </label>
);

const Words = ({ view, name, label, most }: Of & { most: number }) => (
  <label class="field">
    <span class="label">{label}</span>
    <textarea name={name} rows={2} maxlength={most}>
      {view.typed.get(name) ?? ""}
    </textarea>
    <Now view={view} name={name} />
  </label>
);

const Tick = ({ view, name, label }: Of) => (
  <label class="pick">
    <input type="checkbox" name={name} value="1" checked={view.typed.has(name)} />
    <span>{label}</span>
  </label>
);

const Form = ({ view }: { view: RulesView }) => (
  <form class="writing" method="post" action={rulesPath}>
    <Proof seat={view.seat} />
    <input type="hidden" name="version" value={view.rules.version} />
    <Complaints said={view.said} />
    <fieldset class="rule">
      <legend>Approval</legend>
      <Tick view={view} name="four_eyes" label="Two pairs of eyes: whoever wrote a message may not approve it" />
    </fieldset>
    <fieldset class="rule pair">
      <legend>Quiet hours, by the clock where the recipient is</legend>
      <Field view={view} name="quiet_from" label="From" type="time" />
      <Field view={view} name="quiet_until" label="Until" type="time" />
    </fieldset>
    <fieldset class="rule pair">
      <legend>One person gets at most</legend>
      <Field view={view} name="cap_count" label="Messages" type="number" min={0} max={1000} />
      <Field view={view} name="cap_hours" label="In so many hours" type="number" min={0} max={8760} />
    </fieldset>
    <fieldset class="rule">
      <legend>Answers</legend>
      <Tick view={view} name="stop_on_reply" label="A message that waits is cancelled when the person writes first" />
      <Tick view={view} name="confirm_stop" label="A STOP is confirmed once; leave it out where the provider does so" />
      <Words
        view={view}
        name="help_en"
        label="The answer to HELP, in English; nothing is answered where it is empty"
        most={600}
      />
      <Words view={view} name="help_da" label="In Danish" most={600} />
    </fieldset>
    <fieldset class="rule">
      <legend>Who writes</legend>
      <Field view={view} name="brand" label="The name customers know you by" most={100} />
      <Words view={view} name="postal_address" label="The postal address below marketing email" most={300} />
    </fieldset>
    <fieldset class="rule pair">
      <legend>A provider that does not answer is tried</legend>
      <Field view={view} name="most_attempts" label="Times" type="number" min={1} max={20} />
    </fieldset>
    <p class="small soft">What was approved under other rules goes back to its writer before it leaves.</p>
    <div class="actions">
      <button class="button chief" type="submit">
        Change the rules
      </button>
    </div>
  </form>
);

/** Those who may not change them read them. */
const Read = ({ rules }: { rules: SendingRules }) => (
  <dl class="about">
    <dt>Approval</dt>
    <dd>{rules.four_eyes ? "By somebody else than the writer" : "By anybody who may approve"}</dd>
    <dt>Quiet hours</dt>
    <dd>
      {rules.quiet_from} to {rules.quiet_until}, where the recipient is
    </dd>
    <dt>One person gets</dt>
    <dd>
      at most {counted(rules.cap_count, "message")} in {counted(rules.cap_seconds / 3600, "hour")}
    </dd>
  </dl>
);

const verdicts: Record<
  string,
  { tone: "good" | "wait" | "bad" | "plain"; shape: "done" | "clock" | "lock" | "warning"; word: string }
> = {
  send: { tone: "good", shape: "done", word: "would leave" },
  wait: { tone: "wait", shape: "clock", word: "would wait" },
  draft: { tone: "bad", shape: "warning", word: "would go back to the writer" },
  block: { tone: "bad", shape: "lock", word: "would be blocked" },
  cancel: { tone: "plain", shape: "lock", word: "would be cancelled" },
};

const spans = [
  { key: "now", name: "Now" },
  { key: "day", name: "The next 24 hours" },
  { key: "week", name: "The next 7 days" },
];

const Judged = ({ judged, seat }: { judged: NonNullable<RulesView["judged"]>; seat: Seat }) => {
  const others = judged.judged.filter(({ verdict }) => verdict !== "send");
  return (
    <>
      <p class="state-line" role="status">
        {Object.entries(judged.verdicts).map(([verdict, n]) => (
          <State tone={verdicts[verdict]?.tone ?? "plain"} shape={verdicts[verdict]?.shape ?? "warning"}>
            {counted(n, "message")} {verdicts[verdict]?.word ?? sentence(verdict)}
          </State>
        ))}
        {judged.judged.length === 0 ? <span class="soft">Nothing in the queue is due by then.</span> : null}
      </p>
      <ol class="brief-list">
        {others.slice(0, 50).map((row) => (
          <li>
            <a href={messagePath(row.id)} data-item>
              <span class="clip">
                {row.reason ? (isWorded(row.reason) ? reasonWords(row.reason) : sentence(row.reason)) : row.verdict}
              </span>
              <span class="faint">{verdicts[row.verdict]?.word}</span>
              <Time at={row.judged_at} here={seat.here}>
                {dateTime(row.judged_at, seat.here)}
              </Time>
            </a>
          </li>
        ))}
      </ol>
      {judged.more ? <p class="small soft">There are more than are judged at once.</p> : null}
    </>
  );
};

export const RulesPage = ({ view }: { view: RulesView }) => (
  <main class="page narrow">
    <header class="page-head">
      <div>
        <OutboundTabs current="rules" />
        <h1>Rules</h1>
        <p>What holds for every message of this project.</p>
      </div>
    </header>
    {view.seat.permissions.includes("outbound:operate") ? <Form view={view} /> : <Read rules={view.rules} />}
    <section id="dry" class="closer">
      <h2>Dry run</h2>
      <p class="soft">What would become of the queue under these rules. Nothing is sent and nothing is kept.</p>
      <p class="tries">
        {spans.map(({ key, name }) => (
          <a href={`${rulesPath}?ahead=${key}#dry`} {...(view.judged?.ahead === key ? { "aria-current": "true" } : {})}>
            {name}
          </a>
        ))}
      </p>
      {view.judged ? <Judged judged={view.judged} seat={view.seat} /> : null}
    </section>
  </main>
);
