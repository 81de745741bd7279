// Under a talk in the console, without a script: a note, its status, what became of them, and the breaker.
import { afterAll, beforeAll, expect, test } from "vitest";
import { carry, mirrored, talking } from "#test/inbox/writing.ts";
import { arrive, type Bound, bound } from "#test/sync/account.ts";
import { signedIn, textOf, type Visitor } from "./visitor.ts";

let it_: Bound;
let person: Visitor;
beforeAll(async () => {
  it_ = await bound();
  person = await signedIn(it_.w, it_.w.a);
});
afterAll(() => it_.close());

const onceIn = (html: string) => /name="once" value="([^"]+)"/.exec(html)?.[1] ?? "";

test("a note sent twice from one page is one; it is on its way, then it stands in the talk", async () => {
  const { conversation } = await talking(it_);
  const place = `/console/conversations/${conversation.id}`;
  const { html } = await person.get(place);
  const form = { text: "Ring before the visit.", once: onceIn(html) };
  const answers = [await person.post(`${place}/notes`, form), await person.post(`${place}/notes`, form)];
  expect(answers.map(({ status }) => status)).toEqual([303, 303]);
  await it_.w.settled();
  expect(textOf((await person.get(answers[0]?.place ?? "")).html)).toMatch(
    /Note: on its way.*The note is on its way|The note is on its way.*Note: on its way/s,
  );
  await carry(it_);
  await arrive(it_);
  const after = textOf((await person.get(place)).html);
  expect(after).toContain("Ring before the visit.");
  expect(after).not.toContain("on its way");
  expect(await mirrored(it_, "Ring before the visit.")).toHaveLength(1);
});

test("a conversation is resolved and opened again", async () => {
  const { conversation } = await talking(it_);
  const place = `/console/conversations/${conversation.id}`;
  for (const [status, button] of [
    ["resolved", "Reopen"],
    ["open", "Resolve"],
  ] as const) {
    const { html } = await person.get(place);
    await person.post(`${place}/status`, { status, once: onceIn(html) });
    await it_.w.settled();
    await carry(it_);
    expect(it_.office.account.conversation(conversation.id).status).toBe(status);
    await arrive(it_);
    expect((await person.get(place)).html).toMatch(new RegExp(`>\\s*${button}\\s*</button>`));
  }
});

test("an open breaker is shown, refuses in words, and is closed by hand", async () => {
  const { conversation } = await talking(it_);
  const place = `/console/conversations/${conversation.id}`;
  await it_.w.neon.query(
    `insert into inbox.flip_breakers (project_id, account_scope_id, conversation_global_id, opened_at, open_until)
      select project_id, account_scope_id, id, $3, $3::timestamptz + interval '5 minutes' from inbox.cw_conversations where project_id = $1 and conversation_id = $2`,
    [it_.w.a.project, conversation.id, it_.w.clock.now().toISOString()],
  );
  const { html } = await person.get(place);
  expect(textOf(html)).toContain("Somebody else keeps changing this conversation back");
  const refused = await person.post(`${place}/status`, { status: "resolved", once: onceIn(html) });
  expect([refused.status, textOf(refused.html)]).toEqual([409, expect.stringContaining("Find out who it is")]);
  expect((await person.post(`${place}/breaker`, { once: onceIn(html) })).status).toBe(303);
  expect(textOf((await person.get(place)).html)).not.toContain("Somebody else keeps");
  expect((await person.post(`${place}/status`, { status: "resolved", once: "another" })).status).toBe(303);
});
