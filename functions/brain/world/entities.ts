/** Entities: listed, shown with what is known of them, entered, renamed, put away. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging, version } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { Entity, type EntityRow, entityTypes, entityView } from "./entity.ts";
import { byAttribute, Fact, type FactRow, factView } from "./fact.ts";
import { asked, knower, ownId, ref } from "./said.ts";
import { visibleOf } from "./visible.ts";

const name = () => z.string().trim().min(1).max(300);
const account = () => z.string().trim().min(1).max(200);

const words = (text: string) =>
  (text.match(/[\p{L}\p{N}]+/gu) ?? [])
    .slice(0, 8)
    .map((word) => `'${word}':*`)
    .join(" & ");

export const listEntities = reading(
  {
    name: "world.entities.list",
    summary: "People, firms, places and things that facts are about, the one that changed last first",
    needs: "world:read",
    input: () =>
      z.object({
        ...paging(),
        q: z.string().trim().min(1).max(100).optional().describe("The beginnings of words of its name"),
        type: z.enum(entityTypes).optional(),
        contact: ref().optional(),
        firm: ref().optional().describe("An account"),
        archived: z.enum(["true", "false"]).default("false"),
      }),
    output: () => page(Entity()),
  },
  {
    part: (ctx, { limit, after, q, type, contact, firm, archived }) =>
      raw<EntityRow>(
        ctx,
        sql`select e.* from world.entities e
          where e.project_id = shared.scope() and e.merged_into is null and e.erased_at is null
            and ${archived === "true" ? sql`e.archived_at is not null` : sql`e.archived_at is null`}
            and ${q === undefined ? sql`true` : sql`to_tsvector('simple'::regconfig, e.name) @@ to_tsquery('simple', ${words(q)})`}
            and ${type ? sql`e.type = ${type}` : sql`true`}
            and ${contact ? sql`e.contact_id = any (people.ids_of(${contact}))` : sql`true`}
            and ${firm ? sql`e.account_id = ${firm}` : sql`true`}
            and ${after ? sql`(e.updated_at, e.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by e.updated_at desc, e.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: EntityRow[] }).rows, input, {
        view: entityView,
        position: (row) => ({ at: row.updated_at, id: row.id }),
      }),
  },
);

const Related = () =>
  z.object({
    id: z.string(),
    type: z.string(),
    direction: z.enum(["out", "in"]),
    other: z.object({ id: z.string(), name: z.string().nullable() }),
    valid_from: z.string().nullable(),
    valid_to: z.string().nullable(),
  });

const Known = () =>
  z.object({
    ...Entity().shape,
    attributes: z.array(
      z.object({
        attribute: z.string(),
        preferred: z.string().nullable().describe("The best founded fact; null where equally good sources disagree"),
        conflict: z.boolean(),
        facts: z.array(Fact()),
      }),
    ),
    relationships: z.array(Related()),
    stands_for: z.array(z.object({ id: z.string(), name: z.string().nullable() })).describe("Entities merged into it"),
  });

type View = z.output<ReturnType<typeof Known>>;
type KnownRow = {
  entity: EntityRow;
  facts: FactRow[];
  related: View["relationships"];
  stands_for: View["stands_for"];
};

/** Of an entity, so many facts and relationships are shown; the rest is in their lists. */
const most = 200;

