/** Planners belong to people on staff: what holds an erased person's address is emptied, whoever wrote it. */
import { sql } from "drizzle-orm";
import { blank, doomed, type Erasure, names } from "../kernel/erasure.ts";

const stamped = { updated_at: sql`shared.clock()`, version: sql`r.version + 1` };
const titled = { title: blank.word, title_norm: blank.word };
const thing = { how: "redact" as const, personal: true as const, also: { ...stamped, status: sql`'archived'` } };
const codes = "Ids and codes";

/** It came from his job, from a message to him, or from what he said. */
const cameFrom = sql`r.ref_id in ${doomed("job")}
  or r.ref_id in (select m.id from outbound.messages m where m.project_id = r.project_id and m.contact_id in ${doomed("person")})
  or r.source_evidence_id in (select e.id from shared.evidence_items e where e.project_id = r.project_id
    and (e.contact_id in ${doomed("person")} or e.source_pk in ${doomed("source")}))`;

/** It names something that went, or holds an address. */
const speaksOf = (column: string) => sql`shared.speaks_of(r.${sql.identifier(column)}::text)`;

export const erased: Erasure = {
  parts: [
    {
      ...thing,
      table: "assistant.tasks",
      whose: sql`${names("title", "notes")} or ${cameFrom}`,
      blank: { ...titled, notes: blank.none },
      keeps: "repeats source_evidence_id ref_id closed_by_event_id",
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
      table: "assistant.capture_changes",
      how: "redact",
      personal: true,
      key: ["capture_id", "position"],
      whose: sql`r.ref_id in ${doomed("taken")} or ${names("before")}`,
      blank: { before: blank.json },
      keeps: "ref_id",
    },
    {
      table: "assistant.captures",
      how: "redact",
      personal: true,
      whose: speaksOf("result"),
      blank: { result: blank.json },
    },
    {
      table: "assistant.questions",
      how: "redact",
      personal: true,
      whose: sql`${names("about")} or ${speaksOf("choices")} or ${speaksOf("wanted")}`,
      blank: { about: blank.word, choices: blank.array, wanted: blank.json },
      also: { answered_at: sql`coalesce(r.answered_at, shared.clock())` },
      keeps: "chat_id",
    },
    {
      table: "assistant.memory_summaries",
      how: "redact",
      personal: true,
      whose: sql`${names("summary_text")} or ${speaksOf("facts_json")}`,
      blank: { summary_text: blank.text, facts_json: blank.array },
      keeps: "chat_id source_event_ids period",
    },
    {
      table: "assistant.inbox_items",
      how: "redact",
      personal: true,
      whose: sql`r.removed_at is null and (${names("message_raw")} or exists (select from assistant.tasks t
        where t.project_id = r.project_id and t.source_inbox_item_id = r.id and t.id in ${doomed("taken")}))`,
      blank: { message_raw: blank.word, message_norm: blank.text },
      keeps: "chat_id source client_msg_id",
    },
    ...["entities", "entity_links", "recent_context_items", "sessions", "rhythm_occasions"].map((table) => ({
      table: `assistant.${table}`,
      how: "exempt" as const,
      why: codes,
    })),
    ...["rhythms", "telegram_chats", "telegram_codes"].map((table) => ({
      table: `assistant.${table}`,
      how: "exempt" as const,
      why: "How people on staff are reached",
    })),
  ],
};
