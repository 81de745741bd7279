// What is kept how long, looked at and changed by a person without a script.
import { beforeAll, describe, expect, test } from "vitest";
import { deliver } from "#test/kit/jobs.ts";
import { old } from "#test/shared/old.ts";
import { type Morning, morning } from "./story.ts";
import { signedIn, textOf, threadIn, type Visitor } from "./visitor.ts";

let m: Morning;
let person: Visitor;
beforeAll(async () => {
  m = await morning();
  person = await signedIn(m.w, m.w.a);
});

const field = (html: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? "";
const read = async (path = "") => {
  const page = await person.get(`/console/retention${path}`);
  expect(page.status).toBe(200);
  return { html: page.html, text: textOf(page.html) };
};

/** The form that the page showed, as a browser sends it. */
async function sendShown(html: string, kind: string) {
  const fields = Object.fromEntries(["once", "version"].map((name) => [name, field(html, name)]));
  const days = /type="hidden" name="days" value="(\d*)"/.exec(html)?.[1] ?? "?";
  return person.post(`/console/retention/${kind}`, { ...fields, days });
}

describe("the page", () => {
  test("is in the menu, and says of every kind how long and what would leave", async () => {
    expect((await person.get("/console")).html).toContain('href="/console/retention"');
    await old(m.w, m.w.a, { kind: "shared.prompt_runs", days: 100 });
    const { text } = await read();
    expect(text).toContain("Nothing has left yet");
    expect(text).toMatch(/Words and files of conversations inbox\.turns For ever Nothing would leave Change/);
    expect(text).toMatch(
      /Calls of the language model, with its answers shared\.prompt_runs 90 days after the call 1 would leave Change/,
    );
    expect(text).toMatch(/Sign-ins of browsers identity\.sessions 30 days after they end The same in every project/);
    expect(text).not.toContain("shared.events");
  });

  test("shows what a shorter time takes away before it can be chosen; then the words leave and the thread says so", async () => {
    m.w.clock.set("2027-03-01T08:00:00.000Z");
    // Four months later the old sign-in has ended.
    person = await signedIn(m.w, m.w.a);
    const form = await read("?kind=inbox.turns");
    expect(form.html).toMatch(/<form class="filter" method="get"/);
    expect(form.html).not.toContain('action="/console/retention/inbox.turns"');
    const shown = await read("?kind=inbox.turns&days=30");
    expect(shown.text).toContain("30 days after they were said or edited: 5 would leave with the next run");
    const stale = await read("?kind=inbox.turns&days=60");
    const done = await sendShown(shown.html, "inbox.turns");
    expect([done.status, done.place]).toEqual([303, expect.stringContaining("/console/retention?note=")]);
    expect(textOf((await person.get(done.place)).html)).toMatch(
      /30 days after they were said or edited chosen 5 would leave /,
    );
    const late = await sendShown(stale.html, "inbox.turns");
    expect([late.status, textOf(late.html)]).toEqual([412, expect.stringContaining("Somebody changed this meanwhile")]);
    expect((await deliver(m.w, "shared.retention.run", { project: m.w.a.project })).status).toBe(200);
    expect((await read()).text).toMatch(/Last left on 1 Mar 2027, 09:00 : 5 × words and files of conversations/);
    const thread = await person.get(`/console/conversations/${m.mette.conversation}`);
    expect(threadIn(thread.html)).toContain("Removed by retention on 1 Mar 2027, 09:00");
    expect(thread.html).not.toContain("fan bearing");
    expect((await person.get("/console")).html).not.toContain("1,450 kroner");
  });

  test("says what is wrong with a number, and takes none", async () => {
    for (const days of ["0", "-3", "x", "99999"]) {
      const { text, html } = await read(`?kind=shared.worker_runs&days=${days}`);
      expect([days, text.includes("Between 7 and 36,500 days")]).toEqual([days, true]);
      expect(html).not.toContain('action="/console/retention/shared.worker_runs"');
    }
    const sent = await person.post("/console/retention/shared.worker_runs", { days: "3", version: "0", once: "a" });
    expect([sent.status, textOf(sent.html)]).toEqual([422, expect.stringContaining("for 7 days at least")]);
    expect((await person.post("/console/retention/shared.events", { days: "3", version: "0", once: "b" })).status).toBe(
      404,
    );
    expect((await person.get("/console/retention?kind=shared.events&days=3")).status).toBe(404);
  });

  test("is only looked at by who may not change it", async () => {
    await m.w.neon.query("update identity.memberships set role = 'lead_technician' where project_id = $1", [
      m.w.a.project,
    ]);
    const { html } = await read("?kind=inbox.turns&days=10");
    expect(html).not.toMatch(/>Change<|method="get"/);
    expect((await person.post("/console/retention/inbox.turns", { days: "90", version: "1", once: "c" })).status).toBe(
      403,
    );
  });
});
