/** What went wrong, in words a person can use, on a page without a bar. */
import type { Context } from "hono";
import { Fault } from "#brain/kernel/fault.ts";
import { answerTo, statusOf, titleOf } from "../problem.ts";
import type { App } from "../runtime.ts";
import { answerPage } from "./document.tsx";
import { confirmAddress, loginAddress, SignIn, seeOther } from "./door.ts";
import { Mark } from "./signs.tsx";
import { counted } from "./words.ts";

/** Why a fault happened and what to do, for people; codes stay visible for whoever is asked about it. */
const advice: Record<string, string> = {
  conversation_unknown: "There is no such conversation in this project. It may belong to another one of yours.",
  flip_breaker_open:
    "Somebody else keeps changing this conversation back, so nothing is changed from here for some minutes. Find out who it is.",
  flip_breaker_not_open: "It was allowed again already.",
  source_not_connected: "Give the source an address and a token first, under Sources.",
  answer_unknown: "There is no such answer in this project.",
  permission_missing: "Your role in this project does not include this. An owner can change that.",
  project_required: "You are a member of no project yet. An owner can invite you.",
  telegram_not_configured: "Nobody can sign up here: no Telegram bot is configured.",
  telegram_owner_not_bound: "The owner has not bound his Telegram yet, so nobody could receive your PIN.",
  telegram_send_failed: "The PIN could not be sent. Try again in a while.",
  username_taken: "Somebody has this username already. Choose another.",
  signup_request_invalid: "This PIN was for another request, or has been used. Ask for another.",
  pin_expired: "This PIN has ended. Ask for another.",
  invalid_pin: "That is not the PIN.",
  pin_attempts_exceeded: "Too many wrong PINs. Ask for another.",
  project_not_empty: "This project holds something already. Make a new one and bring it in there.",
  hash_key_wrong: "That is not the key of the project in the file.",
  digits_wrong: "Those are not the digits.",
  digits_expired: "These digits have ended. Send new ones.",
  digits_attempts_exceeded: "Too many wrong digits. Send new ones.",
  email_taken: "Another account here has that address.",
  mail_sender_missing: "This project has no sender for e-mail yet; add one under Senders first.",
  email_held: "Nothing can be sent to that address now: it opted out, or had its messages for today.",
  password_wrong: "That is not your password.",
  password_common: "This password is among the first that others would try. A few words in a row are fine.",
  source_already_bound: "This account feeds another project already. An account can feed one project only.",
  sender_taken: "This project has a sender of this provider and address already.",
  source_kind_taken: "This project has a source of this kind already. It can have one of each.",
  invitation_unknown: "This invitation is used, taken back, too old, or not complete.",
  already_member: "You are a member of this project already.",
  member_unknown: "There is no such member in this project any more.",
  last_owner: "A project keeps at least one owner who can sign in.",
  own_account: "You cannot shut yourself out.",
  installation_owner_only: "Only the person who installed the system can do this.",
  erasure_unknown: "There is no such erasure in this project.",
  erasure_running: "This is being erased already.",
  erasure_unconfirmed: "Nothing was erased: the word that confirms it was not typed.",
  subject_unknown: "There is nobody of that name here any more.",
  retention_kind_unknown: "There is nothing of this name to keep or let go.",
  version_stale: "Somebody changed this meanwhile. Go back and look again.",
  csrf_mismatch: "The page was older than your sign-in. Go back, reload it and send the form again.",
  cross_site: "The form did not come from this console, so nothing was done.",
  invalid_cursor: "This list has moved on. Start again from its newest page.",
  evidence_changed: "A message under the answer was edited or deleted just now. Go back and ask again.",
  contact_unknown: "There is no such contact in this project.",
  outbound_message_unknown: "There is no such message in this project.",
  outbound_message_changed: "Somebody changed it since you read it, so nothing was done.",
  outbound_blocked_opt_out: "This person has opted out of this channel, so nothing is sent.",
  four_eyes_required: "Here somebody else approves what one has written, so you cannot approve this one.",
  evidence_required: "It names nothing that it rests on. Pick its evidence, or write it from a template.",
  reply_to_nothing: "Nothing was written lately that this could answer. Choose another kind.",
  outbound_settings_changed: "Somebody else changed the rules meanwhile. What stands now is beside what you typed.",
  template_unknown: "There is no such template in this project.",
  template_exists: "This name has other words in this language already. Change that row instead.",
  template_is_fallback: "Other languages fall back to this one. Take those out of use first.",
  template_changed: "Somebody changed this template meanwhile. Open it again to see its words.",
  segment_unknown: "There is no such segment in this project.",
  segment_exists: "Another filter is saved under this name.",
  segment_changed: "Somebody changed this segment meanwhile. Open it again to see it.",
  campaign_unknown: "There is no such campaign in this project.",
  campaign_changed: "Somebody changed this campaign meanwhile. Open it again to see it.",
  template_missing: "A step names a template that is not in use on this channel.",
  template_class_differs: "A template is for messages of another kind than the campaign.",
  segment_empty: "Nobody is in the segment now.",
  campaign_invalid_state: "It has moved on meanwhile, so nothing was done.",
  nothing_to_answer: "Nobody has written here since the last answer.",
  message_wordless: "There are no words to answer.",
  hold_unknown: "Somebody has decided this already, or there is nothing to decide.",
  sender_missing: "No sender of this project serves that channel. An owner adds one.",
  recipient_missing: "This person has no address on that channel.",
  person_erased: "This person’s record was erased; nobody writes to it.",
  outbound_duplicate:
    "The same words went to this person today, or wait to. Say it differently, or tick that it is on purpose.",
  entry_unknown: "There is no such entry in this project.",
  entry_changed: "Somebody changed this entry since you read it. Read it again.",
  knowledge_invalid_state: "It has moved on meanwhile, so this cannot be done to it any more. Look at it again.",
  knowledge_without_words: "Write what it says first: a title alone answers nobody.",
  knowledge_replaced_already: "What it was to replace is not live any more. Send it back and look at what is.",
  knowledge_replacement_not_live: "Only another entry that is live can take its place.",
  canary_unknown: "There is no such question in this project.",
  job_unknown: "There is no such job in this project, or it is not yours.",
  job_changed: "Somebody changed this job since you read it. Look at it again.",
  job_over: "This job is over. Write a note instead.",
  job_of_another: "That job is for somebody else than who wrote this.",
  invalid_transition: "It has moved on meanwhile and cannot go there from where it is. Look at it again.",
  schedule_required: "Say when somebody is expected.",
  appointment_open: "It has an appointment already: move that one instead.",
  photo_unknown: "There is no such photo any more.",
  photo_required: "Choose a photo of 12 MB at most.",
  photo_type_wrong: "A photo is a JPEG, a PNG or a WebP.",
  photos_unconfigured: "No place for photos is set up here.",
  tech_inactive: "This technician takes no work any more.",
  week_unknown: "That year has no such week.",
  rhythm_changed: "It has changed since you read it; this is how it stands now.",
  timezone_unknown: "There is no time zone of that name. One is called Europe/Copenhagen.",
  email_unverified: "Prove an address to be yours first; until then nothing is sent there.",
  telegram_unbound: "Link your Telegram first.",
  in_quiet_hours: "What you want to hear of would come in your quiet hours.",
  source_not_found: "What it comes from is not there, or cannot be pointed at yet.",
  chat_not_linked: "No Telegram is linked.",
  capture_unknown: "There is nothing of yours like that.",
  task_unknown: "There is no such task of yours.",
  goal_unknown: "There is no such goal of yours.",
  problem_unknown: "There is no such problem of yours.",
  offer_unknown: "There is no such offer in this project.",
  offer_changed: "Somebody changed this offer meanwhile. What stands now is below.",
  offer_invalid_state: "It has moved on meanwhile, so this cannot be done to it.",
  offer_needs_review: "What it rests on has changed. Somebody has to look at it first.",
  offer_unapproved: "Somebody has to approve first that it is sent.",
  offer_leaving: "Its message is in the outbox already.",
  contact_required: "Say first to whom it is sent.",
  cited_fact_changed: "A fact that a line rests on holds no longer. Choose what is so now.",
  cited_evidence_gone: "What a line rests on was taken back.",
  account_unknown: "There is no such account in this project.",
  account_changed: "Somebody changed this account meanwhile. Open it again.",
  reason_required: "Change the lines that are not so any more, or say why they stand.",
  entity_unknown: "One of the two is not there any more.",
  link_unknown: "This link is gone already.",
  link_exists: "They are linked like that already.",
  link_type_mismatch: "Only a goal can be served, and only a problem helped with.",
  already_undone: "It was taken back already.",
  extraction_failed: "It is kept, but could not be understood. Say it in other words.",
  route_unknown: "There is no page at this address.",
  database_unavailable: "The database did not answer. It is usually back within seconds.",
};

