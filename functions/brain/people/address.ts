/** Addresses as they are compared: numbers in E.164, e-mail in one case. */
import { sql } from "drizzle-orm";
import type { Statement } from "#db/client.ts";
import { raw, send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";

/** Loaded with the first number that somebody types. */
const library = () => import("./phone-library.ts");

export type Kind = "phone" | "email";

/** A number without its country is one of this country, unless the project says otherwise. */
export const usualRegion = "DK";

/** As it was typed by a person: `20 30 40 50` is a number of the region, `+45 …` and `0045 …` of theirs. Null for what is none. */
export async function phoneNorm(typed: string, region: string): Promise<string | null> {
  const { isSupportedCountry, numberIn } = await library();
  const country = isSupportedCountry(region) ? region : usualRegion;
  const found = numberIn(typed.trim(), country);
  // One with an extension is not where a message can be sent.
  return found?.isPossible() && !found.ext ? found.number : null;
}

export function emailNorm(typed: string): string | null {
  const bare = typed.trim().toLowerCase();
  return bare.length <= 254 && /^[^\s@<>"]{1,64}@[^\s@<>"]{1,255}$/.test(bare) ? bare : null;
}

export type Typed = { kind: Kind; value: string };
export type Point = Typed & { norm: string };

async function normalised({ kind, value }: Typed, { region, at }: { region: string; at: string }): Promise<Point> {
  const norm = kind === "phone" ? await phoneNorm(value, region) : emailNorm(value);
  if (norm) return { kind, value: value.trim(), norm };
  const detail = kind === "phone" ? "is no telephone number" : "is no e-mail address";
  throw new Fault("invalid", "invalid_input", {
    detail: "Some fields are missing or wrong; `errors` points at them.",
    errors: [{ pointer: at, detail }],
  });
}

const national = ({ kind, value }: Typed) => kind === "phone" && !/^\s*(?:\+|00)/.test(value);

export type Asked = { typed: Typed[]; at: (place: number) => string };

/** Null where something can be no number of that country. */
async function readAs(region: string, { typed, at }: Asked): Promise<{ points: Point[]; wrong: Fault | null }> {
  try {
    const points = await Promise.all(typed.map((one, i) => normalised(one, { region, at: at(i) })));
    return { points, wrong: null };
  } catch (thrown) {
    if (thrown instanceof Fault) return { points: [], wrong: thrown };
    throw thrown;
  }
}

/**
 * Runs `act` with the addresses as they are compared. Numbers without a country are read as the usual one's; the batch says when
 * the project is in another, and is sent once more: one request in most projects, two in the others.
 */
export async function withPoints<T>(
  ctx: Ctx,
  asked: Asked,
  act: (points: Point[], before: Statement[]) => Promise<T>,
): Promise<T> {
  const isOpen = asked.typed.some(national);
  const check = (region: string) => (isOpen ? [raw(ctx, sql`select people.assert_region(${region})`)] : []);
  const first = await readAs(usualRegion, asked);
  try {
    if (!first.wrong) return await act(first.points, check(usualRegion));
    if (isOpen) await send(ctx, check(usualRegion));
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code !== "region_other") throw thrown;
    const region = String(thrown.extra["region"]);
    const again = await readAs(region, asked);
    if (again.wrong) throw again.wrong;
    return act(again.points, check(region));
  }
  throw first.wrong;
}
