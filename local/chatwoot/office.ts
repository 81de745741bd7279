/** What every act on the account needs: its rows, its webhooks, and a clock for when the caller names no time. */
import type { Account } from "./account.ts";
import type { Webhooks } from "./webhooks.ts";

export type Office = { account: Account; webhooks: Webhooks; clock: { now(): Date } };

/** A point in time, as a Date or as ISO text; a story of months passes its own. */
export type When = Date | string | undefined;

export function timeOf(office: Office, at: When): Date {
  if (at === undefined) return office.clock.now();
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) throw new RangeError(`not a time: ${String(at)}`);
  return time;
}
