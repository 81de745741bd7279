// What a person has said about being written to, written down and changed in the console without a script; and the rules for everybody.
import { beforeAll, expect, test } from "vitest";
import { heard, message } from "#test/inbox/chatwoot.ts";
import { canSend, type Sending } from "#test/kit/outbound.ts";
import { type World, world } from "#test/kit/world.ts";
import { type Customer, customer, queueMessage } from "#test/outbound/customer.ts";
import { signedIn, textOf, type Visitor } from "./visitor.ts";

let w: World;
let s: Sending;
let c: Customer;
let person: Visitor;

beforeAll(async () => {
  w = await world();
  c = await customer(w, w.a);
  s = await canSend(w, w.a);
  person = await signedIn(w, w.a);
});

const place = (contact: string) => `/console/people/${contact}`;
const read = async (contact: string) => textOf((await person.get(place(contact))).html);
const rows = (text: string, ...more: string[]) => w.neon.query(text, [w.a.project, ...more]);

test("opted out what waits is blocked; allowed again with the words and where they are kept", async () => {
  const waiting = await queueMessage(w, w.a, c);
  const out = await person.post(`${place(c.person)}/opt-out`, { once: "1", channel: "sms", by: "complaint" });
  expect([out.status, out.place]).toEqual([303, expect.stringContaining("note=person_opted_out")]);
  expect(await rows("select state from outbound.messages where project_id = $1 and id = $2", waiting)).toEqual([
    { state: "blocked_opt_out" },
  ]);
  expect(await read(c.person)).toContain("Opted out by a complaint");
  w.clock.advance(1000);

  const words = "Please write to me again <soon>.";
  const tried = await person.post(`${place(c.person)}/opt-in`, {
    once: "2",
    channel: "sms",
    brand: "",
    reason: words,
    evidence: "on the phone, in May",
  });
  expect([tried.status, textOf(tried.html)]).toEqual([
    400,
    expect.stringContaining("Where it is kept: must be an id."),
  ]);
  expect(tried.html).toContain("Please write to me again &lt;soon&gt;.");
  expect(tried.html).toMatch(/<details name="policy" open/);
  const none = await person.post(`${place(c.person)}/opt-in`, { once: "3", channel: "sms", brand: "", reason: words });
  expect([none.status, textOf(none.html)]).toEqual([400, expect.stringContaining("It names nothing that it rests on")]);
  expect(await read(c.person)).toContain("Opted out by a complaint");
  const back = await person.post(`${place(c.person)}/opt-in`, {
    once: "4",
    channel: "sms",
    brand: "",
    reason: words,
    evidence: "call-2026-118",
  });
  expect(back.place).toContain("note=person_opted_in");
  expect(await read(c.person)).toMatch(
    /SMS Allowed again, .* kept as call-2026-118 “Please write to me again <soon>\.”/,
  );
  // The words stay with the person's record: audit and ledger hold ids.
  const [audit] = await rows(
    "select evidence_refs as refs, payload::text from shared.audit_events where project_id = $1 and action = 'outbound.opted_in' and outcome = 'done'",
  );
  expect(audit).toMatchObject({ refs: ["call-2026-118"], payload: expect.not.stringContaining("again") });
});

test("a wish is shown with its words, decided once, and the second one is told", async () => {
  const at = w.clock.now().toISOString();
  const wish = { content: "Please don't text me again with offers.", created_at: at, conversation: c.conversation() };
  await heard(w, w.a, message(c.talk, wish));
  expect(textOf((await person.get("/console/wishes")).html)).toContain("Please don't text me again with offers.");
  const page = await person.get(place(c.person));
  expect(textOf(page.html)).toMatch(/Marketing by .* waits since .* Please don't text me again/);
  const hold = /name="hold" value="([^"]+)"/.exec(page.html)?.[1] ?? "";
  const decided = await person.post(`${place(c.person)}/hold`, {
    once: "1",
    hold,
    decision: "release",
    reason: "Only May.",
  });
  expect(decided.place).toContain("note=hold_decided");
  const late = await person.post(`${place(c.person)}/hold`, { once: "2", hold, decision: "opt_out", reason: "Never." });
  expect([late.status, textOf(late.html)]).toEqual([404, expect.stringContaining("Somebody has decided this already")]);
  expect(
    await rows("select 1 from outbound.contact_channel_policies where project_id = $1 and held_at is not null"),
  ).toEqual([]);
  expect(textOf((await person.get("/console/wishes")).html)).toContain("Nobody waits for a decision.");
});

