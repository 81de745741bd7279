// Promises end to end: said in a message that left, kept or moved by what the ledger says, broken when nothing came of it.
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { signedIn, textOf } from "#test/console/visitor.ts";
import { caller, technician } from "#test/field/floor.ts";
import { heard, message } from "#test/inbox/chatwoot.ts";
import { scriptedCarrier } from "#test/kit/carrier.ts";
import { deliver } from "#test/kit/jobs.ts";
import { type World, world } from "#test/kit/world.ts";
import { type Customer, customer, dispatchDue, queueMessage } from "#test/outbound/customer.ts";

let w: World;
let c: Customer;
type Promised = {
  id: string;
  what: string;
  state: string;
  sentence: string | null;
  due_at: string;
  job: string | null;
  settled_by: string | null;
};

beforeAll(async () => {
  w = await world({ carriers: { twilio: scriptedCarrier().port }, now: "2026-11-23T09:00:00.000Z" });
  await w.neon.query(
    `insert into outbound.settings (project_id, account_scope_id, cap_count) values ($1, $2, 100)
     on conflict (project_id) do update set cap_count = 100`,
    [w.a.project, w.a.accountScope],
  );
  await w.neon.query("update identity.projects set timezone = 'Europe/Copenhagen' where id = $1", [w.a.project]);
  c = await customer(w, w.a);
});

const watch = async () => {
  const answer = await deliver(w, "insight.promises.watch", { project: w.a.project });
  expect(answer.status).toBe(200);
  return (await answer.json()) as { made: number; settled: number };
};
const get = async <T>(path: string) => (await (await w.fetch(path, { key: w.a.apiKey })).json()) as { data: T[] };
const promises = async (state: string) => (await get<Promised>(`/v1/insight/promises?state=${state}`)).data;

async function say(text: string, to = c): Promise<string> {
  const id = await queueMessage(w, w.a, to, { text });
  await dispatchDue(w, w.a);
  return id;
}

test("said, not done, the clock goes on: a risk that links the sentence, once", async () => {
  await say("Hello Mette! We come at 15:00. Have a nice day.");
  expect(await watch()).toEqual({ made: 1, settled: 0, beliefs: 0 });
  expect(await watch()).toEqual({ made: 0, settled: 0, beliefs: 0 });
  const [open] = await promises("open");
  expect(open).toMatchObject({
    what: "come",
    sentence: "We come at 15:00.",
    due_at: "2026-11-23T14:00:00Z",
    job: null,
  });

  w.clock.set("2026-11-23T14:29:00.000Z");
  expect(await watch()).toEqual({ made: 0, settled: 0, beliefs: 0 });
  w.clock.set("2026-11-23T14:31:00.000Z");
  expect(await watch()).toEqual({ made: 0, settled: 1, beliefs: 0 });
  expect(await watch()).toEqual({ made: 0, settled: 0, beliefs: 0 });
  const { data } = await get<Record<string, unknown>>("/v1/insight/risks");
  expect(data).toEqual([
    expect.objectContaining({
      kind: "promise_broken",
      severity: 1,
      sentence: "We come at 15:00.",
      about: { type: "promise", id: open?.id },
      opened: 1,
    }),
  ]);
});

test("kept by who was on the way, moved when the client was told, by hand where it was the telephone", async () => {
  w.clock.set("2026-11-24T07:00:00.000Z");
  const office = caller(w, w.a.apiKey);
  const thomas = await technician(w, w.a);
  const [kept, moved, called] = [await customer(w, w.a), await customer(w, w.a), await customer(w, w.a)];
  const jobOf = async (of: Customer, start: string) => {
    const job = String((await office("/v1/field/jobs", { client: of.person, title: "the pump" })).body["id"]);
    const booked = await office("/v1/field/schedule", { job, tech: thomas.id, start, minutes: 60 });
    expect(booked.status).toBe(201);
    return { job, booked: booked.body as { id: string; version: number } };
  };
  const first = await jobOf(kept, "2026-11-24T10:00:00+01:00");
  const second = await jobOf(moved, "2026-11-24T13:00:00+01:00");
  await say("We come today at 10:00.", kept);
  await say("Vi kommer i dag kl. 13.", moved);
  await say("I will call you today at 12.", called);
  expect(await watch()).toMatchObject({ made: 3 });
  const open = await promises("open");
  expect(open.map(({ what, job }) => [what, job])).toEqual([
    ["come", second.job],
    ["call", null],
    ["come", first.job],
  ]);

  const way = { id: `way-of-${process.pid}-0001`, job_id: first.job, kind: "on_my_way", at: "2026-11-24T08:45:00Z" };
  w.clock.set("2026-11-24T08:46:00.000Z");
  expect((await thomas.call("/v1/field/acts", { acts: [way] })).status).toBe(200);
  const move = await office(`/v1/field/schedule/${second.booked.id}/reschedule`, {
    start: "2026-11-24T14:00:00+01:00",
    version: second.booked.version,
  });
  expect(move.status).toBe(201);
  // Moved, but he was not told yet.
  expect(await watch()).toMatchObject({ settled: 1 });
  await deliver(w, "field.notices.tell", { project: w.a.project });
  w.clock.advance(180_000);
  await dispatchDue(w, w.a);
  await watch();
  const byHand = (id: string | undefined, state: string) => office(`/v1/insight/promises/${id}/settle`, { state });
  const call = open.find(({ what }) => what === "call")?.id;
  expect((await byHand(call, "kept")).body).toMatchObject({
    state: "kept",
    settled_by: expect.stringMatching(/^key:/),
  });
  expect((await byHand(call, "withdrawn")).body).toMatchObject({ code: "promise_settled", state: "kept" });
  expect((await byHand("cmt_none", "kept")).status).toBe(404);
  w.clock.set("2026-11-24T20:00:00.000Z");
  await watch();
  const states = async (of: Customer) =>
    (await get<Promised>(`/v1/insight/promises?contact=${of.person}`)).data.map(
      ({ what, state }) => `${what} ${state}`,
    );
  expect(await states(kept)).toEqual(["come kept"]);
  expect(await states(moved)).toEqual(["come moved"]);
  expect(await states(called)).toEqual(["call kept"]);
  expect((await get("/v1/insight/risks")).data).toHaveLength(1);
});

