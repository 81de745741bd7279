/** Why a message is where it is, as a sentence. A code that is not here is shown as it is. */

const reasons = new Map(
  Object.entries({
    opt_out: "This person has opted out.",
    person_erased: "This person’s record was erased.",
    content_changed_after_approval: "Something about it changed after the approval, so it has to be approved again.",
    cited_fact_changed: "What it states is not so any more. Read it again before somebody approves it.",
    cited_evidence_changed:
      "What it rests on was edited since it was written. Read it again before somebody approves it.",
    cited_evidence_gone: "What it rests on was taken back. Read it again before somebody approves it.",
    offer_changed: "The offer it carried was changed, or needs a look. Hand it over again from the offer.",
    replaced: "Something newer took its place.",
    consent_missing: "This person has not consented to marketing on this channel.",
    held_for_operator: "This person wrote something that reads like a wish to be left alone; somebody has to decide.",
    quiet_hours: "Quiet hours: the recipient is not written to at this time of day.",
    quiet_hours_never_end: "Quiet hours: the time zones the recipient may be in share no waking hour.",
    frequency_cap_reached: "This person has had as many messages as the rules allow for now.",
    attempts_exhausted: "It was tried as often as the rules allow, and failed each time.",
    returned: "It was sent back to its writer.",
    withdrawn: "Somebody withdrew it.",
    stop_on_reply: "The person wrote before it left.",
    answer_too_late: "The answer would have come too late.",
    too_late: "It waited until it said nothing worth knowing any more.",
    campaign_paused: "Its campaign is paused.",
    campaign_cancelled: "Its campaign was cancelled.",
    timeout: "The provider did not answer in time; whether it has the message is being found out.",
    worker_lost: "The worker was lost in the middle; whether the message left is being found out.",
    not_at_provider: "The provider does not have it, so it is sent again.",
    unresolved: "The provider cannot say whether it has the message; somebody has to decide.",
    answer_unreadable: "The provider took it, but its answer could not be read.",
    carrier_failed: "Something unforeseen happened while it left; whether the provider has it is being found out.",
    connection_lost: "The connection was lost; whether the provider has the message is being found out.",
    unreachable: "The provider could not be reached; it is tried again.",
    answer_too_large: "The provider’s answer was too large to be read.",
    credentials_incomplete: "The sender’s credentials are not complete.",
    telegram_403: "The recipient has blocked the bot.",
    telegram_chat_moved: "The chat is not there any more.",
    conversation_missing: "The conversation is not there any more.",
    text_too_long: "The text is longer than the provider takes.",
    rate_limited: "The provider takes no more for the moment; it is tried again.",
    twilio_21211: "The number is not a valid telephone number.",
    twilio_21408: "The sender may not write to this country.",
    twilio_21606: "The sender’s number is not of this account, or cannot send.",
    twilio_21608: "The sender’s account is on trial and may only write to numbers that were verified.",
    twilio_21610: "The recipient has told the provider to stop.",
    twilio_21612: "There is no route from this sender to this number.",
    twilio_21614: "The number cannot receive SMS.",
    twilio_21617: "The text is longer than the provider takes.",
    twilio_30001: "The provider’s queue is full; it is tried again.",
    twilio_30003: "The telephone is switched off or out of reach.",
    twilio_30004: "The recipient blocks messages like this one.",
    twilio_30005: "The number is unknown, or no longer in use.",
    twilio_30006: "The number is a landline, or its network cannot be reached.",
    twilio_30007: "The network took it for unwanted advertising.",
    twilio_30008: "The provider does not know why it was not delivered.",
    telnyx_40300: "The recipient has told the provider to stop.",
    telnyx_20100: "The sender’s account is out of credit.",
  }),
);

export function reasonWords(code: string): string {
  const status = /^http_(\d{3})$/.exec(code)?.[1];
  return reasons.get(code) ?? (status ? `The provider answered with status ${status}.` : code);
}

/** Whether there is a sentence for it; else the code stands for itself. */
export const isWorded = (code: string): boolean => reasonWords(code) !== code;
