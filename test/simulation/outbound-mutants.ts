/** Guards of what leaves the house, taken out one at a time. */
import type { Focus } from "./faults.ts";
import { byScript, inFunction, type Mutant } from "./mutant.ts";
import { outboundOf } from "./outbound.ts";
import { schedules } from "./schedules.ts";

/** Calm: nothing goes wrong but what is named. */
const calm: Focus = { kinds: [], temper: 0, times: 1, haste: 1000, crowded: true, outbound: true };
/** Whose messages go out undisturbed. */
const still = { edit: 0, cancel: 0, behind: 0, rules: 0, stops: 0, starts: 0, others: 0 };

export const outboundMutants: readonly Mutant[] = [
  {
    name: "seal",
    without: "the seal that is checked again when a message is claimed",
    breaks: /I5: .* otherwise than/,
    focus: calm,
    areas: [outboundOf({ ...still, behind: 3, pile: 1 }), schedules],
    apply: inFunction("outbound.verdicts", "j.seal is not null and j.seal is distinct from j.now_seal", "false"),
  },
  {
    name: "opt_out",
    without: "the opt-out that is read when a message is claimed",
    breaks: /I5: .* after an opt-out/,
    focus: calm,
    areas: [outboundOf({ ...still, stops: 2, pile: 1 }), schedules],
    apply: inFunction("outbound.verdicts", "(j.opted_out_at is not null or j.suppressed) and not j.confirms", "false"),
  },
  {
    name: "cap",
    without: "the count under the cap",
    breaks: /I5: .* as number/,
    focus: calm,
    areas: [outboundOf({ ...still, pile: 2 }), schedules],
    apply: inFunction(
      "outbound.verdicts",
      "k.stopped is not null or k.beyond then 'wait'",
      "k.stopped is not null then 'wait'",
    ),
  },
  {
    name: "quiet_hours",
    without: "the recipient's night",
    breaks: /I5: .* at night/,
    focus: calm,
    areas: [outboundOf({ ...still, write: 0, rules: 2, pile: 2 }), schedules],
    apply: inFunction("outbound.verdicts", "when j.awake_at > at then 'quiet_hours'", "when false then 'quiet_hours'"),
  },
  {
    name: "stop_on_reply",
    without: "what a reply cancels",
    breaks: /I5: .* has written since/,
    focus: calm,
    areas: [outboundOf({ ...still, others: 2, pile: 1 }), schedules],
    apply: inFunction("outbound.replied", "and m.stop_on_reply", "and false"),
  },
  {
    name: "send_token",
    without: "the claim's token when a provider's answers are settled",
    breaks: /fence: .* settled/,
    // Slower than its lease: when it settles at last, the provider was asked, had nothing, and the message is on the wire again.
    focus: {
      ...calm,
      haste: 20_000,
      aims: [
        { kind: "carrier.not_reached", at: /^send/, chance: 1 },
        { kind: "database.commits_after_timeout", at: /outbound\.settle/, chance: 1 },
      ],
      dawdles: { at: /^late outbound\.settle/, pace: 0.001 },
    },
    areas: [outboundOf({ ...still, write: 0, pile: 0.1, idle: 3 }), schedules],
    steps: 500,
    apply: inFunction("outbound.settle", " and m.token = claim_token", ""),
  },
  {
    name: "send_sweep",
    without: "the sweep over messages of unknown fate",
    breaks: /no rest/,
    focus: {
      ...calm,
      kinds: ["job.not_repeated"],
      times: 4,
      aims: [{ kind: "crash.after_effect", at: /^carrier/, chance: 1 }],
    },
    areas: [outboundOf({ ...still, pile: 1 }), schedules],
    apply: inFunction("outbound.sweep", "return outbound.wake(wake_id, 'outbound.resolve', null, at);", "return null;"),
  },
  {
    name: "report_order",
    without: "the order of a message's states",
    breaks: /I6/,
    focus: { ...calm, kinds: ["report.overtaken"], times: 4 },
    areas: [outboundOf({ ...still, write: 0, pile: 1, reports: 6 }), schedules],
    apply: async (house) => {
      const order = inFunction(
        "outbound.told_one",
        "a.number = m.attempts and (rank > is_at",
        "a.number = m.attempts and (is_at > 0",
      );
      const known = inFunction(
        "outbound.told_one",
        "(rank, said) <= (a.told_rank, coalesce(a.told_code, ''))",
        "false",
      );
      const moves = byScript(
        "alter table outbound.messages disable trigger guard_state",
        "alter table outbound.messages enable trigger guard_state",
      );
      const restore: (() => Promise<void>)[] = [];
      for (const take of [order, known, moves]) restore.unshift(await take(house));
      return async () => {
        for (const back of restore) await back();
      };
    },
  },
];
