/** What somebody writes down about a job: remembered for those who may know it, forgotten when it is taken back. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { commit } from "../kernel/commit.ts";
import { sha256 } from "../kernel/digest.ts";
import { Fault } from "../kernel/fault.ts";
import { verb } from "../kernel/verb.ts";
import { chunk, languageOf } from "../memory/index.ts";
import { jobId, Note, noteColumns, noteView } from "./job.ts";
import { storableText } from "./storable.ts";

export const addNote = verb(
  {
    name: "field.notes.add",
    summary: "Write a note about a job: for the house, or one that its client may be told",
    needs: "field:work",
    effect: "write",
    faults: ["job_unknown"],
    input: () =>
      z.object({
        id: jobId(),
        text: z.string().trim().min(1).max(20_000),
        visibility: z.enum(["internal", "client"]).default("internal"),
      }),
    output: Note,
    example: () => ({ id: "job_0", text: "The left wheel's bearing is worn." }),
  },
  async (ctx, { id, text, visibility }) => {
    const body = storableText(text);
    const note = {
      id: ctx.ids.next("note"),
      job: id,
      visibility,
      body,
      lang: languageOf(body) ?? null,
      content_hash: (await sha256(body)).slice(0, 32),
      evidence: ctx.ids.next("evidence"),
      chunks: chunk(body).map((piece) => ({ id: ctx.ids.uuid(), text: piece })),
    };
    return commit(ctx, {
      status: 201,
      change: sql`select ${noteColumns} from field.put_note(${JSON.stringify(note)}::jsonb) n`,
      event: { kind: "job.note.added", ref: ["job", id], payload: { note: note.id, visibility } },
      wake: sql`memory.ask_embedding(${ctx.ids.next("outbox")})`,
    });
  },
  noteView,
);

export const removeNote = verb(
  {
    name: "field.notes.remove",
    summary: "Take a note back: it is neither found nor cited any more",
    needs: "field:work",
    effect: "write",
    faults: ["job_unknown", "note_unknown"],
    input: () => z.object({ id: jobId(), note: z.string().min(1).max(64) }),
    output: () => z.object({ id: z.string(), removed: z.literal(true) }),
    example: () => ({ id: "job_0", note: "nte_0" }),
  },
  async (ctx, { id, note }) =>
    commit(ctx, {
      change: sql`select n.id, true as removed from field.drop_note(${id}, ${note}) n where n.id is not null`,
      event: { kind: "job.note.removed", ref: ["job", id], payload: { note } },
      lost: () => new Fault("not_found", "note_unknown"),
    }),
  (row) => ({ id: String(row["id"]), removed: true as const }),
);
