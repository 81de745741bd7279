/** A text as passages that can be found and quoted: each is a substring of the original, nothing but white space lies between them. */

/** Characters (UTF-16 units) a passage may have: about 250 tokens, well inside every embedding model. */
export const maximumLength = 1000;
/** A trailing rest shorter than this says nothing alone; a whole message may be as short as it likes. */
export const minimumRest = 30;

/** Where a passage may end, best first, and how full it must be for that end to be worth it. */
const ends: readonly { pattern: RegExp; from: number }[] = [
  // A blank line: paragraphs, and turns of a pasted conversation.
  { pattern: /\n[^\S\n]*\n/g, from: 700 },
  { pattern: /\n/g, from: 700 },
  // A sentence: its mark, closing quotes or brackets, then white space. Marks of Chinese and Japanese need none.
  { pattern: /[.!?…]+["'’”»)\]]*(?=\s)|[。！？]/g, from: 400 },
  { pattern: /[;:,–—](?=\s)/g, from: 700 },
  { pattern: /\s/g, from: 500 },
];

const blank = /\s/;
let graphemes: Intl.Segmenter | undefined;

/** The last place at or before `at` where no character that a reader sees as one is cut through. */
function boundary(text: string, start: number, at: number): number {
  if (text.charCodeAt(at) < 0x300 && text.charCodeAt(at - 1) < 0x300) return at;
  graphemes ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  // From the passage's own start: inside a row of flags no other place tells where one begins.
  const found = graphemes.segment(text.slice(start, at + 64)).containing(at - start);
  if (found && found.index > 0) return start + found.index;
  // One cluster fills the whole passage: only a pair of surrogates is kept together.
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}

/** Where the passage that starts at `start` ends; `limit` is as far as it may reach. */
function endOf(text: string, start: number, limit: number): number {
  const window = text.slice(start, limit + 1);
  for (const { pattern, from } of ends) {
    let best = -1;
    for (const match of window.matchAll(pattern)) {
      const end = match.index + match[0].length;
      if (end >= from && start + end <= limit) best = end;
    }
    if (best > 0) return boundary(text, start, start + best);
  }
  return boundary(text, start, limit);
}

const skipBlank = (text: string, from: number): number => {
  let at = from;
  while (at < text.length && blank.test(text[at] ?? "")) at++;
  return at;
};

/** Passages of at most `maximumLength` characters, in order, without white space at their ends. An empty text has none. */
export function chunk(text: string): string[] {
  const passages: string[] = [];
  const length = text.trimEnd().length;
  for (let at = skipBlank(text, 0); at < length; ) {
    const rest = length - at;
    // The last two share what is left, so that neither is a fragment.
    const limit = rest <= maximumLength ? length : at + Math.min(maximumLength, rest - minimumRest);
    const end = limit === length ? length : Math.max(endOf(text, at, limit), at + 1);
    passages.push(text.slice(at, end).trimEnd());
    at = skipBlank(text, end);
  }
  return passages;
}
