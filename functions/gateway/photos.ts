/** The door behind the address of a photo: PUT brings it, GET shows it; who has the address may, until its time is over. */
import type { Context, Hono } from "hono";
import { largestPhoto, photoClaim, photoKey, photoPath, storePhoto } from "#brain/field/index.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { readBytes } from "./body.ts";
import { sameBytes } from "./digest.ts";
import { type App, contextOf } from "./runtime.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

async function claimOf(c: Context<App>, act: "put" | "get") {
  const { ports, clock } = c.get("runtime");
  const token = c.req.param("token") ?? "";
  const found = token.length <= 400 ? await photoClaim(ports.secrets, token) : undefined;
  if (!found || found.claim.act !== act || !sameBytes(bytes(found.signature), bytes(found.expected)))
    throw new Fault("not_found", "photo_unknown");
  if (found.claim.until * 1000 <= clock.now().getTime())
    throw new Fault("gone", "photo_address_over", {
      detail: "This address held for a quarter of an hour. Ask for a new one.",
    });
  return found.claim;
}

async function bring(c: Context<App>): Promise<Response> {
  const { project, photo } = await claimOf(c, "put");
  const body = await readBytes(c.req.raw, largestPhoto);
  const ctx = contextOf(c, { kind: "system", project, job: storePhoto.name });
  return c.json(await storePhoto.run(ctx, { photo, bytes: body }), 201);
}

async function show(c: Context<App>): Promise<Response> {
  const { project, photo } = await claimOf(c, "get");
  const found = await c.get("runtime").ports.objects?.get(photoKey({ project, photo }));
  if (!found) throw new Fault("not_found", "photo_unknown");
  c.header("content-type", found.type);
  c.header("content-length", String(found.size));
  c.header("content-disposition", "inline");
  c.header("content-security-policy", "default-src 'none'; sandbox");
  c.header("cache-control", "private, max-age=900");
  return c.body(found.body);
}

export function mountPhotos(app: Hono<App>): void {
  const path = `${photoPath}/:token`;
  app.get(path, show);
  app.put(path, bring);
  app.all(path, () => {
    throw new Fault("method", "method_not_allowed", { detail: "Use GET or PUT.", allow: "GET, PUT" });
  });
}
