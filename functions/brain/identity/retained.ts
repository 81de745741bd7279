/** What identity keeps only for a time. */
import { sql } from "drizzle-orm";
import type { Housekeeping, Retention } from "../kernel/retention.ts";

export const retained: readonly Retention[] = [
  {
    kind: "identity.invitations",
    what: "Invitations that were used, taken back or ran out",
    since: "after they ended",
    keepDays: 90,
    leastDays: 0,
    table: sql`identity.invitations`,
    age: sql`least(r.accepted_at, r.revoked_at, r.expires_at)`,
  },
];

const sessionDays = 30;
const otherDays = 1;

export const housekeeping: Housekeeping = {
  kinds: [
    { kind: "identity.sessions", what: "Sign-ins of browsers", keepDays: sessionDays, since: "after they end" },
    { kind: "identity.signup_requests", what: "Sign-ups with a PIN", keepDays: otherDays, since: "after they expire" },
    {
      kind: "identity.email_codes",
      what: "Digits that prove an e-mail",
      keepDays: otherDays,
      since: "after they expire",
    },
    {
      kind: "identity.attempts",
      what: "Counts of tries of passwords and PINs",
      keepDays: otherDays,
      since: "after they began",
    },
    {
      kind: "identity.user_idempotency_keys",
      what: "Answers kept for a repeat of what people did for themselves",
      keepDays: 1,
      since: "after they were given",
    },
  ],
  purge: (most) => sql`select identity.purge_ended(${most}::int, ${sessionDays}::int, ${otherDays}::int) as purged`,
};
