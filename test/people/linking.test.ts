// Who has the same address: linked where nothing is left to guess, proposed to a colleague everywhere else, and undone by one.
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { contact, conversation, heard, message, talk } from "#test/inbox/chatwoot.ts";
import { deliver, deliverPublished } from "#test/kit/jobs.ts";
import { type Bound, bound, fresh, smsForm, twilioCalls } from "#test/kit/providers.ts";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { known, merge, office, speaker, unmerge } from "./office.ts";

let w: World;
let a: Tenant;
let desk: ReturnType<typeof office>;
beforeAll(async () => {
  w = await world();
});
beforeEach(async () => {
  a = await tenant(w.neon, "link");
  desk = office(w, a);
});

const link = async () => {
  const answer = await deliver(w, "people.link", { project: a.project });
  expect(answer.status).toBe(200);
  return answer.json();
};
const open = async () => (await desk.get("/people/proposals")).body.data;

describe("the rule", () => {
  test("links two records that are written from one number, once, with its reason; nothing is left for a second look", async () => {
    const phone = `+45${fresh()}`;
    const older = await known(w, a, { phone });
    const named = await known(w, a, { name: "Mette", phone });
    expect(await link()).toMatchObject({ linked: 1, proposed: 0 });
    expect(await link()).toMatchObject({ judged: 0, linked: 0 });
    expect(await speaker(w, a, older)).toBe(named);
    const { body } = await desk.get(`/people/contacts/${named}`);
    expect(body.points).toHaveLength(2);
    expect(body.records).toMatchObject([
      { id: named, merge: null },
      { id: older, merged_into: named, merge: { reason: "same_address", actor: "system:people.link" } },
    ]);
    const [audit] = await w.neon.query(
      "select action, ref_id, payload->>'into' as into from shared.audit_events where project_id = $1 and action like 'people.%'",
      [a.project],
    );
    expect(audit).toEqual({ action: "people.contact.merged", ref_id: older, into: named });
  });

  test("links a client that the office makes to whoever writes from his number already: the office's record speaks", async () => {
    const phone = `+45${fresh()}`;
    const writes = await known(w, a, { phone });
    const made = await desk.post("/people/contacts", { name: "Karen", points: [{ kind: "phone", value: phone }] });
    expect(made.body).toMatchObject({ merged_into: null });
    expect(await speaker(w, a, writes)).toBe(made.body.id);
  });

  test("believes nothing that was only typed somewhere: proposed, and a dismissed proposal is not made again", async () => {
    const email = `${fresh()}@example.dk`;
    const victim = await known(w, a, { name: "Victim", email });
    const typed = await known(w, a, { name: "Visitor", email, proof: "told" });
    expect(await link()).toMatchObject({ linked: 0, proposed: 1 });
    expect(await speaker(w, a, typed)).toBe(typed);
    const [proposal, ...others] = await open();
    expect(others).toEqual([]);
    expect(proposal).toMatchObject({
      why: "unproven",
      kind: "email",
      common: [email],
      people: [{ id: victim }, { id: typed }],
    });
    const { id, version } = proposal;
    expect((await desk.post(`/people/proposals/${id}/dismiss`, { version })).body.state).toBe("dismissed");
    await w.neon.query("update people.contact_points set judged_at = null, proof = 'channel' where project_id = $1", [
      a.project,
    ]);
    expect(await link()).toMatchObject({ judged: 2, linked: 0, proposed: 0 });
    expect(await open()).toEqual([]);
    expect((await desk.post(`/people/proposals/${id}/accept`, { version: version + 1 })).body.code).toBe(
      "proposal_decided",
    );
  });

  test("guesses nothing where several have the address; accepting one proposal answers those that it makes idle", async () => {
    const phone = `+45${fresh()}`;
    const [mother, daughter] = [await known(w, a, { name: "Anna", phone }), await known(w, a, { name: "Ida", phone })];
    const third = await known(w, a, { phone });
    await w.neon.query("update people.contact_points set judged_at = now() where contact_id in ($1, $2)", [
      mother,
      daughter,
    ]);
    expect(await link()).toMatchObject({ linked: 0, proposed: 1 });
    const proposals = await open();
    expect(proposals.map((row: { why: string }) => row.why)).toEqual(["several", "several"]);
    const [first] = proposals;
    const accepted = await desk.post(`/people/proposals/${first.id}/accept`, { version: first.version });
    expect(accepted.body).toMatchObject({ state: "accepted" });
    expect(await speaker(w, a, third)).toBe(first.people.find((row: { id: string }) => row.id !== third).id);
    expect(await open()).toHaveLength(1);
  });

  test("keeps apart what a colleague took apart, however proven, until he merges them himself", async () => {
    const phone = `+45${fresh()}`;
    const [one, other] = [await known(w, a, { name: "One", phone }), await known(w, a, { phone })];
    await link();
    expect((await unmerge(w, a, other)).body.merged_into).toBeNull();
    await w.neon.query("update people.contact_points set judged_at = null where project_id = $1", [a.project]);
    expect(await link()).toMatchObject({ linked: 0, proposed: 0 });
    expect((await merge(w, a, other, one)).status).toBe(200);
    const history = await w.neon.query(
      "select reason, undone_at is null as stands from people.merges where project_id = $1 order by created_at, id",
      [a.project],
    );
    expect(history.map((row) => [row["reason"], row["stands"]])).toEqual(
      expect.arrayContaining([
        ["same_address", false],
        ["operator", true],
      ]),
    );
  });

  test("stays inside a project", async () => {
    const phone = `+45${fresh()}`;
    const theirs = await known(w, w.b, { name: "Theirs", phone });
    const ours = await known(w, a, { name: "Ours", phone });
    expect(await link()).toMatchObject({ linked: 0, proposed: 0 });
    expect([await speaker(w, a, ours), await speaker(w, w.b, theirs)]).toEqual([ours, theirs]);
  });
});

