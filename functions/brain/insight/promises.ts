/** Promises of ours: what was said, by when, and what became of it; the job that reads them out of messages and settles them. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { type Publishable, publishStaged } from "../kernel/outbox.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { type Belief, correction } from "./corrections.ts";
import { type Promised, promiseKinds, promisesIn } from "./promised.ts";

export const promiseStates = ["open", "kept", "moved", "broken", "withdrawn"] as const;

const Commitment = () =>
  z.object({
    id: z.string(),
    what: z.enum(promiseKinds),
    state: z.enum(promiseStates),
    sentence: z.string().nullable().describe("As it stands in the message; null when that says something else by now"),
    said_at: z.string(),
    due_at: z.string(),
    keep_until: z.string().describe("Due, and some grace"),
    contact: z.string().nullable(),
    contact_name: z.string().nullable(),
    job: z.string().nullable(),
    message: z.object({ table: z.string(), id: z.string() }),
    evidence: z.object({ id: z.string(), version: z.int() }).nullable(),
    settled_at: z.string().nullable(),
    settled_by: z
      .string()
      .nullable()
      .describe("The line of the ledger, the message, the later promise or the person that settled it"),
    needs_review: z.string().nullable().describe("Why, when its message changed since"),
    version: z.int(),
  });

type View = z.output<ReturnType<typeof Commitment>>;
type Row = Omit<View, "contact" | "job" | "message" | "evidence" | "needs_review"> & {
  contact_id: string | null;
  job_id: string | null;
  message_table: string;
  message_id: string;
  evidence_id: string | null;
  evidence_version: number | null;
  stale_reason: string | null;
};

const columns = sql`c.id, c.what, c.state, insight.sentence_of(c) as sentence, c.said_at, c.due_at, c.keep_until, c.contact_id,
  (select p.name from people.contacts p where p.project_id = c.project_id and p.id = c.contact_id) as contact_name, c.job_id, c.message_table,
  c.message_id, c.evidence_id, c.evidence_version, c.settled_at, c.settled_by, c.stale_reason, c.version`;

const view = ({
  contact_id,
  job_id,
  message_table,
  message_id,
  evidence_id,
  evidence_version,
  stale_reason,
  ...row
}: Row): View => ({
  ...row,
  said_at: instant(row.said_at),
  due_at: instant(row.due_at),
  keep_until: instant(row.keep_until),
  settled_at: instant(row.settled_at),
  contact: contact_id,
  job: job_id,
  message: { table: message_table, id: message_id },
  evidence: evidence_id === null || evidence_version === null ? null : { id: evidence_id, version: evidence_version },
  needs_review: stale_reason,
});

export const listPromises = reading(
  {
    name: "insight.promises.list",
    summary: "What we promised people, latest due first, with the sentence and what became of it",
    needs: "outbound:read",
    input: () =>
      z.object({
        ...paging(),
        state: z.enum(promiseStates).optional(),
        contact: z.string().max(200).optional(),
        due_before: z.iso.datetime({ offset: true }).optional(),
      }),
    output: () => page(Commitment()),
  },
  {
    part: (ctx, { limit, after, state, contact, due_before }) =>
      raw<Row>(
        ctx,
        sql`select ${columns} from world.commitments c where c.project_id = shared.scope()
            and ${state ? sql`c.state = ${state}` : sql`true`}
            and ${contact ? sql`c.contact_id = any(people.same_person(array[${contact}]))` : sql`true`}
            and ${due_before ? sql`c.due_at < ${due_before}::timestamptz` : sql`true`}
            and ${after ? sql`(c.due_at, c.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by c.due_at desc, c.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, { view, position: (row) => ({ at: row.due_at, id: row.id }) }),
  },
);

export const settlePromise = verb(
  {
    name: "insight.promises.settle",
    summary: "Say that an open promise was kept, by telephone say, or is taken back",
    needs: "outbound:write",
    effect: "write",
    faults: ["promise_unknown", "promise_settled"],
    input: () => z.object({ id: z.string().min(1).max(64), state: z.enum(["kept", "withdrawn"]) }),
    output: Commitment,
    example: () => ({ id: "cmt_example", state: "kept" as const }),
  },
  async (ctx, { id, state }) =>
    commit(ctx, {
      change: sql`update world.commitments c set state = ${state}, settled_at = shared.clock(), settled_by = current_setting('app.actor'),
          updated_at = shared.clock(), version = c.version + 1
        where c.project_id = shared.scope() and c.id = ${id} and c.state = 'open' returning ${columns}`,
      event: { kind: `promise.${state}`, ref: ["promise", id] },
      lost: async () => {
        const [found] = await send(ctx, [
          raw<{ state: string }>(
            ctx,
            sql`select c.state from world.commitments c where c.project_id = shared.scope() and c.id = ${id}`,
          ),
        ]);
        const [row] = found.rows;
        return row
          ? new Fault("conflict", "promise_settled", { state: row.state })
          : new Fault("not_found", "promise_unknown");
      },
    }),
  (row) => view(row as unknown as Row),
);

/** Messages read, and promises settled, in one run; the next goes on. */
const most = 100;

