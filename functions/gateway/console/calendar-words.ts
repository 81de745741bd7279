/** What the calendar's refusals mean, for whoever filled in a form. */
import type { Fault } from "#brain/kernel/fault.ts";

const sentences: Readonly<Record<string, string>> = {
  slot_taken: "That time is taken.",
  outside_working_time: "That is outside the working time. Give a reason to book it all the same.",
  blackout: "That time is kept free. Give a reason to book it all the same.",
  in_the_past: "That time has passed.",
  too_far_ahead: "That is more than two years ahead.",
  tech_inactive: "This technician takes no work any more.",
  already_scheduled: "This job has an appointment already: move that one.",
  job_over: "This job is over.",
  job_unknown: "Choose a job.",
  tech_unknown: "Choose a technician.",
  appointment_changed: "Somebody has changed it since you read it: look at it again.",
  not_begun: "It has not begun yet.",
  invalid_transition: "It has ended already.",
  blocks_overlap: "Two blocks of one day overlap.",
  week_changed: "Somebody has changed this week since you read it: look at it again.",
  calendar_changed: "Somebody has changed it since you read it: look at it again.",
  blackout_empty: "It must end after it begins, within a year.",
  notice_rule_changed: "Somebody has changed this rule since you read it: look at it again.",
};

/** Undefined where a page of its own says it better. */
export function plainly(fault: Fault): string[] | undefined {
  if (fault.code === "invalid_input")
    return (fault.extra.errors ?? []).map(
      ({ pointer, detail }) => `${pointer.slice(1).replaceAll("/", " ")}: ${detail}.`,
    );
  const said = sentences[fault.code];
  return said ? [said] : undefined;
}
