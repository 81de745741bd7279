/** What came of something said: counts, what was made or changed, and what is asked back. */
import * as z from "zod/v4";
import { entityTypes, linkTypes } from "./understand/extract.ts";

const count = () => z.int().min(0);

export const Choice = () =>
  z.object({ number: z.int(), entity_type: z.enum(entityTypes), entity_id: z.string(), title: z.string() });

const End = () => z.object({ entity_type: z.enum(entityTypes), entity_id: z.string(), title: z.string() });

/** What was taken back, and what was not because it has moved on. */
export const TakenBack = () => {
  const Thing = z.object({
    entity_type: z.enum([...entityTypes, "link"]),
    entity_id: z.string(),
    title: z.string().nullable(),
  });
  return z.object({
    undone: z.array(Thing),
    kept: z.array(Thing.extend({ reason: z.enum(["changed_since", "linked_since"]) })),
  });
};
/** What was made or changed. */
export const Item = () =>
  z.object({
    entity_type: z.enum(entityTypes),
    entity_id: z.string(),
    title: z.string(),
    op: z.enum(["created", "updated"]),
    status: z.string(),
    due_date: z.string().nullable(),
  });

export const Question = () =>
  z.object({
    id: z.string(),
    kind: z.enum(["unreadable", "unclear", "unknown", "ambiguous", "cycle"]),
    about: z.string(),
    choices: z.array(Choice()).describe("Answer with the number, in the same chat or with the question's id"),
  });

export const Captured = () =>
  z.object({
    id: z.string().describe("By it, all of this can be taken back"),
    inbox_item: z.string(),
    session: z.string(),
    extractor: z.enum(["rules", "model"]),
    reason: z.enum(["changed", "message_logged_no_actionable_changes"]),
    repeated: z.boolean().describe("This message was heard before; nothing was done again"),
    counts: z.object({
      tasks_created: count(),
      tasks_updated: count(),
      goals_created: count(),
      goals_updated: count(),
      problems_created: count(),
      problems_updated: count(),
      links_created: count(),
    }),
    items: z.array(Item()),
    links: z.array(z.object({ type: z.enum(linkTypes), from: End(), to: End() })),
    questions: z.array(Question()),
    taken_back: TakenBack().optional().describe("Of the words before, where these are newer ones"),
  });

export type CapturedRow = z.output<ReturnType<typeof Captured>>;
export type TakenBackRow = z.output<ReturnType<typeof TakenBack>>;
