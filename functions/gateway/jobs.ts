/** The one door for QStash: `POST /jobs/{name}`. What we answer tells it whether to come again. */
import type { Handler } from "hono";
import * as z from "zod/v4";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { jobUrl, letterJob } from "#brain/kernel/job-url.ts";
import { isLasting, ProviderFailure } from "#brain/kernel/ports.ts";
import { complaints, type Verb } from "#brain/kernel/verb.ts";
import { verbFor } from "#brain/registry.ts";
import { type JobRunRecord, recordJobRun, resolveLetter } from "#brain/shared/index.ts";
import { parseJson, readBytes } from "./body.ts";
import { answerTo } from "./problem.ts";
import { type App, contextOf } from "./runtime.ts";
import { verifyDelivery } from "./signatures/qstash.ts";

/** Messages carry ids, never content. */
const largest = 64 * 1024;
/** A failure callback carries what somebody else answered, in base64. */
const largestCallback = 1024 * 1024;

/** The schedule's tick names no project: it belongs to all. */
const message = () =>
  z.looseObject({
    project: z.uuid().optional(),
    id: z.string().max(200).optional(),
    round: z.int().min(0).optional(),
  });

let schema: ReturnType<typeof message> | undefined;

/** QStash's own status for "do not try again": the message goes to the dead letters at once. */
const final = (answer: Response): Response => {
  const headers = new Headers(answer.headers);
  headers.set("upstash-nonretryable-error", "true");
  return new Response(answer.body, { status: 489, headers });
};

type Read = { project: string; work: string; round: number; input: Record<string, unknown> };

function read(bytes: Uint8Array): Read {
  schema ??= message();
  const found = schema.safeParse(parseJson(bytes));
  if (!found.success) throw new Fault("invalid", "invalid_input", { errors: complaints(found.error) });
  const { project = "", id: work = "", round = 0, ...input } = found.data;
  return { project, work, round, input };
}

export const jobDoor: Handler<App> = async (c) => {
  const runtime = c.get("runtime");
  const name = c.req.param("name") ?? "";
  const body = await readBytes(c.req.raw, name === letterJob ? largestCallback : largest);
  const url = jobUrl(runtime.settings.publicUrl, name);
  await verifyDelivery(runtime.signingKeys, { signature: c.req.header("upstash-signature"), url, body });
  const verb = verbFor("job", name);
  // A newer version may have staged it while this one still runs: QStash shall come again.
  if (!verb)
    throw new Fault("unavailable", "job_unknown", {
      detail: "No job of this name here; perhaps after the next deploy.",
    });
  try {
    const { project, work, round, input } = read(body);
    if (verb.scope === "project" && !project) throw new Fault("invalid", "project_required");
    const ctx = contextOf(c, { kind: "system", project, job: name });
    const output = await run(ctx, { verb, project, input });
    // Only what an operator sent again has a round: its letter has come to a good end.
    if (round > 0 && project) await resolveLetter(ctx, { project, work, round });
    return c.json(output);
  } catch (thrown) {
    const answer = answerTo(asFault(thrown), c.get("requestId"), runtime.log);
    return isLasting(thrown) ? final(answer) : answer;
  }
};

type Delivered = { verb: Verb; project: string; input: Record<string, unknown> };

/** What it did, or how it failed, is written down after the answer; a run that found nothing to do leaves no trace. */
async function run(ctx: Ctx, { verb, project, input }: Delivered): Promise<Record<string, unknown>> {
  const startedAt = ctx.clock.now();
  const keep = (what: Pick<JobRunRecord, "processed" | "error" | "counts">) => {
    // Who never got in has no project to write it to.
    if (ctx.who?.project) ctx.after(() => recordJobRun(ctx, { job: verb.name, project, startedAt, ...what }));
  };
  try {
    const output = (await verb.run(ctx, input)) as Record<string, unknown>;
    const processed = verb.did?.(output) ?? 0;
    const counts = verb.counts?.(output);
    if (processed > 0) keep({ processed, ...(counts ? { counts } : {}) });
    return output;
  } catch (thrown) {
    const code = thrown instanceof Fault || thrown instanceof ProviderFailure ? thrown.code : "internal";
    keep({ processed: 0, error: code });
    throw thrown;
  }
}

/** A provider that failed for now may say when to come again. */
function asFault(thrown: unknown): unknown {
  if (!(thrown instanceof ProviderFailure)) return thrown;
  return new Fault("provider", thrown.code, {
    ...(thrown.retryAfterSeconds === undefined ? {} : { retryAfter: Math.ceil(thrown.retryAfterSeconds) }),
    cause: thrown.cause,
  });
}
