// Whoever was erased here is still in Chatwoot: no reading of its API brings him back, and he may return by writing.
import { afterAll, beforeAll, expect, test } from "vitest";
import { count, rows } from "#test/inbox/chatwoot.ts";
import { ask, foundIn, run } from "#test/shared/forgotten.ts";
import { arrive, type Bound, bound, reconcile, start, step } from "./account.ts";

let it: Bound;
beforeAll(async () => {
  it = await bound();
});
afterAll(() => it.close());

const word = `kanarie${process.pid}sync`;
const frida = { name: `Frida ${word}`, phone: "+4520304077" };
const karl = { name: "Karl Bech", phone: "+4520304051" };

async function synced(job?: string) {
  it.w.clock.advance(60_000);
  const told = await reconcile(it, job);
  expect(told).toMatchObject({ state: "done" });
  it.w.clock.advance(60_000);
  return told;
}

test("no catch-up, no check and no full reading brings back who was erased; he does, by writing", async () => {
  const { w, office } = it;
  const { message } = office.customer.writes({ contact: frida, text: `Her er ${word}` });
  office.customer.writes({ contact: karl, text: "Varmepumpen larmer" });
  await arrive(it);
  await synced();
  const [him] = await rows(
    w,
    w.a,
    "select person_id from inbox.cw_contacts where project_id = $1 and phone_number = $2",
    [frida.phone],
  );
  const person = String(him?.["person_id"]);
  await run(w, w.a, await ask(w, w.a, { kind: "person", id: person }));
  expect(await foundIn(w.neon, [word])).toEqual([]);

  for (const job of ["inbox.reconcile", "inbox.gaps", "inbox.reconcile"]) {
    const told = await synced(job);
    expect([job, told.written]).toEqual([job, 0]);
    expect(await foundIn(w.neon, [word])).toEqual([]);
  }
  const full = await start(it, "full");
  for (let told = await step(it, full); told.more; told = await step(it, full)) w.clock.advance(1000);
  expect(await foundIn(w.neon, [word])).toEqual([]);
  expect(await count(w, w.a, "inbox.cw_contacts")).toBe(1);

  office.customer.writes({ contact: frida, text: "Jeg er tilbage" });
  await arrive(it);
  await synced();
  const [back] = await rows(
    w,
    w.a,
    "select person_id from inbox.cw_contacts where project_id = $1 and phone_number = $2",
    [frida.phone],
  );
  expect(back?.["person_id"]).toEqual(expect.stringMatching(/^con_/));
  expect(back?.["person_id"]).not.toBe(person);
  expect(
    await rows(
      w,
      w.a,
      "select content from inbox.cw_messages where project_id = $1 and contact_global_id like 'cwc:%' and message_id >= $2 order by message_id",
      [message.id],
    ),
  ).toEqual(expect.arrayContaining([{ content: "Jeg er tilbage" }]));
  expect(await count(w, w.a, "inbox.cw_messages", `content like '%${word}%'`)).toBe(0);
});
