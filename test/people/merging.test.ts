// Two records are one person, and are taken apart again: who hears what, who may be written to and what belongs to whom follows at once.
import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Audience } from "#brain/memory/audience.ts";
import { heard, message } from "#test/inbox/chatwoot.ts";
import { type ScriptedCarrier, scriptedCarrier } from "#test/kit/carrier.ts";
import { bound, fresh, smsForm, twilioCalls } from "#test/kit/providers.ts";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { recallIn, texts } from "#test/memory/recalling.ts";
import { contactId, remember } from "#test/memory/remember.ts";
import { type Customer, customer, dispatchDue, queueMessage } from "#test/outbound/customer.ts";
import { known, merge, office, speaker, unmerge, versionOf } from "./office.ts";

let w: World;
let carrier: ScriptedCarrier;
let a: Tenant;
let desk: ReturnType<typeof office>;
beforeAll(async () => {
  carrier = scriptedCarrier();
  w = await world({ carriers: { twilio: carrier.port } });
});
beforeEach(async () => {
  a = await tenant(w.neon, "merge");
  desk = office(w, a);
  carrier.accepted.splice(0);
});

describe("what a person may hear", () => {
  test("is his merged records' words and nobody else's, and after they are taken apart his own again", async () => {
    await remember(w.neon, a, [
      { text: "canary-ann filter size is 20", contact: 1, conversation: 1 },
      { text: "canary-old filter size is 21", contact: 2, conversation: 2 },
      { text: "canary-bob filter size is 30", contact: 3, conversation: 3 },
      { text: "canary-note filter size of Ann is wrong", contact: 1, conversation: 1, visibility: 2 },
    ]);
    const [ann, old, bob] = [1, 2, 3].map((number) => contactId(a, number)) as [string, string, string];
    const recall = recallIn(w);
    const hears = async (id: string) => {
      const audience: Audience = { kind: "contact", id };
      return texts(await recall(a, "canary filter size", { audience }))
        .map((text) => text.split(" ")[0])
        .sort();
    };
    const apart = { [ann]: ["canary-ann"], [old]: ["canary-old"], [bob]: ["canary-bob"] };
    const all = async () =>
      Object.fromEntries(await Promise.all([ann, old, bob].map(async (id) => [id, await hears(id)] as const)));
    expect(await all()).toEqual(apart);
    expect((await merge(w, a, old, ann)).body).toMatchObject({ id: old, merged_into: ann });
    const both = ["canary-ann", "canary-old"];
    expect(await all()).toEqual({ [ann]: both, [old]: both, [bob]: ["canary-bob"] });
    expect((await unmerge(w, a, old)).body).toMatchObject({ id: old, merged_into: null });
    expect(await all()).toEqual(apart);
  });

  test("what is heard while they are one belongs to the record that has the address, and goes with it", async () => {
    const source = await bound(w, a, "twilio");
    const [first, second] = [`+45${fresh()}`, `+45${fresh()}`];
    const [mine, theirs] = [
      await known(w, a, { name: "Mine", phone: first }),
      await known(w, a, { name: "Theirs", phone: second }),
    ];
    await merge(w, a, theirs, mine);
    await twilioCalls(w, source, smsForm(source, second, "my gate opens with a canary"));
    await twilioCalls(w, source, smsForm(source, first, "I have no gate"));
    const heardOf = async (contact: string) =>
      (await desk.get(`/field/messages?contact=${contact}`)).body.data.map((row: { text: string }) => row.text).sort();
    expect(await heardOf(mine)).toEqual(["I have no gate", "my gate opens with a canary"]);
    await unmerge(w, a, theirs);
    expect([await heardOf(mine), await heardOf(theirs)]).toEqual([["I have no gate"], ["my gate opens with a canary"]]);
    const recall = recallIn(w);
    expect(texts(await recall(a, "gate canary", { audience: { kind: "contact", id: mine } }))).toEqual([
      "I have no gate",
    ]);
  });
});

