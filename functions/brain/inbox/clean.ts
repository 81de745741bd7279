/** A sender's JSON made fit to keep: no live credential, nothing that Postgres refuses, no bottomless nesting, keys in order. */

/** Chatwoot's payloads nest about ten levels; what lies deeper than this is cut. */
const deepest = 40;

/** A `pubsub_token` lets its holder read a visitor's conversation live. */
const credential = /^pubsub_?token$/i;

/** Postgres has no null character in text, and UTF-8 no half of a surrogate pair. */
export const cleanText = (text: string): string =>
  (text.includes("\0") ? text.replaceAll("\0", "") : text).toWellFormed();

/** The same object with cleaned names: a null byte inside one could hide what it is called. */
function named(value: object): Record<string, unknown> {
  const entries = Object.entries(value);
  if (entries.every(([name]) => cleanText(name) === name)) return value as Record<string, unknown>;
  return Object.fromEntries(entries.map(([name, inner]) => [cleanText(name), inner]));
}

/** With its keys in order, so that `JSON.stringify` gives one text for one content: what a content hash is taken of. */
export function clean(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return cleanText(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= deepest) return null;
  if (Array.isArray(value)) return value.map((inner) => clean(inner, depth + 1));
  const told = named(value);
  const cleaned: Record<string, unknown> = {};
  for (const key of Object.keys(told).sort()) {
    // Assigned, `__proto__` would become the object's prototype.
    if (key !== "__proto__" && !credential.test(key)) cleaned[key] = clean(told[key], depth + 1);
  }
  return cleaned;
}
