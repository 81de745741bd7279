/** Jobs as pages: the list, one of them, a new one. */
import type { Context } from "hono";
import { getJob, listJobs, listMessages, listTechs } from "#brain/field/index.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import { getContact } from "#brain/people/index.ts";
import { listEvents } from "#brain/shared/index.ts";
import type { App } from "../runtime.ts";
import { idIn, isName, reader } from "./door.ts";
import { answerFramed } from "./frame.tsx";
import { NewJobPage } from "./job-form.tsx";
import { JobPageView } from "./job-view.tsx";
import { jobStates } from "./job-words.ts";
import { JobsPage } from "./jobs-view.tsx";
import { seatOf } from "./seat.ts";
import { personName } from "./shapes.ts";
import { listed, turnedTo } from "./turning.ts";

const shown = new Set(["open", "all", ...Object.keys(jobStates)]);

export async function jobsPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const asked = c.req.query("status") ?? "open";
  const status = shown.has(asked) ? asked : "open";
  const q = c.req.query("q")?.replaceAll("\u0000", "").trim().slice(0, 200) || undefined;
  const [jobs, waiting, choices, memory] = await together(ctx, [
    [listJobs, { limit: 50, status, ...(q ? { q } : {}), ...(await turnedTo(c, "jobs")) }],
    [listMessages, { limit: 20, waiting: "yes" }],
    [listJobs, { limit: 100, waiting: "yes" }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view = {
    seat,
    jobs: await listed(c, "jobs", jobs),
    waiting: waiting.data,
    choices: choices.data,
    by: { status, q },
  };
  return answerFramed(c, { seat, place: "jobs", title: "Jobs", body: <JobsPage view={view} /> });
}

export async function jobPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const id = idIn(c);
  const [job, messages, life, techs, memory] = await together(ctx, [
    [getJob, { id }],
    [listMessages, { job: id, limit: 20 }],
    [listEvents, { ref: id, limit: 50 }, "if permitted"],
    [listTechs, { limit: 100 }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view = { seat, job, messages: messages.data, life: life?.data ?? [], techs: techs.data };
  return answerFramed(c, {
    seat,
    place: "jobs",
    title: `#${job.number} ${job.title}`,
    body: <JobPageView view={view} />,
  });
}

export type Retyped = { client: string; message: string | undefined; typed: Record<string, string>; said: string[] };

/** `again`: what was typed and why it was refused. */
export async function answerNewJob(c: Context<App>, again?: Retyped): Promise<Response> {
  const ctx = c.get("ctx") ?? (await reader(c));
  const client = again?.client ?? c.req.query("client");
  const message = again?.message ?? c.req.query("message");
  if (!isName(client)) throw new Fault("not_found", "contact_unknown");
  const [person, techs, said, memory] = await together(ctx, [
    [getContact, { id: client }],
    [listTechs, { limit: 100 }],
    [listMessages, { contact: client, limit: 50 }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const about = said.data.find((one) => one.id === message) ?? null;
  const view = { seat, person, techs: techs.data, message: about, typed: again?.typed ?? {} };
  const title = `New job for ${personName(person.name)}`;
  const body = <NewJobPage view={{ ...view, ...(again ? { said: again.said } : {}) }} />;
  return answerFramed(c, { seat, place: "jobs", title, body, ...(again ? { status: 400 } : {}) });
}

export const newJobPage = (c: Context<App>): Promise<Response> => answerNewJob(c);
