// The office keeps its clients: a record by hand, found again by whatever one remembers of it, changed by one at a time.
import { beforeAll, describe, expect, test } from "vitest";
import { type World, world } from "#test/kit/world.ts";
import { known, office } from "./office.ts";

let w: World;
let a: ReturnType<typeof office>;
let b: ReturnType<typeof office>;
beforeAll(async () => {
  w = await world();
  [a, b] = [office(w, w.a), office(w, w.b)];
});

describe("a client made by hand", () => {
  test("has his number in one form, whatever was typed, and one request makes him", async () => {
    w.neon.resetStats();
    const made = await a.post("/people/contacts", {
      name: "Karen Blom",
      language: "da",
      timezone: "Europe/Copenhagen",
      preferred_channel: "sms",
      points: [
        { kind: "phone", value: "21 31 41 51" },
        { kind: "email", value: "Karen@Example.DK" },
      ],
    });
    expect(w.neon.stats().requests).toBe(1);
    expect(made).toMatchObject({
      status: 201,
      body: { name: "Karen Blom", origin: "office", merged_into: null, version: 1 },
    });
    const rows = await w.neon.query(
      "select kind, value, value_norm, proof from people.contact_points where contact_id = $1 order by kind",
      [made.body.id],
    );
    expect(rows).toEqual([
      { kind: "email", value: "Karen@Example.DK", value_norm: "karen@example.dk", proof: "office" },
      { kind: "phone", value: "21 31 41 51", value_norm: "+4521314151", proof: "office" },
    ]);
  });

  test("in a project of another country has a number of that country", async () => {
    await w.neon.query("update identity.projects set region = 'SE' where id = $1", [w.b.project]);
    const made = await b.post("/people/contacts", { name: "Åsa", points: [{ kind: "phone", value: "070-123 45 67" }] });
    expect(made.status).toBe(201);
    // What could be a Danish number too is read again once the project has said where it is.
    const both = await b.post("/people/contacts", { name: "Nils", points: [{ kind: "phone", value: "08 123 456" }] });
    const rows = await w.neon.query("select value_norm from people.contact_points where project_id = $1 order by 1", [
      w.b.project,
    ]);
    expect([both.status, rows.map((row) => row["value_norm"])]).toEqual([201, ["+46701234567", "+468123456"]]);
    expect(await b.post("/people/contacts", { name: "X", points: [{ kind: "phone", value: "12" }] })).toMatchObject({
      status: 400,
    });
    await w.neon.query("update identity.projects set region = 'DK' where id = $1", [w.b.project]);
  });

  test("is refused with a number that is none, a time zone that is none, or nothing at all", async () => {
    const refused = await a.post("/people/contacts", { name: "X", points: [{ kind: "phone", value: "hello" }] });
    expect(refused).toMatchObject({
      status: 400,
      body: { code: "invalid_input", errors: [{ pointer: "/points/0/value" }] },
    });
    expect((await a.post("/people/contacts", { name: "X", timezone: "Europe/Atlantis" })).status).toBe(400);
    expect((await a.post("/people/contacts", {})).status).toBe(400);
  });
});

describe("a change", () => {
  test("leaves alone what is not named, empties what is null, and refuses who read an older version", async () => {
    const id = await known(w, w.a, { name: "Mads", phone: "+4522334455" });
    const changed = await a.patch(`/people/contacts/${id}`, {
      version: 1,
      language: "en",
      timezone: "Europe/London",
      notes: "Key under the mat",
    });
    expect(changed.body).toMatchObject({
      name: "Mads",
      language: "en",
      timezone: "Europe/London",
      notes: "Key under the mat",
      version: 2,
    });
    expect(await a.patch(`/people/contacts/${id}`, { version: 1, name: "Late" })).toMatchObject({
      status: 412,
      body: { code: "contact_changed", version: 2 },
    });
    expect(
      (await a.patch(`/people/contacts/${id}`, { version: 2, timezone: null, name: "Mads Friis" })).body,
    ).toMatchObject({
      name: "Mads Friis",
      language: "en",
      timezone: null,
    });
    expect((await b.patch(`/people/contacts/${id}`, { version: 3, name: "Theirs" })).status).toBe(404);
    const told = await w.neon.query(
      "select payload from shared.events where kind = 'contact.updated' and ref_id = $1 order by ts",
      [id],
    );
    expect(told.map((row) => row["payload"])).toEqual([
      { changed: ["language", "notes", "timezone"] },
      { changed: ["name", "timezone"] },
    ]);
    expect(JSON.stringify(told)).not.toContain("mat");
  });

  test("of addresses: one more, the same again is the same, and one less", async () => {
    const id = await known(w, w.a, { name: "Lone" });
    const first = await a.post(`/people/contacts/${id}/points`, { kind: "phone", value: "26 10 20 30" });
    expect(first).toMatchObject({
      status: 201,
      body: { points: [{ kind: "phone", value: "26 10 20 30", proof: "office" }] },
    });
    const again = await a.post(`/people/contacts/${id}/points`, { kind: "phone", value: "+45 26102030" });
    expect(again.body.points).toHaveLength(1);
    const gone = await a.post(`/people/points/${first.body.points[0].id}/remove`, {});
    expect(gone.body.points).toEqual([]);
    expect((await a.post(`/people/points/${first.body.points[0].id}/remove`, {})).body.code).toBe("point_unknown");
  });
});

test("anybody is found by the beginning of his name, number or address, and never another house's", async () => {
  const id = await known(w, w.a, {
    name: "Jørgen Bjerregård-Quist",
    phone: "+4529998877",
    email: "jbq@northfjord.example",
  });
  await known(w, w.b, { name: "Jørgen Bjerregård-Quist", phone: "+4529998877", email: "jbq@northfjord.example" });
  const find = async (q: string) => {
    const { body } = await a.get(`/people/contacts?q=${encodeURIComponent(q)}`);
    return body.data.map((row: { id: string }) => row.id);
  };
  for (const q of ["jør", "bjerre", "Quist Jørgen", "29 99 88", "+45 2999", "0045 2999", "JBQ@north"]) {
    expect([q, await find(q)]).toEqual([q, [id]]);
  }
  for (const q of ["ørgen", "99988", "northfjord", "100%", "_bq@", "' or true --", "!!"])
    expect([q, await find(q)]).toEqual([q, []]);
});

test("the list is turned page by page, without the records that others speak for", async () => {
  const here = await known(w, w.a, { name: "Pagewise One" });
  const there = await known(w, w.a, { name: "Pagewise Two" });
  const third = await known(w, w.a, { name: "Pagewise Three" });
  await w.neon.query("update people.contacts set merged_into = $1 where id = $2", [here, third]);
  const first = await a.get("/people/contacts?q=pagewise&limit=1");
  const second = await a.get(`/people/contacts?q=pagewise&limit=1&cursor=${first.body.next_cursor}`);
  const ids = [first, second].flatMap(({ body }) => body.data.map((row: { id: string }) => row.id));
  expect([ids.sort(), second.body.next_cursor]).toEqual([[here, there].sort(), null]);
});
