/** One entry: its words in any version, what changed in them, where it is from and what came of it. */
import { Audience } from "./documents-view.tsx";
import { EntryActs } from "./knowledge-acts.tsx";
import { difference } from "./knowledge-diff.ts";
import { EntryState } from "./knowledge-list.tsx";
import { doer, entryPath, originWords, typeWords } from "./knowledge-words.ts";
import type { Seat } from "./seat.ts";
import type { EntryFull, EntryVersion, Listed } from "./shapes.ts";
import { Sign, Time } from "./signs.tsx";
import { counted, dateTime, shortTime } from "./words.ts";

export type EntryPageView = {
  seat: Seat;
  entry: EntryFull;
  versions: Listed<EntryVersion>;
  /** Asked for by a version: then those words are shown, and not what could be done. */
  isOld: boolean;
};

type Said = { title: string; body: string };

/** What the shown words are compared with: what they replace, else the version before them. */
function formerly({ entry, versions }: EntryPageView): (Said & { name: string }) | null {
  if (entry.replacing && entry.status !== "deprecated")
    return {
      ...entry.replacing,
      name: `what it ${entry.status === "live" ? "replaced" : "replaces"}, “${entry.replacing.title}”`,
    };
  const before = versions.data.find(({ version }) => version === entry.words.version - 1);
  return before ? { ...before, name: `version ${before.version}` } : null;
}

const Between = ({ before, after }: { before: Said; after: Said }) => (
  <div class="between">
    {difference(`${before.title}\n\n${before.body}`, `${after.title}\n\n${after.body}`).map(({ what, text }) =>
      what === "new" ? <ins>{text}</ins> : what === "gone" ? <del>{text}</del> : text,
    )}
  </div>
);

const Moved = ({ name, at, seat }: { name: string; at: { at: string; by: string } | null; seat: Seat }) =>
  at ? (
    <>
      <dt>{name}</dt>
      <dd>
        <Time at={at.at} here={seat.here}>
          {dateTime(at.at, seat.here)}
        </Time>{" "}
        by {doer(at.by)}
      </dd>
    </>
  ) : null;

const Facts = ({ entry, seat }: { entry: EntryFull; seat: Seat }) => (
  <dl class="about">
    <dt>Kind</dt>
    <dd>{typeWords[entry.type]}</dd>
    {entry.tags.length > 0 ? (
      <>
        <dt>Tags</dt>
        <dd>{entry.tags.join(", ")}</dd>
      </>
    ) : null}
    <dt>Begun</dt>
    <dd>
      {originWords[entry.origin]}
      {entry.source_event_id ? <span class="mono faint"> {entry.source_event_id}</span> : null}
    </dd>
    {entry.source ? (
      <>
        <dt>From</dt>
        <dd>
          {entry.source.id}
          {entry.source.url ? <span class="soft"> {entry.source.url}</span> : null}
        </dd>
      </>
    ) : null}
    <Moved name="Submitted" at={entry.submitted} seat={seat} />
    <Moved name="Published" at={entry.published} seat={seat} />
    <Moved name="Ended" at={entry.deprecated} seat={seat} />
    {entry.deprecated_reason ? (
      <>
        <dt>Because</dt>
        <dd>{entry.deprecated_reason}</dd>
      </>
    ) : null}
    <dt>Cited by</dt>
    <dd>{counted(entry.citations, "answer")}</dd>
    {entry.status === "live" ? (
      <>
        <dt>Remembered</dt>
        <dd>
          {counted(entry.passages, "passage")}
          {entry.waiting > 0 ? ", found by its words until their meaning is known" : ""}
        </dd>
      </>
    ) : null}
  </dl>
);

const Versions = ({ view }: { view: EntryPageView }) => (
  <section>
    <h2>{counted(view.entry.version, "version")}</h2>
    <nav class="versions-of" aria-label="Versions">
      {view.versions.data.map((one) => (
        <a
          href={`${entryPath(view.entry.id)}?version=${one.version}`}
          {...(one.version === view.entry.words.version ? { "aria-current": "true" } : {})}
        >
          <span class="strong">{one.version}</span>
          <span class="soft">
            by {doer(one.written_by)}
            {one.evidence_version === null ? ", never live" : ""}
          </span>
          <Time at={one.created_at} here={view.seat.here}>
            {shortTime(one.created_at, view.seat.here)}
          </Time>
        </a>
      ))}
    </nav>
    {view.versions.more ? (
      <a class="more" href={view.versions.more}>
        Older versions
      </a>
    ) : null}
  </section>
);

const Asked = ({ entry, seat }: { entry: EntryFull; seat: Seat }) =>
  entry.asked.length === 0 ? null : (
    <section>
      <h2>Asked without an answer</h2>
      <ul class="brief-list">
        {entry.asked.map(({ answer, question, at }) => (
          <li>
            <a href={`/console/ask/${answer}`}>
              <span class="clip">{question}</span>
              <span />
              <Time at={at} here={seat.here}>
                {shortTime(at, seat.here)}
              </Time>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );

const Notices = ({ view: { entry, isOld } }: { view: EntryPageView }) => (
  <>
    {isOld ? (
      <p class="notice">
        <Sign shape="clock" />
        <span>
          This is what version {entry.words.version} of {entry.version} said.{" "}
          <a class="link" href={entryPath(entry.id)}>
            To the entry as it is
          </a>
        </span>
      </p>
    ) : null}
    {entry.returned_reason && entry.status === "draft" ? (
      <p class="notice bad">
        <Sign shape="back" />
        <span>Sent back: {entry.returned_reason}</span>
      </p>
    ) : null}
    {entry.needs_review ? <p class="notice bad">What it was written from has changed since.</p> : null}
    {entry.replaced_by ? (
      <p class="notice">
        <Sign shape="file" />
        <a class="link" href={entryPath(entry.replaced_by)}>
          To what replaced it
        </a>
      </p>
    ) : null}
  </>
);

export const EntryPage = ({ view }: { view: EntryPageView }) => {
  const { entry, seat, isOld } = view;
  const { words } = entry;
  const before = formerly(view);
  return (
    <main class="page">
      <header class="page-head">
        <div>
          <h1>{words.title}</h1>
          <p class="facts-line">
            <EntryState status={entry.status} />
            <Audience visibility={words.visibility === "client" ? "public" : "internal"} />
            <a class="link small" href="/console/knowledge">
              Knowledge
            </a>
          </p>
        </div>
      </header>
      <Notices view={view} />
      <div class="entry-page">
        <div>
          {words.body ? (
            <p class="entry-words">{words.body}</p>
          ) : (
            <p class="soft">Nobody has written the answer yet.</p>
          )}
          {before && words.body ? (
            <section>
              <h2>Against {before.name}</h2>
              <Between before={before} after={words} />
            </section>
          ) : null}
          <Asked entry={entry} seat={seat} />
        </div>
        <aside>
          {isOld ? null : <EntryActs entry={entry} seat={seat} />}
          <Facts entry={entry} seat={seat} />
          <Versions view={view} />
        </aside>
      </div>
    </main>
  );
};
