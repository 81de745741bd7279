/** Who is erased is nobody here any more: what is true of him, who knew it, and rehearsals about him. */
import { sql } from "drizzle-orm";
import { blank, doomed, type Erasure, names } from "../kernel/erasure.ts";

const proof = sql`(select e.id from shared.evidence_items e where e.project_id = r.project_id
  and (e.contact_id in ${doomed("person")} or e.source_pk in ${doomed("source")}))`;

/** What is said of one root goes as a whole, its parts before it. */
const partsFirst = (table: "facts" | "relationships", kind: string) => {
  const of = sql.identifier(table);
  const his = sql`r.root_id in ${doomed(kind)}`;
  return [
    sql`${his} and r.continues is not null`,
    sql`${his} and not exists (select from world.${of} x where x.project_id = r.project_id and x.continues = r.id)`,
  ];
};

/** A rehearsal about him, or with him as he was played. */
const rehearsed = sql`r.session_id in (select s.session_id from world.session_entities s where s.project_id = r.project_id
  and s.entity_id in ${doomed("entity")})`;

export const erased: Erasure = {
  subjects: {
    entity: (id) =>
      sql`select shared.erase_ids('entity', array(select e.id from world.entities e where e.project_id = shared.scope() and e.id = ${id}))`,
    fact: (id) =>
      sql`select shared.erase_ids('fact', array(select f.root_id from world.facts f where f.project_id = shared.scope() and f.id = ${id}))`,
  },
  first: [sql`select shared.erase_personal('select world.begin_erasure()')`],
  parts: [
    {
      table: "world.knowledge_edges",
      how: "delete",
      personal: true,
      stone: "knowledge_edge",
      whose: sql`r.knower_contact_id in ${doomed("person")} or r.knower_entity_id in ${doomed("entity")} or r.evidence_id in ${proof}
        or r.fact_id in (select f.id from world.facts f where f.project_id = r.project_id and f.root_id in ${doomed("fact")})
        or shared.names_him(r.believed_value::text)`,
    },
    ...partsFirst("facts", "fact").map((whose) => ({
      table: "world.facts",
      how: "delete" as const,
      personal: true as const,
      stone: "fact",
      whose,
    })),
    ...partsFirst("relationships", "relationship").map((whose) => ({
      table: "world.relationships",
      how: "delete" as const,
      stone: "relationship",
      whose,
    })),
    {
      table: "world.messages",
      how: "redact",
      personal: true,
      stone: "message",
      whose: sql`${rehearsed} or ${names("content")}`,
      blank: { content: blank.word, safety_flags: blank.array },
      keeps: "llm_provider llm_model prompt_version",
    },
    {
      table: "world.context_packs",
      how: "redact",
      personal: true,
      whose: sql`${rehearsed} or shared.speaks_of(r.content::text)`,
      blank: { content: blank.json, hash: sql`'erased:' || r.id` },
      keeps: "knower",
    },
    {
      table: "world.sessions",
      how: "redact",
      personal: true,
      whose: sql`${names("title")} or r.id in (select s.session_id from world.session_entities s where s.project_id = r.project_id
        and s.entity_id in ${doomed("entity")})`,
      blank: { title: blank.none },
      keeps: "template_id",
    },
    {
      table: "world.merges",
      how: "delete",
      whose: sql`r.from_entity_id in ${doomed("entity")} or r.into_entity_id in ${doomed("entity")}`,
    },
    {
      table: "world.merges",
      how: "redact",
      whose: names("reason", "moved", "left_as"),
      // Without what was moved it is not taken back any more.
      blank: { reason: blank.word, moved: blank.json, left_as: blank.text },
    },
    {
      table: "world.entities",
      how: "delete",
      stone: "entity",
      // Those that it stands for go before it.
      whose: sql`r.id in ${doomed("entity")} and not exists (select from world.entities x where x.project_id = r.project_id and x.merged_into = r.id)`,
    },
    { table: "world.entities", how: "redact", whose: names("name"), blank: { name: blank.word } },
    { table: "world.session_entities", how: "exempt", why: "Ids and codes" },
    { table: "world.extractions", how: "exempt", why: "Ids and instants" },
    { table: "world.users", how: "exempt", why: "What people on staff may do, and what they agreed to" },
  ],
  // Found by their words; that there are very many is enough to know.
  mentions: { "world.facts": sql`r.id = any (array(select world.saying_name(1000)))` },
};
