/** Where dead messages arrive, and how a letter ends well. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { as, type Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { letterJob } from "../kernel/job-url.ts";
import { verb } from "../kernel/verb.ts";
import { Callback, readCallback, type Told } from "./letter-callback.ts";

/** Within a project that a signed message named, on a meter of its own when it runs beside the answer's work. */
const within = (ctx: Ctx, project: string): Ctx =>
  as(ctx, {
    credential: { kind: "system", project, job: letterJob },
    entry: { permission: "shared:operate", scope: "project" },
  });

export const receiveLetter = verb(
  {
    name: letterJob,
    summary: "Take in what QStash gave up on",
    needs: "shared:operate",
    // A callback names its project only inside the message it is about.
    scope: "none",
    doors: ["job"],
    effect: "write",
    // The second when the project it names is nowhere.
    steps: 2,
    idempotency: "none",
    input: Callback,
    output: () => z.object({ letter: z.string().nullable().describe("Null for one that names no project") }),
  },
  async (ctx, callback) => {
    const { project, told } = readCallback(callback, ctx.settings.publicUrl);
    const letter = project ? await keep(within(ctx, project), told) : null;
    if (letter === null) await keepStray(ctx, told);
    return { letter };
  },
);

/** Null when the project is nowhere. */
async function keep(ctx: Ctx, told: Told): Promise<string | null> {
  const statement = raw<{ kept: { letter: string } }>(
    ctx,
    sql`select shared.receive_letter(${JSON.stringify(told)}::jsonb, ${ctx.ids.next("letter")}, ${ctx.ids.next("event")}) as kept`,
  );
  const answers = await send(ctx, [statement]).catch((thrown: unknown) => {
    if (thrown instanceof Fault && thrown.code === "project_unknown") return null;
    throw thrown;
  });
  return answers?.[0].rows[0]?.kept.letter ?? null;
}

async function keepStray(ctx: Ctx, told: Told): Promise<void> {
  const { job, reason, status, message } = told;
  await send(ctx, [
    raw(ctx, sql`select shared.keep_stray(${JSON.stringify({ job, reason, status, message })}::jsonb)`),
  ]);
  ctx.log({ letter: "stray", job, reason, status, message, request: ctx.requestId });
}

/** Before QStash is answered: a crash in between repeats the job, and the letter is still resolved. */
export async function resolveLetter(ctx: Ctx, of: { project: string; work: string; round: number }): Promise<void> {
  const own: Ctx = { ...within(ctx, of.project), meter: { requests: 0 } };
  await send(own, [
    raw(own, sql`select shared.resolve_letter(${of.work}, ${of.round}::int, ${ctx.ids.next("event")})`),
  ]);
}
