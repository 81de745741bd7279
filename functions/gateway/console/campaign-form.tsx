/** The form of a campaign that has not started: whom it is for, and the messages of its sequence. */

import { Complaints } from "./mend.tsx";
import { channelWord } from "./outbound-words.ts";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import type { SegmentRow, SenderRow, TemplateRow } from "./shapes.ts";
import { kindHints, kindWords, shownAs } from "./typed-values.ts";

export const campaignChannels = ["sms", "email", "telegram"] as const;
export type CampaignChannel = (typeof campaignChannels)[number];

export type TypedStep = { template: string; wait: string; unit: string; stops: boolean };

export type TypedCampaign = {
  name: string;
  channel: CampaignChannel;
  class: string;
  segment: string;
  sender: string;
  steps: TypedStep[];
  values: ReadonlyMap<string, string>;
};

export type CampaignFormView = {
  seat: Seat;
  typed: TypedCampaign;
  said: string[];
  segments: SegmentRow[];
  senders: SenderRow[];
  /** Of its channel. */
  templates: TemplateRow[];
  changes?: { id: string; version: number };
};

export const units: Record<string, { word: string; seconds: number }> = {
  hours: { word: "hours later", seconds: 3600 },
  days: { word: "days later", seconds: 86_400 },
};

/** The gaps of the templates that its steps name; the same value fills a name in each. */
export function gapsIn({ typed, templates }: Pick<CampaignFormView, "typed" | "templates">) {
  const names = new Set(typed.steps.map(({ template }) => template));
  return new Map(templates.filter(({ name }) => names.has(name)).flatMap(({ variables }) => Object.entries(variables)));
}

const spareSteps = 2;
const mostSteps = 20;

const languages = (rows: TemplateRow[]) => rows.map(({ language }) => language).join(", ");

const Step = ({ step, at, names }: { step: TypedStep; at: number; names: Map<string, TemplateRow[]> }) => (
  <div class="step">
    <select name={`template${at}`} aria-label={`Step ${at + 1}: template`} required={at === 0}>
      <option value="">{at === 0 ? "Choose a template" : "(no further step)"}</option>
      {[...names].map(([name, rows]) => (
        <option value={name} selected={name === step.template}>
          {name} ({languages(rows)}; {rows[0]?.class})
        </option>
      ))}
      {step.template !== "" && !names.has(step.template) ? (
        <option value={step.template} selected>
          {step.template} (not in use)
        </option>
      ) : null}
    </select>
    <input
      name={`wait${at}`}
      type="number"
      min={0}
      max={8760}
      step="any"
      value={step.wait}
      aria-label={`Step ${at + 1}: how long after the one before`}
      placeholder="0"
    />
    <select name={`unit${at}`} aria-label={`Step ${at + 1}: hours or days`}>
      {Object.entries(units).map(([unit, { word }]) => (
        <option value={unit} selected={unit === step.unit}>
          {word}
        </option>
      ))}
    </select>
    <label class="pick">
      <input type="checkbox" name={`stop${at}`} value="1" checked={step.stops} />
      <span>ends when the person writes</span>
    </label>
  </div>
);

const Steps = ({ view }: { view: CampaignFormView }) => {
  const names = Map.groupBy(view.templates, ({ name }) => name);
  const spare = Array.from({ length: spareSteps }, () => ({ template: "", wait: "", unit: "days", stops: true }));
  return (
    <fieldset class="rule">
      <legend>Messages</legend>
      {names.size === 0 ? (
        <p class="soft">
          There is no template for {channelWord(view.typed.channel)} yet.{" "}
          <a class="link" href="/console/templates/new">
            Write one
          </a>{" "}
          first.
        </p>
      ) : null}
      {[...view.typed.steps, ...spare].slice(0, mostSteps).map((step, at) => (
        <Step step={step} at={at} names={names} />
      ))}
    </fieldset>
  );
};

