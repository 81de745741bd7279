/** What can be done with a message that waits: approve, edit, return, cancel; each a form of its own. */
import type { Child } from "hono/jsx";
import { approvalPath } from "./outbound-words.ts";
import type { Seat } from "./seat.ts";
import type { Review } from "./shapes.ts";

/** The message as the page showed it: sent along, so that whoever was too late is shown what changed. */
export type Seen = { text: string; subject: string; recipient: string; state: string; evidence: string };

export const seenIn = (form: Map<string, string>): Seen => ({
  text: form.get("was_text") ?? "",
  subject: form.get("was_subject") ?? "",
  recipient: form.get("was_recipient") ?? "",
  state: form.get("was_state") ?? "",
  evidence: form.get("was_evidence") ?? "",
});

type Acting = { message: Review; seat: Seat };

const ActForm = ({ message, seat, act, children }: Acting & { act: string; children?: Child }) => (
  <form method="post" action={`${approvalPath(message.id)}/${act}`}>
    <input type="hidden" name="csrf" value={seat.csrf} />
    <input type="hidden" name="version" value={message.version} />
    <input type="hidden" name="was_text" value={message.text} />
    <input type="hidden" name="was_subject" value={message.subject ?? ""} />
    <input type="hidden" name="was_recipient" value={message.recipient} />
    <input type="hidden" name="was_state" value={message.state} />
    <input type="hidden" name="was_evidence" value={message.evidence.join(" ")} />
    {children}
  </form>
);

const Edit = ({ message, seat }: Acting) => (
  <details name="act">
    <summary class="button" data-press="e">
      Edit <kbd>e</kbd>
    </summary>
    <ActForm message={message} seat={seat} act="edit">
      {message.channel === "email" ? (
        <input name="subject" aria-label="Subject" value={message.subject ?? ""} maxlength={300} required />
      ) : null}
      <textarea name="text" aria-label="Text" rows={5} maxlength={20000} required>
        {message.text}
      </textarea>
      <p class="small soft">
        {message.rules.four_eyes
          ? "Whoever edits has written it too: somebody else approves it then."
          : "An edit takes an approval back."}
      </p>
      <button class="button chief" type="submit">
        Save
      </button>
    </ActForm>
  </details>
);

const Return = ({ message, seat }: Acting) => (
  <details name="act">
    <summary class="button" data-press="r">
      Return <kbd>r</kbd>
    </summary>
    <ActForm message={message} seat={seat} act="return">
      <textarea
        name="note"
        aria-label="What should be different"
        placeholder="What should be different?"
        rows={2}
        maxlength={500}
      />
      <button class="button chief" type="submit">
        Send back to its writer
      </button>
    </ActForm>
  </details>
);

/** Why nobody, or not this person, can approve it as it stands; null when he can. */
function hindrance({ message, seat }: Acting): string | null {
  if (!seat.permissions.includes("outbound:approve")) return "Your role does not include approving.";
  if (message.rules.four_eyes && message.is_own)
    return "Here somebody else approves what one has written: two pairs of eyes.";
  const { verdict } = message.outlook ?? {};
  if (verdict === "block" || verdict === "cancel") return "It can never leave as things stand.";
  return null;
}

export const ApprovalActs = ({ message, seat }: Acting) => {
  const isWaiting = message.state === "draft" || message.state === "pending";
  const hindered = isWaiting ? hindrance({ message, seat }) : null;
  const mayWrite = seat.permissions.includes("outbound:write") && message.allowed.length > 0;
  const mayReturn = seat.permissions.includes("outbound:approve") && message.allowed.includes("draft");
  const isEditable = isWaiting || message.state === "approved" || message.state === "queued";
  return (
    <footer class="acts">
      {isWaiting && hindered === null ? (
        <ActForm message={message} seat={seat} act="approve">
          <button class="button chief" type="submit" data-press="a">
            Approve and send <kbd>a</kbd>
          </button>
        </ActForm>
      ) : null}
      {mayWrite && isEditable ? <Edit message={message} seat={seat} /> : null}
      {mayReturn ? <Return message={message} seat={seat} /> : null}
      {mayWrite && isEditable ? (
        <ActForm message={message} seat={seat} act="cancel">
          <button class="button" type="submit">
            Cancel
          </button>
        </ActForm>
      ) : null}
      {hindered ? <p class="small soft hindered">{hindered}</p> : null}
    </footer>
  );
};
