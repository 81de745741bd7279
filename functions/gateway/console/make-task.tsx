/** A task from a message, a job or an approval: the way there, the form, and from the task back to what it came from. */
import type { Context } from "hono";
import type { Child } from "hono/jsx";
import { plan } from "#brain/assistant/index.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together } from "#brain/kernel/verb.ts";
import { getEvidence } from "#brain/memory/index.ts";
import type { App } from "../runtime.ts";
import { filterIn, idIn, reader, seeOther } from "./door.ts";
import { answerFramed } from "./frame.tsx";
import { jobPath } from "./job-words.ts";
import { messagePath } from "./outbound-words.ts";
import { type Seat, seatOf } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import { documentPath, type Thing, turnPath } from "./shapes.ts";

export type Origin = { table: string; pk: string; title: string };

type Way = { seat: Pick<Seat, "permissions">; from: Origin; look?: string; children?: Child };

/** Null where one has no planner. */
export const MakeTask = ({ seat, from, look = "link", children }: Way) =>
  seat.permissions.includes("assistant:use") ? (
    <a
      class={look}
      href={`/console/tasks/new?${new URLSearchParams({ ...from, title: from.title.slice(0, 80).replace(/[\uD800-\uDBFF]$/, "") })}`}
      aria-label="Make a task"
      title="Make a task"
    >
      {children ?? "Make a task"}
    </a>
  ) : null;

const NewTask = ({ seat, from }: { seat: Seat; from: Origin }) => (
  <main class="page narrow">
    <header class="page-head">
      <div>
        <h1>A task of your own</h1>
        <p>It keeps where it came from, and only you see it.</p>
      </div>
    </header>
    <form class="job-form" method="post" action="/console/tasks">
      <Proof seat={seat} />
      <input type="hidden" name="from_table" value={from.table} />
      <input type="hidden" name="from_pk" value={from.pk} />
      <label class="field whole">
        <span class="label">What is to be done</span>
        <input name="title" value={from.title} maxlength={300} autocomplete="off" required autofocus />
      </label>
      <label class="field">
        <span class="label">Due</span>
        <input type="date" name="due_date" />
      </label>
      <button class="button chief whole" type="submit">
        Write it down
      </button>
    </form>
  </main>
);

export async function newTaskPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  // Whoever has no planner has no form either.
  await together(ctx, [[plan, {}]]);
  const seat = seatOf(ctx, null);
  const from = { table: filterIn(c, "table") ?? "", pk: filterIn(c, "pk") ?? "", title: c.req.query("title") ?? "" };
  return answerFramed(c, { seat, place: "today", title: "A task", body: <NewTask seat={seat} from={from} /> });
}

/** The page of what a piece of evidence was taken from. */
export async function evidencePage(c: Context<App>): Promise<Response> {
  const [{ source, row }] = await together(await reader(c), [[getEvidence, { id: idIn(c) }]]);
  const conversation = row?.["conversation_global_id"];
  if (source.table === "inbox.cw_messages" && typeof conversation === "string")
    return seeOther(c, turnPath(conversation, source.pk));
  if (source.table === "vault.documents") return seeOther(c, documentPath(source.pk));
  throw new Fault("not_found", "evidence_unknown");
}

/** What a task came from and is closed with. */
export const CameFrom = ({ thing }: { thing: Thing }) => {
  const { ref_type, ref_id, source_evidence_id, needs_review } = thing;
  if (ref_type && ref_id)
    return (
      <a class="link" href={ref_type === "job" ? jobPath(ref_id) : messagePath(ref_id)}>
        {ref_type === "job" ? "A job, and it ends with it" : "A message that waits for its approval"}
      </a>
    );
  return source_evidence_id ? (
    <a class="link" href={`/console/evidence/${encodeURIComponent(source_evidence_id)}`}>
      {needs_review
        ? needs_review === "evidence_edited"
          ? "What was said, and has changed"
          : "It was taken back"
        : "What was said"}
    </a>
  ) : null;
};
