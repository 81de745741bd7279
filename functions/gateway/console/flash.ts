/** One sentence on the page after a form: its code travels in the address, signed and short-lived, never its words. */
import type { Context } from "hono";
import { sameBytes } from "../digest.ts";
import type { App } from "../runtime.ts";
import { counted } from "./words.ts";

const sentences = {
  confirmed: () => "Thank you. For half an hour you will not be asked again.",
  password_changed: () => "Your password is changed, and you are signed out everywhere else.",
  signed_out: () => "You are signed out.",
  project_changed: () => "You are in another project now.",
  key_revoked: () => "The key is revoked; the next request with it is refused.",
  joined: () => "You have joined the project.",
  project_made: () => "The project is made, and yours.",
  role_changed: () => "The role is changed.",
  tier_changed: () => "Changed; it holds from the next rehearsal's turn on.",
  member_ended: () => "Removed from the project.",
  member_disabled: () => "Shut out: every session and key of that person has ended.",
  member_enabled: () => "Let in again.",
  invitation_revoked: () => "The invitation is taken back.",
  sync_asked: () => "The documents are being looked through.",
  source_public: () => "Clients may be answered from these documents now.",
  source_internal: () => "Only staff is answered from these documents now.",
  source_connected: () => "The source's API is known; its token is sealed.",
  sender_added: () => "The sender is added, and its credentials are sealed.",
  sender_disabled: () => "Put away. What waits for it stays where it is.",
  sender_resumed: () => "It sends again, beginning with what waits.",
  sender_rotated: () => "The new credentials are in use; the old ones are forgotten.",
  note_asked: () => "The note is on its way to Chatwoot.",
  status_asked: () => "Chatwoot is being told.",
  breaker_closed: () => "This conversation may be changed from here again.",
  sync_started: () => "Reading has begun.",
  sync_cancelled: () => "Reading is stopped; what was read stays.",
  erasure_asked: () => "It has begun; this page says how far it is.",
  retention_changed: () => "Changed. What is older leaves with the next run.",
  schedule_changed: () => "The schedule is changed.",
  schedule_on: () => "Switched on.",
  schedule_off: () => "Switched off: what was planned does not begin.",
  appointment_booked: () => "Booked. The client is told by the rules.",
  appointment_moved: () => "Moved; the old appointment stays on record.",
  appointment_confirmed: () => "Confirmed.",
  appointment_ended: () => "Written down.",
  calendar_saved: () => "Saved. Appointments that stand are left as they are.",
  notice_rule_saved: () => "Saved. What waits already is left as it is.",
  run_asked: () => "It begins now; what becomes of it is in the list.",

  message_approved: () => "Approved; it leaves when it may.",
  message_approved_only: () => "Approved, but it does not leave: see why.",
  message_edited: () => "Saved as a draft.",
  message_returned: () => "Sent back to its writer.",
  message_cancelled: () => "Cancelled; it will not leave.",
  message_queued: () => "It is in the queue again.",
  message_was_sent: () => "Written down as sent.",
  message_written: () => "Written down as a draft.",
  message_asked: () => "Written down, and waiting for an approval.",
  campaign_approved: () => "Approved and sealed as it stands.",
  campaign_started: () => "Started; messages are written into the queue now.",
  campaign_paused: () => "Paused: nothing more leaves.",
  campaign_resumed: () => "It goes on.",
  campaign_cancelled: () => "Cancelled; what waits is withdrawn.",

  person_opted_out: () => "Opted out; what waited is blocked.",
  person_opted_in: () => "This person may be written to again.",
  hold_decided: () => "Decided.",
  uses_said: () => "Written down; it holds from the next export on.",
  export_begun: () => "Ready: its parts are read when you fetch them.",
  consent_recorded: () => "Written down, with its proof.",
  person_capped: () => "The limit is kept from now on.",
  template_saved: () => "Saved. Look at what it says to a real person.",
  template_retired: () => "Out of use; what was approved with it goes on.",
  segment_saved: () => "The segment is saved.",
  campaign_drafted: () => "Drafted. Try it dry before somebody approves it.",
  campaign_edited: () => "Changed; an approval it had is taken back.",
  message_suggested: () => "Drafted from what this person may know. Read it before you approve it.",
  nothing_known: () => "Nothing that this person may know answers it.",
  contact_updated: () => "Saved.",
  contact_created: () => "The record is made.",
  people_merged: () => "They are one person from now on.",
  people_apart: () => "Taken apart: each has its own again.",
  people_kept_apart: () => "Two persons: it is not asked again.",
  rules_changed: () => "Changed. What was approved under other rules goes back to its writer.",

  job_taken_in: () => "Taken in.",
  job_moved: () => "Moved.",
  job_assigned: () => "Assigned.",
  job_changed: () => "Saved.",
  part_added: () => "Written down.",
  part_removed: () => "Struck.",
  photo_added: () => "Added.",
  photo_deleted: () => "Deleted.",
  note_added: () => "Noted.",
  note_removed: () => "Taken back.",
  message_attached: () => "Placed.",

  offer_saved: () => "Saved. What it was approved for before counts no more.",
  offer_approved: () => "Approved.",
  offer_handed: () => "The message is written; it leaves when somebody approves and sends it.",
  offer_settled: () => "Written down.",
  offer_reviewed: () => "Looked at. It can go on from here.",
  world_written: () => "Written down.",
  world_ended: () => "Ended; what was known before stays on record.",
  world_merged: () => "They are one from now on; before, both are shown as they were.",
  world_apart: () => "They are two again.",
  facts_decided: (count: number) =>
    count === 0 ? "Nothing was ticked, or it was decided already." : `${counted(count, "fact")} decided.`,
  capture_undone: () => "Taken back.",
  thing_made: () => "Written down.",
  thing_changed: () => "Saved.",
  project_brought_in: () => "The project is here. What it says is remembered again now.",
  digits_sent: () => "Six digits are on their way to you. They count for half an hour.",
  email_proven: () => "Thank you: the address is proven to be yours.",
  thing_done: () => "Done. Well done.",
  rehearsal_ended: () => "Ended. Decide below what of it is kept.",
  letter_retried: () => "It is on its way again; this page will tell how it ends.",
  letter_discarded: () => "Put away.",
  letters_retried: (count: number) =>
    count === 0 ? "There was nothing left to retry." : `${counted(count, "letter")} on the way again.`,
  entry_written: () => "Saved as a draft.",
  entry_submitted: () => "Under review.",
  entry_returned: () => "Sent back to its writer.",
  entry_published: () => "Live: people are answered from it now.",
  entry_revised: () => "Revised; it answers with the new words now.",
  entry_dismissed: () => "Put away.",
  entry_deprecated: () => "Out of use: nobody is answered from it any more.",
  canary_added: () => "Written down; it is asked every night.",
  canary_on: () => "Switched on.",
  canary_off: () => "Switched off: it is not asked any more.",
  canaries_ran: (count: number) => `${counted(count, "question")} asked.`,
  retried: (count: number) =>
    count === 0 ? "There was nothing left to retry." : `${counted(count, "passage")} will be read again.`,
} as const;

