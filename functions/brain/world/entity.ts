/** An entity as it is shown. */
import * as z from "zod/v4";
import { instant } from "../kernel/schemas.ts";

export const entityTypes = [
  "Person",
  "Company",
  "Property",
  "Lease",
  "Offer",
  "Product",
  "Service",
  "Place",
  "Custom",
] as const;

export const Entity = () =>
  z.object({
    id: z.string(),
    type: z.enum(entityTypes),
    name: z.string().nullable(),
    contact: z.string().nullable().describe("The person's record"),
    account: z.string().nullable().describe("A firm's record elsewhere"),
    merged_into: z.string().nullable().describe("The entity that stands for this one"),
    firm: z.string().nullable().describe("The account that it is"),
    archived_at: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
    version: z.int(),
  });

type EntityView = z.output<ReturnType<typeof Entity>>;

/** A row of world.entities. */
export type EntityRow = Omit<EntityView, "contact" | "account" | "firm"> & {
  contact_id: string | null;
  account_ref: string | null;
  account_id: string | null;
};

export const entityView = (row: EntityRow): EntityView => ({
  id: row.id,
  type: row.type,
  name: row.name,
  contact: row.contact_id,
  account: row.account_ref,
  merged_into: row.merged_into,
  firm: row.account_id,
  archived_at: instant(row.archived_at),
  created_at: instant(row.created_at),
  updated_at: instant(row.updated_at),
  version: row.version,
});
