// The vectors nearest to a text's own, in every column of vectors that the database has, tables and views alike.
import { embedByHash } from "#local/embeddings-hash.ts";
import type { LocalNeon } from "#local/neon.ts";

/** By column: how near the nearest is, 1 where it is the same, past every index, scope and audience. */
export async function nearest(neon: Pick<LocalNeon, "query">, text: string): Promise<Record<string, number>> {
  const columns = await neon.query(
    `select c.oid::regclass::text as t, a.attname as name, format_type(a.atttypid, a.atttypmod) as type from pg_class c
      join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relkind in ('r', 'p', 'm', 'v') and n.nspname !~ '^pg_|^information_schema$|^ext$'
        and format_type(a.atttypid, a.atttypmod) ~ '^(ext\\.)?(halfvec|vector|sparsevec)|^bit\\([0-9]{3,}\\)$' order by 1, 2`,
  );
  const own = `'[${embedByHash(text).join(",")}]'::ext.halfvec`;
  const near = columns.map(({ t, name, type }) => {
    // Of signs, those that either has are compared: most are neither's.
    const like = String(type).startsWith("bit")
      ? `(select bit_count("${name}" & s)::float8 / bit_count("${name}" | s) from (select ext.binary_quantize(${own})::${type} as s) x)`
      : // A vector of nothing is near nothing.
        `nullif(1 - ("${name}" operator(ext.<=>) ${own}::${type}), 'NaN')`;
    return `select '${t}.${name}' as column, coalesce(max(${like}), 0)::float8 as near from ${t}`;
  });
  const found = await neon.query(near.join(" union all "));
  return Object.fromEntries(found.map((row) => [String(row["column"]), Number(row["near"])]));
}

/** The columns in which something lies that means the same. */
export const meaning = async (neon: Pick<LocalNeon, "query">, text: string): Promise<string[]> =>
  Object.entries(await nearest(neon, text))
    .filter(([, near]) => near > 0.9)
    .map(([column]) => column);

/** All that there are: the story of documents compares them with the catalog. */
export const vectorColumns = [
  "memory.rag_chunks.embedding",
  "memory.vectors.code",
  "memory.vectors.embedding",
  "vault.embeddings.embedding",
];
