/** A document as passages: cut at headings, each under the headings it stands below; a fenced block is never cut. */
import { chunk } from "../memory/index.ts";

type Piece = { text: string; isWhole: boolean };
type Section = { headings: string[]; pieces: Piece[] };
type Fence = { mark: string; length: number };

/** CommonMark 0.31, §4.2, §4.3 and §4.5: up to three spaces may precede a mark. */
const atx = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/;
const underline = /^ {0,3}(=+|-{2,})[ \t]*$/;
const opening = /^ {0,3}(`{3,}|~{3,})(.*)$/;
/** What an underline of dashes does not make a heading of: a list, a quote, a table, another heading. */
const noParagraph = /^ {0,3}(?:[-+*>#|]|\d+[.)] )/;
const frontMatter = /^---[ \t]*\n([\s\S]*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)/;

/** A path of headings longer than this says no more. */
const longestPath = 200;
/** Passages are packed up to here; what is larger is cut by the rule for plain text, or is one fenced block. */
const packed = 1000;
/** No embedder reads a longer block: beyond it even a fence is cut, at ends of lines. */
const longestBlock = 8000;

function opens(line: string): Fence | undefined {
  const [, mark = "", info = ""] = opening.exec(line) ?? [];
  if (mark === "" || (mark.startsWith("`") && info.includes("`"))) return undefined;
  return { mark: mark.slice(0, 1), length: mark.length };
}

const closes = (line: string, { mark, length }: Fence): boolean =>
  new RegExp(`^ {0,3}\\${mark}{${length},}[ \\t]*$`).test(line);

const plainHeading = (text: string): string =>
  text
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/[*_`]{1,3}/g, "")
    .trim();

/** Reads lines into sections; one state, one line at a time. */
class Reader {
  readonly sections: Section[] = [];
  #path: { level: number; text: string }[] = [];
  #section: Section = { headings: [], pieces: [] };
  #lines: string[] = [];
  #fence: Fence | undefined;

  read(line: string): void {
    if (this.#fence) this.#inFence(line, this.#fence);
    else if (!this.#opened(line) && !this.#headed(line)) this.#lines.push(line);
  }

  /** A fence that nobody closes ends with the document. */
  end(): Section[] {
    this.#flush(this.#fence !== undefined);
    this.sections.push(this.#section);
    return this.sections.filter(({ pieces }) => pieces.length > 0);
  }

  #opened(line: string): boolean {
    const fence = opens(line);
    if (!fence) return false;
    this.#flush(false);
    this.#fence = fence;
    this.#lines.push(line);
    return true;
  }

  #headed(line: string): boolean {
    const [, marks, text = ""] = atx.exec(line) ?? [];
    const before = this.#lines.at(-1) ?? "";
    const under = before.trim() === "" || noParagraph.test(before) ? undefined : underline.exec(line)?.[1];
    if (marks !== undefined) this.#begin(marks.length, text);
    else if (under !== undefined) {
      this.#lines.pop();
      this.#begin(under.startsWith("=") ? 1 : 2, before);
    }
    return marks !== undefined || under !== undefined;
  }

  #inFence(line: string, fence: Fence): void {
    this.#lines.push(line);
    if (!closes(line, fence)) return;
    this.#fence = undefined;
    this.#flush(true);
  }

  #begin(level: number, text: string): void {
    this.#flush(false);
    this.sections.push(this.#section);
    this.#path = [...this.#path.filter((above) => above.level < level), { level, text: plainHeading(text) }];
    this.#section = { headings: this.#path.map((each) => each.text).filter((each) => each !== ""), pieces: [] };
  }

  #flush(isWhole: boolean): void {
    const text = this.#lines
      .splice(0)
      .join("\n")
      .replace(/^\s*\n/, "")
      .trimEnd();
    if (text.trim() !== "") this.#section.pieces.push({ text, isWhole });
  }
}

function byLines(text: string): string[] {
  const parts: string[] = [];
  for (const line of text.split("\n")) {
    const last = parts.at(-1);
    if (last !== undefined && last.length + line.length < longestBlock) parts[parts.length - 1] = `${last}\n${line}`;
    else parts.push(line.slice(0, longestBlock));
  }
  return parts;
}

const partsOf = ({ text, isWhole }: Piece): string[] => {
  if (!isWhole) return text.length <= packed ? [text] : chunk(text);
  return text.length <= longestBlock ? [text] : byLines(text);
};

function pack(pieces: Piece[]): string[] {
  const passages: string[] = [];
  for (const part of pieces.flatMap(partsOf)) {
    const last = passages.at(-1);
    if (last !== undefined && last.length + part.length + 2 <= packed)
      passages[passages.length - 1] = `${last}\n\n${part}`;
    else passages.push(part);
  }
  return passages;
}

/** Prose follows its headings on one line, so that a quoted sentence says what it is about. */
function under(headings: string[], body: string): string {
  const path = headings.join(" › ").slice(0, longestPath);
  if (path === "") return body;
  return /^\s{0,3}[\p{L}\p{N}"“(]/u.test(body) ? `${path}: ${body.trimStart()}` : `${path}\n\n${body}`;
}

export type Reading = { title: string | null; passages: string[] };

/** Markdown, or plain text where the path says so. `title` is what the place calls it. */
export function readDocument(given: { path: string; title: string | null; text: string }): Reading {
  const text = given.text.replaceAll(/\r\n?/g, "\n").replace(/^\uFEFF/, "");
  if (/\.(txt|text|csv|rst|adoc)$/i.test(given.path)) return { title: given.title, passages: chunk(text) };
  const [matter = "", fields = ""] = frontMatter.exec(text) ?? [];
  const named = /^title:[ \t]*["']?(.+?)["']?[ \t]*$/m.exec(fields)?.[1] ?? null;
  const reader = new Reader();
  for (const line of text.slice(matter.length).split("\n")) reader.read(line);
  const sections = reader.end();
  const called = given.title ?? named;
  const title = called ?? sections.find(({ headings }) => headings.length > 0)?.headings[0] ?? null;
  const passages = sections.flatMap(({ headings, pieces }) => {
    const path = called === null || headings[0] === called ? headings : [called, ...headings];
    return pack(pieces).map((body) => under(path, body));
  });
  return { title, passages };
}
