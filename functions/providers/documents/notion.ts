/** Pages of a Notion workspace, as far as they are shared with the connection: found by search, read block by block. */
import * as z from "zod/v4";
import {
  type DocumentListing,
  type DocumentPlace,
  type Documents,
  type ListedDocument,
  ProviderFailure,
} from "#brain/kernel/ports.ts";
import { call, jsonOf, refusalOf } from "./call.ts";
import { type Block, markdownOf, plain, richText } from "./notion-blocks.ts";

export type NotionSettings = { url: string; now?: () => Date };

/** developers.notion.com/reference/versioning */
const apiVersion = "2026-03-11";
const pageSize = 100;
/** A page deeper or longer than this is read as far as that. */
const mostDepth = 6;
const mostCalls = 60;
/** Times of change are told by the minute: a page changed just now may change again within it. */
const unsettledMs = 2 * 60_000;

const pageShape = () =>
  z.looseObject({
    object: z.string(),
    id: z.string(),
    url: z.string().nullish(),
    last_edited_time: z.string(),
    in_trash: z.boolean().default(false),
    properties: z
      .record(z.string(), z.looseObject({ type: z.string().optional(), title: richText().optional() }))
      .default({}),
  });
const listOf = <T extends z.ZodType>(row: T) =>
  z.object({
    results: z.array(row),
    next_cursor: z.string().nullable().default(null),
    has_more: z.boolean().default(false),
  });
const blockShape = () => z.looseObject({ id: z.string(), type: z.string(), has_children: z.boolean().default(false) });

type Page = z.output<ReturnType<typeof pageShape>>;
const idForm = /^[0-9a-fA-F-]{32,36}$/;

export function notion(settings: NotionSettings): Documents {
  const now = () => settings.now?.() ?? new Date();

  async function ask(place: DocumentPlace, path: string, body?: unknown): Promise<Response> {
    const response = await call({
      base: settings.url,
      path,
      headers: {
        authorization: `Bearer ${place.token ?? ""}`,
        "notion-version": apiVersion,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { method: "POST" as const, body: JSON.stringify(body) }),
    });
    if (response.ok) return response;
    throw refusalOf(response, now());
  }

  function listed(page: Page): ListedDocument {
    const title = Object.values(page.properties).find((property) => property.title !== undefined)?.title;
    const age = now().getTime() - Date.parse(page.last_edited_time);
    // Until the minute is over, each listing gives another version, so that the page is read again.
    const unsettled = age < unsettledMs ? `+${now().toISOString()}` : "";
    return {
      path: page.id,
      ref: page.id,
      sha: `${page.last_edited_time}${unsettled}`,
      title: plain(title ?? []) || null,
      url: page.url ?? null,
      occurred_at: page.last_edited_time,
    };
  }

  async function list(place: DocumentPlace, at: { cursor: unknown }): Promise<DocumentListing> {
    const body = {
      filter: { property: "object", value: "page" },
      sort: { timestamp: "last_edited_time", direction: "ascending" },
      page_size: pageSize,
      ...(typeof at.cursor === "string" ? { start_cursor: at.cursor } : {}),
    };
    const found = await jsonOf(await ask(place, "/search", body), listOf(pageShape()));
    const pages = found.results.filter((page) => page.object === "page" && !page.in_trash && idForm.test(page.id));
    const cursor = found.has_more ? found.next_cursor : null;
    return { entries: pages.map(listed), cursor, complete: cursor === null, unchanged: false, checkpoint: null };
  }

  async function children(place: DocumentPlace, id: string, budget: { calls: number }): Promise<Block[]> {
    const blocks: Block[] = [];
    let cursor: string | null = null;
    do {
      if (budget.calls-- <= 0) return blocks;
      const from: string = cursor === null ? "" : `&start_cursor=${encodeURIComponent(cursor)}`;
      const found = await jsonOf(
        await ask(place, `/blocks/${id}/children?page_size=${pageSize}${from}`),
        listOf(blockShape()),
      );
      blocks.push(...found.results);
      cursor = found.has_more ? found.next_cursor : null;
    } while (cursor !== null);
    return blocks;
  }

  async function withChildren(
    place: DocumentPlace,
    blocks: Block[],
    at: { depth: number; budget: { calls: number } },
  ): Promise<Block[]> {
    const full: Block[] = [];
    for (const block of blocks) {
      const isOpened =
        block.has_children &&
        at.depth < mostDepth &&
        !/^child_(page|database)$/.test(block.type) &&
        idForm.test(block.id);
      const inner = isOpened ? await children(place, block.id, at.budget) : [];
      full.push({ ...block, children: await withChildren(place, inner, { ...at, depth: at.depth + 1 }) });
    }
    return full;
  }

  async function read(place: DocumentPlace, { ref }: { ref: string }): Promise<{ text: string } | { skipped: string }> {
    try {
      const budget = { calls: mostCalls };
      const blocks = await withChildren(place, await children(place, ref, budget), { depth: 1, budget });
      return { text: markdownOf(blocks) };
    } catch (thrown) {
      // Unshared between listing and reading: the next listing will not name it.
      if (thrown instanceof ProviderFailure && thrown.code === "place_unknown")
        throw new ProviderFailure("page_unknown", { retryable: false, blames: "input" });
      throw thrown;
    }
  }

  /** Search is eventually consistent: only the page itself can say that it is gone. */
  async function isGone(place: DocumentPlace, { path }: { path: string }): Promise<boolean> {
    try {
      return (await jsonOf(await ask(place, `/pages/${encodeURIComponent(path)}`), pageShape())).in_trash;
    } catch (thrown) {
      if (thrown instanceof ProviderFailure && thrown.code === "place_unknown") return true;
      throw thrown;
    }
  }

  return { list, read, isGone };
}
