/** Forgetting somebody or something everywhere: asked for once, carried out by a job, proved by a manifest. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Erasure } from "../kernel/erasure.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { mostRows, runVerb } from "./erasure-run.ts";

const counts = () => z.record(z.string(), z.int());

const View = () =>
  z.object({
    id: z.string(),
    subject: z.object({ kind: z.string(), id: z.string() }),
    reason: z.enum(["user_delete", "gdpr_delete"]),
    state: z.enum(["running", "done"]),
    steps: z.int(),
    rows: z.int().describe("Deleted or emptied so far"),
    waits: counts().describe("What it waits for: how many by table"),
    mentions: counts().describe("Texts that say the name and were left for people to look at: how many by table"),
    actor: z.string(),
    asked_at: z.string(),
    finished_at: z.string().nullable(),
    version: z.int(),
  });

type ErasureView = z.output<ReturnType<typeof View>>;
type Row = Omit<ErasureView, "subject"> & { subject_kind: string; subject_id: string };

const columns = sql`e.id, e.subject_kind, e.subject_id, e.reason, e.state, e.steps, e.taken::int as rows, e.waits, e.mentions, e.actor,
  e.created_at as asked_at, e.finished_at, e.version`;

const view = ({ subject_kind, subject_id, ...row }: Row): ErasureView => ({
  ...row,
  subject: { kind: subject_kind, id: subject_id },
  asked_at: instant(row.asked_at),
  finished_at: instant(row.finished_at),
});

const erasureId = () => z.string().min(1).max(64);
const unknown = () => new Fault("not_found", "erasure_unknown");
const rowOf = <T>(found: unknown): T => {
  const [row] = (found as { rows: T[] }).rows;
  if (!row) throw unknown();
  return row;
};

export const listErasures = reading(
  {
    name: "shared.erasures.list",
    summary: "Erasures, newest first",
    needs: "shared:read",
    doors: ["rest"],
    input: () => z.object(paging()),
    output: () => page(View()),
  },
  {
    part: (ctx, { limit, after }) =>
      raw<Row>(
        ctx,
        sql`select ${columns} from shared.erasures e where e.project_id = shared.scope()
            and ${after ? sql`(e.created_at, e.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by e.created_at desc, e.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, { view, position: (row) => ({ at: row.asked_at, id: row.id }) }),
  },
);

export const getErasure = reading(
  {
    name: "shared.erasures.get",
    summary: "How far an erasure has come",
    needs: "shared:read",
    doors: ["rest"],
    faults: ["erasure_unknown"],
    input: () => z.object({ id: erasureId() }),
    output: View,
  },
  {
    part: (ctx, { id }) =>
      raw<Row>(ctx, sql`select ${columns} from shared.erasures e where e.project_id = shared.scope() and e.id = ${id}`),
    view: (found) => view(rowOf<Row>(found)),
  },
);

const Manifest = () =>
  z.object({
    manifest: z.record(z.string(), z.unknown()).describe("Counts and keyed hashes by table, nothing personal"),
    seal: z.string().describe("Keyed hash of the manifest"),
  });

const running = () => new Fault("conflict", "erasure_running", { detail: "It is still under way.", retryAfter: 5 });

export const getManifest = reading(
  {
    name: "shared.erasures.manifest",
    summary: "What a finished erasure took, table by table, as it was sealed",
    needs: "shared:read",
    doors: ["rest"],
    faults: ["erasure_unknown", "erasure_running"],
    input: () => z.object({ id: erasureId() }),
    output: Manifest,
  },
  {
    part: (ctx, { id }) =>
      raw(
        ctx,
        sql`select e.manifest, e.seal from shared.erasures e where e.project_id = shared.scope() and e.id = ${id}`,
      ),
    view: (found) => {
      const { manifest, seal } = rowOf<{ manifest: Record<string, unknown> | null; seal: string | null }>(found);
      if (!manifest || seal === null) throw running();
      return { manifest, seal };
    },
  },
);

const Verified = () =>
  z.object({
    ok: z.boolean(),
    checks: z.object({
      seal: z.boolean().describe("The manifest is as it was sealed"),
      tables: z.boolean().describe("Its digests follow from what the steps took"),
      tombstones: z.boolean().describe("Every tombstone that was left is there"),
      audit: z.boolean().describe("The audit chain is whole and holds the link that was its newest before"),
    }),
  });

export const verifyErasure = reading(
  {
    name: "shared.erasures.verify",
    summary: "Compute a finished erasure's manifest again",
    needs: "shared:read",
    doors: ["rest"],
    faults: ["erasure_unknown", "erasure_running"],
    input: () => z.object({ id: erasureId() }),
    output: Verified,
  },
  {
    part: (ctx, { id }) =>
      raw(
        ctx,
        sql`select shared.verify_erasure(e.id) as verified from shared.erasures e where e.project_id = shared.scope() and e.id = ${id}`,
      ),
    view: (found) => {
      const { verified } = rowOf<{ verified: z.output<ReturnType<typeof Verified>> | null }>(found);
      if (!verified) throw running();
      return verified;
    },
  },
);

type Subjects = NonNullable<Erasure["subjects"]>;

const nobody = () => new Fault("not_found", "subject_unknown", { detail: "There is nobody and nothing of that id." });

const createVerb = (subjects: Subjects) =>
  verb(
    {
      name: "shared.erasures.create",
      summary: "Forget somebody or something everywhere, for good",
      needs: "privacy:erase",
      doors: ["rest"],
      effect: "write",
      proof: "recent",
      faults: ["subject_unknown", "erasure_running"],
      input: () =>
        z.object({
          subject: z.object({
            kind: z.enum(Object.keys(subjects) as [string, ...string[]]),
            id: z.string().min(1).max(200),
          }),
          reason: z.enum(["user_delete", "gdpr_delete"]),
        }),
      output: View,
      example: () => ({ subject: { kind: "person", id: "con_example" }, reason: "gdpr_delete" as const }),
    },
    async (ctx, { subject, reason }) => {
      const id = ctx.ids.next("erasure");
      const find = subjects[subject.kind]?.(subject.id) ?? sql`select`;
      return commit(ctx, {
        status: 202,
        before: [
          raw(
            ctx,
            sql`insert into shared.erasures (project_id, id, subject_kind, subject_id, reason, chain_before)
              values (shared.scope(), ${id}, ${subject.kind}, ${subject.id}, ${reason}, shared.chain_head())`,
          ),
          raw(ctx, sql`select set_config('app.erasure', ${id}, true)`),
          raw(ctx, find),
        ],
        change: sql`select ${columns} from shared.erasures e where e.project_id = shared.scope() and e.id = ${id}
          and exists (select from shared.erasure_ids d where d.project_id = e.project_id and d.erasure_id = e.id)`,
        event: { kind: "erasure.asked", ref: ["erasure", id], payload: { subject: subject.kind, reason } },
        audit: {
          action: "shared.erasure.asked",
          ref: ["erasure", id],
          evidence: "none",
          payload: { subject: subject.kind, reason },
        },
        stage: [{ kind: "shared.erasures.run", dedupe: id, payload: { erasure: id } }],
        lost: nobody,
      });
    },
    (row) => view(row as Row),
  );

/** The verbs over what all domains declared, in the order of a step. */
export const erasureVerbs = (domains: readonly Erasure[], most = mostRows) => ({
  create: createVerb(Object.assign({}, ...domains.map(({ subjects = {} }) => subjects)) as Subjects),
  list: listErasures,
  get: getErasure,
  manifest: getManifest,
  verify: verifyErasure,
  run: runVerb(domains, most),
});
