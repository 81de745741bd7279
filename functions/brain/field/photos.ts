/** Photos of a job: announced first, brought next, never to be seen without an address of ours; deleted, and swept up after. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { sha256 } from "../kernel/digest.ts";
import { Fault } from "../kernel/fault.ts";
import type { Objects } from "../kernel/ports.ts";
import { verb } from "../kernel/verb.ts";
import { jobId } from "./job.ts";
import { largestPhoto, Photo, photoColumns, photoKey, photoTypes, photoUrl, photoView, typeOf } from "./photo.ts";

function bucket(ctx: Ctx): Objects {
  if (ctx.ports.objects) return ctx.ports.objects;
  throw new Fault("unavailable", "photos_unconfigured", { detail: "The Worker has no bucket bound as PHOTOS." });
}

const Announced = () =>
  z.object({
    photo: Photo(),
    upload: z.object({
      method: z.literal("PUT"),
      url: z.string().describe("Bring the picture there within a quarter of an hour, as the whole body"),
      most_bytes: z.int(),
    }),
  });

async function announced(row: Record<string, unknown>, ctx: Ctx, from: Date) {
  const photo = await photoView(row, ctx);
  const url = await photoUrl(ctx, { act: "put", photo: photo.id, from });
  return { photo, upload: { method: "PUT" as const, url, most_bytes: largestPhoto } };
}

export const addPhoto = verb(
  {
    name: "field.photos.add",
    summary: "Announce a photo of a job, and be told where to bring it",
    needs: "field:work",
    effect: "write",
    faults: ["job_unknown", "photos_too_many"],
    input: () =>
      z.object({
        id: jobId(),
        type: z.enum(photoTypes).default("image/jpeg"),
        caption: z.string().max(500).default(""),
      }),
    output: Announced,
    example: () => ({ id: "job_0", type: "image/jpeg" as const }),
  },
  async (ctx, { id, type, caption }) => {
    const made = ctx.ids.next("photo");
    return commit(ctx, {
      status: 201,
      change: sql`insert into field.job_photos as f (project_id, id, job_id, type, caption, added_by)
        select j.project_id, ${made}, j.id, ${type}, ${caption}, current_setting('app.actor') from field.hold_job(${id}, null) j
        where (select count(*) from field.job_photos o where o.project_id = j.project_id and o.job_id = j.id and o.state <> 'deleted') < 200
        returning ${photoColumns}`,
      event: { kind: "job.photo.announced", ref: ["job", id], payload: { photo: made } },
      lost: () => new Fault("conflict", "photos_too_many", { detail: "A job has at most 200 photos." }),
    });
  },
  (row, ctx) => announced(row, ctx, new Date(String(row["created_at"]))),
);

/** For who takes the project along, or brought it here. */
export const carryPhoto = verb(
  {
    name: "field.photos.carry",
    summary: "Where a photo's file can be fetched, and where it is brought when only its row came with an import",
    needs: "privacy:export",
    doors: ["rest"],
    effect: "read",
    faults: ["photo_unknown"],
    input: () => z.object({ id: z.string().min(1).max(64) }),
    output: Announced,
  },
  async (ctx, { id }) => {
    const [found] = await send(ctx, [
      raw(
        ctx,
        sql`select ${photoColumns} from field.job_photos f where f.project_id = shared.scope() and f.id = ${id} and f.state = 'stored'`,
      ),
    ]);
    const [row] = found.rows;
    if (!row) throw new Fault("not_found", "photo_unknown");
    return announced(row, ctx, ctx.clock.now());
  },
);

type Awaited = { id: string; job: string; state: string; type: string; size: number | null; sha256: string | null };

/** Brought again after an answer that was lost; or its row came with an import, and now its file does: the same bytes, or nothing. */
async function restore(ctx: Ctx, row: Awaited, file: { key: string; bytes: Uint8Array<ArrayBuffer>; hash: string }) {
  const there = await bucket(ctx).get(file.key);
  if (there) return void (await there.body.cancel());
  if (row.sha256 === null ? row.size !== file.bytes.length : row.sha256 !== file.hash)
    throw new Fault("conflict", "photo_differs", { detail: "This is not the picture that was taken along." });
  await bucket(ctx).put(file.key, { bytes: file.bytes, type: row.type });
}

