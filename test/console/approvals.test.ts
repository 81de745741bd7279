// Approving in the console without a script: one message with its verdict and evidence, and what must not happen.
import { beforeEach, describe, expect, test } from "vitest";
import { heard, message, talk } from "#test/inbox/chatwoot.ts";
import { scriptedCarrier } from "#test/kit/carrier.ts";
import { canSend, type Sending } from "#test/kit/outbound.ts";
import { type World, world } from "#test/kit/world.ts";
import { signedIn, textOf, type Visitor } from "./visitor.ts";

let w: World;
let s: Sending;
let person: Visitor;
let n = 0;

beforeEach(async () => {
  w = await world({ carriers: { twilio: scriptedCarrier().port } });
  s = await canSend(w, w.a);
  person = await signedIn(w, w.a);
});

type Made = { id: string; version: number; state: string; text: string };

async function post(path: string, json: unknown): Promise<Made> {
  n += 1;
  const headers = { "idempotency-key": `"c${n}"` };
  const answer = await w.fetch(`/v1/outbound/messages${path}`, { method: "POST", key: w.a.apiKey, json, headers });
  return (await answer.json()) as Made;
}

async function pending(more: Record<string, unknown> = {}): Promise<Made> {
  const text = `Your boiler is ready, number ${n}.`;
  const made = await post("", { contact: s.contact, channel: "sms", text, evidence: [s.evidence], ...more });
  return post(`/${made.id}/submit`, { version: made.version });
}

const read = async (path: string) => textOf((await person.get(path)).html);
const stateOf = async (id: string): Promise<Record<string, unknown>> =>
  (await w.fetch(`/v1/outbound/messages/${id}`, { key: w.a.apiKey })).json();

