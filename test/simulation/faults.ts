/** What may go wrong, by name: which kinds a seed knows, how often each struck. */
import type { Rng } from "./rng.ts";

export const databaseFaults = [
  "database.lost_before_commit",
  "database.answer_lost_after_commit",
  "database.commits_after_timeout",
  "database.request_repeated_later",
  "database.http_500",
  "database.http_429",
  "database.deadlock",
  "database.too_many_connections",
] as const;

export const queueFaults = [
  "queue.unreachable",
  "queue.timeout_after_accepting",
  "queue.http_429",
  "queue.http_500",
  "queue.message_vanishes",
] as const;

export const embedderFaults = [
  "embedder.unreachable",
  "embedder.http_429",
  "embedder.refuses_a_text",
  "embedder.garbage",
  "embedder.slower_than_the_lease",
] as const;

export const modelFaults = ["model.garbage", "model.unreachable", "model.false_citation"] as const;

export const chatwootFaults = [
  "chatwoot.http_429",
  "chatwoot.http_500",
  "chatwoot.timeout",
  "chatwoot.cut_off",
  "chatwoot.proxy_404",
  "chatwoot.list_shifts",
] as const;

export const carrierFaults = [
  "carrier.answer_lost",
  "carrier.index_late",
  "carrier.slower_than_the_lease",
  "carrier.not_reached",
  "carrier.http_429",
  "carrier.http_503",
  "carrier.refuses",
  "carrier.opted_out_there",
  "carrier.sender_suspended",
] as const;

export const lookupFaults = ["carrier.cannot_be_asked"] as const;

export const reportFaults = ["report.lost", "report.repeated", "report.overtaken"] as const;

export const faultKinds = [
  ...databaseFaults,
  ...queueFaults,
  ...embedderFaults,
  ...modelFaults,
  ...chatwootFaults,
  ...carrierFaults,
  ...lookupFaults,
  ...reportFaults,
  "crash.before_effect",
  "crash.after_effect",
  "crash.isolate",
  "job.delivered_twice",
  "job.overtaken",
  "job.delayed",
  "job.not_repeated",
  "job.tick_lost",
  "webhook.lost",
  "webhook.repeated",
  "webhook.second_sender",
  "webhook.overtaken",
  "webhook.replayed_with_other_body",
  "webhook.forged",
  "webhook.old_signature",
  "webhook.cut_off",
  "staff.answer_lost",
  "staff.asked_twice_at_once",
  "staff.other_body_under_one_key",
  "clock.jump",
  "clock.skew",
  "rotation.webhook_secret",
  "rotation.sealing_keys",
  "rotation.signing_keys",
] as const;

export type FaultKind = (typeof faultKinds)[number];

export type Faults = {
  readonly counts: ReadonlyMap<FaultKind, number>;
  /** Whether this happens now; counted when it does. `what`: the effect that it would happen to. */
  strikes(kind: FaultKind, probability: number, what?: string): boolean;
  /** One of these, or most often none. */
  among<K extends FaultKind>(kinds: readonly K[], to?: { what?: string; atLeast?: number }): K | undefined;
  /** From here on nothing goes wrong. */
  end(): void;
};

/** How likely a single effect goes wrong: some worlds are calm, some are not. */
const tempers = [0.04, 0.1, 0.2, 0.35] as const;
/** Each seed knows only part of what can happen, so that what is rare together also happens alone. */
const known = 0.65;

/** A fault that strikes just there: at the effects of this name, so often. */
export type Aim = { kind: FaultKind; at: RegExp; chance: number };

/** A world in which only some things go wrong, but often: for a guard that only they can show to be missing. */
export type Focus = {
  kinds: readonly FaultKind[];
  temper: number;
  aims?: readonly Aim[];
  /** Effects that are long in coming: their turn is so much rarer than others', and much happens before each. */
  dawdles?: { at: RegExp; pace: number };
  /** How much likelier than usual the rest of its kinds is. */
  times?: number;
  /** Mean milliseconds between two steps. */
  haste?: number;
  crowded?: true;
  office?: true;
  outbound?: true;
  /** No language model is there, so that rules read what is said. */
  modelless?: true;
};

/** In a focused world a fault is so much likelier, if nothing else is said. */
const focused = 4;

export function makeFaults(rng: Rng, focus?: Focus): Faults {
  const counts = new Map<FaultKind, number>();
  const drawn = faultKinds.filter(() => rng.chance(known));
  const kinds = new Set<FaultKind>(focus?.kinds ?? drawn);
  const usual = rng.pick(tempers);
  const temper = focus?.temper ?? usual;
  const times = focus ? (focus.times ?? focused) : 1;
  let over = false;
  const count = (kind: FaultKind) => void counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const aimed = <K extends FaultKind>(all: readonly K[], what = ""): K | undefined => {
    const aim = focus?.aims?.find(({ kind, at }) => all.some((one) => one === kind) && at.test(what));
    return aim && !over && rng.chance(aim.chance) ? (aim.kind as K) : undefined;
  };
  return {
    counts,
    strikes: (kind, probability, what) => {
      const struck = aimed([kind], what) !== undefined || (!over && rng.chance(times * probability) && kinds.has(kind));
      if (struck) count(kind);
      return struck;
    },
    among: (all, { what, atLeast = 0 } = {}) => {
      const hit = aimed(all, what);
      if (hit) count(hit);
      if (hit) return hit;
      const possible = all.filter((kind) => kinds.has(kind));
      if (over || !rng.chance(Math.max(temper, atLeast)) || possible.length === 0) return undefined;
      const kind = rng.pick(possible);
      count(kind);
      return kind;
    },
    end: () => {
      over = true;
    },
  };
}
