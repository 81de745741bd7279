/** For whom something is recalled: a closed union, and the one place where it becomes what the database may show. */
import * as z from "zod/v4";
import type { Who } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";

export const audienceSchema = () =>
  z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("staff") }),
      z.strictObject({ kind: z.literal("technician"), id: z.string().min(1).max(200) }),
      z.strictObject({ kind: z.literal("contact"), id: z.string().min(1).max(200) }),
      z.strictObject({ kind: z.literal("public") }),
    ])
    .describe(
      "Who will read it; nothing beyond what this reader may know is used. A contact is named by id or number.",
    );

export type Audience = z.output<ReturnType<typeof audienceSchema>>;

export const visibilities = { public: 0, contact: 1, internal: 2 } as const;
export type Visibility = keyof typeof visibilities;

/** Which passages: by visibility, and of those that belong to a contact only this one's (null: everybody's). */
export type Reach = { visibilities: number[]; owner: string | null };

export function reachOf(audience: Audience): Reach {
  switch (audience.kind) {
    case "staff":
    case "technician":
      return { visibilities: [visibilities.public, visibilities.contact, visibilities.internal], owner: null };
    case "contact":
      return { visibilities: [visibilities.public, visibilities.contact], owner: audience.id };
    case "public":
      return { visibilities: [visibilities.public], owner: null };
  }
}

/** The widest audience these credentials stand for by themselves. */
export function ownAudience(who: Pick<Who, "permissions" | "user">): Audience {
  const may = (permission: string) => who.permissions.includes(permission);
  if (may("memory:ask_as")) return { kind: "staff" };
  if (!may("memory:read")) return { kind: "public" };
  return who.user ? { kind: "technician", id: who.user } : { kind: "staff" };
}

const width = { public: 0, contact: 1, technician: 2, staff: 3 } as const;

/** Narrower kinds are open to everybody; another reader of one's own kind is not narrower. */
export function isWithin(asked: Audience, own: Audience): boolean {
  if (asked.kind !== own.kind) return width[asked.kind] < width[own.kind];
  return !("id" in asked) || !("id" in own) || asked.id === own.id;
}

/** The audience asked for, or one's own; a wider one needs `memory:ask_as`. */
export function allowedAudience(who: Who, asked: Audience | undefined): Audience {
  const own = ownAudience(who);
  if (!asked) return own;
  if (!isWithin(asked, own) && !who.permissions.includes("memory:ask_as")) {
    throw new Fault("forbidden", "permission_missing", {
      permission: "memory:ask_as",
      detail: "These credentials may not ask on behalf of a reader who may know more.",
    });
  }
  return asked;
}

/** The form an audience has in a query string: `staff`, `public`, `contact:<id>`, `technician:<id>`. */
export const audienceText = () =>
  z
    .string()
    .max(220)
    .regex(/^(staff|public|(technician|contact):.+)$/, "must be staff, public, contact:<id> or technician:<id>")
    .transform((text) => {
      const at = text.indexOf(":");
      return (at < 0 ? { kind: text } : { kind: text.slice(0, at), id: text.slice(at + 1) }) as Audience;
    });
