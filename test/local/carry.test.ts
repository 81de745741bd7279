// A project in a folder: fetched part by part, brought in piece by piece, and after any break it goes on where it stopped.
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ask, asker, exportTo, importFrom, Refused } from "#local/carry.ts";
import { say } from "#test/assistant/talking.ts";
import { caller, client } from "#test/field/floor.ts";
import { memoryBucket } from "#test/kit/objects.ts";
import { publicUrl, type World, world } from "#test/kit/world.ts";
import { known } from "#test/people/office.ts";
import { emptyProject } from "#test/shared/carrying.ts";

let w: World;
const folder = mkdtempSync(join(tmpdir(), "omneuro-carry-"));
const said: string[] = [];
const note = (line: string) => void said.push(line);

const place = memoryBucket();
/** An address without the key, as a browser or a script sends it. */
const send = (async (url: string, sent?: RequestInit) => w.fetch(url, sent as never)) as unknown as typeof fetch;
const png = (n: number) => new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, n, 2, 3]);

/** Photos of a job: the first is in its place, the second deleted, the third announced only. */
async function photographed(): Promise<string> {
  const call = caller(w, w.a.apiKey);
  const job = String((await call("/v1/field/jobs", { client: await client(w, w.a), title: "Wheel" })).body["id"]);
  const at = `/v1/field/jobs/${job}/photos`;
  type Announced = { photo: { id: string }; upload: { url: string } };
  const announce = async () => (await call(at, { type: "image/png" })).body as unknown as Announced;
  const [kept, deleted] = [await announce(), await announce()];
  await announce();
  for (const [n, { upload }] of [kept, deleted].entries())
    expect((await w.fetch(upload.url, { method: "PUT", body: png(n) })).status).toBe(201);
  await call(`${at}/delete`, { photo: deleted.photo.id });
  return kept.photo.id;
}

let photo: string;

beforeAll(async () => {
  w = await world({ bucket: place.bucket });
  photo = await photographed();
  for (let i = 0; i < 5; i++) await known(w, w.a, { name: `Mette ${i}`, phone: `+452030406${i}` });
  await say(w, w.a, "Order the pump");
  // An account outside feeds one project of an installation only.
  await w.neon.query("delete from identity.project_sources where project_id = $1", [w.a.project]);
  w.clock.set("2031-01-01T08:00:00.000Z");
});
afterAll(() => rmSync(folder, { recursive: true }));

const of = (key: string): Ask =>
  asker({ url: publicUrl, key, fetch: async (place, sent) => w.fetch(new URL(String(place)).pathname, sent) });

/** Breaks off before the request that `fits`, each time it comes. */
const broken =
  (ask: Ask, fits: RegExp): Ask =>
  async (path, body) => {
    if (fits.test(path)) throw new Error("the line went dead");
    return ask(path, body);
  };

test("goes from a folder into an empty project, each after a break", async () => {
  const ask = of(w.a.apiKey);
  await expect(exportTo(broken(ask, /parts\/2$/), { folder, mine: false, say: note })).rejects.toThrow("went dead");
  const before = readdirSync(folder).sort();
  expect(before).toEqual(["export.json", "hash-key", "part-0000001.jsonl"]);
  expect(before.map((name) => statSync(join(folder, name)).mode & 0o077)).toEqual([0, 0, 0]);
  const arrived = await emptyProject(w);
  const there = of(arrived.apiKey);
  await expect(importFrom(there, { folder, say: note })).rejects.toThrow("part-0000002.jsonl is missing");
  const plan = await exportTo(ask, { folder, mine: false, say: note, send });
  expect(readdirSync(join(folder, "photos"))).toEqual([photo]);
  expect(said).toEqual(Array.from({ length: plan.parts }, (_, i) => `part ${i + 1} of ${plan.parts}`));

  await expect(importFrom(broken(there, /finish$/), { folder, say: note })).rejects.toThrow("went dead");
  said.length = 0;
  place.broken.add("put");
  await expect(importFrom(there, { folder, say: note, send })).rejects.toThrow(Refused);
  place.broken.clear();
  expect(await importFrom(there, { folder, say: note, send })).toMatchObject({ state: "done" });
  expect(said).toEqual([`photo ${photo}`]);
  // Byte for byte, under the new project's name; another picture in its place is refused.
  const key = `${arrived.project}/photos/${photo}`;
  expect(place.held.get(key)).toEqual({ bytes: png(0), type: "image/png" });
  place.held.delete(key);
  const { upload } = await there<{ upload: { url: string } }>(`/v1/field/job-photos/${photo}`);
  const other = await w.fetch(upload.url, { method: "PUT", body: png(9) });
  expect([other.status, await other.json()]).toMatchObject([409, { code: "photo_differs" }]);
  expect(place.held.has(key)).toBe(false);
  const count = async (project: string) =>
    (await w.neon.query("select count(*)::int as n from people.contacts where project_id = $1", [project]))[0]?.["n"];
  expect(await count(arrived.project)).toBe(await count(w.a.project));
  const own = await importFrom(there, { folder, say: note });
  expect(own.state).toBe("done");
  await expect(importFrom(of("omn_none"), { folder, say: note })).rejects.toThrow(Refused);
});

test("what is one's own is another export, and does not mix with the project's", async () => {
  const ask = of(w.a.apiKey);
  await expect(exportTo(ask, { folder, mine: true, say: note })).rejects.toThrow("another kind");
  const mine = join(folder, "mine");
  await exportTo(ask, { folder: mine, mine: true, say: note });
  expect(readdirSync(mine)).not.toContain("hash-key");
});
