/** Work that runs by the clock in every project, until its people change or switch it off. */
export type Schedule = {
  /** The verb behind the door `job` to run; it is handed the project and nothing else. */
  kind: string;
  /** Five fields, read in the project's time zone. Either this or `everySeconds`, or neither and only `after`. */
  cron?: string;
  everySeconds?: number;
  /** Fire times that passed while nothing ran: none of them, one for all, or each. */
  missed: "skip" | "once" | "each";
  /** It also runs when one of these ended well and did something. */
  after?: readonly string[];
};
