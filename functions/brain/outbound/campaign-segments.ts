/** Saved filters over people: a closed set of conditions that become parameters of one statement, never its words. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging, version } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";

const languages = () =>
  z
    .array(z.string().regex(/^[a-z]{2}$/))
    .min(1)
    .max(20);
const wayIn = () => z.enum(["sms", "email", "telegram"]);
const spoken = ["chat", "sms", "email", "phone", "telegram"] as const;

const Condition = () =>
  z.discriminatedUnion("field", [
    z.object({ field: z.literal("language"), is: languages() }),
    z.object({ field: z.literal("preferred_channel"), is: z.array(z.enum(spoken)).min(1).max(5) }),
    z.object({ field: z.literal("reachable"), on: wayIn() }),
    z.object({ field: z.literal("consent"), channel: wayIn(), scope: z.enum(["marketing", "transactional"]) }),
    z.object({ field: z.literal("name"), contains: z.string().trim().min(1).max(100) }),
    z.object({
      field: z.literal("last_contact"),
      when: z.enum(["before", "after"]),
      at: z.iso.datetime({ offset: true }),
    }),
    z.object({
      field: z.literal("last_contact_days"),
      when: z.enum(["within", "not_within"]),
      days: z.int().min(1).max(3650),
    }),
  ]);
type Condition = z.output<ReturnType<typeof Condition>>;

const some = () => z.array(Condition()).max(10).default([]);
export const Filter = () => z.strictObject({ all: some(), any: some(), none: some() });
export type Filter = z.output<ReturnType<typeof Filter>>;

/** A message from or to that person, since then. */
const heardSince = (since: SQL) => {
  const heard = sql`select e.contact_id from shared.evidence_items e
    where e.project_id = shared.scope() and e.source_table = 'inbox.cw_messages' and e.occurred_at >= ${since}`;
  // Few are merged: only those are followed to the record that speaks for them.
  return sql`(k.id in (${heard}) or k.id in (select people.speaker_of(d.id) from people.contacts d
    where d.project_id = shared.scope() and d.merged_into is not null and d.id in (${heard})))`;
};

const pointKinds = { sms: "phone", email: "email", telegram: "telegram" } as const;

function conditionOf(asked: Condition): SQL {
  switch (asked.field) {
    case "language":
      return sql`k.language in (select jsonb_array_elements_text(${JSON.stringify(asked.is)}::jsonb))`;
    case "preferred_channel":
      return sql`k.preferred_channel in (select jsonb_array_elements_text(${JSON.stringify(asked.is)}::jsonb))`;
    case "reachable":
      return sql`exists (select from people.contact_points t where t.project_id = k.project_id and t.contact_id = any(people.all_of(k.id))
        and t.kind = ${pointKinds[asked.on]})`;
    case "consent":
      return sql`(select e.granted from people.consents e where e.project_id = k.project_id and e.contact_id = any(people.all_of(k.id))
        and e.channel = ${asked.channel} and e.scope = ${asked.scope} order by e.occurred_at desc, e.id desc limit 1)`;
    case "name":
      return sql`position(lower(${asked.contains}::text) in lower(k.name)) > 0`;
    case "last_contact": {
      const since = heardSince(sql`${asked.at}::timestamptz`);
      return asked.when === "after" ? since : sql`not (${since})`;
    }
    case "last_contact_days": {
      const since = heardSince(sql`shared.clock() - make_interval(days => ${asked.days}::int)`);
      return asked.when === "within" ? since : sql`not (${since})`;
    }
  }
}

/** Over people.contacts as `k`. Unknown is no; who is erased, or spoken for by another record, is in no segment. */
export function peopleIn({ all, any, none }: Filter): SQL {
  const yes = (asked: Condition) => sql`coalesce(${conditionOf(asked)}, false)`;
  const parts = [
    sql`k.project_id = shared.scope() and k.erased_at is null and k.merged_into is null`,
    ...all.map(yes),
    ...none.map((asked) => sql`not ${yes(asked)}`),
    ...(any.length > 0 ? [sql`(${sql.join(any.map(yes), sql` or `)})`] : []),
  ];
  return sql.join(parts, sql` and `);
}

const Segment = () =>
  z.object({
    id: z.string(),
    name: z.string(),
    filter: Filter(),
    created_at: z.string(),
    updated_at: z.string(),
    version: z.int(),
  });
type SegmentView = z.output<ReturnType<typeof Segment>>;

const columns = sql`s.id, s.name, s.filter, s.created_at, s.updated_at, s.version`;
const view = (row: SegmentView): SegmentView => ({
  ...row,
  created_at: instant(row.created_at),
  updated_at: instant(row.updated_at),
});
const stored = (row: Record<string, unknown>) => view(row as unknown as SegmentView);

const saved = () => ({ name: z.string().trim().min(1).max(100), filter: Filter() });

