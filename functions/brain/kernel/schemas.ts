/** Shapes that many verbs share: pages and times. */
import * as z from "zod/v4";

/** The version of a row that somebody read; the column is a 32-bit integer. */
export const version = () => z.int().min(1).max(2_147_483_647).describe("The one you read");

/** What a list takes: how many, and after which row (the gateway makes that from its cursor). */
export const paging = () => ({
  limit: z.coerce.number().int().min(1).max(100).default(25),
  after: z.object({ at: z.string(), id: z.string() }).optional(),
});

/** What a list answers: rows, and where the next page begins. */
export const page = <T extends z.ZodType>(row: T) =>
  z.object({ data: z.array(row), next: z.object({ at: z.string(), id: z.string() }).nullable() });

/** `rows` holds one more than `limit` when there is a next page; `position` names the last row shown. */
export function paged<R, V>(
  rows: R[],
  input: { limit: number },
  how: { view: (row: R) => V; position: (row: R) => { at: string; id: string } },
): { data: V[]; next: { at: string; id: string } | null } {
  const shown = rows.slice(0, input.limit);
  const last = shown.at(-1);
  return { data: shown.map(how.view), next: rows.length > input.limit && last ? how.position(last) : null };
}

/** Postgres' text of a timestamptz in UTC → RFC 3339 with its microseconds. */
export function instant(text: string): string;
export function instant(text: string | null): string | null;
export function instant(text: string | null): string | null {
  return text === null ? null : `${text.replace(" ", "T").replace(/\+00(:00)?$/, "")}Z`;
}
