/**
 * How the sender behind a webhook URL proves itself. Remembered per isolate, so that a warm webhook costs one request to the
 * database; the version travels along and ingest refuses a remembered one that is out of date.
 */
import { sql } from "drizzle-orm";
import { raw, send } from "../kernel/batch.ts";
import { as, type Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import type { Place } from "../kernel/ports.ts";
import type { Tally } from "../kernel/tally.ts";

export type HookSource = {
  id: string;
  project: string;
  kind: string;
  /** The outside account it is bound to. */
  account: string;
  /** Null when the sender cannot sign. */
  secret: string | null;
  version: number;
};

type Row = {
  project_id: string;
  source_kind: string;
  external_id: string;
  signed: boolean;
  secret_sealed: string | null;
  secret_version: number;
};

const rememberedMs = 60_000;
/** An isolate that lives long still holds no more than this. */
const rememberedMost = 1000;
type Remembered = Map<string, { source: HookSource; readAt: number }>;
/** An isolate is known by its tally. */
const isolates = new WeakMap<Tally, Remembered>();

function rememberedBy({ tally }: Ctx): Remembered {
  const known = isolates.get(tally) ?? new Map();
  isolates.set(tally, known);
  return known;
}

const form = /^[a-z]{3}_[0-9a-z]{26}$/;
const unknown = () => new Fault("not_found", "source_unknown", { detail: "No webhook is expected at this address." });

type Wanted = { id: string; kind: string; newerThan?: number };

/** `newerThan`: a copy read before this time does not do. A source of another kind than the door's is none. */
export async function hookSource(ctx: Ctx, wanted: Wanted): Promise<HookSource> {
  const source = await anySource(ctx, wanted);
  if (source.kind !== wanted.kind) throw unknown();
  return source;
}

async function anySource(ctx: Ctx, wanted: Wanted): Promise<HookSource> {
  if (!form.test(wanted.id)) throw unknown();
  const now = ctx.clock.now().getTime();
  const remembered = rememberedBy(ctx);
  const known = remembered.get(wanted.id);
  if (known && known.readAt > Math.max(now - rememberedMs, wanted.newerThan ?? 0) && known.readAt <= now)
    return known.source;
  remembered.delete(wanted.id);
  const source = await readSource(ctx, wanted.id);
  if (remembered.size >= rememberedMost) remembered.clear();
  remembered.set(wanted.id, { source, readAt: now });
  return source;
}

export const forgetSource = (ctx: Ctx, id: string): void => void rememberedBy(ctx).delete(id);

/** When the remembered copy was read, 0 for none. */
export const sourceReadAt = (ctx: Ctx, id: string): number => rememberedBy(ctx).get(id)?.readAt ?? 0;

async function readSource(ctx: Ctx, id: string): Promise<HookSource> {
  const asking = as(ctx, {
    credential: { kind: "source", id, version: 0 },
    entry: { permission: "identity:source", scope: "project" },
  });
  const [found] = await send(asking, [
    raw<Row>(
      asking,
      sql`select s.project_id, s.source_kind, s.external_id, s.signed, s.secret_sealed, s.secret_version
        from identity.project_sources s where s.project_id = shared.scope() and s.id = ${id}`,
    ),
  ]);
  const row = found.rows[0];
  if (!row) throw unknown();
  const place = { table: "identity.project_sources", column: "secret_sealed", row: id, project: row.project_id };
  const secret = row.signed && row.secret_sealed ? await opened(ctx, { sealed: row.secret_sealed, place }) : null;
  if (row.signed && secret === null) throw new Error(`source ${id} is signed but has no secret`);
  return {
    id,
    project: row.project_id,
    kind: row.source_kind,
    account: row.external_id,
    secret,
    version: row.secret_version,
  };
}

/** A seal that was moved here from another row, or whose key is gone, is our trouble and not the sender's. */
async function opened(ctx: Ctx, at: { sealed: string; place: Place }): Promise<string> {
  return ctx.ports.secrets.open(at.sealed, at.place).catch((cause: unknown) => {
    throw new Fault("unavailable", "secret_unreadable", { cause: String(cause) });
  });
}
