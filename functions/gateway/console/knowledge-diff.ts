/** What changed between two texts, sentence by sentence and line by line. Pure. */

export type Piece = { what: "same" | "gone" | "new"; text: string };

/** Longer texts than this are shown one after the other: the table of common pieces grows with their product. */
const mostPieces = 1500;

/** Every character stays: pieces joined are the text. */
const piecesOf = (text: string): string[] =>
  text.match(/[^\n.!?]*(?:[.!?]+(?=\s|$)[ \t]*|[.!?]+|\n+|$)/g)?.filter(Boolean) ?? [];

/** Lengths of the longest common rest, from each pair of places. */
function common(a: string[], b: string[]): Uint16Array[] {
  const rows = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const [below, right, across] = [rows[i + 1]?.[j] ?? 0, rows[i]?.[j + 1] ?? 0, rows[i + 1]?.[j + 1] ?? 0];
      const row = rows[i];
      if (row) row[j] = a[i] === b[j] ? across + 1 : Math.max(below, right);
    }
  }
  return rows;
}

export function difference(before: string, after: string): Piece[] {
  const [a, b] = [piecesOf(before), piecesOf(after)];
  if (a.length > mostPieces || b.length > mostPieces) {
    return before === after
      ? [{ what: "same", text: after }]
      : [
          { what: "gone", text: before },
          { what: "new", text: after },
        ];
  }
  const rows = common(a, b);
  const found: Piece[] = [];
  const add = (what: Piece["what"], text: string) => {
    const last = found.at(-1);
    if (last?.what === what) last.text += text;
    else found.push({ what, text });
  };
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      add("same", a[i] ?? "");
      i += 1;
      j += 1;
    } else if (i < a.length && (j >= b.length || (rows[i + 1]?.[j] ?? 0) >= (rows[i]?.[j + 1] ?? 0))) {
      add("gone", a[i] ?? "");
      i += 1;
    } else {
      add("new", b[j] ?? "");
      j += 1;
    }
  }
  return found;
}
