/** A sender's JSON made fit to keep: no live credential, nothing that Postgres refuses, no bottomless nesting. */

/** Chatwoot's payloads nest about ten levels; what lies deeper than this is cut. */
const deepest = 40;

/** A `pubsub_token` lets its holder read a visitor's conversation live. */
const credential = /^pubsub_?token$/i;

/** Postgres has no null character in text, and UTF-8 no half of a surrogate pair. */
export const cleanText = (text: string): string => text.replaceAll("\0", "").toWellFormed();

export function clean(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return cleanText(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= deepest) return null;
  if (Array.isArray(value)) return value.map((inner) => clean(inner, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !credential.test(key))
      .map(([key, inner]) => [cleanText(key), clean(inner, depth + 1)]),
  );
}

/** The same object whatever the order of its keys: what a content hash is taken of. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