export const sayFault = (fault: Fault): string => {
  if (fault.extra.retryAfter !== undefined && fault.kind === "limited") {
    return `Too many tries. Wait ${counted(Math.ceil(fault.extra.retryAfter / 60), "minute")} and try again.`;
  }
  if (fault.code === "import_line_wrong") {
    const { line, table = "the file", why } = fault.extra as { line?: number; table?: string; why?: string };
    return `Line ${line ?? "?"} cannot be brought in (${table}: ${why ?? "damaged"}). Nothing after it was taken.`;
  }
  return advice[fault.code] ?? fault.extra.detail ?? "That did not work, and nothing was changed.";
};

type Trouble = { status: number; title: string; text: string; code: string };

const ProblemCard = ({ trouble, requestId }: { trouble: Trouble; requestId: string }) => (
  <main class="alone">
    <div class="card wide">
      <header>
        <Mark size={32} />
        <h1>{trouble.title}</h1>
        <p>{trouble.text}</p>
      </header>
      <p class="actions">
        {trouble.code === "project_required" ? (
          <a class="button chief" href="/console/join">
            Join or make a project
          </a>
        ) : (
          <a class="button chief" href="/console">
            To the conversations
          </a>
        )}
      </p>
      <p class="small faint">
        {trouble.status} <span class="mono">{trouble.code}</span> · request <span class="mono">{requestId}</span>
      </p>
    </div>
  </main>
);

