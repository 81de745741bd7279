/** Making a project: who makes it owns it. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { verb } from "../kernel/verb.ts";
import { isTimezone } from "../kernel/wall-time.ts";
import { assertPerson } from "./person.ts";

const Project = () =>
  z.object({ id: z.uuid(), name: z.string(), region: z.string(), timezone: z.string(), role: z.string() });

export const createProject = verb(
  {
    name: "identity.projects.create",
    summary: "Make a project of one's own and work in it",
    needs: "identity:login",
    scope: "user",
    effect: "write",
    faults: ["session_required", "too_many_attempts"],
    input: () =>
      z.object({
        name: z.string().trim().min(1).max(200),
        region: z
          .string()
          .regex(/^[A-Z]{2}$/, "an ISO 3166 country")
          .default("DK"),
        timezone: z.string().max(64).refine(isTimezone, "an IANA time zone").default("Europe/Copenhagen"),
      }),
    output: Project,
    example: () => ({ name: "Fjordservice" }),
  },
  async (ctx, input) => {
    assertPerson(ctx);
    const id = ctx.ids.uuid();
    const membership = ctx.ids.next("membership");
    const wanted = JSON.stringify(input);
    return commit(ctx, {
      within: id,
      before: [
        raw(
          ctx,
          sql`select identity.create_project(${id}::uuid, ${ctx.ids.uuid()}::uuid, ${membership}, ${wanted}::jsonb)`,
        ),
      ],
      change: sql`select p.id, p.name, p.region, p.timezone, 'owner' as role from identity.projects p where p.id = shared.scope()`,
      event: { kind: "identity.project.created", ref: ["project", id] },
      audit: { action: "identity.project.created", ref: ["project", id], evidence: "none" },
    });
  },
  (row) => row as z.output<ReturnType<typeof Project>>,
);
