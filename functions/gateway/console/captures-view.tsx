/** What was said, newest first, with what came of it. */
import { Capture, DayPage, Examples } from "./day-parts.tsx";
import type { Seat } from "./seat.ts";
import type { CaptureRow, Listed } from "./shapes.ts";
import { Sign } from "./signs.tsx";

export type Undone = { kept: { title: string | null; reason: "changed_since" | "linked_since" }[] };

type View = { seat: Seat; captures: Listed<CaptureRow>; undone?: Undone | undefined };

const KeptNote = ({ undone }: { undone: Undone }) => (
  <div class="notice" role="status">
    <Sign shape="back" />
    <div>
      <p>Taken back, but for what has moved on since:</p>
      <ul>
        {undone.kept.map(({ title, reason }) => (
          <li>
            “{title}” stays: it was {reason === "changed_since" ? "changed" : "linked"} after that.
          </li>
        ))}
      </ul>
    </div>
  </div>
);

export const CapturesPage = ({ view }: { view: View }) => {
  const { seat, captures, undone } = view;
  const lead = "What you said, word for word, and what came of it.";
  return (
    <DayPage shown={{ seat, tab: "captures", title: "Captures", lead }}>
      {undone ? <KeptNote undone={undone} /> : null}
      {captures.data.length === 0 ? (
        <div class="empty">
          <h2>You have not said anything yet</h2>
          <p>Try one:</p>
          <Examples seat={seat} />
        </div>
      ) : null}
      {captures.data.map((said) => (
        <Capture said={said} seat={seat} />
      ))}
      {captures.more ? (
        <a class="more" href={captures.more}>
          Earlier
        </a>
      ) : null}
    </DayPage>
  );
};
