/** Under a talk: what the staff writes into Chatwoot from here, what became of it, and the breaker that holds it back. */
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import type { Breaker, Conversation, OwnWrite } from "./shapes.ts";
import { conversationPath } from "./shapes.ts";
import { Sign } from "./signs.tsx";
import { clockTime, sentence } from "./words.ts";

export type WriteView = {
  seat: Seat;
  conversation: Conversation;
  writes: OwnWrite[];
  breaker: Breaker | null;
  maySuggest: boolean;
};

const what = (write: OwnWrite): string => {
  const { status, assignee, labels } = write.wanted;
  if (write.kind === "note") return "Note";
  if (write.kind === "status") return `Status ${status ?? ""}`;
  if (write.kind === "labels") return labels?.length ? `Labels ${labels.join(", ")}` : "No labels";
  return assignee === null ? "Assigned to nobody" : `Assigned to agent ${assignee ?? ""}`;
};

const became: Record<OwnWrite["state"], string> = {
  pending: "on its way",
  sending: "on its way",
  unknown: "no answer, Chatwoot is being asked",
  done: "written",
  failed: "not written",
};

/** What Chatwoot has told back needs no line any more: it stands in the talk. */
const isOpen = (write: OwnWrite): boolean => write.state !== "done" || write.linked_at === null;

const Held = ({ view, breaker }: { view: WriteView; breaker: Breaker }) => (
  <div class="notice bad">
    <Sign shape="warning" size={16} />
    <p>
      Somebody else keeps changing this conversation back. From here its status, assignee and labels are left alone
      until {clockTime(breaker.open_until, view.seat.here)}.
    </p>
    <form method="post" action={`${conversationPath(view.conversation.number)}/breaker`}>
      <Proof seat={view.seat} />
      <button class="button slight" type="submit">
        Allow again
      </button>
    </form>
  </div>
);

export const WriteState = ({ view }: { view: WriteView }) => {
  const open = view.writes.filter(isOpen);
  return (
    <div class="written" data-part="written" aria-live="polite">
      {view.breaker?.open ? <Held view={view} breaker={view.breaker} /> : null}
      {open.length > 0 ? (
        <ul class="small faint">
          {open.map((write) => (
            <li>
              {what(write)}: {became[write.state]}
              {write.reason ? `, ${sentence(write.reason.replaceAll("_", " ")).toLowerCase()}` : ""} ·{" "}
              {clockTime(write.requested_at, view.seat.here)}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
};

export const WriteBox = ({ view }: { view: WriteView }) => {
  const { seat, conversation } = view;
  const place = conversationPath(conversation.number);
  const isResolved = conversation.status === "resolved";
  return (
    <footer class="write">
      <WriteState view={view} />
      <form method="post" action={`${place}/notes`}>
        <Proof seat={seat} />
        <textarea
          name="text"
          rows={2}
          maxlength={20000}
          required
          placeholder="A note for the staff"
          aria-label="Private note"
        />
        <button class="button" type="submit">
          Add note
        </button>
      </form>
      {view.maySuggest ? (
        <form method="post" action={`${place}/suggest`}>
          <Proof seat={seat} />
          <button class="button" type="submit">
            Suggest an answer
          </button>
        </form>
      ) : null}
      <form method="post" action={`${place}/status`}>
        <Proof seat={seat} />
        <input type="hidden" name="status" value={isResolved ? "open" : "resolved"} />
        <button class="button" type="submit">
          {isResolved ? "Reopen" : "Resolve"}
        </button>
      </form>
    </footer>
  );
};
