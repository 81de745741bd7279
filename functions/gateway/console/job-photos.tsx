/** Photos of a job: seen, added and deleted on its page, without a script too. */
import type { Context } from "hono";
import { addPhoto, deletePhoto, largestPhoto, storePhoto, typeOf } from "#brain/field/index.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { type App, contextOf } from "../runtime.ts";
import { idIn, readForm, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import type { Doing } from "./job-acts.tsx";
import { jobPath } from "./job-words.ts";
import { once } from "./once.ts";
import { Proof } from "./secret-shown.tsx";
import { readUpload } from "./upload.ts";
import { shortTime } from "./words.ts";

export const JobPhotos = ({ doing }: { doing: Doing }) => {
  const { job, seat } = doing;
  const mayWork = seat.permissions.includes("field:work");
  return (
    <section id="photos">
      <h2>Photos</h2>
      <ul class="photos">
        {job.photos
          .filter(({ url }) => url !== null)
          .map((photo) => (
            <li>
              <a href={photo.url ?? ""}>
                <img src={photo.url ?? ""} alt={photo.caption || "Photo of the job"} loading="lazy" />
              </a>
              <span class="small">
                {photo.caption} <span class="faint">{shortTime(photo.created_at, seat.here)}</span>
              </span>
              {mayWork ? (
                <form method="post" action={`${jobPath(job.id)}/photos/delete`}>
                  <Proof seat={seat} />
                  <input type="hidden" name="photo" value={photo.id} />
                  <button class="button slight" type="submit">
                    Delete
                  </button>
                </form>
              ) : null}
            </li>
          ))}
      </ul>
      {job.photos.some(({ state }) => state === "awaited") ? (
        <p class="small soft">A photo was announced and is not here yet.</p>
      ) : null}
      {mayWork ? (
        <form class="inline" method="post" action={`${jobPath(job.id)}/photos`} enctype="multipart/form-data">
          <Proof seat={seat} />
          <input type="file" name="file" aria-label="Photo" accept="image/jpeg,image/png,image/webp" required />
          <input name="caption" aria-label="What it shows" placeholder="What it shows" maxlength={500} />
          <button class="button" type="submit">
            Add the photo
          </button>
        </form>
      ) : null}
    </section>
  );
};

export async function addPhotoForm(c: Context<App>): Promise<Response> {
  const missing = new Fault("invalid", "photo_required", { detail: "Choose a photo of 12 MB at most." });
  const { form, bytes } = await readUpload(c, { most: largestPhoto, missing });
  const id = idIn(c);
  const type = typeOf(bytes);
  if (!type) throw new Fault("unsupported", "photo_type_wrong", { detail: "A photo is a JPEG, a PNG or a WebP." });
  const caption = (form.get("caption") ?? "").replaceAll("\u0000", "").trim().slice(0, 500);
  const ctx = await writer(c, form);
  const { photo } = await once(ctx, { verb: addPhoto, input: { id, type, caption }, form });
  const project = ctx.who?.project ?? "";
  await storePhoto.run(contextOf(c, { kind: "system", project, job: storePhoto.name }), { photo: photo.id, bytes });
  return seeOther(c, await withNote(c, jobPath(id), { code: "photo_added" }));
}

export async function deletePhotoForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const id = idIn(c);
  await once(await writer(c, form), { verb: deletePhoto, input: { id, photo: form.get("photo") ?? "" }, form });
  return seeOther(c, await withNote(c, jobPath(id), { code: "photo_deleted" }));
}
