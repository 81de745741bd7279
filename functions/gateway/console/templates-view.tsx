/** Templates: what they say, and what one of them would say to one person. */
import { More, ways } from "./campaigns-view.tsx";
import { ContactChoice } from "./contact-choice.tsx";
import { Complaints } from "./mend.tsx";
import { OutboundTabs } from "./outbound-tabs.tsx";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import type { Contact, Listed, TemplateRow, TemplateSaid } from "./shapes.ts";
import { kindHints, kindWords, shownAs } from "./typed-values.ts";
import { counted } from "./words.ts";

export type TemplatesView = {
  seat: Seat;
  templates: Listed<TemplateRow>;
  contacts: Contact[] | null;
  /** The one that is looked at, and what it says to the person asked for. */
  chosen?: { template: TemplateRow; contact: string; typed: Map<string, string>; said?: TemplateSaid; wrong?: string };
};

export const closer = (id: string) => `/console/templates?template=${encodeURIComponent(id)}#chosen`;

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

/** What can be done with it: another row in another language, other words, out of use. */
const Acts = ({ row, seat }: { row: TemplateRow; seat: Seat }) => {
  if (!seat.permissions.includes("outbound:write")) return null;
  if (row.retired_at) return <p class="small soft">This row is out of use.</p>;
  const path = `/console/templates/${encodeURIComponent(row.id)}`;
  return (
    <div class="actions">
      <a class="button slight" href={`${path}/edit`}>
        Change the words
      </a>
      <a class="button slight" href={`/console/templates/new?like=${encodeURIComponent(row.id)}`}>
        Another language
      </a>
      <form method="post" action={`${path}/retire`}>
        <Proof seat={seat} />
        <button class="button slight" type="submit">
          Take out of use
        </button>
      </form>
    </div>
  );
};

const Preview = ({ chosen, contacts }: { chosen: Chosen; contacts: Contact[] | null }) => (
  <form class="filter" method="get" action="/console/templates#chosen">
    <input type="hidden" name="template" value={chosen.template.id} />
    <ContactChoice contacts={contacts} chosen={chosen.contact} label="Person" />
    {Object.entries(chosen.template.variables).map(([name, { type, default: given }]) => (
      <label class="field">
        <span class="label">
          {name} ({kindWords[type].toLowerCase()})
        </span>
        <input
          name={`v_${name}`}
          value={chosen.typed.get(name) ?? ""}
          placeholder={shownAs(given) || kindHints[type]}
          maxlength={2000}
          autocomplete="off"
        />
      </label>
    ))}
    <button class="button chief" type="submit">
      Preview
    </button>
  </form>
);

type Chosen = NonNullable<TemplatesView["chosen"]>;

const ChosenRow = ({ chosen, view }: { chosen: Chosen; view: TemplatesView }) => (
  <section aria-labelledby="chosen" class="closer">
    <div class="page-head">
      <h2 id="chosen">
        {chosen.template.name}
        <span class="faint">
          {" "}
          {ways[chosen.template.channel]}, {chosen.template.language}
        </span>
      </h2>
      <Acts row={chosen.template} seat={view.seat} />
    </div>
    {chosen.template.subject ? <p class="strong">{chosen.template.subject}</p> : null}
    <blockquote class="said">{chosen.template.text}</blockquote>
    {chosen.template.channel === "email" ? (
      <p class="small soft">Leaves as plain text and as HTML of the same words; links in it can be followed.</p>
    ) : null}
    <Preview chosen={chosen} contacts={view.contacts} />
    <Complaints said={chosen.wrong ? [chosen.wrong] : undefined} />
    {chosen.said ? <Said said={chosen.said} /> : null}
  </section>
);

export const TemplatesPage = ({ view }: { view: TemplatesView }) => (
  <main class="page" id="main">
    <div class="page-head">
      <div>
        <OutboundTabs current="templates" />
        <h1>Templates</h1>
        <p>A text with gaps, one for each language and channel. What fills no gap is never sent.</p>
      </div>
      {view.seat.permissions.includes("outbound:write") ? (
        <a class="button chief" href="/console/templates/new">
          New template
        </a>
      ) : null}
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
    {view.chosen ? <ChosenRow chosen={view.chosen} view={view} /> : null}
  </main>
);