type Unread = { table: string; id: string; version: number | null; text: string; said_at: string; zone: string };

const noted = (ctx: Ctx, message: Unread) => {
  const evidence = ctx.ids.next("evidence");
  const promised = promisesIn(message.text, { at: new Date(message.said_at), zone: message.zone });
  const promises = promised.map(({ what, from, to, due, graceMinutes }: Promised) => ({
    id: ctx.ids.next("commitment"),
    evidence,
    what,
    from,
    to,
    due: due.toISOString(),
    keep_until: new Date(due.getTime() + graceMinutes * 60_000).toISOString(),
  }));
  return { table: message.table, id: message.id, version: message.version, promises };
};

export const watchPromises = verb(
  {
    name: "insight.promises.watch",
    summary:
      "Read what we promised and told out of messages that left; see what became of it and who believes what is not so",
    needs: "outbound:write",
    doors: ["job"],
    effect: "write",
    // What is new, then what is written down of it.
    steps: 2,
    input: () => z.object({}),
    output: () => z.object({ made: z.int(), settled: z.int(), beliefs: z.int() }),
    did: ({ made, settled, beliefs }) => made + settled + beliefs,
  },
  async (ctx) => {
    const [found, , believed] = await send(ctx, [
      raw<{ unread: Unread[] }>(ctx, sql`select insight.unread_messages(${most}::int) as unread`),
      raw(
        ctx,
        sql`select world.doubt_evidence(${most}::int), insight.doubt_risks(), insight.follow_appointments(${most}::int)`,
      ),
      raw<{ beliefs: Belief[] }>(ctx, sql`select insight.false_beliefs(${most}::int) as beliefs`),
    ]);
    const unread = found.rows[0]?.unread ?? [];
    const rows = JSON.stringify(unread.map((message) => noted(ctx, message)));
    const beliefs = JSON.stringify((believed.rows[0]?.beliefs ?? []).map((belief) => correction(ctx, belief)));
    const again = unread.length === most;
    const [made, settled, mended, woken] = await send(ctx, [
      raw<{ made: number }>(ctx, sql`select insight.note_promises(${rows}::jsonb) as made`),
      raw<{ settled: number }>(ctx, sql`select insight.settle_promises(${most}::int) as settled`),
      raw<{ mended: number }>(ctx, sql`select insight.mend_beliefs(${beliefs}::jsonb) as mended`),
      raw<{ wake: Publishable | null }>(
        ctx,
        sql`select case when ${again}::boolean then outbound.wake(${ctx.ids.next("outbox")}, 'insight.promises.watch', null, shared.clock()) end as wake`,
      ),
    ]);
    const wake = woken.rows[0]?.wake;
    if (wake) publishStaged(ctx, [wake]);
    return {
      made: made.rows[0]?.made ?? 0,
      settled: settled.rows[0]?.settled ?? 0,
      beliefs: mended.rows[0]?.mended ?? 0,
    };
  },
);

export const promiseSchedule = { kind: "insight.promises.watch", everySeconds: 300, missed: "once" } as const;