/** The console's one place for errors: to the sign-in page and back, or a page that says what happened. */
export async function answerTrouble(thrown: unknown, c: Context<App>): Promise<Response> {
  const isAway = thrown instanceof SignIn || (thrown instanceof Fault && thrown.kind === "unauthenticated");
  const requestId = c.get("requestId");
  if (isAway) {
    // A script that asks for news is told; a person is sent.
    return c.req.query("live") === undefined ? seeOther(c, loginAddress(c)) : c.body(null, 401);
  }
  const known = thrown instanceof Fault;
  if (known && thrown.code === "reauthentication_required") return seeOther(c, confirmAddress(c));
  // What is no fault goes to the log exactly as it does for the API.
  if (!known) answerTo(thrown, requestId, c.get("runtime").log);
  const trouble: Trouble = known
    ? { status: statusOf(thrown.kind), title: titleOf(thrown.kind), text: sayFault(thrown), code: thrown.code }
    : {
        status: 500,
        title: "Something went wrong on our side",
        text: "Nothing was changed. Tell us the request id if it happens again.",
        code: "internal",
      };
  if (known && thrown.extra.retryAfter !== undefined) c.header("retry-after", String(thrown.extra.retryAfter));
  const body = <ProblemCard trouble={trouble} requestId={requestId} />;
  return answerPage(c, { title: trouble.title, body, status: trouble.status });
}
