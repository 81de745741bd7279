/** Segments: saved filters over people as a list, and the form of one with how many people it holds. */
import { Complaints } from "./mend.tsx";
import { OutboundTabs } from "./outbound-tabs.tsx";
import { personPath } from "./outbound-words.ts";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import { filterWords, kinds, type Row, wheres } from "./segment-words.ts";
import { type Listed, personName, type SegmentCount, type SegmentRow } from "./shapes.ts";
import { Time } from "./signs.tsx";
import { number, shortTime } from "./words.ts";

export const segmentsPath = "/console/segments";

type ListView = { seat: Seat; segments: Listed<SegmentRow> };

const Line = ({ row, seat }: { row: SegmentRow; seat: Seat }) => (
  <tr class="row">
    <td class="strong">
      <a class="link" href={`${segmentsPath}/${encodeURIComponent(row.id)}`} data-item>
        {row.name}
      </a>
    </td>
    <td class="whole">{filterWords(row.filter, seat.here.timezone)}</td>
    <td class="late brief">
      <Time at={row.updated_at} here={seat.here}>
        {shortTime(row.updated_at, seat.here)}
      </Time>
    </td>
  </tr>
);

export const SegmentsPage = ({ view: { seat, segments } }: { view: ListView }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <OutboundTabs current="segments" />
        <h1>Segments</h1>
        <p>Saved filters over people. Who fits is asked anew when a campaign starts.</p>
      </div>
      {seat.permissions.includes("outbound:write") ? (
        <a class="button chief" href={`${segmentsPath}/new`}>
          New segment
        </a>
      ) : null}
    </header>
    {segments.data.length > 0 ? (
      <table class="table">
        <thead>
          <tr>
            {["Name", "People who", "Changed"].map((name) => (
              <th scope="col">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {segments.data.map((row) => (
            <Line row={row} seat={seat} />
          ))}
        </tbody>
      </table>
    ) : (
      <p class="soft">There is no segment yet.</p>
    )}
    {segments.more ? (
      <a class="more" href={segments.more}>
        Older segments
      </a>
    ) : null}
  </main>
);

export type SegmentView = {
  seat: Seat;
  typed: { name: string; rows: Row[] };
  said: string[];
  count: SegmentCount | null;
  changes?: { id: string; version: number };
};

const spareRows = 3;
/** As many as one group may hold. */
const mostRows = 30;

const Condition = ({ row, at }: { row: Row; at: number }) => (
  <div class="gap condition">
    <select name={`where${at}`} aria-label={`Condition ${at + 1}: whether`}>
      {Object.entries(wheres).map(([where, word]) => (
        <option value={where} selected={where === row.where}>
          {word}
        </option>
      ))}
    </select>
    <select name={`what${at}`} aria-label={`Condition ${at + 1}: what`}>
      <option value="">(nothing)</option>
      {Object.entries(kinds).map(([what, { word, hint }]) => (
        <option value={what} selected={what === row.what}>
          {word} ({hint})
        </option>
      ))}
    </select>
    <input
      name={`value${at}`}
      value={row.value}
      aria-label={`Condition ${at + 1}: of which`}
      placeholder={kinds[row.what]?.hint ?? ""}
      maxlength={200}
      autocomplete="off"
    />
  </div>
);

const Count = ({ view }: { view: SegmentView }) => (
  <div class="counted" data-part="count" aria-live="polite">
    <Complaints said={view.said} />
    {view.count ? (
      <>
        <p>
          <b>{number(view.count.people)}</b> {view.count.people === 1 ? "person fits" : "people fit"} now
          {view.count.people > view.count.first.length ? ", such as" : view.count.people > 0 ? ":" : "."}
        </p>
        <p class="tries">
          {view.count.first.map(({ id, name }) => (
            <a href={personPath(id)}>{personName(name)}</a>
          ))}
        </p>
      </>
    ) : null}
  </div>
);

export const SegmentPage = ({ view }: { view: SegmentView }) => {
  const { seat, typed, changes } = view;
  const spare = Array.from({ length: spareRows }, () => ({ where: "all", what: "", value: "" }));
  const mayWrite = seat.permissions.includes("outbound:write");
  return (
    <main class="page narrow">
      <header class="page-head">
        <div>
          <p class="small">
            <a class="link" href={segmentsPath}>
              Segments
            </a>
          </p>
          <h1>{changes ? typed.name || "Segment" : "New segment"}</h1>
          {changes ? <p>A campaign that was approved with it and has not started has to be approved again.</p> : null}
        </div>
      </header>
      <form
        class="writing"
        method="post"
        action={changes ? `${segmentsPath}/${encodeURIComponent(changes.id)}` : segmentsPath}
        data-counts
      >
        <Proof seat={seat} />
        <input type="hidden" name="zone" value={seat.here.timezone} />
        {changes ? <input type="hidden" name="version" value={changes.version} /> : null}
        <label class="field">
          <span class="label">Name</span>
          <input name="name" value={typed.name} maxlength={100} placeholder="Danish speakers" autocomplete="off" />
        </label>
        <fieldset class="rule gaps">
          <legend>People who</legend>
          <p class="small soft">Without a condition it is everybody. Unknown is no.</p>
          {[...typed.rows, ...spare].slice(0, mostRows).map((row, at) => (
            <Condition row={row} at={at} />
          ))}
        </fieldset>
        <Count view={view} />
        <div class="actions">
          {mayWrite ? (
            <button class="button chief" type="submit" name="act" value="save">
              Save
            </button>
          ) : null}
          <button class="button" type="submit" name="act" value="count">
            Count
          </button>
        </div>
      </form>
    </main>
  );
};