export const createSegment = verb(
  {
    name: "outbound.segments.create",
    summary: "Save a filter over people",
    needs: "outbound:write",
    effect: "write",
    faults: ["segment_exists"],
    input: () => z.object(saved()),
    output: Segment,
    example: () => ({ name: "Danish speakers", filter: { all: [{ field: "language" as const, is: ["da"] }] } }),
  },
  async (ctx, { name, filter }) => {
    const id = ctx.ids.next("segment");
    return commit(ctx, {
      status: 201,
      change: sql`insert into outbound.campaign_segments as s (project_id, id, name, filter)
        values (shared.scope(), ${id}, ${name}, ${JSON.stringify(filter)}::jsonb)
        -- The same again is the same one.
        on conflict on constraint segment_name do update set updated_at = s.updated_at where s.filter = excluded.filter returning ${columns}`,
      event: { kind: "outbound.segment.created", ref: ["segment", id] },
      lost: () => new Fault("conflict", "segment_exists", { detail: "Another filter is saved under this name." }),
    });
  },
  stored,
);

export const updateSegment = verb(
  {
    name: "outbound.segments.update",
    summary:
      "Change a saved filter; an approved campaign that has not started with it goes back to draft when it would",
    needs: "outbound:write",
    effect: "write",
    faults: ["segment_unknown", "segment_exists", "segment_changed"],
    input: () => z.object({ id: z.string().max(64), version: version(), ...saved() }),
    output: Segment,
    example: () => ({ id: "seg_0", version: 1, name: "Everybody", filter: {} }),
  },
  async (ctx, { id, version, name, filter }) =>
    commit(ctx, {
      change: sql`update outbound.campaign_segments s set name = ${name}, filter = ${JSON.stringify(filter)}::jsonb,
          updated_at = shared.clock(), version = s.version + 1
        where s.project_id = shared.scope() and s.id = ${id} and s.version = ${version}::int returning ${columns}`,
      event: { kind: "outbound.segment.changed", ref: ["segment", id] },
      lost: () => whyNotSegment(ctx, id),
    }),
  stored,
);

async function whyNotSegment(ctx: Ctx, id: string): Promise<Fault> {
  const [found] = await send(ctx, [segmentStatement(ctx, id)]);
  const row = found.rows[0];
  if (!row) return new Fault("not_found", "segment_unknown");
  return new Fault("stale", "segment_changed", { version: row.version, detail: "Read it again: it has changed." });
}

export const segmentStatement = (ctx: Ctx, id: string) =>
  raw<SegmentView>(
    ctx,
    sql`select ${columns} from outbound.campaign_segments s where s.project_id = shared.scope() and s.id = ${id}`,
  );

export const getSegment = reading(
  {
    name: "outbound.segments.get",
    summary: "One saved filter",
    needs: "outbound:read",
    faults: ["segment_unknown"],
    input: () => z.object({ id: z.string().max(64) }),
    output: Segment,
  },
  {
    part: (ctx, { id }) => segmentStatement(ctx, id),
    view: (found) => {
      const row = (found as { rows: SegmentView[] }).rows[0];
      if (!row) throw new Fault("not_found", "segment_unknown");
      return view(row);
    },
  },
);

export const listSegments = reading(
  {
    name: "outbound.segments.list",
    summary: "Saved filters, newest first",
    needs: "outbound:read",
    input: () => z.object(paging()),
    output: () => page(Segment()),
  },
  {
    part: (ctx, { limit, after }) =>
      raw<SegmentView>(
        ctx,
        sql`select ${columns} from outbound.campaign_segments s where s.project_id = shared.scope()
            and ${after ? sql`(s.created_at, s.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by s.created_at desc, s.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: SegmentView[] }).rows, input, {
        view,
        position: (row) => ({ at: row.created_at, id: row.id }),
      }),
  },
);

/** Before it is saved: how many people it would be, and how many of them can be written to. */
export const countSegment = reading(
  {
    name: "outbound.segments.count",
    summary: "How many people a filter holds, and who the first of them are",
    needs: "outbound:read",
    input: () => z.object({ filter: Filter() }),
    output: () =>
      z.object({ people: z.int(), first: z.array(z.object({ id: z.string(), name: z.string().nullable() })) }),
    example: () => ({ filter: {} }),
  },
  {
    part: (ctx, { filter }) =>
      raw(
        ctx,
        sql`with found as materialized (select k.id, k.name from people.contacts k where ${peopleIn(filter)})
          select (select count(*)::int from found) as people, (select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name) order by f.id), '[]')
            from (select * from found order by id limit 10) f) as first`,
      ),
    view: (found) => {
      const row = (found as { rows: { people: number; first: { id: string; name: string | null }[] }[] }).rows[0];
      return row ?? { people: 0, first: [] };
    },
  },
);
