/** Requests a minute, unless the configuration says otherwise. */
export const defaultQuotas = {
  /** An API key or a session. */
  caller: 600,
  /** Asking costs a search and perhaps a language model. */
  ask: 30,
  /** By address, when nobody says who he is. */
  anonymous: 120,
  /** By address, before a password is hashed; Postgres counts tries by username and fails closed. */
  login: 30,
  /** By address: a mail provider posts the one-click unsubscriptions of all of its users from a few. */
  unsubscribe: 1200,
} as const;

export type PolicyName = keyof typeof defaultQuotas;
export type Quotas = Record<PolicyName, number>;
