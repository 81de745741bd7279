/** Identity knows people on staff, none whom the house serves. */
import type { Erasure } from "../kernel/erasure.ts";

const staff = "People on staff and how they come in";
const house = "The house's own names, addresses and sealed secrets";

export const erased: Erasure = {
  parts: [
    ...[
      "access_events",
      "app_users",
      "invitations",
      "memberships",
      "sessions",
      "signup_requests",
      "user_idempotency_keys",
      "email_codes",
    ].map((table) => ({ table: `identity.${table}`, how: "exempt" as const, why: staff })),
    ...["account_scopes", "api_keys", "app_settings", "project_sources", "projects"].map((table) => ({
      table: `identity.${table}`,
      how: "exempt" as const,
      why: house,
    })),
    { table: "identity.attempts", how: "exempt", why: "Hashed keys, gone after a day" },
    { table: "identity.role_permissions", how: "exempt", why: "Part of the product" },
  ],
};
