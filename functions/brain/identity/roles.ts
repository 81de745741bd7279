/** The roles of a project; what each may do is in identity.role_permissions. */
import * as z from "zod/v4";

export const roles = ["owner", "lead_technician", "technician", "office", "client_bot"] as const;
export const Role = () => z.enum(roles);
export type RoleName = (typeof roles)[number];
