/** Healing the mirror: one message's worth of reading Chatwoot's API, then the next message, until the run is complete. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { publishStaged } from "../kernel/outbox.ts";
import { ProviderFailure } from "../kernel/ports.ts";
import { verb } from "../kernel/verb.ts";
import { contactsUnit, conversationsUnit, nextWalk } from "./sync-lists.ts";
import { readsUnit } from "./sync-reads.ts";
import {
  firstPosition,
  type RunState,
  type Step,
  type SyncKind,
  syncLimits,
  type Work,
  writeStep,
} from "./sync-state.ts";
import { vanishedUnit } from "./sync-vanished.ts";

const Reconciled = () =>
  z.object({
    run: z.string().nullable(),
    state: z.enum(["idle", "running", "done", "failed", "cancelled", "superseded"]),
    phase: z.string().nullable(),
    requests: z.int().describe("To Chatwoot"),
    messages: z.int(),
    written: z.int().describe("Rows that were new, different or gone"),
    more: z.boolean().describe("The next message goes on"),
  });

type Told = z.output<ReturnType<typeof Reconciled>>;

const idle: Told = { run: null, state: "idle", phase: null, requests: 0, messages: 0, written: 0, more: false };

const declared = {
  needs: "inbox:receive",
  doors: ["job" as const],
  effect: "external" as const,
  // One to begin, one to take the run, and one for each page or handful of conversations; so many that a message ends.
  steps: 2,
  output: Reconciled,
  did: ({ written }: Told) => written,
};

export const reconcile = verb(
  {
    ...declared,
    name: "inbox.reconcile",
    summary: "Read on in Chatwoot's API, or begin: a first import, later a catch-up of the last week",
    input: () => z.object({ run: z.string().max(64).optional() }),
  },
  async (ctx, { run }) => {
    const id = run ?? (await begin(ctx, null));
    return id ? oneMessage(ctx, id) : idle;
  },
);

export const detectGaps = verb(
  {
    ...declared,
    name: "inbox.gaps",
    summary: "Compare every conversation with Chatwoot's list, and read those that have a gap",
    input: () => z.object({}),
  },
  async (ctx) => {
    const id = await begin(ctx, "check");
    return id ? oneMessage(ctx, id) : idle;
  },
);

async function begin(ctx: Ctx, kind: SyncKind | null): Promise<string | null> {
  const query = sql`select inbox.begin_due(${ctx.ids.next("syncRun")}, ${kind}, ${ctx.ids.next("outbox")}) as run`;
  const [found] = await send(ctx, [raw<{ run: string | null }>(ctx, query)]);
  return found.rows[0]?.run ?? null;
}

type Claimed = Omit<RunState, "position"> & {
  position: Partial<RunState["position"]>;
  account: string | null;
  url: string | null;
  sealed: string | null;
};

async function claim(ctx: Ctx, run: string): Promise<Work | RunState["state"]> {
  const { chatwoot } = ctx.ports;
  if (!chatwoot) throw new Fault("unavailable", "source_port_missing");
  const token = ctx.ids.uuid();
  const query = sql`select inbox.claim_run(${run}, ${token}, make_interval(secs => ${syncLimits.leaseSeconds}), ${ctx.ids.next("outbox")}) as claimed`;
  const [found] = await send(ctx, [raw<{ claimed: Claimed }>(ctx, query)]);
  const claimed = found.rows[0]?.claimed;
  if (claimed?.state !== "running") return claimed?.state ?? "failed";
  const { account, url, sealed, ...state } = claimed;
  const project = ctx.who?.project ?? "";
  const work: Work = {
    token,
    state: { ...state, position: { ...firstPosition(state.kind), ...state.position } },
    access: { url: url ?? "", account: account ?? "", token: "" },
    chatwoot,
    binding: { source: state.source, project, account: account ?? "" },
    requests: 0,
    messages: 0,
    wakes: [],
  };
  if (!account || !url || !sealed) return stopped(ctx, work, "source_not_connected");
  const place = { table: "identity.project_sources", column: "api_token_sealed", row: state.source, project };
  const opened = await ctx.ports.secrets.open(sealed, place).catch(() => null);
  if (opened === null) return stopped(ctx, work, "token_unreadable");
  work.access.token = opened;
  return work;
}

async function stopped(ctx: Ctx, work: Work, error: string): Promise<RunState["state"]> {
  await writeStep(ctx, work, { step: { state: "failed", error } });
  return "failed";
}

const writtenBy = ({ counts }: RunState): number => (counts["written"] ?? 0) + (counts["gone"] ?? 0);

async function oneMessage(ctx: Ctx, run: string): Promise<Told> {
  const work = await claim(ctx, run);
  if (typeof work === "string") return { ...idle, run, state: work };
  const before = writtenBy(work.state);
  const overtaken = await workOn(ctx, work).catch((thrown: unknown) => {
    if (thrown instanceof Fault && thrown.code === "sync_superseded") return true;
    throw thrown;
  });
  publishStaged(ctx, work.wakes);
  const { state } = work;
  return {
    run,
    state: overtaken === true ? "superseded" : state.state,
    phase: state.phase,
    requests: work.requests,
    messages: work.messages,
    written: writtenBy(state) - before,
    more: overtaken !== true && state.state === "running",
  };
}

/** Unit after unit until the run is over, this message has done its share, or Chatwoot wants to be left alone. */
async function workOn(ctx: Ctx, work: Work): Promise<void> {
  const until = ctx.clock.now().getTime() + syncLimits.seconds * 1000;
  try {
    while (work.state.state === "running") {
      const full = work.requests >= syncLimits.requests || work.messages >= syncLimits.messagesInAll;
      const enough = full || ctx.clock.now().getTime() >= until;
      if (enough) return await handOver(ctx, work, { seconds: 0 });
      await unit(ctx, work);
    }
  } catch (thrown) {
    if (!(thrown instanceof ProviderFailure)) throw thrown;
    await afterFailure(ctx, work, thrown);
  }
}

