/** What the database can hold of what strangers send: no null bytes, no half surrogates, no endless depth. */

const deepest = 40;

export const storableText = (text: string): string => text.replaceAll("\u0000", "").toWellFormed();

export function storable(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return storableText(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= deepest) return null;
  if (Array.isArray(value)) return value.map((one) => storable(one, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [storableText(key), storable(one, depth + 1)]));
}
