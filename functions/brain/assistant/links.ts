/** What hangs on what, by hand: made, listed, taken away. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { entityTypes, linkTypes } from "./understand/extract.ts";

const id = () => z.string().min(1).max(64);
const End = () => z.object({ entity_type: z.enum(entityTypes), entity_id: z.string() });

const Link = () =>
  z.object({ id: z.string(), from: End(), type: z.enum(linkTypes), to: End(), created_at: z.string() });
type LinkView = z.output<ReturnType<typeof Link>>;

type Row = {
  id: string;
  from_entity_type: LinkView["from"]["entity_type"];
  from_entity_id: string;
  to_entity_type: LinkView["to"]["entity_type"];
  to_entity_id: string;
  link_type: LinkView["type"];
  created_at: string;
};

const columns = sql`l.id, l.from_entity_type, l.from_entity_id, l.to_entity_type, l.to_entity_id, l.link_type, l.created_at`;

const view = (row: Row): LinkView => ({
  id: row.id,
  from: { entity_type: row.from_entity_type, entity_id: row.from_entity_id },
  type: row.link_type,
  to: { entity_type: row.to_entity_type, entity_id: row.to_entity_id },
  created_at: instant(row.created_at),
});

export const listLinks = reading(
  {
    name: "assistant.links.list",
    summary: "Links between your tasks, goals and problems, newest first; narrow them to one thing's",
    needs: "assistant:use",
    faults: ["person_required"],
    input: () => z.object({ ...paging(), entity: id().optional() }),
    output: () => page(Link()),
  },
  {
    part: (ctx, { limit, after, entity }) =>
      raw<Row>(
        ctx,
        sql`select ${columns} from assistant.entity_links l where l.project_id = shared.scope() and l.user_id = assistant.me()
            and ${entity ? sql`${entity} in (l.from_entity_id, l.to_entity_id)` : sql`true`}
            and ${after ? sql`(l.created_at, l.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by l.created_at desc, l.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, {
        view,
        position: (row) => ({ at: row.created_at, id: row.id }),
      }),
  },
);

export const createLink = verb(
  {
    name: "assistant.links.create",
    summary:
      "Link two of your tasks, goals or problems; what would wait for itself in the end is refused with the circle",
    needs: "assistant:use",
    effect: "write",
    faults: ["person_required", "entity_unknown", "link_type_mismatch", "link_exists", "cycle"],
    input: () => z.object({ from: id(), type: z.enum(linkTypes), to: id() }),
    output: Link,
    example: () => ({ from: "tsk_example", type: "supports_goal" as const, to: "gol_example" }),
  },
  async (ctx, { from, type, to }) => {
    const fresh = ctx.ids.next("link");
    return commit(ctx, {
      status: 201,
      change: sql`select ${columns} from assistant.add_link(${fresh}, ${from}, ${type}, ${to}) l`,
      event: { kind: "assistant.link.created", ref: ["link", fresh], payload: { type } },
    });
  },
  (row) => view(row as Row),
);

export const removeLink = verb(
  {
    name: "assistant.links.remove",
    summary: "Take a link away",
    needs: "assistant:use",
    effect: "write",
    faults: ["person_required", "link_unknown"],
    input: () => z.object({ id: id() }),
    output: Link,
    example: () => ({ id: "lnk_example" }),
  },
  async (ctx, { id: wanted }) =>
    commit(ctx, {
      change: sql`delete from assistant.entity_links l where l.project_id = shared.scope() and l.user_id = assistant.me() and l.id = ${wanted}
        returning ${columns}`,
      event: { kind: "assistant.link.removed", ref: ["link", wanted] },
      lost: () => new Fault("not_found", "link_unknown"),
    }),
  (row) => view(row as Row),
);