async function unit(ctx: Ctx, work: Work): Promise<void> {
  const { phase, todo } = work.state;
  if (phase === "contacts") return contactsUnit(ctx, work);
  if (phase === "vanished") return vanishedUnit(ctx, work);
  if (todo.length > 0) return readsUnit(ctx, work);
  const position = nextWalk(work);
  if (position) return conversationsUnit(ctx, work, position);
  const next = { ...work.state.position, page: 1, pass: 1 };
  await writeStep(ctx, work, { step: { phase: "contacts", position: next } });
}

async function handOver(ctx: Ctx, work: Work, how: { seconds: number } & Partial<Step>): Promise<void> {
  const { seconds, ...step } = how;
  await writeStep(ctx, work, { step: { ...step, next: { id: ctx.ids.next("outbox"), seconds } } });
}

/** The account itself is closed to us: no other conversation would do better. */
const general = /^source_(token_refused|url_refused|not_found|endless)$/;
const longestWaitSeconds = 3600;

async function afterFailure(ctx: Ctx, work: Work, failure: ProviderFailure): Promise<void> {
  const { todo, failures, phase } = work.state;
  const { code, retryable, retryAfterSeconds: asked } = failure;
  // Being told to wait is no failure; it may happen a hundred times in one import.
  if (code === "source_limited") {
    const seconds = Math.min(Math.max(1, Math.ceil(asked ?? 60)), longestWaitSeconds);
    return handOver(ctx, work, { seconds, error: code, failures });
  }
  if (retryable && failures + 1 < syncLimits.failures) {
    const seconds = Math.min(Math.max(Math.ceil(asked ?? 0), 5 * 2 ** failures), longestWaitSeconds);
    return handOver(ctx, work, { seconds, error: code, failures: failures + 1 });
  }
  // One conversation that cannot be read keeps back the watermark, not everybody else.
  if (phase === "conversations" && todo.length > 0 && !general.test(code)) {
    return handOver(ctx, work, { seconds: 1, error: code, todo: todo.slice(1), counts: { skipped: 1 } });
  }
  await writeStep(ctx, work, { step: { state: "failed", error: code } });
}