test("a consent needs its words and its proof, counts from when it was given, and can be taken back", async () => {
  const form = { channel: "sms", granted: "yes", scope: "marketing", source: "counter", zone: "Europe/Copenhagen" };
  const bare = await person.post(`${place(s.contact)}/consent`, {
    ...form,
    once: "1",
    shown_text: "Yes, offers by SMS.",
  });
  expect([bare.status, textOf(bare.html)]).toEqual([
    400,
    expect.stringContaining("Proof: a consent needs the words that were shown, and a proof."),
  ]);
  expect(bare.html).toContain("Yes, offers by SMS.");
  const full = { ...form, shown_text: "Yes, offers by SMS.", proof: "paper 118" };
  const early = { ...full, once: "2", occurred_at: "2026-12-24T09:30" };
  expect(textOf((await person.post(`${place(s.contact)}/consent`, early)).html)).toContain("When: lies in the future.");
  const good = await person.post(`${place(s.contact)}/consent`, {
    ...full,
    once: "3",
    occurred_at: "2026-06-01T09:30",
  });
  expect(good.place).toContain("note=consent_recorded");
  expect(await read(s.contact)).toMatch(
    /Consented to marketing, 1 Jun 2026, 09:30 · counter · paper 118 “Yes, offers by SMS\.”/,
  );
  await person.post(`${place(s.contact)}/consent`, { ...form, once: "4", granted: "no" });
  expect(await read(s.contact)).toMatch(/Took the consent to marketing back.*1 earlier consent/);
});

test("a limit of his own", async () => {
  await person.post(`${place(s.contact)}/cap`, { once: "3", channel: "sms", count: "1", hours: "48" });
  expect(await read(s.contact)).toContain("at most 1 message in 2 days");
  expect(
    (await person.post(`${place(s.contact)}/cap`, { once: "4", channel: "sms", count: "many", hours: "" })).status,
  ).toBe(400);
  expect((await person.post(`${place(s.contact)}/blow-up`, { once: "5" })).status).toBe(404);
  const other = await signedIn(w, w.b);
  for (const act of ["opt-out", "opt-in", "consent", "cap"]) {
    const tried = await other.post(`${place(s.contact)}/${act}`, {
      once: act,
      channel: "sms",
      source: "x",
      evidence: "x1",
      reason: "x",
      count: "1",
    });
    expect([act, tried.status]).toEqual([act, 404]);
  }
  expect((await person.post(`${place(s.contact)}/opt-out`, { channel: "sms", csrf: "made-up" })).status).toBe(403);
});

test("the project's rules are changed in a form; who was too late sees what stands, and keeps what he typed", async () => {
  w.neon.resetStats();
  const page = await person.get("/console/rules");
  expect(w.neon.stats().requests).toBe(1);
  const value = (name: string) => new RegExp(`name="${name}"[^>]* value="([^"]*)"`).exec(page.html)?.[1] ?? "";
  const form = {
    version: value("version"),
    quiet_from: "20:00",
    quiet_until: "09:00",
    cap_count: "2",
    cap_hours: "72",
    most_attempts: "4",
    help_en: "Call +45 70 10 10 10.",
    help_da: "",
    brand: "Nordvarme",
    postal_address: "Havnegade 1\r\n5000 Odense",
    four_eyes: "1",
    confirm_stop: "1",
  };
  expect((await person.post("/console/rules", { ...form, once: "1" })).place).toContain("note=rules_changed");
  const answer = await w.fetch("/v1/outbound/settings", { key: w.a.apiKey });
  expect(await answer.json()).toMatchObject({
    four_eyes: true,
    stop_on_reply: false,
    quiet_from: "20:00",
    cap_count: 2,
    cap_seconds: 259_200,
    help_text: { en: "Call +45 70 10 10 10." },
    postal_address: "Havnegade 1\n5000 Odense",
  });
  const late = await person.post("/console/rules", { ...form, once: "2", quiet_from: "22:00" });
  expect([late.status, textOf(late.html)]).toEqual([
    409,
    expect.stringMatching(/Somebody else changed the rules.*Stands now: 20:00/),
  ]);
  expect(late.html).toMatch(/name="quiet_from"[^>]* value="22:00"/);
  const wrong = await person.post("/console/rules", {
    ...form,
    version: "1",
    once: "3",
    cap_count: "lots",
    quiet_until: "late",
  });
  expect(textOf(wrong.html)).toMatch(/Quiet until: must be a time of day.*Messages: /);
  expect(textOf((await person.get("/console/rules?ahead=day")).html)).toContain("Nothing in the queue is due by then.");
});