test("another time for the same is the older one moved; a reply keeps a call; what a colleague wrote in the inbox counts", async () => {
  w.clock.set("2026-11-25T08:00:00.000Z");
  const [one, two] = [await customer(w, w.a), await customer(w, w.a)];
  await say("We come tomorrow at 9.", one);
  await watch();
  w.clock.advance(600_000);
  await say("We come tomorrow at 9:00, as we said. Bring the key.", one);
  await watch();
  w.clock.advance(600_000);
  await say("Sorry, something came up: we come tomorrow at 11.", one);
  const said = message(two.talk, {
    content: "> will you call?\nI will call you today before 16:00.",
    message_type: "outgoing",
    created_at: w.clock.now().toISOString(),
    conversation: two.conversation(),
  });
  expect(await heard(w, w.a, said)).toBe("stored");
  expect(await watch()).toMatchObject({ made: 2 });
  const of = async (customer: Customer) =>
    (await get<Promised>(`/v1/insight/promises?contact=${customer.person}`)).data;
  expect((await of(one)).map(({ state, due_at }) => [state, due_at])).toEqual([
    ["open", "2026-11-26T10:00:00Z"],
    ["moved", "2026-11-26T08:00:00Z"],
  ]);
  expect(await of(two)).toMatchObject([
    { what: "call", sentence: "I will call you today before 16:00.", state: "open" },
  ]);
  w.clock.advance(3_600_000);
  const reply = await say("It was good to talk to you.", two);
  await watch();
  expect(await of(two)).toMatchObject([{ state: "kept", settled_by: reply }]);
});

test("a question, a condition, the client's own words and marketing promise nothing", async () => {
  const quiet = await customer(w, w.a);
  await say("Shall we come at 15:00?", quiet);
  await say("If you are at home, we come tomorrow at 9.", quiet);
  await say('You wrote "we come at 15:00 tomorrow". Please say more.', quiet);
  const asked = message(quiet.talk, {
    content: "We come at 15:00 tomorrow.",
    created_at: w.clock.now().toISOString(),
    conversation: quiet.conversation(),
  });
  const note = message(quiet.talk, {
    content: "We come at 15:00 tomorrow.",
    private: true,
    message_type: "outgoing",
    created_at: w.clock.now().toISOString(),
    conversation: quiet.conversation(),
  });
  for (const one of [asked, note]) expect(await heard(w, w.a, one)).toBe("stored");
  await queueMessage(w, w.a, quiet, { text: "We come tomorrow at 16:00." });
  // Queued, not left.
  expect(await watch()).toMatchObject({ made: 0 });
});

test("the console shows the broken sentence and what is open; a click settles a promise and dismisses a risk, and that stays so", async () => {
  const person = await signedIn(w, w.a);
  const [open] = await promises("open");
  const shown = textOf((await person.get("/console/promises")).html);
  expect(shown).toContain("Promise broken");
  expect(shown).toContain("We come at 15:00.");
  expect(shown).toContain(open?.sentence);
  expect(textOf((await person.get("/console/promises?state=broken")).html)).toContain("Broken");
  expect((await person.get("/console/promises?state=strange")).status).toBe(404);
  for (const _ of [1, 2])
    expect((await person.post(`/console/promises/${open?.id}`, { state: "kept" })).status).toBe(303);
  expect(await promises("open")).toEqual([]);
  const [risk] = (await get<{ id: string }>("/v1/insight/risks")).data;
  for (const _ of [1, 2]) expect((await person.post(`/console/promises/risks/${risk?.id}`, {})).status).toBe(303);
  await watch();
  expect((await get("/v1/insight/risks")).data).toEqual([]);
});

test("a promise is settled once, whatever is tried and in whatever order", async () => {
  const states = ["kept", "moved", "broken", "withdrawn"] as const;
  const [row] = await w.neon.query("select id from world.commitments where project_id = $1 limit 1", [w.a.project]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...states), { minLength: 1, maxLength: 5 }), async (tried) => {
      const id = w.runtime.ids.next("commitment");
      await w.neon.query(
        `insert into world.commitments (project_id, account_scope_id, id, message_table, message_id, words_from, words_to, what, said_at, due_at, keep_until)
         select project_id, account_scope_id, $2, message_table, $2, 0, 5, what, said_at, due_at, keep_until from world.commitments where id = $1`,
        [row?.["id"], id],
      );
      for (const state of tried) {
        const change = w.neon.query(
          `update world.commitments set state = '${state}', settled_at = shared.clock() where id = $1`,
          [id],
        );
        if (state === tried[0]) await change;
        else await expect(change).rejects.toThrow("promise_settled");
      }
      const [left] = await w.neon.query("select state from world.commitments where id = $1", [id]);
      expect(left?.["state"]).toBe(tried[0]);
    }),
    { numRuns: 20 },
  );
});
