/** What an agent can open by its address: a conversation with its newest messages, and the source behind a citation. */
import { getConversation, listConversations, listMessages } from "#brain/inbox/index.ts";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { together } from "#brain/kernel/verb.ts";
import { getEvidence } from "#brain/memory/index.ts";
import { assertOwn, readCursor, writeCursor } from "../cursor.ts";

const scheme = "omneuro://";
const mimeType = "application/json";
const cursorOf = "mcp resources";
/** As many as a list may hold; the rest is behind the tool inbox_messages_list. */
const messagesShown = 100;

type Kind = {
  needs: string;
  title: string;
  description: string;
  open(ctx: Ctx, id: string): Promise<unknown>;
};

const kinds: Record<string, Kind> = {
  conversation: {
    needs: getConversation.needs,
    title: "A conversation",
    description: `The conversation and its newest ${messagesShown} messages, private notes marked`,
    open: async (ctx, id) => {
      const [conversation, { data: messages }] = await together(ctx, [
        [getConversation, { id }],
        [listMessages, { conversation: id, limit: messagesShown }],
      ]);
      return { conversation, messages };
    },
  },
  evidence: {
    needs: getEvidence.needs,
    title: "The source of a citation",
    description: "What the cited message or entry says now, and whether it was withdrawn",
    open: (ctx, id) => getEvidence.run(ctx, { id }),
  },
};

export const templatesFor = (permissions: readonly string[]) =>
  Object.entries(kinds)
    .filter(([, kind]) => permissions.includes(kind.needs))
    .map(([name, { title, description }]) => ({
      uriTemplate: `${scheme}${name}/{id}`,
      name,
      title,
      description,
      mimeType,
    }));

/** Undefined for what is no address of ours. */
function addressed(uri: string): { kind: Kind; id: string } | undefined {
  const [, name = "", text = ""] = /^omneuro:\/\/([a-z]+)\/([^/?#]{1,600})$/.exec(uri) ?? [];
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (!kind) return undefined;
  try {
    return { kind, id: decodeURIComponent(text) };
  } catch {
    return undefined;
  }
}

export const needsOf = (uri: string): string | undefined => addressed(uri)?.kind.needs;

/** Undefined for what is no address of ours; throws the verbs' faults. */
export async function openResource(ctx: Ctx, uri: string) {
  const found = addressed(uri);
  if (!found) return undefined;
  const text = JSON.stringify(await found.kind.open(ctx, found.id));
  return { contents: [{ uri, mimeType, text }] };
}

/** The conversations, newest first, a page at a time. */
export async function listResources(ctx: Ctx, cursor: string | undefined) {
  const after = cursor === undefined ? undefined : await readCursor(ctx.ports.secrets, cursorOf, cursor);
  const { data, next } = await listConversations.run(ctx, after ? { after } : {});
  await assertOwn(ctx, after);
  return {
    resources: data.map(({ id, number, contact }) => ({
      uri: `${scheme}conversation/${encodeURIComponent(id)}`,
      name: `conversation ${number}`,
      ...(contact?.name ? { title: contact.name } : {}),
      mimeType,
    })),
    ...(next ? { nextCursor: await writeCursor(ctx, { list: cursorOf }, next) } : {}),
  };
}
