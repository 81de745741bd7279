// JavaScript values to parameter text and text columns to JavaScript, for the owner's own queries.
import pg from "pg";
import type { SqlResult } from "./protocol.ts";

export type Row = Record<string, unknown>;

export function toText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
  if (Array.isArray(value)) return `{${value.map(element).join(",")}}`;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** An element of a Postgres array literal: quoted, so that no comma or brace inside it counts. */
function element(value: unknown): string {
  const text = toText(value);
  if (text === null) return "null";
  return Array.isArray(value) ? text : `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

export function toRows(result: SqlResult): Row[] {
  const columns = result.fields.map(({ name, dataTypeID }) => ({
    name,
    parse: pg.types.getTypeParser(dataTypeID, "text"),
  }));
  return result.rows.map((row) => {
    const entries = columns.map(({ name, parse }, index) => {
      const text = row[index] ?? null;
      return [name, text === null ? null : (parse(text) as unknown)] as const;
    });
    return Object.fromEntries(entries);
  });
}
