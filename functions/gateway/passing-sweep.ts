/** Whoever passes by sweeps a little: a project with traffic need not wait for the tick to have lost messages found. */
import type { MiddlewareHandler } from "hono";
import { verbFor } from "#brain/registry.ts";
import { type App, contextOf, type Runtime } from "./runtime.ts";

/** When each project was last swept by this isolate. */
const swept = new WeakMap<Runtime, Map<string, number>>();
/** An isolate that has met more projects forgets them all and sweeps once more. */
const mostProjects = 10_000;

function isDue(runtime: Runtime, project: string): boolean {
  const { sweepSeconds } = runtime.settings;
  if (sweepSeconds === undefined) return false;
  const times = swept.get(runtime) ?? new Map<string, number>();
  swept.set(runtime, times);
  const now = runtime.clock.now().getTime();
  if (now - (times.get(project) ?? Number.NEGATIVE_INFINITY) < sweepSeconds * 1000) return false;
  if (times.size >= mostProjects) times.clear();
  times.set(project, now);
  return true;
}

export const sweepInPassing: MiddlewareHandler<App> = async (c, next) => {
  await next();
  const answered = c.get("ctx");
  const project = answered?.who?.project;
  const sweep = verbFor("job", "shared.sweep");
  if (!answered || !project || !sweep || answered.credential.kind === "system") return;
  if (!isDue(c.get("runtime"), project)) return;
  const ctx = contextOf(c, { kind: "system", project, job: sweep.name });
  c.set("ctx", answered);
  ctx.after(async () => void (await sweep.run({ ...ctx, meter: { requests: 0 } }, {})));
};
