/** The job that copies: a run is claimed, worked on for some seconds in small steps, and handed on by message where it is not done. */
import * as z from "zod/v4";
import { send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { type Publishable, publishStaged } from "../kernel/outbox.ts";
import { type Documents, ProviderFailure } from "../kernel/ports.ts";
import { verb } from "../kernel/verb.ts";
import { ownFailure, runRule, saidOf } from "./failures.ts";
import { type Claim, claimRun, failRun, type Run, releaseRun, type Work } from "./run.ts";
import { fetchStep, listStep, removeStep, type Taken } from "./steps.ts";

const outcomes = ["idle", "busy", "done", "resting", "failed", "handed_on", "lost"] as const;
type Outcome = (typeof outcomes)[number];

export const syncSource = verb(
  {
    name: "vault.sync",
    summary: "Copy what has changed at a source of documents",
    needs: "vault:write",
    doors: ["job"],
    effect: "external",
    // One claims; each step of the run is one more.
    steps: 2,
    input: () => z.object({ source: z.string().max(64).optional() }),
    output: () => z.object({ outcome: z.enum(outcomes), steps: z.int() }),
    did: ({ steps }) => steps,
  },
  async (ctx, { source }) => {
    if (source === undefined) {
      await send(ctx, []);
      return { outcome: "idle" as const, steps: 0 };
    }
    const claim = await claimRun(ctx, source);
    if (claim.state !== "run") {
      if (claim.state === "busy" && claim.wake) publishStaged(ctx, [claim.wake]);
      return { outcome: claim.state, steps: 0 };
    }
    const job = new Job(ctx);
    const outcome = await job.run(claim);
    publishStaged(ctx, job.wakes);
    return { outcome, steps: job.steps };
  },
);

type Claimed = Extract<Claim, { state: "run" }>;

/** One delivery's share of a run. */
class Job {
  readonly wakes: Publishable[] = [];
  steps = 0;
  readonly #ctx: Ctx;

  constructor(ctx: Ctx) {
    this.#ctx = ctx;
  }

  async run(claim: Claimed): Promise<Outcome> {
    try {
      const { documents } = this.#ctx.ports;
      if (!documents) throw ownFailure("documents_unavailable");
      return await this.#work(documents, { run: await opened(this.#ctx, claim), work: claim.work });
    } catch (thrown) {
      if (!(thrown instanceof ProviderFailure)) throw thrown;
      return this.#rest(claim.run, thrown);
    }
  }

  async #work(documents: Documents, { run, work }: { run: Run; work: Work }): Promise<Outcome> {
    const until = this.#ctx.clock.now().getTime() + runRule.runSeconds * 1000;
    for (let at = work; at.phase !== "done"; ) {
      if (this.#ctx.clock.now().getTime() >= until) {
        this.#wake(await releaseRun(this.#ctx, run));
        return "handed_on";
      }
      const { next, failure }: Taken = await this.#step(documents, { run, work: at });
      this.steps += 1;
      if (next === null) return "lost";
      this.#wake(next.embed);
      if (failure) throw failure;
      if (next.phase === "done") this.#wake(next.wake);
      at = next;
    }
    return "done";
  }

  #step(documents: Documents, { run, work }: { run: Run; work: Work }): Promise<Taken> {
    if (work.phase === "list") return listStep(this.#ctx, documents, { run, work });
    if (work.phase === "fetch") return fetchStep(this.#ctx, documents, { run, work });
    if (work.phase === "remove") return removeStep(this.#ctx, documents, { run, work });
    throw new Error("a run that is done has no step");
  }

  async #rest(run: Pick<Run, "source" | "token">, failure: ProviderFailure): Promise<Outcome> {
    const said = saidOf(failure);
    const told = await failRun(this.#ctx, run, said);
    this.#ctx.log({ level: "warn", request: this.#ctx.requestId, sync: run.source, failure: said.code });
    if (told === null) return "lost";
    this.#wake(told.wake);
    return told.failed ? "failed" : "resting";
  }

  #wake(row: Publishable | null | undefined): void {
    if (row) this.wakes.push(row);
  }
}

/** The run with its token in the clear, for the adapter only. */
async function opened(ctx: Ctx, { run, sealed }: Claimed): Promise<Run> {
  const place = {
    table: "identity.project_sources",
    column: "api_token_sealed",
    row: run.source,
    project: ctx.who?.project ?? "",
  };
  const token =
    sealed === null
      ? null
      : await ctx.ports.secrets.open(sealed, place).catch(() => {
          throw ownFailure("secret_unreadable");
        });
  return { ...run, place: { ...run.place, token } };
}
