/** Where an e-mail's own words end and the mail it answers begins. The whole text is kept; only the place is told. */

/** Several lines, because mail programs break them. */
const headers: readonly RegExp[] = [
  /^Den .{5,120}(?:\n.{0,120})? skrev .{0,200}(?:\n.{1,200})?:[ \t]*$/m,
  /^(?:Den|D\.) .{5,120}\nskrev .{1,200}?:[ \t]*$/m,
  /^On .{5,160}(?:\n.{0,160})?\s?wrote:[ \t]*$/m,
  /^[ \t]*-{2,} ?(?:Oprindelig (?:meddelelse|besked)|Original Message|Videresendt (?:meddelelse|besked)|Forwarded message) ?-{2,}[ \t]*$/im,
  /^(?:_{8,}[ \t]*\n)?(?:\*?(?:Fra|From):\*? .{1,200})\n(?:.{0,200}\n){0,3}?\*?(?:Sendt|Sent|Dato|Date):\*? .{1,200}$/m,
];

const signatures = /^(?:Sendt fra min |Sendt fra Outlook|Sent from my |Hent Outlook til |Get Outlook for )/m;

const isQuoted = (line: string) => /^\s*>/.test(line);

/** After the first quoted line somebody writes again: answers between quotes are nothing without them. */
function isInterleaved(rest: string): boolean {
  const lines = rest.split("\n");
  const first = lines.findIndex(isQuoted);
  return first >= 0 && lines.slice(first).some((line) => line.trim() !== "" && !isQuoted(line));
}

/** A block of `>` lines that reaches to the end, without a line that announces it. */
function trailingQuote(text: string): number | undefined {
  const lines = text.split("\n");
  let from = lines.length;
  while (from > 0 && (isQuoted(lines[from - 1] ?? "") || (lines[from - 1] ?? "").trim() === "")) from--;
  if (!lines.slice(from).some(isQuoted)) return undefined;
  return lines.slice(0, from).reduce((sum, line) => sum + line.length + 1, 0);
}

/** The offset at which to cut, null when all of it is to be kept. `text` has line feeds only. */
export function cutOf(text: string): number | null {
  const quotes = headers.flatMap((pattern) => {
    const at = pattern.exec(text)?.index;
    return at === undefined || isInterleaved(text.slice(at)) ? [] : [at];
  });
  const found = [...quotes, ...[trailingQuote(text)].filter((at) => at !== undefined)];
  const signature = signatures.exec(text)?.index;
  // A signature ends the mail only where nothing of his own follows it.
  if (signature !== undefined) {
    const end = Math.min(text.length, ...found.filter((at) => at > signature));
    if (text.slice(signature, end).trim().split("\n").length <= 2) found.push(signature);
  }
  const cut = Math.min(...found);
  return found.length > 0 && text.slice(0, cut).trim() !== "" ? cut : null;
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: " ", apos: "'" };

/** The words of a mail that has no plain text: for reading and remembering, never to be shown as markup. */
export function wordsOf(html: string): string {
  return html
    .replaceAll(/<(script|style|head|title)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, " ")
    .replaceAll(/<!--[\s\S]*?(?:-->|$)/g, " ")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/<(?:br|\/?(?:p|div|tr|li|h[1-6]))\b[^>]*>/gi, "\n")
    .replaceAll(/<[^>]*(?:>|$)/g, "")
    .replaceAll(/&(#x?[0-9a-f]{1,6}|[a-z]{2,6});/gi, (whole, name: string) => {
      if (!name.startsWith("#")) return entities[name.toLowerCase()] ?? whole;
      const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
    })
    .replaceAll(/[ \t]*\n[ \t]*/g, "\n")
    .replaceAll(/\n{2,}/g, "\n")
    .trim();
}