describe("who may be written to", () => {
  let one: Customer;
  let other: Customer;
  beforeEach(async () => {
    one = await customer(w, a);
    other = await customer(w, a);
  });
  const states = async (...ids: string[]) => {
    const rows = await w.neon.query("select id, state, code from outbound.messages where project_id = $1", [a.project]);
    return ids.map((id) => rows.find((row) => row["id"] === id)).map((row) => row?.["code"] ?? row?.["state"]);
  };

  test("an opt-out that either record ever said holds for both, and only for whom it was said once they are apart", async () => {
    const stop = message(one.talk, {
      content: "STOP",
      created_at: w.clock.now().toISOString(),
      conversation: one.conversation(),
    });
    expect(await heard(w, a, stop)).toBe("stored");
    const before = await queueMessage(w, a, other);
    await merge(w, a, one.person, other.person);
    await dispatchDue(w, a);
    expect(await states(before)).toEqual(["opt_out"]);
    expect(carrier.accepted.map(({ to }) => to)).not.toContain(other.phone);
    const { body: ways } = await desk.get(`/outbound/people/${other.person}/ways`);
    expect(ways.policies.filter((row: { channel: string }) => row.channel === "sms")).toMatchObject([
      { opted_out_by: "keyword" },
    ]);

    await unmerge(w, a, one.person);
    const after = await queueMessage(w, a, other);
    await dispatchDue(w, a);
    expect(carrier.accepted.map(({ ref }) => ref)).toContain(after);
  });

  test("places under the cap are the person's, whichever record was written to", async () => {
    await merge(w, a, one.person, other.person);
    await desk.post(`/outbound/policies/${one.person}/cap`, { channel: "sms", cap_count: 1, cap_seconds: 3600 });
    const [first, second] = [await queueMessage(w, a, one), await queueMessage(w, a, other)];
    await dispatchDue(w, a);
    expect((await states(first, second)).sort()).toEqual(["frequency_cap_reached", "submitted"]);
    const listed = await desk.get(`/outbound/messages?contact=${one.person}`);
    expect(listed.body.data.map((row: { id: string }) => row.id).sort()).toEqual([first, second].sort());
    const talks = await desk.get(`/inbox/conversations?contact=${other.person}`);
    expect(talks.body.data).toHaveLength(2);
  });

  test("a segment holds a person once, by what any of his records has", async () => {
    const bare = await known(w, a, { name: "No number" });
    await merge(w, a, one.person, bare);
    const count = async () => {
      const filter = {
        all: [
          { field: "reachable", on: "sms" },
          { field: "name", contains: "number" },
        ],
      };
      return (await desk.post("/outbound/segments/count", { filter })).body.people;
    };
    expect(await count()).toBe(1);
    await unmerge(w, a, one.person);
    expect(await count()).toBe(0);
  });

  test("a message to the other record's address is filed under that record", async () => {
    await merge(w, a, one.person, other.person);
    const id = await queueMessage(w, a, other, { recipient: one.phone });
    const [row] = await w.neon.query("select contact_id, recipient from outbound.messages where id = $1", [id]);
    expect([other.phone, one.phone]).toContain(row?.["recipient"]);
    expect(row?.["contact_id"]).toBe(row?.["recipient"] === one.phone ? one.person : other.person);
  });
});

describe("what is refused", () => {
  test("a ring, oneself, a record that another speaks for, an older version, another house's, an erased one", async () => {
    const [one, two, three] = [
      await known(w, a, { name: "1" }),
      await known(w, a, { name: "2" }),
      await known(w, a, { name: "3" }),
    ];
    const theirs = await known(w, w.b, { name: "theirs" });
    expect((await merge(w, a, two, one)).status).toBe(200);
    expect((await merge(w, a, one, two)).body.code).toBe("same_person");
    expect((await merge(w, a, one, one)).body.code).toBe("same_person");
    expect((await merge(w, a, two, three)).body).toMatchObject({ code: "contact_merged", speaker: one });
    expect((await merge(w, a, three, theirs)).body.code).toBe("contact_unknown");
    const late = await desk.post(`/people/contacts/${three}/merge`, { version: 7, into: one });
    expect(late).toMatchObject({ status: 412, body: { code: "contact_changed", version: 1 } });
    expect((await unmerge(w, a, one)).body.code).toBe("contact_not_merged");
    await w.neon.query("update people.contacts set erased_at = now() where id = $1", [three]);
    expect((await merge(w, a, three, one)).body.code).toBe("person_erased");
    const acts = await w.neon.query(
      "select outcome, count(*)::int as n from shared.audit_events where project_id = $1 and action = 'people.contact.merged' group by 1 order by 1",
      [a.project],
    );
    await w.settled();
    expect(acts[0]).toEqual({ outcome: "done", n: 1 });
  });
});

test("whatever is merged and taken apart in whatever order, persons are a forest of exactly the merges that stand", async () => {
  const people = await Promise.all(Array.from({ length: 6 }, (_, i) => known(w, a, { name: `P${i}` })));
  const step = fc.record({ from: fc.nat(5), into: fc.nat(5), apart: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      const model = new Map<string, string>();
      const top = (id: string): string => (model.has(id) ? top(String(model.get(id))) : id);
      for (const { from, into, apart } of steps) {
        const [one, other] = [people[from] as string, people[into] as string];
        const answer = apart ? await unmerge(w, a, one) : await merge(w, a, one, other);
        const may = apart ? model.has(one) : !model.has(one) && top(other) !== one;
        expect([answer.status, answer.body.code]).toEqual([may ? 200 : 409, may ? undefined : answer.body.code]);
        if (may && apart) model.delete(one);
        if (may && !apart) model.set(one, other);
      }
      const rows = await w.neon.query(
        "select id, merged_into from people.contacts where project_id = $1 and merged_into is not null",
        [a.project],
      );
      expect(new Map(rows.map((row) => [String(row["id"]), String(row["merged_into"])]))).toEqual(model);
      for (const id of people) expect(await speaker(w, a, id)).toBe(top(id));
      const standing = await w.neon.query(
        "select from_contact_id as f, into_contact_id as i from people.merges where project_id = $1 and undone_at is null",
        [a.project],
      );
      expect(new Map(standing.map((row) => [String(row["f"]), String(row["i"])]))).toEqual(model);
      for (const id of [...model.keys()]) await unmerge(w, a, id);
      expect(await versionOf(w, a, people[0] as string)).toBeGreaterThan(0);
    }),
    { numRuns: 6 },
  );
});
