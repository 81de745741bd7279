/** Planners belong to people on staff: what holds an erased person's address is emptied, whoever wrote it. */
import { sql } from "drizzle-orm";
import { blank, type Erasure, names } from "../kernel/erasure.ts";

const stamped = { updated_at: sql`shared.clock()`, version: sql`r.version + 1` };
const titled = { title: blank.word, title_norm: blank.word };
const thing = { how: "redact" as const, personal: true as const, also: { ...stamped, status: sql`'archived'` } };
const codes = "Ids and codes";

export const erased: Erasure = {
  parts: [
    {
      table: "assistant.capture_changes",
      how: "redact",
      personal: true,
      key: ["capture_id", "position"],
      whose: sql`shared.names_him(r.before::text)`,
      blank: { before: blank.json },
      keeps: "ref_id",
    },
    {
      table: "assistant.captures",
      how: "redact",
      personal: true,
      whose: sql`shared.names_him(r.result::text)`,
      blank: { result: blank.json },
    },
    {
      table: "assistant.questions",
      how: "redact",
      personal: true,
      whose: names("about", "choices", "wanted"),
      blank: { about: blank.word, choices: blank.array, wanted: blank.json },
      also: { answered_at: sql`coalesce(r.answered_at, shared.clock())` },
      keeps: "chat_id",
    },
    {
      table: "assistant.memory_summaries",
      how: "redact",
      personal: true,
      whose: names("summary_text", "facts_json"),
      blank: { summary_text: blank.text, facts_json: blank.json },
      keeps: "chat_id source_event_ids",
    },
    {
      ...thing,
      table: "assistant.tasks",
      whose: names("title", "notes"),
      blank: { ...titled, notes: blank.none },
      keeps: "repeats",
    },
    {
      ...thing,
      table: "assistant.goals",
      whose: names("title", "description"),
      blank: { ...titled, description: blank.none },
      keeps: "horizon",
    },
    {
      ...thing,
      table: "assistant.problems",
      whose: names("title", "description"),
      blank: { ...titled, description: blank.none },
      keeps: "horizon",
    },
    {
      table: "assistant.inbox_items",
      how: "redact",
      personal: true,
      whose: names("message_raw"),
      blank: { message_raw: blank.word, message_norm: blank.text },
      keeps: "chat_id source client_msg_id",
    },
    ...["entities", "entity_links", "recent_context_items", "sessions"].map((table) => ({
      table: `assistant.${table}`,
      how: "exempt" as const,
      why: codes,
    })),
  ],
};
