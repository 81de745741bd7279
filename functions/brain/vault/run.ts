/** A run as its SQL functions tell it, with types: claimed, worked through, given back. */
import { type SQL, sql } from "drizzle-orm";
import { raw, send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import type { Publishable } from "../kernel/outbox.ts";
import type { DocumentPlace } from "../kernel/ports.ts";
import { runRule, type Said } from "./failures.ts";

export type Wanted = {
  path: string;
  ref: string;
  sha: string;
  title: string | null;
  url: string | null;
  occurred_at: string | null;
};

export type Work =
  | { phase: "list"; cursor: unknown; checkpoint: unknown }
  | { phase: "fetch"; rows: Wanted[] }
  | { phase: "remove"; rows: { id: string; path: string; ref: string | null }[] }
  | { phase: "done"; wake: Publishable | null };

export type Stepped = Work & { embed?: Publishable | null };

/** Who works on which run; `place` is what the adapter is asked with. */
export type Run = { source: string; token: string; place: DocumentPlace; visibility: number };

type Claimed =
  | { state: "idle" }
  | { state: "busy"; wake: Publishable | null }
  | ({ state: "run"; token_sealed: string | null; visibility: number } & Omit<DocumentPlace, "token"> & Work);

export type Claim =
  | { state: "idle" }
  | { state: "busy"; wake: Publishable | null }
  | {
      state: "run";
      run: Omit<Run, "place"> & { place: Omit<DocumentPlace, "token"> };
      sealed: string | null;
      work: Work;
    };

const lease = sql`make_interval(secs => ${runRule.leaseSeconds})`;
const made = (ctx: Ctx): SQL =>
  sql`${JSON.stringify({ ledger: ctx.ids.next("event"), outbox: ctx.ids.next("outbox") })}::jsonb`;

async function told<T>(ctx: Ctx, call: SQL): Promise<T> {
  const [found] = await send(ctx, [raw<{ told: T }>(ctx, sql`select ${call} as told`)]);
  return found.rows[0]?.told as T;
}

export async function claimRun(ctx: Ctx, source: string): Promise<Claim> {
  const token = ctx.ids.uuid();
  const call = sql`vault.claim_sync(${source}, ${token}::uuid, ${lease}, ${runRule.documents}::int, ${made(ctx)})`;
  const claimed = await told<Claimed>(ctx, call);
  if (claimed.state !== "run") return claimed;
  const { source: kind, repository, branch, folder, visibility, token_sealed: sealed, ...work } = claimed;
  return {
    state: "run",
    run: { source, token, visibility, place: { source: kind, repository, branch, folder } },
    sealed,
    work,
  };
}

/** One step written down; null when somebody else holds the run by now. */
export const step = (
  ctx: Ctx,
  run: Run,
  input: { name: "note_entries" | "put_documents" | "remove_documents"; told: unknown },
): Promise<Stepped | null> =>
  told<Stepped | null>(
    ctx,
    sql`${sql.identifier("vault")}.${sql.identifier(input.name)}(${run.source}, ${run.token}::uuid, ${lease},
      ${runRule.documents}::int, ${JSON.stringify(input.told)}::jsonb, ${made(ctx)})`,
  );

export const failRun = (ctx: Ctx, run: Pick<Run, "source" | "token">, said: Said) =>
  told<{ failed?: true; wake?: Publishable | null } | null>(
    ctx,
    sql`vault.fail_sync(${run.source}, ${run.token}::uuid, ${JSON.stringify(said)}::jsonb,
      ${`{${runRule.waitSeconds.join(",")}}`}::int[], ${made(ctx)})`,
  );

export const releaseRun = (ctx: Ctx, run: Pick<Run, "source" | "token">) =>
  told<Publishable | null>(ctx, sql`vault.release(${run.source}, ${run.token}::uuid, ${ctx.ids.next("outbox")})`);
