/** What may be taken along, drawn: the list of exports, and everything about one person in sections. */
import { personPath } from "./outbound-words.ts";
import type { Seat } from "./seat.ts";
import { Proof, SecretShown } from "./secret-shown.tsx";
import type { ExportRow, Listed } from "./shapes.ts";
import { Time } from "./signs.tsx";
import { counted, dateTime, sentence } from "./words.ts";

export const place = "/console/data";
export const exportPath = (id: string) => `${place}/${encodeURIComponent(id)}`;

const kinds: Record<string, string> = {
  project: "The whole project",
  subject: "Everything about one person",
  dataset: "A dataset of those who agreed",
};

export type Held = { table: string; row: Record<string, unknown> };
type ExportView = { seat: Seat; row: ExportRow; held: Held[] | null; isWhole: boolean; isFile: boolean };

const Begin = ({ seat, kind, word }: { seat: Seat; kind: string; word: string }) => (
  <form method="post" action={place}>
    <Proof seat={seat} />
    <input type="hidden" name="kind" value={kind} />
    <button class="button" type="submit">
      {word}
    </button>
  </form>
);

/** What belongs to a person alone, in his planner, is his to take. */
export const OwnFile = ({ seat }: { seat: Seat }) => (
  <form method="post" action={`${place}/own`}>
    <Proof seat={seat} />
    <button class="button" type="submit">
      Fetch what is mine
    </button>
  </form>
);

const BringIn = ({ seat }: { seat: Seat }) => (
  <section class="closer">
    <h2>Bring a project in</h2>
    <p class="soft">
      Into this project, while it is empty, once: the file of a whole project, up to 8 MB, and the key of the old one's
      hashes. Its opt-outs hold on by it.
    </p>
    <form class="filter" method="post" action={`${place}/import`} enctype="multipart/form-data">
      <Proof seat={seat} />
      <label class="field">
        <span class="label">The file</span>
        <input type="file" name="file" accept=".jsonl" required />
      </label>
      <label class="field">
        <span class="label">The old project's key</span>
        <input name="hash_key" pattern="[0-9a-f]{32,128}" maxlength={128} autocomplete="off" required />
      </label>
      <button class="button" type="submit">
        Bring it in
      </button>
    </form>
    <form class="actions" method="post" action={`${place}/key`}>
      <Proof seat={seat} />
      <button class="button slight" type="submit">
        Show this project's own key
      </button>
    </form>
  </section>
);

type DataView = { seat: Seat; rows: Listed<ExportRow>; hashKey?: string | undefined };

export const DataPage = ({ view: { seat, rows, hashKey } }: { view: DataView }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <h1>Your data</h1>
        <p>
          The project is everything in it; a dataset is conversations of those who agreed, without names. What is about
          one person begins on his page. An export can be fetched for a week; secrets are not in it, and no copy stays
          here.
        </p>
      </div>
      <div class="actions">
        <Begin seat={seat} kind="project" word="Export the project" />
        <Begin seat={seat} kind="dataset" word="Make a dataset" />
        {seat.permissions.includes("assistant:use") ? <OwnFile seat={seat} /> : null}
      </div>
    </header>
    {hashKey ? <SecretShown label="Whoever brings this project in elsewhere needs it." secret={hashKey} /> : null}
    <ol class="brief-list">
      {rows.data.map((row) => (
        <li>
          <a href={exportPath(row.id)} data-item>
            <span class="clip">
              {kinds[row.kind] ?? row.kind}, {counted(row.rows, "row")}
            </span>
            <Time at={row.created_at} here={seat.here}>
              {dateTime(row.created_at, seat.here)}
            </Time>
          </a>
        </li>
      ))}
    </ol>
    {rows.data.length === 0 ? (
      <p class="soft">
        Nothing was exported in the last days. What you begin stands here until it is too old to be fetched.
      </p>
    ) : null}
    <BringIn seat={seat} />
  </main>
);

