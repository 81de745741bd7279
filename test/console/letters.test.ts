// Dead letters as an operator meets them in the console, without a script.
import { beforeEach, expect, test } from "vitest";
import { addKey } from "#db/bootstrap.ts";
import { scriptedEmbedder } from "#test/kit/embedder.ts";
import { deliver } from "#test/kit/jobs.ts";
import { type World, world } from "#test/kit/world.ts";
import { died } from "#test/shared/dead.ts";
import { signedIn, textOf, type Visitor } from "./visitor.ts";

let w: World;
let person: Visitor;
beforeEach(async () => {
  w = await world({ embedder: scriptedEmbedder().port });
  person = await signedIn(w, w.a);
});

const read = async (path: string) => textOf((await person.get(path)).html);
const letterIn = (html: string) => /\/console\/letters\/(ltr_[a-z0-9]+)"/.exec(html)?.[1] ?? "";

async function letterPath(): Promise<string> {
  return `/console/letters/${letterIn((await person.get("/console/letters?state=all")).html)}`;
}

test("a letter is listed with its job and reason, and its page says what is known of it", async () => {
  expect(await read("/console/letters")).toContain("Nothing is waiting for you");
  expect((await person.get("/console")).html).toContain('href="/console/letters"');
  await died(w, { job: "memory.embed", payload: { chunk: "c1" }, answer: { code: "embedder_unreachable" } });
  expect(await read("/console/letters")).toMatch(/memory\.embed Embedder unreachable 503 Open 1 time/);
  const page = await read(await letterPath());
  expect(page).toMatch(/Died 1 time, after 4 delivery attempts/);
  for (const fact of ["obx_w1", "c1", "req-of-the-sender", "4bf92f3577b34da6a3ce929d0e0e4736", "msg_1"])
    expect(page).toContain(fact);
  expect(page).toContain("No run that did or failed something is known.");
});

test("retry sends it again and says so; pressed twice, or by two, it is sent once", async () => {
  await died(w);
  const path = await letterPath();
  const sent = await person.post(`${path}/retry`, {});
  expect([sent.status, sent.place]).toEqual([303, expect.stringMatching(/note=letter_retried/)]);
  expect(await read(sent.place)).toMatch(/On its way again .*this page will tell how it ends/);
  const twice = await person.post(`${path}/retry`, {});
  expect([twice.status, twice.place]).toEqual([303, path]);
  await w.settled();
  expect(w.queue.published.filter(({ id }) => id === "obx_w1")).toHaveLength(1);
  await deliver(w, "shared.sweep", { project: w.a.project, id: "obx_w1", round: 1 });
  expect(await read(path)).toContain("Resolved");
  expect(await read("/console/letters")).toContain("Nothing is waiting for you");
});

test("discard asks for a reason, keeps it on the page, and takes the letter off the list", async () => {
  await died(w);
  const path = await letterPath();
  expect((await person.post(`${path}/discard`, { reason: " " })).status).toBe(400);
  const gone = await person.post(`${path}/discard`, { reason: "The order <b>was</b> cancelled" });
  expect([gone.status, gone.place]).toEqual([303, expect.stringMatching(/note=letter_discarded/)]);
  expect(await read(gone.place)).toContain("Nothing is waiting for you");
  expect(await read(path)).toContain("Discarded because The order <b>was</b> cancelled");
  expect((await person.get(path)).html).not.toContain("<b>was</b>");
  expect((await person.get(path)).html).not.toContain(`${path}/retry`);
});

test("all open ones are retried with one button", async () => {
  for (const n of [1, 2, 3]) await died(w, { work: `obx_${n}`, message: `msg_${n}` });
  const sent = await person.post("/console/letters/retry", {});
  expect(await read(sent.place)).toContain("3 letters on the way again.");
  expect(await read("/console/letters?state=retried")).toMatch(/(On its way again 1 time.*){3}/);
});

test("work that never left, runs and passages that failed are on the same page, from where they are", async () => {
  await died(w);
  w.queue.down();
  await person.post(`${await letterPath()}/retry`, {});
  await w.settled();
  const id = w.runtime.ids.uuid();
  await w.neon.query(
    `with c as (insert into memory.chunks (project_id, account_scope_id, id, source_table, source_pk, chunk_index, visibility, occurred_at, lang, len, text, text_hash, tsv)
        values ($1, $2, $3, 'inbox.cw_messages', 'x', 0, 1, now(), 'simple', 1, 'x', 'h', '') returning id)
      insert into memory.pending (project_id, account_scope_id, chunk_id, text_hash, failed_at, error) select $1, $2, id, 'h', now(), 'poison' from c`,
    [w.a.project, w.a.accountScope, id],
  );
  await w.neon.query(
    `with s as (insert into shared.scheduled_jobs (project_id, account_scope_id, id, name, kind, interval_seconds) values ($1, $2, 'sch_x', 'made', 'shared.made', 60) returning id)
      insert into shared.worker_runs (project_id, account_scope_id, id, scheduled_job_id, fire_time, due_at, status, attempts, error)
        select $1, $2, 'run_x', id, now(), now(), 'poison', 4, 'poison' from s`,
    [w.a.project, w.a.accountScope],
  );
  const page = await read("/console/letters");
  expect(page).toMatch(/Scheduled runs that were given up .*shared\.made 4 times/);
  expect(page).toMatch(/1 passage could not be remembered: poison/);
  expect(page).toMatch(/Never left .*shared\.sweep Queue unreachable 1 time/);
});

test("who may only read sees the letter and no button; a stranger's letter is nowhere", async () => {
  await died(w);
  const path = await letterPath();
  const other = await signedIn(w, w.b);
  expect((await other.get(path)).status).toBe(404);
  expect((await other.post(`${path}/retry`, {})).status).toBe(404);
  await w.neon.query("update identity.memberships set role = 'lead_technician' where project_id = $1", [w.a.project]);
  const page = await person.get(path);
  expect([page.status, textOf(page.html)]).toEqual([200, expect.stringContaining("Database unreachable")]);
  expect(page.html).not.toContain(`${path}/retry`);
  expect((await person.post(`${path}/retry`, {})).status).toBe(403);
  const key = await addKey(w.neon, { ...w.a, permissions: ["shared:read"], name: "reads" });
  expect((await w.fetch("/v1/shared/letters", { key })).status).toBe(200);
});
