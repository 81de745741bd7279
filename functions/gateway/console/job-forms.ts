/** What the forms of jobs do. */
import type { Context } from "hono";
import {
  addNote,
  addPart,
  assignJob,
  attachMessage,
  createJob,
  moveJob,
  removeNote,
  removePart,
  updateJob,
} from "#brain/field/index.ts";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { isTimezone } from "#brain/kernel/wall-time.ts";
import type { App } from "../runtime.ts";
import { idIn, isName, readForm, seeOther, writer } from "./door.ts";
import { type NoteCode, withNote } from "./flash.ts";
import { instantIn } from "./job-acts.tsx";
import { jobPath } from "./job-words.ts";
import { answerNewJob } from "./jobs-pages.tsx";
import { once } from "./once.ts";

type Form = Map<string, string>;

const said = (form: Form, name: string): string | undefined =>
  form.get(name)?.replaceAll("\r\n", "\n").trim() || undefined;
const count = (form: Form, name: string): number | undefined => {
  const text = said(form, name);
  return text === undefined ? undefined : Number(text);
};
/** Fields that were filled in. */
const given = <T extends Record<string, unknown>>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;

/** A form on a job's page, and the page again. */
const onJob =
  (code: NoteCode, act: (ctx: Ctx, form: Form, id: string) => Promise<unknown>) =>
  async (c: Context<App>): Promise<Response> => {
    const form = await readForm(c);
    const id = idIn(c);
    await act(await writer(c, form), form, id);
    return seeOther(c, await withNote(c, jobPath(id), { code }));
  };

export const moveJobForm = onJob("job_moved", async (ctx, form, id) => {
  const wall = said(form, "scheduled_for");
  const zone = form.get("zone") ?? "";
  const at = wall === undefined || !isTimezone(zone) ? undefined : instantIn(wall, zone);
  if (at === null) throw new Fault("invalid", "schedule_required");
  const version = count(form, "version");
  const more = given({ version, scheduled_for: at, reason: said(form, "reason"), tracking: said(form, "tracking") });
  await once(ctx, { verb: moveJob, input: { id, to: form.get("to"), ...more }, form });
});

export const assignJobForm = onJob("job_assigned", (ctx, form, id) =>
  once(ctx, {
    verb: assignJob,
    input: { id, tech: said(form, "tech") ?? null, ...given({ version: count(form, "version") }) },
    form,
  }),
);

export const updateJobForm = onJob("job_changed", (ctx, form, id) =>
  once(ctx, {
    verb: updateJob,
    input: {
      id,
      version: count(form, "version"),
      title: form.get("title") ?? "",
      location: form.get("location") ?? "",
      notes: (form.get("notes") ?? "").replaceAll("\r\n", "\n"),
      minutes: count(form, "minutes") ?? null,
    },
    form,
  }),
);

/** `129.50` or `129,50` as minor units of a currency. */
export function minorOf(text: string, currency: string): number {
  const digits =
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  return Math.round(Number(text.replace(",", ".")) * 10 ** digits);
}

export const addPartForm = onJob("part_added", (ctx, form, id) => {
  const price = said(form, "price");
  const currency = form.get("currency") ?? "";
  if (price !== undefined && !(/^[A-Z]{3}$/.test(currency) && /^\d{1,12}([.,]\d{1,4})?$/.test(price)))
    throw new Fault("invalid", "invalid_input", { detail: "A price is a number, with a currency of three letters." });
  const priced = price === undefined ? {} : { price_minor: minorOf(price, currency), currency };
  return once(ctx, {
    verb: addPart,
    input: { id, name: form.get("part_name") ?? "", quantity: count(form, "quantity") ?? 1, ...priced },
    form,
  });
});

export const removePartForm = onJob("part_removed", (ctx, form, id) =>
  once(ctx, { verb: removePart, input: { id, part: form.get("part") ?? "" }, form }),
);

export const addNoteForm = onJob("note_added", (ctx, form, id) =>
  once(ctx, {
    verb: addNote,
    input: { id, text: said(form, "text") ?? "", visibility: form.get("visibility") ?? "internal" },
    form,
  }),
);

export const removeNoteForm = onJob("note_removed", (ctx, form, id) =>
  once(ctx, { verb: removeNote, input: { id, note: form.get("note") ?? "" }, form }),
);

export async function attachForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const input = { id: idIn(c), job: said(form, "job") ?? null };
  await once(await writer(c, form), { verb: attachMessage, input, form });
  return seeOther(c, await withNote(c, "/console/jobs", { code: "message_attached" }));
}

export async function createJobForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const client = form.get("client") ?? "";
  const message = said(form, "message");
  const input = {
    client,
    title: form.get("title") ?? "",
    kind: form.get("job_kind") ?? "visit",
    location: form.get("location") ?? "",
    notes: (form.get("notes") ?? "").replaceAll("\r\n", "\n"),
    ...given({ minutes: count(form, "minutes"), tech: said(form, "tech"), message }),
  };
  try {
    const { id } = await once(ctx, { verb: createJob, input, form });
    return seeOther(c, await withNote(c, jobPath(id), { code: "job_taken_in" }));
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code !== "invalid_input" || !isName(client)) throw thrown;
    const errors = (thrown.extra.errors ?? []).map(({ pointer, detail }) => `${pointer.slice(1)}: ${detail}.`);
    return answerNewJob(c, { client, message, typed: Object.fromEntries(form), said: errors });
  }
}
