/** An account as it is shown. */
import * as z from "zod/v4";
import { instant } from "../kernel/schemas.ts";

export const ref = () => z.string().min(1).max(200);

export const Account = () =>
  z.object({
    id: z.string(),
    name: z.string(),
    registration: z.string().nullable().describe("Its number in the companies register"),
    note: z.string().nullable(),
    contacts: z.array(z.object({ id: z.string(), name: z.string().nullable(), role: z.string().nullable() })),
    archived_at: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
    version: z.int(),
  });

type View = z.output<ReturnType<typeof Account>>;
/** What crm.account_card tells. */
export type AccountCard = View & { project_id?: string; account_scope_id?: string };

export const accountView = ({ project_id: _, account_scope_id: __, ...card }: AccountCard): View => ({
  ...card,
  archived_at: instant(card.archived_at),
  created_at: instant(card.created_at),
  updated_at: instant(card.updated_at),
});
