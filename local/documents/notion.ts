/** Notion on the laptop: pages in memory, found by search and read as blocks, a few at a time. */
import { type Answer, type Asked, listen } from "../loopback.ts";
import { type Faults, faults } from "./faults.ts";

export type LocalBlock = { type: string; children?: LocalBlock[]; [member: string]: unknown };
export type LocalPage = {
  id: string;
  title: string;
  edited: string;
  blocks: LocalBlock[];
  in_trash?: boolean;
  unlisted?: boolean;
};

export type LocalNotion = {
  url: string;
  pages: LocalPage[];
  requests: string[];
  faults: Faults;
  /** Rows of a page, whatever was asked for. */
  pageSize(rows: number): void;
  close(): Promise<void>;
};

const problem = (status: number, code: string): Answer => ({
  status,
  json: { object: "error", status, code, message: code, request_id: "local" },
});

export const words = (text: string, annotations: Record<string, boolean> = {}) => [
  { type: "text", plain_text: text, href: null, annotations },
];

const shown = (page: LocalPage) => ({
  object: "page",
  id: page.id,
  url: `https://www.notion.so/${page.id.replaceAll("-", "")}`,
  last_edited_time: page.edited,
  in_trash: page.in_trash ?? false,
  properties: { Name: { id: "title", type: "title", title: words(page.title) } },
});

/** An id for a block from its place: page, then the way down. */
const blockId = (page: LocalPage, way: number[]): string =>
  `${page.id.slice(0, 24)}${way.map((step) => (step + 1).toString(16).padStart(2, "0")).join("")}`
    .padEnd(36, "0")
    .slice(0, 36);

export async function startNotion(options: { token: string }): Promise<LocalNotion> {
  const pages: LocalPage[] = [];
  const requests: string[] = [];
  const fault = faults();
  let rows = 100;

  function paged<T>(all: T[], cursor: string | null): Answer {
    const from = Number(cursor ?? 0);
    const next = from + rows < all.length ? String(from + rows) : null;
    return {
      status: 200,
      json: { object: "list", results: all.slice(from, from + rows), next_cursor: next, has_more: next !== null },
    };
  }

  function blocksAt(id: string): { page: LocalPage; way: number[]; blocks: LocalBlock[] } | undefined {
    for (const page of pages) {
      const all: { way: number[]; blocks: LocalBlock[] }[] = [{ way: [], blocks: page.blocks }];
      for (const at of all) {
        if ((at.way.length === 0 ? page.id : blockId(page, at.way)) === id) return { page, ...at };
        for (const [i, block] of at.blocks.entries())
          if (block.children) all.push({ way: [...at.way, i], blocks: block.children });
      }
    }
    return undefined;
  }

  function childrenOf(id: string, cursor: string | null): Answer {
    const found = blocksAt(id);
    if (!found || found.page.in_trash) return problem(404, "object_not_found");
    const { page, way, blocks } = found;
    const all = blocks.map(({ children, ...block }, i) => ({
      object: "block",
      id: blockId(page, [...way, i]),
      has_children: (children?.length ?? 0) > 0,
      ...block,
    }));
    return paged(all, cursor);
  }

  function handle({ method, target, headers, body }: Asked): Answer {
    const { pathname, searchParams } = new URL(target, "http://notion.invalid");
    requests.push(`${method} ${pathname}`);
    const wrong = fault.at(pathname);
    if (wrong) return wrong;
    if (headers["authorization"] !== `Bearer ${options.token}`) return problem(401, "unauthorized");
    if (!headers["notion-version"]) return problem(400, "missing_version");
    if (method === "POST" && pathname === "/v1/search") {
      const asked = JSON.parse(body.toString("utf8")) as { start_cursor?: string };
      const listed = pages
        .filter((page) => !page.in_trash && !page.unlisted)
        .sort((a, b) => (a.edited < b.edited ? -1 : 1));
      return paged(listed.map(shown), asked.start_cursor ?? null);
    }
    const [, kind, id = "", rest] = /^\/v1\/(pages|blocks)\/([^/]+)(\/children)?$/.exec(pathname) ?? [];
    if (kind === "blocks" && rest) return childrenOf(id, searchParams.get("start_cursor"));
    const page = pages.find((each) => each.id === id);
    return kind === "pages" && page ? { status: 200, json: shown(page) } : problem(404, "object_not_found");
  }

  const server = await listen({
    handle,
    failure: (message) => ({ object: "error", status: 500, code: "internal_server_error", message }),
  });
  return {
    url: `${server.url}/v1`,
    pages,
    requests,
    faults: fault,
    pageSize: (wanted) => {
      rows = wanted;
    },
    close: () => server.close(),
  };
}