/** Asked for once the steps name their templates. */
const Values = ({ view }: { view: CampaignFormView }) => {
  const gaps = gapsIn(view);
  if (gaps.size === 0) return null;
  return (
    <fieldset class="rule" id="values">
      <legend>What fills the gaps, the same for everybody</legend>
      {[...gaps].map(([name, { type, default: given }]) => (
        <label class="field">
          <span class="label">
            {name} ({kindWords[type].toLowerCase()})
          </span>
          <input
            name={`v_${name}`}
            value={view.typed.values.get(name) ?? ""}
            placeholder={shownAs(given) || kindHints[type]}
            maxlength={2000}
            autocomplete="off"
          />
        </label>
      ))}
    </fieldset>
  );
};

const Channels = ({ chosen }: { chosen: string }) => (
  <nav class="tries" aria-label="By">
    {campaignChannels.map((channel) => (
      <a href={`/console/campaigns/new?channel=${channel}`} {...(channel === chosen ? { "aria-current": "true" } : {})}>
        {channelWord(channel)}
      </a>
    ))}
  </nav>
);

const Whom = ({ view }: { view: CampaignFormView }) => {
  const { typed, segments, senders } = view;
  return (
    <>
      <label class="field">
        <span class="label">Name</span>
        <input name="name" value={typed.name} maxlength={100} placeholder="Autumn check" required autocomplete="off" />
      </label>
      {view.changes ? (
        <input type="hidden" name="class" value={typed.class} />
      ) : (
        <fieldset class="choice">
          <legend>Kind</legend>
          {[
            ["marketing", "Marketing"],
            ["transactional", "About their own job"],
          ].map(([value, label]) => (
            <label>
              <input type="radio" name="class" value={value} checked={value === typed.class} />
              {label}
            </label>
          ))}
        </fieldset>
      )}
      <label class="field">
        <span class="label">To</span>
        <select name="segment" required>
          {segments.map(({ id, name }) => (
            <option value={id} selected={id === typed.segment}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {segments.length === 0 ? (
        <p class="soft">
          There is no segment yet.{" "}
          <a class="link" href="/console/segments/new">
            Save one
          </a>{" "}
          first.
        </p>
      ) : null}
      <label class="field">
        <span class="label">From</span>
        <select name="sender">
          <option value="">The first sender of this channel</option>
          {senders
            .filter(({ channel, state }) => channel === typed.channel && state !== "disabled")
            .map(({ id, name, address }) => (
              <option value={id} selected={id === typed.sender}>
                {name}, {address}
              </option>
            ))}
        </select>
      </label>
    </>
  );
};

export const CampaignFormPage = ({ view }: { view: CampaignFormView }) => {
  const { seat, typed, said, changes } = view;
  const place = changes ? `/console/campaigns/${encodeURIComponent(changes.id)}` : "/console/campaigns";
  return (
    <main class="page narrow">
      <header class="page-head">
        <div>
          <p class="small">
            <a class="link" href={place}>
              {changes ? "Campaign" : "Campaigns"}
            </a>
          </p>
          <h1>{changes ? `Change ${typed.name}` : "New campaign"}</h1>
          <p>
            By {channelWord(typed.channel)}. Nothing leaves before somebody approves and starts it
            {changes ? "; a change takes an approval back" : ""}.
          </p>
        </div>
      </header>
      {changes ? null : <Channels chosen={typed.channel} />}
      <form class="writing" method="post" action={changes ? `${place}/edit` : place}>
        <Proof seat={seat} />
        <input type="hidden" name="channel" value={typed.channel} />
        {changes ? <input type="hidden" name="version" value={changes.version} /> : null}
        <Complaints said={said} />
        <Whom view={view} />
        <Steps view={view} />
        <Values view={view} />
        <div class="actions">
          <button class="button chief" type="submit">
            {changes ? "Save the changes" : "Save as a draft"}
          </button>
        </div>
      </form>
    </main>
  );
};