/** The fields of the form that a page posts to `action`, as a browser would send them untouched. */
function formOn(html: string, action: string): Record<string, string> {
  const form = html.split("<form").find((part) => part.includes(`action="${action}"`)) ?? "";
  const hidden = [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  return Object.fromEntries(hidden.map(([, name = "", value = ""]) => [name, textOf(value)]));
}

const press = async (id: string, act: string, more: Record<string, string> = {}) => {
  const { html } = await person.get(`/console/approvals/${id}`);
  const action = `/console/approvals/${id}/${act}`;
  return person.post(action, { ...formOn(html, action), ...more });
};

describe("the queue", () => {
  test("shows the next message with its words, recipient, sender, cost and verdict, in one request", async () => {
    expect(await read("/console/approvals")).toContain("Nothing waits for an approval");
    const first = await pending({ text: "Your boiler is ready." });
    await pending({ text: "Second in line." });
    w.neon.resetStats();
    const page = await person.get("/console/approvals");
    expect(w.neon.stats().requests).toBe(1);
    const text = textOf(page.html);
    expect(text).toMatch(/Goes now Your boiler is ready\. To Mette , \+4520/);
    expect(text).toContain("1 SMS part in GSM-7");
    expect(text).toMatch(/From Workshop, \+4570\d+ by Twilio/);
    expect(text).toContain("Second in line.");
    expect(page.html).toContain(`/console/approvals/${first.id}/approve`);
  });

  test.each([
    ["2026-11-15T21:10:00.000Z", {}, /Waits until 08:00 on Monday in Copenhagen Quiet hours/],
    ["2026-11-15T08:00:00.000Z", { class: "marketing" }, /Waits This person has not consented to marketing/],
    ["2026-11-15T08:00:00.000Z", { due_at: "2026-11-16T09:30:00Z" }, /Goes at 10:30 on Monday in Copenhagen/],
  ])("at %s judges %j as if it were approved", async (at, more, said) => {
    w.clock.set(at);
    const { id } = await pending(more);
    expect(await read(`/console/approvals/${id}`)).toMatch(said);
    expect(await stateOf(id)).toMatchObject({ state: "pending", approved_by: null });
  });

  test("says which characters make an SMS dearer", async () => {
    const { id } = await pending({ text: "We come at nine — promised 🔧" });
    expect(await read(`/console/approvals/${id}`)).toMatch(/1 SMS part in UCS-2 Less room because of “—”, “🔧”/);
    const long = await pending({ text: `${"We come. ".repeat(10)}— at nine.` });
    expect(await read(`/console/approvals/${long.id}`)).toMatch(
      /2 SMS parts in UCS-2 Dearer because of “—” 1 part as: We come\. .* - at nine\./,
    );
  });

  test("opens the evidence beside it, the message as it was written", async () => {
    const at = talk(w.a);
    await heard(w, w.a, message(at, { content: "The boiler <i>drips</i> again." }));
    const [found] = await w.neon.query(
      "select id from shared.evidence_items where project_id = $1 and source_table = 'inbox.cw_messages' and id <> $2",
      [w.a.project, s.evidence],
    );
    const { id } = await pending({ evidence: [found?.["id"], s.evidence] });
    const { html } = await person.get(`/console/approvals/${id}`);
    expect(textOf(html)).toMatch(
      /Evidence 2 pieces it rests on The boiler <i>drips<\/i> again\. .*Conversation #\d+ .*Its words are not here any more/,
    );
    expect(html).toContain(`href="/console/conversations/${at.conversation}?turn=`);
  });
});

describe("deciding", () => {
  test("approve seals it and lets it leave; the next one follows", async () => {
    const { id } = await pending();
    const next = await pending({ text: "Second in line." });
    const done = await press(id, "approve");
    expect([done.status, done.place]).toEqual([
      303,
      expect.stringMatching(/^\/console\/approvals\?note=message_approved-/),
    ]);
    expect(await stateOf(id)).toMatchObject({ state: "queued", approved_by: `user:${w.a.user}` });
    const page = await person.get(done.place);
    expect(textOf(page.html)).toContain("Approved; it leaves when it may.");
    expect(page.html).toContain(`/console/approvals/${next.id}/approve`);
  });

  test("edit keeps the evidence and makes it a draft; return tells its writer why; cancel ends it", async () => {
    const { id } = await pending();
    await press(id, "edit", { text: "Your boiler is ready\r\non Friday." });
    expect(await stateOf(id)).toMatchObject({
      state: "draft",
      text: "Your boiler is ready\non Friday.",
      evidence: [s.evidence],
    });
    const other = await pending();
    const sent = await press(other.id, "return", { note: "Say <b>which</b> day" });
    expect(sent.place).toMatch(/note=message_returned/);
    expect(await stateOf(other.id)).toMatchObject({ state: "draft", reason: "returned" });
    const page = await person.get(`/console/approvals/${other.id}`);
    expect(page.html).toContain(`/console/tasks/new?table=outbound.messages&amp;pk=${other.id}`);
    expect(textOf(page.html)).toContain("Returned with Say <b>which</b> day");
    expect(page.html).not.toContain("<b>which");
    expect((await press(other.id, "cancel")).place).toMatch(/note=message_cancelled/);
    expect(await stateOf(other.id)).toMatchObject({ state: "cancelled", reason: "withdrawn" });
  });

  test("whoever read an earlier version approves nothing, and is shown what changed", async () => {
    const { id, version } = await pending({ text: "We come at ten." });
    const { html } = await person.get(`/console/approvals/${id}`);
    await post(`/${id}/edit`, { version, text: "We come at eleven." });
    const late = await person.post(
      `/console/approvals/${id}/approve`,
      formOn(html, `/console/approvals/${id}/approve`),
    );
    expect(late.status).toBe(412);
    const said = textOf(late.html);
    expect(said).toContain("Somebody changed it since you read it, so nothing was done.");
    expect(said).toContain(
      "Text was We come at ten. Text is now We come at eleven. State was Pending State is now Draft",
    );
    expect(await stateOf(id)).toMatchObject({ state: "draft", approved_by: null });
  });

  test("two pairs of eyes: who wrote it sees no button and is refused", async () => {
    await w.neon.query(
      "insert into outbound.settings (project_id, account_scope_id, four_eyes) values ($1, $2, true)",
      [w.a.project, w.a.accountScope],
    );
    const { id } = await pending();
    await press(id, "edit", { text: "Mine now." });
    const page = await person.get(`/console/approvals/${id}`);
    expect(page.html).not.toContain(`/console/approvals/${id}/approve`);
    expect(textOf(page.html)).toContain("Here somebody else approves what one has written: two pairs of eyes.");
    const { version } = await stateOf(id);
    const tried = await person.post(`/console/approvals/${id}/approve`, { version: String(version) });
    expect([tried.status, textOf(tried.html)]).toEqual([
      403,
      expect.stringContaining("Here somebody else approves what one has written, so you cannot approve this one."),
    ]);
    expect(await stateOf(id)).toMatchObject({ state: "draft" });
  });

  test("without evidence nobody can; to whom has opted out nobody is offered to", async () => {
    const bare = await pending({ evidence: [] });
    const refused = await press(bare.id, "approve");
    expect([refused.status, textOf(refused.html)]).toEqual([
      400,
      expect.stringContaining("It names nothing that it rests on."),
    ]);
    const { id } = await pending();
    await w.neon.query(
      `insert into outbound.contact_channel_policies (project_id, account_scope_id, id, contact_id, channel, opted_out_at, opted_out_by)
       values ($1, $2, 'pol_1', $3, 'sms', now(), 'operator')`,
      [w.a.project, w.a.accountScope, s.contact],
    );
    const page = await person.get(`/console/approvals/${id}`);
    expect(textOf(page.html)).toMatch(/Blocked This person has opted out\..*It can never leave as things stand\./);
    expect(page.html).not.toContain(`/console/approvals/${id}/approve`);
  });
});

describe("what must not happen", () => {
  test("names and words from outside are text", async () => {
    const hostile = `<script>alert("x")</script><img src=x onerror=alert(1)>`;
    await w.neon.query("update people.contacts set name = $2 where project_id = $1", [w.a.project, hostile]);
    const { id } = await pending({ text: hostile });
    const paths = ["/console/approvals", `/console/approvals/${id}`, "/console/outbox", `/console/outbox/${id}`];
    for (const path of [...paths, `/console/people/${s.contact}`, `/console/write?contact=${s.contact}`]) {
      const page = await person.get(path);
      expect([path, page.status, page.html.match(/<script/g)?.length]).toEqual([path, 200, 1]);
      expect(page.html).not.toContain("<img");
      expect(textOf(page.html)).toContain("onerror=alert(1)");
    }
  });

  test("a GET decides nothing, nor a form without its proof or from elsewhere", async () => {
    const { id, version } = await pending();
    for (const act of ["approve", "edit", "return", "cancel"])
      expect((await person.get(`/console/approvals/${id}/${act}?version=${version}`)).status).toBe(404);
    const fields = { version: String(version) };
    expect((await person.post(`/console/approvals/${id}/approve`, { ...fields, csrf: "made-up" })).status).toBe(403);
    const elsewhere = { origin: "https://elsewhere.example", "sec-fetch-site": "cross-site" };
    expect((await person.post(`/console/approvals/${id}/approve`, fields, elsewhere)).status).toBe(403);
    expect(await stateOf(id)).toMatchObject({ state: "pending" });
  });

  test("another tenant's message is nowhere", async () => {
    const { id, version } = await pending();
    const other = await signedIn(w, w.b);
    for (const path of [`/console/approvals/${id}`, `/console/outbox/${id}`, `/console/people/${s.contact}`])
      expect([path, (await other.get(path)).status]).toEqual([path, 404]);
    for (const act of ["approve", "edit", "return", "cancel"])
      expect(
        (await other.post(`/console/approvals/${id}/${act}`, { version: String(version), text: "x" })).status,
      ).toBe(404);
    expect(textOf((await other.get("/console/approvals")).html)).toContain("Nothing waits for an approval");
    expect(await stateOf(id)).toMatchObject({ state: "pending" });
  });

  test("who may not approve sees no button for it, and is refused", async () => {
    const { id, version } = await pending();
    await w.neon.query("update identity.memberships set role = 'technician' where project_id = $1", [w.a.project]);
    const page = await person.get(`/console/approvals/${id}`);
    expect(page.status).toBe(200);
    expect(page.html).not.toMatch(/\/(approve|return)"/);
    expect(textOf(page.html)).toContain("Your role does not include approving.");
    expect((await person.post(`/console/approvals/${id}/approve`, { version: String(version) })).status).toBe(403);
    expect(await stateOf(id)).toMatchObject({ state: "pending" });
  });
});
