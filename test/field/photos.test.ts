// Photos of a job: announced, brought, seen by who has an address, deleted, and swept up after.
import { beforeAll, expect, test } from "vitest";
import { photoKey, typeOf } from "#brain/field/index.ts";
import { signedIn, type Visitor } from "#test/console/visitor.ts";
import { deliver } from "#test/kit/jobs.ts";
import { memoryBucket } from "#test/kit/objects.ts";
import { publicUrl, type World, world } from "#test/kit/world.ts";
import { caller, client, technician } from "./floor.ts";
import { rows } from "./reading.ts";

const place = memoryBucket();
let w: World;
let call: ReturnType<typeof caller>;
let job: string;

beforeAll(async () => {
  w = await world({ bucket: place.bucket });
  call = caller(w, w.a.apiKey);
  const mette = await client(w, w.a);
  job = String((await call("/v1/field/jobs", { client: mette, title: "Wheel" })).body["id"]);
});

const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
type Announced = { photo: { id: string; url: string | null }; upload: { url: string; most_bytes: number } };
const announce = async (type = "image/png") =>
  (await call(`/v1/field/jobs/${job}/photos`, { type })).body as unknown as Announced;
const put = (url: string, body: Uint8Array<ArrayBuffer>) => w.fetch(url, { method: "PUT", body });
const photos = async () =>
  (await call(`/v1/field/jobs/${job}`)).body["photos"] as { id: string; state: string; url: string | null }[];
const urlOf = async (id: string) => (await photos()).find((one) => one.id === id)?.url ?? "";

test("is announced, brought once, and seen at an address that ends", async () => {
  const { photo, upload } = await announce();
  expect(photo).toMatchObject({ state: "awaited", url: null });
  expect(upload.url.startsWith(`${publicUrl}/v1/field/photos/`)).toBe(true);
  expect((await put(upload.url, png)).status).toBe(201);
  expect((await put(upload.url, png)).status).toBe(201);
  const key = photoKey({ project: w.a.project, photo: photo.id });
  expect(place.held.get(key)).toMatchObject({ type: "image/png" });
  const url = await urlOf(photo.id);
  w.neon.resetStats();
  const seen = await w.fetch(url);
  expect([seen.status, seen.headers.get("content-type"), seen.headers.get("cache-control")]).toEqual([
    200,
    "image/png",
    "private, max-age=900",
  ]);
  expect(seen.headers.get("content-security-policy")).toContain("sandbox");
  expect(new Uint8Array(await seen.arrayBuffer())).toEqual(png);
  expect(w.neon.stats().requests).toBe(0);
  expect(await urlOf(photo.id)).toBe(url);
  w.clock.advance(31 * 60_000);
  expect((await w.fetch(url)).status).toBe(410);
  expect((await put(upload.url, png)).status).toBe(410);
  expect((await w.fetch(await urlOf(photo.id))).status).toBe(200);
});

test("is nobody's without our address: changed, of another kind, in another's name, too big, of the wrong sort", async () => {
  const { photo, upload } = await announce("image/jpeg");
  expect((await put(upload.url, png)).status).toBe(415);
  expect((await put(upload.url, new Uint8Array(upload.most_bytes + 1))).status).toBe(413);
  expect((await w.fetch(upload.url)).status).toBe(404);
  expect((await w.fetch(upload.url, { method: "DELETE" })).status).toBe(405);
  const last = upload.url.slice(-6);
  for (const forged of [
    upload.url.replace(photo.id, "pho_other"),
    upload.url.replace(w.a.project, w.b.project),
    upload.url.replace(last, "AAAAAA"),
    `${publicUrl}/v1/field/photos/x`,
  ])
    expect((await put(forged, png)).status).toBe(404);
  expect([...place.held.keys()].filter((key) => key.includes(photo.id))).toEqual([]);
  expect(["image/jpeg", "image/webp", undefined]).toEqual([
    typeOf(new Uint8Array([0xff, 0xd8, 0xff, 0])),
    typeOf(new Uint8Array([0x52, 0x49, 0x46, 0x46, 0, 0, 0, 0, 0x57, 0x45, 0x42, 0x50])),
    typeOf(new TextEncoder().encode("<svg onload=alert(1)>")),
  ]);
  const thomas = await technician(w, w.a);
  expect(await thomas.call(`/v1/field/jobs/${job}/photos`, {})).toMatchObject({ status: 404 });
});

test("is deleted with its file, at once or by the sweep; one that was never brought leaves after a day", async () => {
  const kept = await announce();
  const [gone, stuck, never] = [await announce(), await announce(), await announce()];
  for (const { upload } of [kept, gone, stuck]) await put(upload.url, png);
  const remove = (id: string) => call(`/v1/field/jobs/${job}/photos/delete`, { photo: id });
  expect(await remove(gone.photo.id)).toMatchObject({ status: 200, body: { deleted: true } });
  await w.settled();
  const holds = (id: string) => place.held.has(photoKey({ project: w.a.project, photo: id }));
  expect(holds(gone.photo.id)).toBe(false);
  place.broken.add("delete");
  expect((await remove(stuck.photo.id)).status).toBe(200);
  await w.settled();
  place.broken.clear();
  expect([holds(stuck.photo.id), await remove(stuck.photo.id)]).toMatchObject([true, { status: 404 }]);
  w.clock.advance(25 * 3_600_000);
  expect((await deliver(w, "field.photos.sweep", { project: w.a.project, id: "obx_sweep" })).status).toBe(200);
  expect([holds(stuck.photo.id), holds(kept.photo.id)]).toEqual([false, true]);
  expect(await rows(w, w.a, "field.job_photos", `id = '${never.photo.id}'`)).toMatchObject([{ state: "deleted" }]);
  expect((await photos()).map((one) => one.id)).not.toContain(never.photo.id);
});

test("is added and deleted on the job's page, without a script", async () => {
  const person: Visitor = await signedIn(w, w.a);
  const { html } = await person.get(`/console/jobs/${job}`);
  const csrf = /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
  const send = (bytes: Uint8Array<ArrayBuffer>, fields: Record<string, string>) =>
    person.upload(`/console/jobs/${job}/photos`, bytes, fields);
  expect((await send(png, { csrf: "wrong", once: "1", caption: "x" })).status).toBe(403);
  expect((await send(new TextEncoder().encode("no picture"), { csrf, once: "1" })).status).toBe(415);
  expect((await send(png, { csrf, once: "2", caption: "The left wheel" })).status).toBe(303);
  const page = (await person.get(`/console/jobs/${job}`)).html;
  expect(page).toContain('alt="The left wheel"');
  const mine = (await photos()).at(-1);
  expect((await person.post(`/console/jobs/${job}/photos/delete`, { once: "3", photo: mine?.id ?? "" })).status).toBe(
    303,
  );
  expect((await person.get(`/console/jobs/${job}`)).html).not.toContain('alt="The left wheel"');
});
