/** A domain's part in erasure: what of its tables belongs to whoever is erased, and how it goes; or why it holds nothing of his. */
import { type SQL, sql } from "drizzle-orm";
import { rendered, type Statement } from "#db/client.ts";
import { raw } from "./batch.ts";
import type { Ctx } from "./ctx.ts";

type Rows = {
  table: string;
  /** What names a row, where that is not its `id`. */
  key?: readonly string[];
  /** Which rows, of the alias `r`, among those of the entered project. */
  whose: SQL;
  /** Each row leaves a tombstone of this type. */
  stone?: string;
  /** Rows that a person on staff keeps to himself: gone through for each member. */
  personal?: true;
};

type Deleted = Rows & { how: "delete" };

type Redacted = Rows & {
  how: "redact";
  /** What the columns are afterwards; a row that is so already is done. */
  blank: Readonly<Record<string, SQL>>;
  /** Set along with them. */
  also?: Readonly<Record<string, SQL>>;
  /** What is to be done as well although the columns are blank. */
  todo?: SQL;
  /** Columns without a person's words: ids, codes, names of the house. */
  keeps?: string;
};

type Exempt = { table: string; how: "exempt"; why: string };

export type Erased = Deleted | Redacted | Exempt;

export type Erasure = {
  /** In the order of a run: what waits, copies, then what they were made of. */
  parts: readonly Erased[];
  /** What can be named as a subject, and whether there is such a one: of the parameter an id. */
  subjects?: Readonly<Record<string, (id: string) => SQL>>;
  /** Ids that follow from those known (`shared.erase_ids`), what has to be cancelled, words to look for; repeated with every step. */
  first?: readonly SQL[];
  /** Rows that keep the run from ending: a count by what they wait for. */
  waits?: Readonly<Record<string, SQL>>;
  /** Texts that may say the name: counted for people to look at, of the alias `r`. */
  mentions?: Readonly<Record<string, SQL>>;
  /** Things outside the database that go with a step, before it. */
  outside?: { ask: SQL; remove(ctx: Ctx, ids: string[]): Promise<void>; removed(ids: SQL): SQL };
};

/** Stands where a column may not be empty. */
export const blank = {
  text: sql`''`,
  word: sql`'[erased]'`,
  none: sql`null`,
  list: sql`'{}'`,
  json: sql`'{}'`,
  array: sql`'[]'`,
};

/** Ids of a kind that belong to the subject. */
export const doomed = (kind: string): SQL => sql`(select shared.doomed(${kind}))`;

const listed = (names: readonly string[], of: string): SQL =>
  sql.join(
    names.map((name) => sql`${sql.identifier(of)}.${sql.identifier(name)}`),
    sql`, `,
  );

/** Whether words hold one of the subject's addresses. */
export const names = (...words: string[]): SQL => sql`shared.names_him(concat_ws(' ', ${listed(words, "r")}))`;

const entries = (set: Readonly<Record<string, SQL>>) => Object.entries(set);
const tableOf = (name: string): SQL =>
  sql.join(
    name.split(".").map((part) => sql.identifier(part)),
    sql`.`,
  );

function change(part: Deleted | Redacted, key: readonly string[]): SQL {
  const same = sql`(${listed(key, "r")}) = (${listed(key, "d")})`;
  const table = tableOf(part.table);
  if (part.how === "delete")
    return sql`delete from ${table} r using doomed d where r.project_id = shared.scope() and ${same} returning d.named`;
  const set = entries({ ...part.blank, ...part.also }).map(([name, value]) => sql`${sql.identifier(name)} = ${value}`);
  return sql`update ${table} r set ${sql.join(set, sql`, `)} from doomed d where r.project_id = shared.scope() and ${same} returning d.named`;
}

function left(part: Deleted | Redacted): SQL {
  if (part.how === "delete") return part.whose;
  const differs = entries(part.blank).map(([name, value]) => sql`r.${sql.identifier(name)} is distinct from ${value}`);
  return sql`(${part.whose}) and (${sql.join([...differs, ...(part.todo ? [part.todo] : [])], sql` or `)})`;
}

/** Takes as many rows of a part as the step has room for. */
function take(part: Deleted | Redacted): SQL {
  const key = part.key ?? ["id"];
  return sql`with doomed as materialized (
      select ${listed(key, "r")}, concat_ws(':', ${listed(key, "r")}) as named from ${tableOf(part.table)} r
        where r.project_id = shared.scope() and (${left(part)}) order by ${listed(key, "r")} limit shared.purge_room() for update
    ), gone as (${change(part, key)})
    select shared.erase_took(${part.table}::text, ${part.how}::text, ${part.stone ?? null}::text,
      array(select g.named from gone g order by 1)) as taken`;
}

export function takeErased(ctx: Ctx, part: Erased): Statement[] {
  if (part.how === "exempt") return [];
  const query = take(part);
  if (!part.personal) return [raw(ctx, query)];
  // A statement inside a statement has no parameters: its few are names that stand in our own code.
  return [raw(ctx, sql`select shared.erase_personal(${rendered(query.inlineParams()).sql})`)];
}

/** How many rows say the subject's name; for people to look at. */
export const countMentions = (ctx: Ctx, [table, words]: [string, SQL]): Statement =>
  raw(
    ctx,
    // Only the step that finds nothing else: by then what was his is gone, and what is left is others'.
    sql`select case when shared.took_nothing() then shared.erase_noted('mentions', ${table},
      (select count(*)::int from ${tableOf(table)} r where r.project_id = shared.scope() and (${words}))) end`,
  );
