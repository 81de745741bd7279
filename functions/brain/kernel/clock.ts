/** Time as a parameter: code asks the clock, SQL asks shared.clock(), and both can be set. */

export type Clock = {
  now(): Date;
  /** The instant SQL must use too; null means the database's own clock. */
  fixed(): string | null;
};

export const wallClock: Clock = { now: () => new Date(), fixed: () => null };

/** A clock that stands still until it is told to move. */
export function settableClock(start: string): Clock & { set(at: string): void; advance(milliseconds: number): void } {
  let at = new Date(start).getTime();
  return {
    now: () => new Date(at),
    fixed: () => new Date(at).toISOString(),
    set: (next) => {
      at = new Date(next).getTime();
    },
    advance: (milliseconds) => {
      at += milliseconds;
    },
  };
}
