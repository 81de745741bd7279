/** Three opt-ins of a person, each for itself: that facts about him are kept, that figures of his are used, that his words are. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { instant } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { contactId } from "./contact.ts";

export const uses = ["memory", "telemetry", "raw_text"] as const;
type Use = (typeof uses)[number];

const Said = () =>
  z
    .object({ granted: z.boolean(), source: z.string().nullable(), at: z.string() })
    .nullable()
    .describe("Null: never said");

const Consents = () => z.object({ contact: z.string(), memory: Said(), telemetry: Said(), raw_text: Said() });

type Word = { granted: boolean; source: string | null; at: string } | null;

const word = (said: Word): Word => said && { ...said, at: instant(said.at) };
const view = (contact: string, said: Record<Use, Word>) => ({
  contact,
  memory: word(said.memory),
  telemetry: word(said.telemetry),
  raw_text: word(said.raw_text),
});

export const getUses = reading(
  {
    name: "people.consents.get",
    summary: "What a person has said about the use of what is known of him",
    needs: "people:read",
    faults: ["contact_unknown"],
    input: () => z.object({ id: contactId() }),
    output: Consents,
  },
  {
    part: (ctx, { id }) =>
      raw(
        ctx,
        sql`select people.consents_of(c.id) as consents from people.contacts c where c.project_id = shared.scope() and c.id = ${id}`,
      ),
    view: (found, { id }) => {
      const [row] = (found as { rows: { consents: Record<Use, Word> }[] }).rows;
      if (!row) throw new Fault("not_found", "contact_unknown");
      return view(id, row.consents);
    },
  },
);

export const setUses = verb(
  {
    name: "people.consents.set",
    summary: "Write down that a person agrees to a use, or no longer does; a use that is left out stays as it is",
    needs: "people:write",
    // Nothing a model reads may count as somebody's consent.
    doors: ["rest"],
    effect: "write",
    faults: ["contact_unknown"],
    input: () =>
      z
        .object({
          id: contactId(),
          memory: z.boolean().optional(),
          telemetry: z.boolean().optional(),
          raw_text: z.boolean().optional(),
          source: z.string().trim().min(1).max(60).describe("A form's name, paper, a call, a message"),
          shown_text: z.string().trim().min(1).max(4000).optional().describe("Word for word, as the person saw it"),
          proof: z.string().min(1).max(200).optional().describe("Evidence id, or where the paper lies"),
        })
        .refine((told) => uses.some((use) => told[use] !== undefined), {
          path: ["memory"],
          message: "say at least one use",
        })
        .refine(
          (told) => !uses.some((use) => told[use]) || (told.shown_text !== undefined && told.proof !== undefined),
          {
            path: ["proof"],
            message: "a consent needs the words that were shown, and a proof",
          },
        ),
    output: Consents,
    example: () => ({ id: "con_example", telemetry: false, source: "a call" }),
  },
  async (ctx, { id, source, shown_text, proof, ...told }) => {
    const said = uses.flatMap((use) =>
      told[use] === undefined ? [] : [{ id: ctx.ids.next("consent"), use, granted: told[use] }],
    );
    const payload = Object.fromEntries(said.map(({ use, granted }) => [use, granted]));
    return commit(ctx, {
      change: sql`select ${id}::text as contact, s.consents
        from people.set_consents(${id}, ${JSON.stringify({ uses: said, source, shown_text, proof })}::jsonb) s`,
      event: { kind: "contact.consents_said", ref: ["contact", id], payload },
      audit: { action: "people.consents_said", ref: ["contact", id], evidence: said.map((one) => one.id), payload },
    });
  },
  (row) => view(String(row["contact"]), row["consents"] as Record<Use, Word>),
);
