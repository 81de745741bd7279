/** A text as its sentences, each a verbatim piece of it. */

/** A full stop after these ends no sentence. */
const abbreviated =
  /(?:^|[\s(])(?:kl|ca|nr|kr|inkl|incl|ekskl|excl|f\.eks|bl\.a|evt|mv|tlf|hhv|osv|dvs|pr|jf|str|mr|mrs|ms|dr|no|approx|e\.g|i\.e|vs|st|min|max|[a-zæøå])\.$/i;

const end = /[.!?…]+["'’”»)\]]*(?=\s)|\n+/g;

export function sentences(text: string): string[] {
  const found: string[] = [];
  let from = 0;
  for (const match of text.matchAll(end)) {
    const to = match.index + match[0].length;
    const piece = text.slice(from, to);
    const goesOn =
      !match[0].startsWith("\n") && abbreviated.test(piece) && !/^\s+\p{Lu}\p{L}+\s+\p{L}/u.test(text.slice(to));
    if (goesOn) continue;
    if (piece.trim()) found.push(piece.trim());
    from = to;
  }
  const last = text.slice(from).trim();
  if (last) found.push(last);
  return found;
}

export const isQuestion = (sentence: string): boolean =>
  /\?["'’”»)\]]*\s*(?:\p{Emoji_Presentation}\s*)*$/u.test(sentence);
