/** Templates: what they say, and what one of them would say to one person. */
import { More, ways } from "./campaigns-view.tsx";
import type { Seat } from "./seat.ts";
import type { Listed, TemplateRow, TemplateSaid } from "./shapes.ts";
import { Sign } from "./signs.tsx";
import { counted } from "./words.ts";

export type TemplatesView = {
  seat: Seat;
  templates: Listed<TemplateRow>;
  /** The one that is looked at, and what it says to the person asked for. */
  chosen?: { template: TemplateRow; contact: string; typed: Map<string, string>; said?: TemplateSaid; wrong?: string };
};

const closer = (id: string) => `/console/templates?template=${encodeURIComponent(id)}#chosen`;

const Line = ({ row }: { row: TemplateRow }) => (
  <tr class="row">
    <td class="strong">
      <a class="link mono" href={closer(row.id)} data-item>
        {row.name}
      </a>
    </td>
    <td class="brief">
      {ways[row.channel]}, {row.language}
      {row.fallback ? <span class="faint"> and for other languages</span> : null}
    </td>
    <td class="brief">{row.class}</td>
    <td class="whole">{row.text}</td>
  </tr>
);

const hints: Record<string, string> = {
  number: "12",
  money: "125000 DKK, in the smallest unit",
  date: "2026-11-30",
  time: "14:30",
  link: "https://example.com",
  text: "",
};

const Said = ({ said }: { said: TemplateSaid }) => (
  <div class="closer">
    <p class="soft">
      {said.fell_back
        ? `In ${said.language}, since there is no text in the person's language.`
        : `In ${said.language}.`}
      {said.sms ? ` ${counted(said.sms.parts, "SMS part")}, ${said.sms.alphabet}.` : ""}
      {said.sms && said.sms.culprits.length > 0 ? ` These make it dearer: ${said.sms.culprits.join(" ")}` : ""}
    </p>
    {said.subject ? <p class="strong">{said.subject}</p> : null}
    <blockquote class="said">{said.text}</blockquote>
  </div>
);

const Chosen = ({ chosen }: { chosen: NonNullable<TemplatesView["chosen"]> }) => (
  <section aria-labelledby="chosen" class="closer">
    <h2 id="chosen">{chosen.template.name}</h2>
    <blockquote class="said">{chosen.template.text}</blockquote>
    <form class="filter" method="get" action="/console/templates">
      <input type="hidden" name="template" value={chosen.template.id} />
      <label class="field">
        <span class="label">Person (id)</span>
        <input name="contact" value={chosen.contact} maxlength={200} required autocomplete="off" />
      </label>
      {Object.entries(chosen.template.variables).map(([name, { type }]) => (
        <label class="field">
          <span class="label">
            {name} ({type})
          </span>
          <input
            name={`v_${name}`}
            value={chosen.typed.get(name) ?? ""}
            placeholder={hints[type] ?? ""}
            maxlength={2000}
            autocomplete="off"
          />
        </label>
      ))}
      <button class="button chief" type="submit">
        Preview
      </button>
    </form>
    {chosen.wrong ? (
      <div class="notice bad" role="alert">
        <Sign shape="warning" />
        <p>{chosen.wrong}</p>
      </div>
    ) : null}
    {chosen.said ? <Said said={chosen.said} /> : null}
  </section>
);

export const TemplatesPage = ({ view }: { view: TemplatesView }) => (
  <main class="page" id="main">
    <div class="page-head">
      <div>
        <h1>Templates</h1>
        <p>A text with gaps, one for each language and channel. What fills no gap is never sent.</p>
      </div>
      <a class="button slight" href="/console/campaigns">
        Campaigns
      </a>
    </div>
    {view.templates.data.length > 0 ? (
      <table class="table">
        <thead>
          <tr>
            {["Name", "For", "Class", "Text"].map((name) => (
              <th scope="col">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.templates.data.map((row) => (
            <Line row={row} />
          ))}
        </tbody>
      </table>
    ) : (
      <p class="soft">There is no template yet.</p>
    )}
    <More more={view.templates.more} name="Older templates" />
    {view.chosen ? <Chosen chosen={view.chosen} /> : null}
  </main>
);
