/** A text as its sentences, each a verbatim piece of it. */

/** After these a full stop ends a sentence only where a capital follows; after a title not even there. */
const shortened =
  /(?:^|[\s(])(?:kl|ca|nr|kr|inkl|incl|ekskl|excl|f\.eks|bl\.a|evt|mv|tlf|hhv|osv|dvs|pr|jf|str|no|approx|e\.g|i\.e|vs|min|max|[a-zæøå])\.$/i;
const title = /(?:^|[\s(])(?:mr|mrs|ms|dr|st)\.$/i;
/** 3. maj */
const ordinal = /\d\.$/;

function goesOn(piece: string, next: string): boolean {
  if (title.test(piece)) return true;
  if (shortened.test(piece)) return !/^\s+\p{Lu}/u.test(next);
  return ordinal.test(piece) && /^\s+\p{Ll}/u.test(next);
}

const end = /[.!?…]+["'’”»)\]]*(?=\s)|\n+/g;

export function sentences(text: string): string[] {
  const found: string[] = [];
  let from = 0;
  for (const match of text.matchAll(end)) {
    const to = match.index + match[0].length;
    const piece = text.slice(from, to);
    if (match[0].startsWith(".") && goesOn(piece, text.slice(to, to + 20))) continue;
    if (piece.trim()) found.push(piece.trim());
    from = to;
  }
  const last = text.slice(from).trim();
  if (last) found.push(last);
  return found;
}

export const isQuestion = (sentence: string): boolean =>
  /\?["'’”»)\]]*\s*(?:\p{Emoji_Presentation}\s*)*$/u.test(sentence);
