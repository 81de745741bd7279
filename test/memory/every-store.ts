// A mark in every place where words can be kept, made from the catalog: a table that is new is marked too, or fails.

import type { Tenant, World } from "#test/kit/world.ts";
import { type Table, tablesOf } from "#test/tenancy/catalog.ts";
import { insertion, Rows } from "#test/tenancy/rows.ts";
import { remember, type Said } from "./remember.ts";

/** Tables that nobody changes: a trigger refuses, and a CHECK keeps words out from the start. */
const appended = ["shared.audit_events", "shared.audit_seals", "shared.erasure_steps", "shared.events"];

/** What a CHECK, a type or a link refuses is no place for words: enumerations, formats, numbers as text, ids. */
const checked = /^(23503|23514|22...)$/;
const words = /^(text|text\[\]|jsonb)$/;
export const markOf = (table: string): string => `canarystore${table.replaceAll(/[._]/g, "")}x`;

const markedValue = (type: string, mark: string): string =>
  type === "jsonb" ? `'{"words":"${mark}"}'::jsonb` : type === "text[]" ? `'{${mark}}'::text[]` : `'${mark}'`;

/** A row of its own where one more can be; else the one that is there. */
async function rowOf(w: World, rows: Rows, place: Tenant, table: Table): Promise<string> {
  try {
    const [made] = await w.neon.query(
      `${insertion(table, await rows.fresh(place, table.name))} returning ctid::text as at`,
    );
    return String(made?.["at"]);
  } catch {
    await rows.any(place, table.name);
    const [held] = await w.neon.query(`select ctid::text as at from ${table.name} where project_id = $1 limit 1`, [
      place.project,
    ]);
    return String(held?.["at"]);
  }
}

/** Marks every column of every table that takes a word; the tables that hold a mark now. */
export async function markStores(w: World, place: Tenant): Promise<string[]> {
  const tables = await tablesOf(w.neon);
  const rows = new Rows(w.neon, tables);
  const [marked, bare]: [string[], string[]] = [[], []];
  for (const table of tables.filter(({ isTenant }) => isTenant)) {
    let at = await rowOf(w, rows, place, table);
    let columns = 0;
    let isRefused = false;
    const keys = new Set(table.foreignKeys.flatMap((key) => key.columns));
    for (const { name, type } of table.columns.filter((column) => words.test(column.type) && !keys.has(column.name))) {
      const value = markedValue(type, markOf(table.name));
      const set = `update ${table.name} set "${name}" = ${value} where ctid = '${at}'::tid returning ctid::text as at`;
      const moved = await w.neon.query(set).catch((thrown: { code?: string }) => {
        isRefused ||= !checked.test(thrown.code ?? "");
        return [];
      });
      if (!moved[0]) continue;
      at = String(moved[0]["at"]);
      columns += 1;
    }
    if (columns > 0) marked.push(table.name);
    else if (isRefused) bare.push(table.name);
  }
  if (bare.join() !== appended.join())
    throw new Error(`no mark in ${bare.join(", ")}: find these a value that they take`);
  return marked;
}

/** As if every table fed memory: something for staff only, and something of another client's own. */
export async function feedStores(
  w: World,
  place: Tenant,
  { tables, stranger, about }: { tables: string[]; stranger: number; about: string },
) {
  const turns = tables.flatMap((table): Said[] => [
    {
      text: `${about} ${markOf(table)} for staff.`,
      source: table,
      visibility: 2,
      contact: stranger,
      conversation: stranger,
    },
    {
      text: `${about} ${markOf(table)} of his own.`,
      source: table,
      visibility: 1,
      contact: stranger,
      conversation: stranger,
    },
  ]);
  await remember(w.neon, place, turns);
}

/** Who writes passages, by what the catalog holds: each of them is planted for real in the test. */
export async function feeders(w: World): Promise<string[]> {
  const found =
    await w.neon.query(`select p.oid::regproc::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where p.prosrc ~ 'memory\\.put_chunks\\(|insert into memory\\.chunks' and p.proname <> 'put_chunks' order by 1`);
  return found.map(({ name }) => String(name));
}