describe("intake asks for it, and does nothing itself", () => {
  const wanted = async () => {
    await deliver(w, "shared.sweep", { project: a.project });
    w.clock.advance(60_000);
    await deliver(w, "shared.sweep", { project: a.project });
    const kinds = w.queue.published.map(({ kind }) => kind).filter((kind) => kind === "people.link");
    await deliverPublished(w);
    return kinds.length;
  };

  test("an SMS from a number that two share gets a record of its own and proposals; a number nobody has asks for nothing", async () => {
    const source: Bound = await bound(w, a, "twilio");
    await twilioCalls(w, source, smsForm(source, `+45${fresh()}`, "Hello"));
    expect(await wanted()).toBe(0);
    const phone = `+45${fresh()}`;
    for (const name of ["Anna", "Ida"]) await known(w, a, { name, phone, proof: "office" });
    await twilioCalls(w, source, smsForm(source, phone, "Hvornår kommer I?"));
    expect(await open()).toEqual([]);
    expect(await wanted()).toBe(1);
    expect(await open()).toHaveLength(3);
  });

  test("a Chatwoot contact who writes through an SMS inbox has proven his number; one of the website has not", async () => {
    const phone = `+45${fresh()}`;
    const email = `${fresh()}@example.dk`;
    const byPhone = await known(w, a, { name: "Sms", phone });
    const byMail = await known(w, a, { name: "Mail", email });
    const [sms, web] = [talk(a), talk(a)];
    const inSms = conversation(sms, {
      channel: "Channel::TwilioSms",
      meta: { sender: { ...contact(sms, { phone_number: phone, email: null }), type: "contact" } },
    });
    const inWeb = conversation(web, {
      channel: "Channel::WebWidget",
      meta: { sender: { ...contact(web, { email, phone_number: null }), type: "contact" } },
    });
    for (const [at, talks, more] of [
      [sms, inSms, { phone_number: phone, email: null }],
      [web, inWeb, { email, phone_number: null }],
    ] as const) {
      const sender = { ...contact(at, more), type: "contact" };
      expect(await heard(w, a, message(at, { content: "Hej", conversation: talks, sender }))).toBe("stored");
    }
    expect(await wanted()).toBe(1);
    const persons = await w.neon.query("select contact_id, person_id from inbox.cw_contacts where project_id = $1", [
      a.project,
    ]);
    const personOf = (at: { contact: number }) =>
      String(persons.find((row) => Number(row["contact_id"]) === at.contact)?.["person_id"]);
    expect(await speaker(w, a, personOf(sms))).toBe(await speaker(w, a, byPhone));
    expect(await speaker(w, a, personOf(web))).toBe(personOf(web));
    expect(await open()).toMatchObject([
      { why: "unproven", kind: "email", people: [{ id: byMail }, { id: personOf(web) }] },
    ]);
  });
});
