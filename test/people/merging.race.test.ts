// Colleagues who merge and take apart at the same moment, on a Postgres with many sessions: never a ring, never two winners.
import { beforeAll, expect, test } from "vitest";
import { raceDatabase } from "#test/kit/database.ts";
import { deliver } from "#test/kit/jobs.ts";
import { type World, world } from "#test/kit/world.ts";
import { known, office, unmerge } from "./office.ts";

let w: World;
let desk: ReturnType<typeof office>;
beforeAll(async () => {
  w = await world({ neon: await raceDatabase() });
  desk = office(w, w.a);
});

const put = (from: string, into: string) => desk.post(`/people/contacts/${from}/merge`, { version: 1, into });

test("A into B and B into A at once: exactly one wins", async () => {
  for (let round = 0; round < 6; round++) {
    const [one, other] = [await known(w, w.a, { name: "A" }), await known(w, w.a, { name: "B" })];
    const answers = await Promise.all([put(one, other), put(other, one)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe("same_person");
    const rows = await w.neon.query(
      "select count(*)::int as n from people.contacts where id in ($1, $2) and merged_into is not null",
      [one, other],
    );
    expect(rows[0]?.["n"]).toBe(1);
  }
});

test("five in a circle at once: four merges and one person, whoever was quicker", async () => {
  const ids = await Promise.all(Array.from({ length: 5 }, (_, i) => known(w, w.a, { name: `C${i}` })));
  const answers = await Promise.all(ids.map((id, i) => put(id, ids[(i + 1) % 5] as string)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(4);
  const { body } = await desk.get(`/people/contacts/${ids[0]}`);
  expect(body.records.map((row: { id: string }) => row.id).sort()).toEqual([...ids].sort());
});

test("the rule and a colleague at once merge once; taking apart twice at once happens once", async () => {
  const phone = "+4529990001";
  const [one, other] = [await known(w, w.a, { name: "One", phone }), await known(w, w.a, { phone })];
  const answers = await Promise.all([
    put(other, one).then(({ status }) => status),
    deliver(w, "people.link", { project: w.a.project }).then(({ status }) => status),
    deliver(w, "people.link", { project: w.a.project }).then(({ status }) => status),
  ]);
  expect([200, 409, 412]).toContain(answers[0]);
  expect(answers.slice(1)).toEqual([200, 200]);
  const standing = await w.neon.query(
    "select 1 from people.merges where from_contact_id in ($1, $2) and undone_at is null",
    [one, other],
  );
  expect(standing).toHaveLength(1);
  const apart = await Promise.all([unmerge(w, w.a, other), unmerge(w, w.a, other)]);
  expect(apart.filter(({ status }) => status === 200)).toHaveLength(1);
});
