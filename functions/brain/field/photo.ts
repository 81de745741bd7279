/** A photo of a job: what it may be, its key in the bucket, and addresses that open it for a while to whoever has them. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import type { Ctx } from "../kernel/ctx.ts";
import type { Secrets } from "../kernel/ports.ts";
import { instant } from "../kernel/schemas.ts";

export const photoTypes = ["image/jpeg", "image/png", "image/webp"] as const;
export type PhotoType = (typeof photoTypes)[number];
/** What a phone's camera makes, with room. */
export const largestPhoto = 12 * 1024 * 1024;
/** An address to bring a photo to holds so long, one to see it at least as long and at most twice. */
const openSeconds = 15 * 60;

export const Photo = () =>
  z.object({
    id: z.string(),
    state: z.enum(["awaited", "stored"]).describe("awaited: its address waits for the picture"),
    type: z.enum(photoTypes),
    bytes: z.int().nullable(),
    caption: z.string(),
    added_by: z.string(),
    created_at: z.string(),
    url: z.string().nullable().describe("Where it can be seen, for a quarter of an hour at least"),
  });

export type PhotoView = z.output<ReturnType<typeof Photo>>;

/** Of a relation called `f`. */
export const photoColumns: SQL = sql`f.id, f.state, f.type, f.bytes, f.caption, f.added_by, f.created_at`;

const starts = (bytes: Uint8Array, signature: readonly number[], at = 0): boolean =>
  signature.every((byte, i) => bytes[at + i] === byte);

/** By its first bytes, whatever anybody calls it. */
export function typeOf(bytes: Uint8Array): PhotoType | undefined {
  if (starts(bytes, [0xff, 0xd8, 0xff])) return "image/jpeg";
  if (starts(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return "image/png";
  if (starts(bytes, [0x52, 0x49, 0x46, 0x46]) && starts(bytes, [0x57, 0x45, 0x42, 0x50], 8)) return "image/webp";
  return undefined;
}

export const photoKey = (of: { project: string; photo: string }): string => `${of.project}/photos/${of.photo}`;

export type PhotoClaim = { act: "put" | "get"; project: string; photo: string; until: number };

const words = (body: string) => `photo ${body}`;
const bodyOf = ({ act, project, photo, until }: PhotoClaim) => `${act}-${project}-${photo}-${until}`;
const form = /^([a-z0-9]+)\.(put|get)-([0-9a-f-]{36})-([a-z0-9_]{1,64})-(\d{1,12})\.([A-Za-z0-9_-]{20,})$/;

export async function photoToken(secrets: Secrets, claim: PhotoClaim): Promise<string> {
  const body = bodyOf(claim);
  return `${secrets.newest}.${body}.${await secrets.macWith(secrets.newest, words(body))}`;
}

/** What a token claims and the signature that would be right for it; undefined for what is no token of ours. */
export async function photoClaim(secrets: Secrets, token: string) {
  const [, key = "", act, project = "", photo = "", until = "", signature = ""] = form.exec(token) ?? [];
  if (act !== "put" && act !== "get") return undefined;
  const claim: PhotoClaim = { act, project, photo, until: Number(until) };
  const expected = await secrets.macWith(key, words(bodyOf(claim)));
  return expected === undefined ? undefined : { claim, signature, expected };
}

export const photoPath = "/v1/field/photos";

/** `until` moves in steps, so that a page that is read again has the same addresses and may be kept. */
export async function photoUrl(ctx: Ctx, of: { act: "put" | "get"; photo: string; from: Date }): Promise<string> {
  const now = Math.floor(of.from.getTime() / 1000);
  const until = of.act === "put" ? now + openSeconds : (Math.floor(now / openSeconds) + 2) * openSeconds;
  const claim = { act: of.act, project: ctx.who?.project ?? "", photo: of.photo, until };
  return `${ctx.settings.publicUrl}${photoPath}/${await photoToken(ctx.ports.secrets, claim)}`;
}

export async function photoView(found: Record<string, unknown>, ctx: Ctx): Promise<PhotoView> {
  const row = found as unknown as PhotoView;
  const url = row.state === "stored" ? await photoUrl(ctx, { act: "get", photo: row.id, from: ctx.clock.now() }) : null;
  return { ...row, created_at: instant(row.created_at), url };
}
