/** A form with a file in its field `file`. */
import type { Context } from "hono";
import { Fault } from "#brain/kernel/fault.ts";
import { assertSameSite } from "../actor.ts";
import { readBytes } from "../body.ts";
import type { App } from "../runtime.ts";

/** Room for the other fields of the form. */
const fields = 64 * 1024;

export type Upload = { form: Map<string, string>; bytes: Uint8Array<ArrayBuffer> };

/** `most` bytes; `missing`: what is answered where there is no such file. */
export async function readUpload(
  c: Context<App>,
  { most, missing }: { most: number; missing: Fault },
): Promise<Upload> {
  assertSameSite(c.req.raw, c.get("runtime").settings.publicUrl);
  const type = c.req.header("content-type") ?? "";
  if (!/^multipart\/form-data\s*;\s*boundary=/i.test(type))
    throw new Fault("unsupported", "form_required", { detail: "Send the form as a browser sends it." });
  const body = await readBytes(c.req.raw, most + fields);
  const sent = await new Response(body, { headers: { "content-type": type } }).formData().catch(() => undefined);
  const file = sent?.get("file");
  if (!sent || !file || typeof file === "string" || file.size > most) throw missing;
  const form = new Map([...sent].flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])));
  return { form, bytes: new Uint8Array(await file.arrayBuffer()) };
}