export type NoteCode = keyof typeof sentences;

const lifeSeconds = 60;
const bytes = (text: string) => new TextEncoder().encode(text);

async function signature(c: Context<App>, body: string): Promise<string> {
  return (await c.get("runtime").ports.secrets.mac(`console note ${body}`)).slice(0, 22);
}

/** The address with the note in it. */
export async function withNote(c: Context<App>, place: string, note: { code: NoteCode; count?: number }) {
  const until = Math.floor(c.get("runtime").clock.now().getTime() / 1000) + lifeSeconds;
  const body = `${note.code}-${note.count ?? 0}-${until}`;
  const [path = "", query = ""] = place.split("?");
  const asked = new URLSearchParams(query);
  asked.set("note", `${body}-${await signature(c, body)}`);
  return `${path}?${asked}`;
}

/** The sentence an address carries, if it was ours and just now. */
export async function noteOf(c: Context<App>): Promise<string | undefined> {
  const parts = (c.req.query("note") ?? "").match(/^([a-z_]+)-(\d{1,9})-(\d{1,12})-(.{22})$/);
  if (!parts) return undefined;
  const [, code = "", count = "0", until = "0", mac = ""] = parts;
  const expected = await signature(c, `${code}-${count}-${until}`);
  if (!sameBytes(bytes(mac), bytes(expected))) return undefined;
  if (Number(until) * 1000 < c.get("runtime").clock.now().getTime()) return undefined;
  return sentences[code as NoteCode](Number(count));
}
