/** Redis's patterns of names: `*`, `?`, `[a-z]`, `[^a]` and a backslash that takes the next one literally. */

const literal = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

/** The class that begins at `at`, as a part of a regular expression, and where the pattern goes on. */
function classAt(pattern: string, at: number): { part: string; next: number } {
  let next = at + 1;
  const negated = pattern[next] === "^";
  if (negated) next += 1;
  let members = "";
  for (; next < pattern.length && pattern[next] !== "]"; next++) {
    if (pattern[next] === "\\" && next + 1 < pattern.length) next += 1;
    const from = pattern[next] ?? "";
    const to = pattern[next + 2];
    if (pattern[next + 1] === "-" && to !== undefined && to !== "]") {
      members += from <= to ? `${literal(from)}-${literal(to)}` : `${literal(to)}-${literal(from)}`;
      next += 2;
    } else members += literal(from);
  }
  // An empty class matches nothing, and its opposite anything.
  if (members === "") return { part: negated ? "." : "(?!)", next: next + 1 };
  return { part: `[${negated ? "^" : ""}${members}]`, next: next + 1 };
}

export function glob(pattern: string): RegExp {
  let source = "";
  for (let i = 0; i < pattern.length; ) {
    const character = pattern[i] ?? "";
    if (character === "[") {
      const { part, next } = classAt(pattern, i);
      source += part;
      i = next;
      continue;
    }
    if (character === "*") source += source.endsWith(".*") ? "" : ".*";
    else if (character === "?") source += ".";
    else if (character === "\\" && i + 1 < pattern.length) source += literal(pattern[++i] ?? "");
    else source += literal(character);
    i += 1;
  }
  return new RegExp(`^${source}$`, "s");
}
