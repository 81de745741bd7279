/** Making an own write: one call of Chatwoot between two requests to the database, and questions where its answer was lost. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { type Publishable, publishStaged } from "../kernel/outbox.ts";
import { type Chatwoot, type ChatwootAccess, type ConversationStatus, ProviderFailure } from "../kernel/ports.ts";
import { verb } from "../kernel/verb.ts";
import type { WriteKind } from "./own-write.ts";

const rule = {
  /** Longer than a call with all its waiting. */
  leaseSeconds: 60,
  /** Calls, before an operator has to ask again. */
  attempts: 5,
  waitSeconds: 20,
  longestWaitSeconds: 3600,
} as const;

type Claim = {
  state: string;
  do?: "send" | "ask";
  id: string;
  kind: WriteKind;
  wanted: { text?: string; status?: ConversationStatus; assignee?: number | null; labels?: string[] };
  conversation: number;
  since: string;
  source: string | null;
  account: string | null;
  url: string | null;
  sealed: string | null;
  calm: boolean;
};

type Told = {
  outcome: "done" | "later" | "unknown" | "absent" | "failed";
  code?: string;
  message?: number;
  wait?: number;
};

const states = ["pending", "sending", "unknown", "done", "failed"] as const;

export const carryWrite = verb(
  {
    name: "inbox.write",
    summary: "Write into Chatwoot what somebody here asked for, or ask whether it has it",
    needs: "inbox:receive",
    doors: ["job"],
    effect: "external",
    // Take it and write the attempt down; write down what was said.
    steps: 2,
    faults: ["own_write_unknown", "own_write_busy"],
    input: () => z.object({ write: z.string().max(64).optional().describe("Left out: the oldest that nobody has") }),
    output: () => z.object({ write: z.string().nullable(), state: z.enum(["idle", ...states]), called: z.boolean() }),
    did: ({ called }) => (called ? 1 : 0),
  },
  async (ctx, { write: asked }) => {
    const token = ctx.ids.uuid();
    const query = sql`select inbox.claim_write(${asked ?? null}, ${token}::uuid, make_interval(secs => ${rule.leaseSeconds}::int), ${ctx.ids.next("outbox")}) as claim`;
    const [found] = await send(ctx, [raw<{ claim: Claim }>(ctx, query)]);
    const claim = found.rows[0]?.claim;
    if (!claim) throw new Error("a claim returned no row");
    if (!claim.do) {
      return { write: asked ?? null, state: claim.state as "idle" | (typeof states)[number], called: false };
    }
    const { id: write } = claim;
    const told = await tell(ctx, claim);
    return { write, state: await settle(ctx, { write, token, told }), called: true };
  },
);

async function settle(ctx: Ctx, { write, token, told }: { write: string; token: string; told: Told }) {
  const said = { ...told, most: rule.attempts, event: ctx.ids.next("event"), outbox: ctx.ids.next("outbox") };
  const [answer] = await send(ctx, [
    raw<{ done: { state: (typeof states)[number]; staged?: Publishable | null } }>(
      ctx,
      sql`select inbox.settle_write(${write}, ${token}::uuid, ${JSON.stringify(said)}::jsonb) as done`,
    ),
  ]);
  const done = answer.rows[0]?.done;
  if (!done) throw new Error("a write was settled and told nothing");
  if (done.staged) publishStaged(ctx, [done.staged]);
  return done.state;
}

async function tell(ctx: Ctx, claim: Claim): Promise<Told> {
  const { chatwoot } = ctx.ports;
  const asks = claim.do === "ask";
  if (!asks && !claim.calm) return { outcome: "failed", code: "flip_breaker_open" };
  if (!chatwoot) return { outcome: "later", code: "source_port_missing", wait: 600 };
  const access = await accessOf(ctx, claim);
  if (typeof access === "string") {
    // What may have been written stays a question until somebody connects the source again.
    return asks ? { outcome: "unknown", code: access, wait: 600 } : { outcome: "failed", code: access };
  }
  try {
    return asks ? await lookUp(chatwoot, access, claim) : await write(chatwoot, access, claim);
  } catch (thrown) {
    if (!(thrown instanceof ProviderFailure)) throw thrown;
    return asks ? { outcome: "unknown", code: thrown.code, wait: waitOf(thrown) } : afterFailure(thrown);
  }
}

async function accessOf(ctx: Ctx, claim: Claim): Promise<ChatwootAccess | string> {
  const { source, account, url, sealed } = claim;
  if (!source || !account || !url || !sealed) return "source_not_connected";
  const project = ctx.who?.project ?? "";
  const place = { table: "identity.project_sources", column: "api_token_sealed", row: source, project };
  const token = await ctx.ports.secrets.open(sealed, place).catch(() => null);
  return token === null ? "token_unreadable" : { url, account, token };
}

async function write(chatwoot: Chatwoot, access: ChatwootAccess, claim: Claim): Promise<Told> {
  const { conversation, id: ref, wanted, kind } = claim;
  if (kind === "note") {
    const made = await chatwoot.write(access, { conversation, ref, text: wanted.text ?? "", as: "note" });
    return made ? { outcome: "done", message: made.id } : { outcome: "failed", code: "conversation_gone" };
  }
  const set =
    kind === "status"
      ? await chatwoot.setStatus(access, { conversation, status: wanted.status ?? "open" })
      : kind === "assignee"
        ? await chatwoot.assign(access, { conversation, assignee: wanted.assignee ?? null })
        : await chatwoot.label(access, { conversation, labels: wanted.labels ?? [] });
  return set ? { outcome: "done" } : { outcome: "failed", code: "conversation_gone" };
}

async function lookUp(chatwoot: Chatwoot, access: ChatwootAccess, claim: Claim): Promise<Told> {
  const { conversation, id: ref, wanted, kind } = claim;
  if (kind === "note") {
    const found = await chatwoot.written(access, { conversation, ref, since: new Date(claim.since) });
    if (found === undefined) return { outcome: "unknown", code: "not_told", wait: rule.waitSeconds };
    return found === null ? { outcome: "absent", wait: rule.waitSeconds } : { outcome: "done", message: found };
  }
  const row = await chatwoot.conversation(access, conversation);
  if (!row) return { outcome: "failed", code: "conversation_gone" };
  const meta = row["meta"] as { assignee?: { id?: number } | null } | undefined;
  const labels = [...((row["labels"] as string[] | undefined) ?? [])].sort();
  const is =
    kind === "status"
      ? row["status"] === wanted.status
      : kind === "assignee"
        ? (meta?.assignee?.id ?? null) === wanted.assignee
        : JSON.stringify(labels) === JSON.stringify([...(wanted.labels ?? [])].sort());
  return { outcome: is ? "done" : "absent" };
}

const waitOf = ({ retryAfterSeconds }: ProviderFailure): number =>
  Math.min(Math.max(1, Math.ceil(retryAfterSeconds ?? rule.waitSeconds)), rule.longestWaitSeconds);

/** Only a 429 says that nothing was done; behind a timeout, a cut line or a 5xx it may have been. */
function afterFailure(failure: ProviderFailure): Told {
  const { code, retryable } = failure;
  if (code === "source_limited") return { outcome: "later", code, wait: waitOf(failure) };
  return retryable ? { outcome: "unknown", code, wait: waitOf(failure) } : { outcome: "failed", code };
}
