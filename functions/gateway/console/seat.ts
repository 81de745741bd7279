/** Who is looking, in which project, and what the bar tells him: known after a page's one request. */
import type { Ctx } from "#brain/kernel/ctx.ts";
import { recentSeconds } from "#brain/kernel/verb.ts";
import type { MemoryStatus } from "./shapes.ts";
import type { Here } from "./words.ts";

/** Who is looking, from where, and what the bar says. */
export type Seat = {
  here: Here;
  username: string;
  csrf: string;
  /** Made anew for each page: a question sent twice from one page is answered once. */
  once: string;
  project: { id: string; name: string };
  projects: { id: string; name: string }[];
  permissions: readonly string[];
  /** Gave the password lately: critical acts are open without being asked for it. */
  isProven: boolean;
  /** Null where the person may not know. */
  memory: MemoryStatus | null;
};

/** After the page's one request: enter() has told who this is. */
export function seatOf(ctx: Ctx, memory: MemoryStatus | null): Seat {
  const { who } = ctx;
  if (!who?.project) throw new Error("nobody has entered a project");
  const own = who.projects.find((project) => project.id === who.project);
  return {
    here: { now: ctx.clock.now(), timezone: own?.timezone ?? "UTC" },
    username: who.username ?? "",
    csrf: who.csrf ?? "",
    once: ctx.ids.uuid(),
    project: { id: who.project, name: own?.name ?? "Project" },
    projects: who.projects.map(({ id, name }) => ({ id, name })),
    permissions: who.permissions,
    isProven: Date.parse(who.proven_at ?? "") + recentSeconds * 1000 >= ctx.clock.now().getTime(),
    memory,
  };
}
