/** Notion's blocks as Markdown. What has no words (embeds, unknown kinds) is left out. */
import * as z from "zod/v4";

export const richText = () =>
  z.array(
    z.looseObject({
      type: z.string().default("text"),
      plain_text: z.string().default(""),
      href: z.string().nullish(),
      annotations: z
        .looseObject({ bold: z.boolean(), italic: z.boolean(), strikethrough: z.boolean(), code: z.boolean() })
        .partial()
        .optional(),
    }),
  );

type Rich = z.output<ReturnType<typeof richText>>;
export type Block = { id: string; type: string; has_children: boolean; children?: Block[]; [member: string]: unknown };

export const plain = (texts: Rich): string => texts.map((text) => text.plain_text).join("");

const escaped = (text: string): string => text.replaceAll(/[\\`*_[\]<>#|]/g, "\\$&");

/** White space at the ends stays outside the marks, or they would be none. */
function marked(text: string, mark: string): string {
  const [, before = "", inner = "", after = ""] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? [];
  return inner === "" ? text : `${before}${mark}${inner}${mark}${after}`;
}

function inline(texts: Rich): string {
  return texts
    .map(({ type, plain_text: said, href, annotations: how }) => {
      if (type === "equation") return `$${said}$`;
      let text = how?.code ? marked(said, "`") : escaped(said);
      if (how?.bold) text = marked(text, "**");
      if (how?.italic) text = marked(text, "*");
      if (how?.strikethrough) text = marked(text, "~~");
      return href ? `[${text}](${href})` : text;
    })
    .join("");
}

let schema: ReturnType<typeof richText> | undefined;

function textsOf(value: unknown): Rich {
  schema ??= richText();
  const read = schema.safeParse(value);
  return read.success ? read.data : [];
}

type Body = {
  rich_text?: unknown;
  caption?: unknown;
  checked?: boolean;
  language?: string;
  cells?: unknown[];
  url?: string;
};

const bodyOf = (block: Block): Body => (block[block.type] as Body | undefined) ?? {};
const indented = (text: string, by: string): string => text.replaceAll(/^(?=.)/gm, by);

function rowsOf(block: Block): string {
  const rows = (block.children ?? []).map((row) => (bodyOf(row).cells ?? []).map((cell) => inline(textsOf(cell))));
  const [head, ...rest] = rows.map((cells) => `| ${cells.join(" | ")} |`);
  if (head === undefined) return "";
  return [head, `|${" --- |".repeat(rows[0]?.length ?? 1)}`, ...rest].join("\n");
}

function fenced(body: Body): string {
  const code = plain(textsOf(body.rich_text));
  const longest = Math.max(2, ...[...code.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length));
  const mark = "`".repeat(longest + 1);
  return `${mark}${(body.language ?? "").replaceAll(/[^\w+-]/g, "")}\n${code}\n${mark}`;
}

/** The block itself, without what is below it. */
function own(block: Block): string {
  const body = bodyOf(block);
  const text = inline(textsOf(body.rich_text));
  const level = /^heading_([1-6])$/.exec(block.type)?.[1];
  if (level !== undefined) return `${"#".repeat(Number(level))} ${text}`;
  switch (block.type) {
    case "paragraph":
    case "toggle":
      return text;
    case "bulleted_list_item":
      return `- ${text}`;
    case "numbered_list_item":
      return `1. ${text}`;
    case "to_do":
      return `- [${body.checked ? "x" : " "}] ${text}`;
    case "quote":
    case "callout":
      return indented(text, "> ");
    case "code":
      return fenced(body);
    case "divider":
      return "---";
    case "table":
      return rowsOf(block);
    case "image":
    case "file":
    case "pdf":
    case "video":
      return inline(textsOf(body.caption));
    case "bookmark":
      return body.url ? `<${body.url}>` : "";
    default:
      return "";
  }
}

const isItem = (block: Block): boolean => /^(?:bulleted_list_item|numbered_list_item|to_do)$/.test(block.type);

export function markdownOf(blocks: Block[]): string {
  let text = "";
  let before: Block | undefined;
  for (const block of blocks) {
    const inner = block.type === "table" ? "" : markdownOf(block.children ?? []);
    const below = isItem(block) ? indented(inner, "  ") : inner;
    const said = [own(block), below].filter((part) => part !== "").join(isItem(block) ? "\n" : "\n\n");
    if (said === "") continue;
    const together = before !== undefined && isItem(before) && isItem(block);
    text += text === "" ? said : `${together ? "\n" : "\n\n"}${said}`;
    before = block;
  }
  return text;
}