/** By schema, so that a new table is among them by itself; the first that fits. */
const sections: readonly [RegExp, string][] = [
  [/^people\.consents|^outbound\.(contact|suppr)/, "What this person agreed to and refused"],
  [/^people\.|^inbox\.cw_contacts|^world\.entities/, "Who we think this is"],
  [/^inbox\.|^field\.(messages|deliveries)/, "What was written"],
  [/^outbound\./, "What we sent"],
  [/^field\./, "Jobs and appointments"],
  [/^world\.knowledge/, "Who knows what"],
  [/^(memory|world|vault)\.|^shared\.evidence/, "What is remembered, and where from"],
  [/./, "What happened"],
];

const told = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
const isBlank = (value: unknown) =>
  value === null || value === "" || (typeof value === "object" && Object.keys(value ?? {}).length === 0);

/** What a row is, where its table's name does not say it. */
const nouns: Record<string, string> = {
  "people.contacts": "Record",
  "people.contact_points": "Number or address",
  "inbox.cw_contacts": "Record in Chatwoot",
  "inbox.cw_conversations": "Conversation",
  "inbox.cw_messages": "Message",
  "outbound.messages": "Message of ours",
  "outbound.attempts": "Attempt to send",
  "field.jobs": "Job",
  "field.schedule": "Appointment",
  "field.notices": "Notice",
  "memory.chunks": "Passage",
  "shared.evidence_items": "Evidence",
  "shared.events": "Event",
};

/** Day and minute at which it was said or made. */
const dated = ({ row }: Held): string => {
  const at = row["occurred_at"] ?? row["ts"] ?? row["created_at"];
  return typeof at === "string" ? at.slice(0, 16).replace("T", " ") : "";
};

const Row = ({ held }: { held: Held }) => (
  <details>
    <summary class="whole-words">
      {nouns[held.table] ?? sentence(held.table.split(".").at(-1) ?? "")} <span class="faint small">{dated(held)}</span>{" "}
      <span>
        {told(
          held.row["content"] ??
            held.row["body"] ??
            held.row["text"] ??
            held.row["name"] ??
            held.row["title"] ??
            held.row["value"] ??
            held.row["kind"] ??
            held.row["source_pk"] ??
            held.row["id"] ??
            "",
        ).slice(0, 200)}
      </span>
    </summary>
    <dl class="about">
      {Object.entries(held.row)
        .filter(([, value]) => !isBlank(value))
        .map(([name, value]) => (
          <>
            <dt>{sentence(name)}</dt>
            <dd>{told(value)}</dd>
          </>
        ))}
    </dl>
  </details>
);

const Sections = ({ held }: { held: Held[] }) =>
  sections.map(([, title], i) => {
    // What was computed from the words says nothing to anybody; it is in the file.
    const words = held.filter(({ table }) => table !== "memory.vectors");
    const own = words.filter(({ table }) => sections.findIndex(([fits]) => fits.test(table)) === i);
    return own.length === 0 ? null : (
      <section>
        <h2>{title}</h2>
        {own.map((one) => (
          <Row held={one} />
        ))}
      </section>
    );
  });

export const ExportPage = ({ view: { seat, row, held, isWhole, isFile } }: { view: ExportView }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <h1>{kinds[row.kind] ?? row.kind}</h1>
        <p>
          {counted(row.rows, "row")} in {counted(row.parts, "part")}, to be fetched until{" "}
          {dateTime(row.expires_at, seat.here)}. <a href="/console/retention">How long what is kept</a>
          {row.contact ? (
            <>
              . <a href={personPath(row.contact)}>The person</a>
            </>
          ) : null}
        </p>
        {isWhole || !held ? null : <p class="soft">Here is the beginning; all of it is in the file.</p>}
      </div>
      <div class="actions">
        {isFile ? (
          <a class="button chief" href={`${exportPath(row.id)}/file`} download>
            Fetch the file
          </a>
        ) : (
          <p class="soft">Too big for a browser: fetch its parts over REST.</p>
        )}
      </div>
    </header>
    {held ? (
      <Sections held={held} />
    ) : (
      <p class="soft">A file of lines of JSON: the first says what is in it, and then there is one for each row.</p>
    )}
  </main>
);
