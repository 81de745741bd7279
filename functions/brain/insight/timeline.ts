/** What happened with one person, from every domain in one order. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";

export const timelineKinds = ["chat", "message", "outbound", "job", "appointment", "answer", "change"] as const;

const Move = () =>
  z.object({ state: z.string(), reason: z.string().nullable(), at: z.string(), by: z.string().describe("Who did it") });

const Entry = () =>
  z.object({
    place: z.string().describe("Its place in the order, by kind and row"),
    kind: z
      .enum(timelineKinds)
      .describe(
        "chat: in Chatwoot. message: by SMS, Telegram or e-mail to us. outbound: sent by us. job: a move of a job. answer: asked on his behalf. change: of his record or his wishes",
      ),
    at: z.string(),
    ref: z.string().describe("The row that it is: of a job's move and of a change, the line of the ledger"),
    channel: z.string().nullable(),
    direction: z.enum(["in", "out"]).nullable(),
    state: z.string().nullable(),
    reason: z.string().nullable().describe("Why it is in that state, or what it moved to"),
    text: z.string().nullable().describe("The first 500 characters"),
    private: z.boolean().describe("A note for staff only"),
    by: z.string().nullable(),
    evidence: z.string().nullable(),
    about: z.string().nullable().describe("The conversation's number, the job, the campaign, the other record"),
    until: z.string().nullable(),
    moves: z.array(Move()).describe("Of a message that we send: what became of it, in order"),
  });

type View = z.output<ReturnType<typeof Entry>>;
type Told = Partial<Omit<View, "place" | "kind" | "at" | "ref" | "reason">> & {
  code?: string | null;
  /** Where his own words end, in UTF-16 units: below them is what his mail program quoted. */
  cut_at?: number | null;
};
type Row = { kind: View["kind"]; at: string; key: string; ref: string; entry: Told | null };

/** A row may go between the page and its words: an entry without words is left standing. */
function view({ kind, at, key, ref, entry }: Row): View {
  const { channel, direction, state, code, text, by, evidence, about, until, moves, cut_at, ...told } = entry ?? {};
  return {
    place: key,
    kind,
    at: instant(at),
    ref,
    channel: channel ?? null,
    direction: direction ?? null,
    state: state ?? null,
    reason: code ?? null,
    text: text?.slice(0, cut_at ?? text.length).trimEnd() ?? null,
    private: told.private ?? false,
    by: by ?? null,
    evidence: evidence ?? null,
    about: about ?? null,
    until: instant(until ?? null),
    moves: (moves ?? []).map((move) => ({ ...move, at: instant(move.at) })),
  };
}

export const listTimeline = reading(
  {
    name: "insight.timeline",
    summary: "All that happened with a person, newest first: messages, jobs, appointments, answers, changes",
    needs: "people:read",
    faults: ["contact_unknown"],
    input: () =>
      z.object({
        ...paging(),
        contact_id: z.string().min(1).max(64),
        kinds: z
          .string()
          .regex(/^[a-z]+(,[a-z]+){0,6}$/, "kinds with commas between them")
          .optional()
          .describe(`Of ${timelineKinds.join(", ")}; left out, all`),
      }),
    output: () => page(Entry()),
    example: () => ({ contact_id: "con_example" }),
  },
  {
    part: (ctx, { limit, after, contact_id, kinds }) => {
      const wanted = kinds === undefined ? null : JSON.stringify(kinds.split(","));
      return raw<Row>(
        ctx,
        sql`select t.* from insight.timeline(${contact_id},
            case when ${wanted}::jsonb is null then null else array(select jsonb_array_elements_text(${wanted}::jsonb)) end,
            ${after?.at ?? null}::timestamptz, ${after?.id ?? null}, ${limit + 1}::int) t`,
      );
    },
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, { view, position: ({ at, key }) => ({ at, id: key }) }),
  },
);
