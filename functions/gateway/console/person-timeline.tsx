/** What happened with one person, from every corner of the house, newest first. */
import { channelWord, messagePath, messageStates } from "./outbound-words.ts";
import type { Seat } from "./seat.ts";
import type { Listed, TimelineEntry } from "./shapes.ts";
import { conversationPath } from "./shapes.ts";
import { type Shape, Sign, Time, type Tone } from "./signs.tsx";
import { clockTime, dateTime, sentence } from "./words.ts";

export type TimelineView = { seat: Seat; entries: Listed<TimelineEntry>; path: string; chosen: string | undefined };

/** What a reader may narrow it to, and the kinds that it means. */
export const timelineFilters: Record<string, { word: string; kinds: string }> = {
  words: { word: "Messages", kinds: "chat,message,outbound" },
  jobs: { word: "Jobs and appointments", kinds: "job,appointment" },
  answers: { word: "Answers", kinds: "answer" },
  changes: { word: "Changes", kinds: "change" },
};

type Look = { shape: Shape; tone: Tone; what: string; href?: string };

const jobWords: Record<string, string> = {
  "job.created": "Job taken in",
  "job.assigned": "Job given to a technician",
  "job.time.changed": "Another time for the job",
};

const changeWords: Record<string, string> = {
  "contact.created": "Record made",
  "contact.updated": "Record changed",
  "contact.point_removed": "Address taken out",
  "contact.merged": "Two records became one person",
  "contact.unmerged": "A merged record was taken apart",
  "contact.merge_proposed": "Another record may be the same person",
  "contact.merge_dismissed": "Kept apart from another record",
  "contact.deleted": "Deleted in Chatwoot",
  "outbound.opted_out": "Opted out",
  "outbound.opted_in": "May be written to again",
  "outbound.capped": "Limit of messages changed",
  "outbound.consent.recorded": "Consent recorded",
};

const tailOf = (kind: string) => sentence(kind.slice(kind.indexOf(".") + 1).replaceAll(".", " "));

function chatLook({ direction, private: isNote, about, state }: TimelineEntry): Look {
  const what = isNote ? "Private note" : direction === "in" ? "Wrote in Chatwoot" : "Was answered in Chatwoot";
  return {
    shape: isNote ? "lock" : "talk",
    tone: direction === "in" ? "busy" : "plain",
    what: state === "deleted" ? `${what} (deleted)` : what,
    ...(about ? { href: conversationPath(about) } : {}),
  };
}

function lookOf(entry: TimelineEntry): Look {
  const { kind, state, channel, reason, direction, ref } = entry;
  switch (kind) {
    case "chat":
      return chatLook(entry);
    case "message":
      return {
        shape: "talk",
        tone: "busy",
        what: `${direction === "in" ? "Wrote by" : "Was written to by"} ${channelWord(channel ?? "")}`,
      };
    case "outbound": {
      const known = messageStates[state ?? ""];
      return {
        shape: "send",
        tone: known?.tone ?? "plain",
        what: `${channelWord(channel ?? "")}: ${(known?.word ?? sentence(state ?? "")).toLowerCase()}`,
        href: messagePath(ref),
      };
    }
    case "job":
      return {
        shape: "file",
        tone: "plain",
        what:
          state === "job.status.changed"
            ? `Job is ${reason ?? "moved"}`
            : (jobWords[state ?? ""] ?? tailOf(state ?? "")),
      };
    case "appointment":
      return { shape: "clock", tone: state === "cancelled" ? "plain" : "wait", what: `Appointment, ${state ?? ""}` };
    case "answer":
      return {
        shape: "ask",
        tone: state === "answered" ? "good" : "plain",
        what: state === "answered" ? "A question was answered" : "A question had no answer",
        href: `/console/ask/${encodeURIComponent(ref)}`,
      };
    case "change": {
      const said = changeWords[state ?? ""] ?? tailOf(state ?? "");
      const isBad = state === "outbound.opted_out";
      return {
        shape: isBad ? "lock" : "ledger",
        tone: isBad ? "bad" : "plain",
        what: channel ? `${said}: ${channelWord(channel)}` : said,
      };
    }
  }
}

const byWords = ({ by }: TimelineEntry): string | null => {
  if (!by || /^(system|source|client):/.test(by)) return null;
  if (by.startsWith("user:")) return "a colleague";
  return by.startsWith("key:") ? "an API key" : by;
};

const Moves = ({ entry, seat }: { entry: TimelineEntry; seat: Seat }) =>
  entry.moves.length < 2 ? null : (
    <p class="small faint">
      {entry.moves.map(({ state, at }, i) => (
        <span title={dateTime(at, seat.here)}>
          {i > 0 ? " → " : ""}
          {(messageStates[state]?.word ?? sentence(state)).toLowerCase()}
        </span>
      ))}
    </p>
  );

const Line = ({ entry, seat }: { entry: TimelineEntry; seat: Seat }) => {
  const { shape, tone, what, href } = lookOf(entry);
  const who = byWords(entry);
  return (
    <li class={`moment ${tone}`}>
      <Sign shape={shape} />
      <div>
        <p>
          {href ? (
            <a class="link" href={href} data-item>
              {what}
            </a>
          ) : (
            <b>{what}</b>
          )}
          {who ? <span class="soft"> by {who}</span> : null}
          {entry.until ? <span class="soft"> until {clockTime(entry.until, seat.here)}</span> : null}
        </p>
        {entry.text ? <p class="small snippet">{entry.text}</p> : null}
        <Moves entry={entry} seat={seat} />
      </div>
      <p class="small faint when">
        <Time at={entry.at} here={seat.here}>
          {dateTime(entry.at, seat.here)}
        </Time>
      </p>
    </li>
  );
};

export const Timeline = ({ view }: { view: TimelineView }) => {
  const { seat, entries, path, chosen } = view;
  const tabs = [["", { word: "All" }] as const, ...Object.entries(timelineFilters)];
  return (
    <section id="timeline">
      <h2>What happened</h2>
      <nav class="tries" aria-label="Of which kind">
        {tabs.map(([key, { word }]) => (
          <a
            href={`${path}${key ? `?show=${key}` : ""}#timeline`}
            {...(key === (chosen ?? "") ? { "aria-current": "true" } : {})}
          >
            {word}
          </a>
        ))}
      </nav>
      <ol class="moments">
        {entries.data.map((entry) => (
          <Line entry={entry} seat={seat} />
        ))}
      </ol>
      {entries.data.length === 0 ? <p class="soft">Nothing of that kind.</p> : null}
      {entries.more ? (
        <a class="more" href={`${entries.more}#timeline`}>
          Earlier
        </a>
      ) : null}
    </section>
  );
};