export const getEntity = reading(
  {
    name: "world.entities.get",
    summary: "One entity with what is known of it: by whom, of which time, and as known when",
    needs: "world:read",
    faults: ["entity_unknown", "contact_unknown", "technician_unknown"],
    input: () => z.object({ id: ref(), knower: knower().optional(), session: ref().optional(), ...asked() }),
    output: Known,
  },
  {
    part: (ctx, { id, ...asks }) =>
      raw<KnownRow>(
        ctx,
        sql`select to_jsonb(e) as entity,
          coalesce((select jsonb_agg(to_jsonb(x) - 'tsv') from (select v.* from ${visibleOf({ ...asks, subjects: [id] })} v limit ${most}) x), '[]') as facts,
          coalesce((select jsonb_agg(y order by y->>'type', y->>'id') from (select jsonb_build_object('id', r.root_id, 'type', r.rel_type,
              'direction', case when r.src_entity_id = e.id then 'out' else 'in' end, 'other', jsonb_build_object('id', o.id, 'name', o.name),
              'valid_from', r.valid_from, 'valid_to', r.valid_to) as y
            from world.related(${id}, coalesce(${asks.as_of ?? null}::timestamptz, shared.clock()), coalesce(${asks.known_at ?? null}::timestamptz, shared.clock())) r
            join world.entities o on o.project_id = shared.scope() and o.id = case when r.src_entity_id = e.id then r.dst_entity_id else r.src_entity_id end
            where ${asks.knower === undefined || asks.knower === "staff" || asks.knower.startsWith("technician:")} limit ${most}) z), '[]') as related,
          (select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'name', o.name) order by o.id), '[]') from world.entities o
            where o.project_id = shared.scope() and o.merged_into = e.id) as stands_for
          from world.entities e where e.project_id = shared.scope() and e.id = ${id} and e.erased_at is null`,
      ),
    view: (found) => {
      const row = (found as { rows: KnownRow[] }).rows[0];
      if (!row) throw new Fault("not_found", "entity_unknown");
      return {
        ...entityView(row.entity),
        attributes: byAttribute(row.facts.map(factView)),
        stands_for: row.stands_for,
        relationships: row.related.map((each) => ({
          ...each,
          valid_from: instant(each.valid_from),
          valid_to: instant(each.valid_to),
        })),
      };
    },
  },
);

export const createEntity = verb(
  {
    name: "world.entities.create",
    summary: "Enter an entity; a person's record becomes one under its name",
    needs: "world:write",
    effect: "write",
    faults: ["contact_unknown", "account_unknown", "person_erased", "entity_exists", "name_required", "erased"],
    input: () =>
      z.object({
        id: ownId("ent"),
        type: z.enum(entityTypes),
        name: name().optional().describe("Left out: the contact's"),
        contact: ref().optional(),
        account: account().optional(),
        firm: ref().optional().describe("The account that it is"),
      }),
    output: Entity,
    example: () => ({ type: "Company" as const, name: "Northwind Ltd" }),
  },
  async (ctx, input) => {
    const id = input.id ?? ctx.ids.next("entity");
    return commit(ctx, {
      status: 201,
      change: sql`select e.* from world.put_entity(${JSON.stringify({ ...input, id })}::jsonb) e`,
      event: { kind: "entity.created", ref: ["entity", id], payload: { type: input.type } },
    });
  },
  (row) => entityView(row as EntityRow),
);

const changed = ["entity_unknown", "entity_changed", "entity_exists", "entity_merged"];

export const updateEntity = verb(
  {
    name: "world.entities.update",
    summary: "Rename an entity, or say which firm's record it is; facts keep the words they were recorded in",
    needs: "world:write",
    effect: "write",
    faults: [...changed, "account_unknown"],
    input: () =>
      z.object({
        id: ref(),
        version: version(),
        name: name().optional(),
        account: account().nullable().optional(),
        firm: ref().nullable().optional().describe("The account that it is"),
      }),
    output: Entity,
    example: () => ({ id: "ent_example", version: 1, name: "Northwind Ltd" }),
  },
  async (ctx, { id, version: seen, ...said }) =>
    commit(ctx, {
      change: sql`select e.* from world.touch_entity(${id}, ${seen}::int, ${JSON.stringify(said)}::jsonb) e`,
      event: { kind: "entity.changed", ref: ["entity", id] },
    }),
  (row) => entityView(row as EntityRow),
);

const putAway = (how: "archive" | "restore") =>
  verb(
    {
      name: `world.entities.${how}`,
      summary:
        how === "archive" ? "Put an entity away; what is known of it stays" : "Take an entity back that was put away",
      needs: "world:write",
      effect: "write",
      faults: changed,
      input: () => z.object({ id: ref(), version: version() }),
      output: Entity,
      example: () => ({ id: "ent_example", version: 1 }),
    },
    async (ctx, { id, version: seen }) =>
      commit(ctx, {
        change: sql`select e.* from world.touch_entity(${id}, ${seen}::int, ${JSON.stringify({ archived: how === "archive" })}::jsonb) e`,
        event: { kind: `entity.${how}d`, ref: ["entity", id] },
      }),
    (row) => entityView(row as EntityRow),
  );

export const archiveEntity = putAway("archive");
export const restoreEntity = putAway("restore");