/** Runs for whoever holds the address, in the project that the address names. */
export const storePhoto = verb(
  {
    name: "field.photos.store",
    summary: "Keep a photo that was brought to its address",
    needs: "field:work",
    doors: ["hook"],
    effect: "external",
    // The row, then the bucket, then the row again.
    steps: 2,
    input: () =>
      z.object({
        photo: z.string().max(64),
        bytes: z.custom<Uint8Array<ArrayBuffer>>((given) => given instanceof Uint8Array),
      }),
    output: () => z.object({ id: z.string(), state: z.literal("stored") }),
  },
  async (ctx, { photo, bytes }) => {
    const [found] = await send(ctx, [
      raw<Awaited>(
        ctx,
        sql`select f.id, f.job_id as job, f.state, f.type, f.bytes as size, f.sha256 from field.job_photos f where f.project_id = shared.scope() and f.id = ${photo}`,
      ),
    ]);
    const row = found.rows[0];
    if (!row || row.state === "deleted") throw new Fault("not_found", "photo_unknown");
    const key = photoKey({ project: ctx.who?.project ?? "", photo });
    const hash = await sha256(bytes);
    if (row.state === "stored") {
      await restore(ctx, row, { key, bytes, hash });
      return { id: photo, state: "stored" as const };
    }
    if (typeOf(bytes) !== row.type)
      throw new Fault("unsupported", "photo_type_wrong", { detail: `These bytes are no ${row.type}.` });
    await bucket(ctx).put(key, { bytes, type: row.type });
    await commit(ctx, {
      change: sql`update field.job_photos f set state = 'stored', bytes = ${bytes.length}::int, sha256 = ${hash}, stored_at = shared.clock(),
          updated_at = shared.clock(), version = f.version + 1
        where f.project_id = shared.scope() and f.id = ${photo} and f.state = 'awaited' returning f.id`,
      event: { kind: "job.photo.added", ref: ["job", row.job], payload: { photo, bytes: bytes.length } },
      lost: () => new Fault("not_found", "photo_unknown"),
    });
    return { id: photo, state: "stored" as const };
  },
);

export const deletePhoto = verb(
  {
    name: "field.photos.delete",
    summary: "Delete a photo of a job, its file too",
    needs: "field:work",
    effect: "write",
    faults: ["job_unknown", "photo_unknown"],
    input: () => z.object({ id: jobId(), photo: z.string().min(1).max(64) }),
    output: () => z.object({ id: z.string(), deleted: z.literal(true) }),
    example: () => ({ id: "job_0", photo: "pho_0" }),
  },
  async (ctx, { id, photo }) => {
    const row = await commit(ctx, {
      change: sql`update field.job_photos f set state = 'deleted', caption = '', sha256 = null, deleted_at = shared.clock(), updated_at = shared.clock(), version = f.version + 1
        from field.hold_job(${id}, null) j where f.project_id = j.project_id and f.job_id = j.id and f.id = ${photo} and f.state <> 'deleted'
        returning f.id`,
      event: { kind: "job.photo.deleted", ref: ["job", id], payload: { photo } },
      lost: () => new Fault("not_found", "photo_unknown"),
    });
    // What fails here is found by the sweep.
    const project = ctx.who?.project ?? "";
    ctx.after(async () => ctx.ports.objects?.remove([photoKey({ project, photo })]));
    return row;
  },
  (row) => ({ id: String(row["id"]), deleted: true as const }),
);

/** Rows a run looks at. */
const most = 100;

export const sweepPhotos = verb(
  {
    name: "field.photos.sweep",
    summary: "Remove the files of deleted photos, and of those that were announced and never finished",
    needs: "field:work",
    doors: ["job"],
    effect: "external",
    steps: 2,
    input: () => z.object({}),
    output: () => z.object({ removed: z.int() }),
    did: ({ removed }) => removed,
  },
  async (ctx) => {
    const leftover = sql`f.project_id = shared.scope() and f.removed_at is null
      and (f.state = 'deleted' or (f.state = 'awaited' and f.created_at < shared.clock() - interval '1 day'))`;
    const [found] = await send(ctx, [
      raw<{ id: string }>(
        ctx,
        sql`select f.id from field.job_photos f where ${leftover} order by f.created_at, f.id limit ${most}`,
      ),
    ]);
    const ids = found.rows.map(({ id }) => id);
    if (ids.length === 0) return { removed: 0 };
    const project = ctx.who?.project ?? "";
    await bucket(ctx).remove(ids.map((photo) => photoKey({ project, photo })));
    await send(ctx, [
      raw(
        ctx,
        sql`update field.job_photos f set state = 'deleted', caption = '', sha256 = null, deleted_at = coalesce(f.deleted_at, shared.clock()), removed_at = shared.clock(),
            updated_at = shared.clock(), version = f.version + 1
          where f.id = any(array(select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))) and ${leftover}`,
      ),
    ]);
    return { removed: ids.length };
  },
);
