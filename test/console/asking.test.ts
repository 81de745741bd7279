// Asking in the console, as staff and as others.
import { expect, test } from "vitest";
import { morning } from "./story.ts";
import { signedIn, textOf, type Visitor } from "./visitor.ts";

const once = (html: string) => /name="once" value="([^"]+)"/.exec(html)?.[1] ?? "";

async function ask(person: Visitor, fields: Record<string, string>) {
  const sent = await person.post("/console/ask", fields);
  expect([sent.status, sent.place]).toEqual([303, expect.stringMatching(/^\/console\/ask\/ans_/)]);
  const page = await person.get(sent.place);
  expect(page.status).toBe(200);
  return { place: sent.place, html: page.html, text: textOf(page.html) };
}

test("an answer shows each sentence with who said it, when, and the way there", async () => {
  const { w, karl } = await morning();
  const person = await signedIn(w, w.a);
  const { html, text } = await ask(person, { question: "What does a service visit cost?", audience: "staff" });
  expect(text).toMatch(/What does a service visit cost\? Answered from evidence For staff just now/);
  expect(text).toMatch(
    /A service visit costs 1,450 kroner\. 1 1 A service visit costs 1,450 kroner\. Lars Toft 15 Nov 2026, 08:22/,
  );
  const link = new RegExp(`href="/console/conversations/${karl.conversation}\\?turn=(\\d+)#turn-\\1"`);
  expect(html).toMatch(link);
  expect(textOf((await person.get("/console/ask")).html)).toContain(
    "Recent answers What does a service visit cost? For staff",
  );
});

test("where nobody said it the page says so, and what to try", async () => {
  const { w } = await morning();
  const person = await signedIn(w, w.a);
  const { text, html } = await ask(person, { question: "Who won the football match?", audience: "public" });
  expect(text).toContain("Insufficient evidence For anybody");
  expect(text).toContain("Nothing that anybody may know answers this.");
  expect(text).toContain("Ask as staff");
  expect(html).toContain(">Who won the football match?</textarea>");
});

test("what staff only may know is not shown when the question is meant for a contact", async () => {
  const { w, mette } = await morning();
  const person = await signedIn(w, w.a);
  const question = "Where is the spare key?";
  const staff = await ask(person, { question, audience: "staff" });
  expect(staff.text).toMatch(/The spare key is with the neighbour\..*Private note/);
  const [row] = await w.neon.query(
    "select person_id from inbox.cw_contacts where project_id = $1 and contact_id = $2",
    [w.a.project, mette.contact],
  );
  const contact = String(row?.["person_id"]);
  const own = await ask(person, { question, audience: "contact", contact });
  expect(own.text.slice(own.text.indexOf(question), own.text.indexOf("Recent answers"))).not.toContain("neighbour");
  expect(own.text).toContain("Nothing that Mette Holm may know answers this.");
});

test("a question sent twice from one page is asked once; another question is another one", async () => {
  const { w } = await morning();
  const person = await signedIn(w, w.a);
  const mark = once((await person.get("/console/ask")).html);
  const first = await ask(person, { question: "What does a service visit cost?", once: mark });
  const again = await ask(person, { question: "What does a service visit cost?", once: mark });
  const other = await ask(person, { question: "When is the fan bearing replaced?", once: mark });
  expect(again.place).toBe(first.place);
  expect(other.place).not.toBe(first.place);
  const rows = await w.neon.query("select count(*)::int as n from memory.answers where project_id = $1", [w.a.project]);
  expect(rows).toEqual([{ n: 2 }]);
});

test("nothing is asked without the form's proof, from elsewhere, or without a question", async () => {
  const { w } = await morning();
  const person = await signedIn(w, w.a);
  const question = "What does a service visit cost?";
  expect((await person.post("/console/ask", { question, csrf: "" })).status).toBe(403);
  expect((await person.post("/console/ask", { question }, { origin: "https://evil.example" })).status).toBe(403);
  expect((await person.post("/console/ask", { question: "  " })).status).toBe(400);
  expect((await person.post("/console/ask", { question: "x".repeat(70_000) })).status).toBe(413);
  expect((await person.post("/console/ask", { question, audience: "contact", contact: "con_nobody" })).status).toBe(
    404,
  );
  const rows = await w.neon.query("select count(*)::int as n from memory.answers where project_id = $1", [w.a.project]);
  expect(rows).toEqual([{ n: 0 }]);
});

test("another tenant's answer is nowhere; one whose evidence was edited says so", async () => {
  const { w } = await morning();
  const person = await signedIn(w, w.a);
  const { place } = await ask(person, { question: "What does a service visit cost?" });
  const stranger = await signedIn(w, w.b);
  const foreign = await stranger.get(place);
  expect([foreign.status, foreign.html.includes("1,450")]).toEqual([404, false]);
  await w.neon.query(
    "update memory.answers set stale_at = '2026-11-15T08:00:01Z', stale_reason = 'evidence_edited' where project_id = $1",
    [w.a.project],
  );
  const page = textOf((await person.get(place)).html);
  expect(page).toContain("Evidence changed");
  expect(page).toContain("A message it quotes was edited since.");
});

test("side by side: what staff, a contact and anybody are answered", async () => {
  const { w } = await morning();
  const person = await signedIn(w, w.a);
  const question = "What does a service visit cost?";
  const contact = /<option value="(con_[^"]+)"[^>]*>[^<]*Karl/.exec((await person.get("/console/ask")).html)?.[1] ?? "";
  const sent = await person.post("/console/ask", { question, audience: "each", contact });
  expect([sent.status, sent.place]).toEqual([
    303,
    expect.stringMatching(/^\/console\/ask\/ans_\w+\?beside=ans_\w+&beside=ans_\w+$/),
  ]);
  const { html } = await person.get(sent.place);
  const [, staff = "", client = "", open = ""] = html.split('<article class="answer"').map(textOf);
  expect(staff).toMatch(/For staff .* A service visit costs 1,450 kroner/);
  expect(client).toContain("For Karl Bech");
  expect(open).toContain("For anybody Insufficient evidence");
  expect(new Set(html.match(/id="evidence-[^"]+"/g)).size).toBe(html.match(/id="evidence-[^"]+"/g)?.length);
  expect((await person.get("/console/ask/ans_none")).status).toBe(404);
});
