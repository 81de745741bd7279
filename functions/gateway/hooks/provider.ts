/** What the doors of message providers have in common: raw bytes proven by the source's secret, handed on once, answered shortly. */
import type { Context } from "hono";
import { hear, type Told } from "#brain/field/index.ts";
import { type HookSource, hookSource, sourceReadAt } from "#brain/identity/index.ts";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { as } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { type Report, tellOutcome } from "#brain/outbound/index.ts";
import { readBytes } from "../body.ts";
import { type App, contextOf } from "../runtime.ts";

/** A wrong signature may mean that the secret was changed a moment ago; a forger must not make us ask the database for each try. */
const rereadMs = 5_000;

export type Call = {
  body: Uint8Array<ArrayBuffer>;
  /** As the provider called it: the public address from the settings, path and query as they came. */
  url: string;
  /** Our id of the message that a report is about, where the address named it. */
  ref: string | null;
  now: Date;
  header(name: string): string | undefined;
};

/** What a call says: deliveries to hear, reports about messages of ours. */
export type Said = { heard: Told[]; reports: Omit<Report, "provider">[] };

export type ProviderDoor = {
  provider: "twilio" | "telnyx" | "telegram" | "resend" | "postmark";
  kind: string;
  limit: number;
  prove(call: Call, secret: string): Promise<void>;
  /** After the proof; what cannot be read is kept as it came. */
  read(call: Call, source: HookSource): Said;
  /** Where the provider wants something else than our JSON. */
  answer?(): Response;
};

const unproven = new Set(["signature_invalid", "secret_token_invalid", "basic_invalid", "timestamp_outside_window"]);

type Asked = { ctx: Ctx; id: string; door: ProviderDoor; call: Call };

async function prove({ door, call }: Asked, source: HookSource): Promise<HookSource> {
  // Bound without a secret: nobody can prove to be the provider.
  if (source.secret === null) throw new Fault("unauthenticated", "signature_required");
  await door.prove(call, source.secret);
  return source;
}

const reread = async (asked: Asked): Promise<HookSource> =>
  prove(
    asked,
    await hookSource(asked.ctx, { id: asked.id, kind: asked.door.kind, newerThan: sourceReadAt(asked.ctx, asked.id) }),
  );

async function proven(asked: Asked): Promise<HookSource> {
  const { ctx, id, door } = asked;
  const source = await hookSource(ctx, { id, kind: door.kind });
  return prove(asked, source).catch((thrown: unknown) => {
    const isOld = ctx.clock.now().getTime() - sourceReadAt(ctx, id) > rereadMs;
    if (thrown instanceof Fault && unproven.has(thrown.code) && isOld) return reread(asked);
    throw thrown;
  });
}

async function take({ ctx, id, door, call }: Asked, source: HookSource): Promise<string[]> {
  const own = as(ctx, { credential: { kind: "source", id, version: source.version } });
  const { heard, reports } = door.read(call, source);
  const outcomes: string[] = [];
  for (const told of heard) outcomes.push((await hear.run(own, { source: id, provider: door.provider, told })).outcome);
  if (reports.length > 0) {
    const input = { reports: reports.map((report) => ({ ...report, provider: door.provider })) };
    outcomes.push(...(await tellOutcome.run(own, input)).outcomes);
  }
  if (own.who) ctx.who = own.who;
  return outcomes;
}

export const providerDoor =
  (door: ProviderDoor) =>
  async (c: Context<App>): Promise<Response> => {
    const ctx = contextOf(c, { kind: "none" });
    const { pathname, search, searchParams } = new URL(c.req.url);
    const call: Call = {
      body: await readBytes(c.req.raw, door.limit),
      url: `${ctx.settings.publicUrl}${pathname}${search}`,
      ref: searchParams.get("ref")?.slice(0, 64) ?? null,
      now: ctx.clock.now(),
      header: (name) => c.req.header(name),
    };
    const asked: Asked = { ctx, id: c.req.param("source") ?? "", door, call };
    const source = await proven(asked);
    const outcomes = await take(asked, source).catch(async (thrown: unknown) => {
      if (!(thrown instanceof Fault)) throw thrown;
      // Remembered for up to a minute, and meanwhile the secret has changed.
      if (thrown.code === "source_stale") return take(asked, await reread(asked));
      // Twilio comes once; and if the first try was stored after all, the second is a duplicate.
      if (thrown.kind === "unavailable") return take(asked, source);
      throw thrown;
    });
    return door.answer?.() ?? c.json({ outcomes }, outcomes.includes("replayed") ? 202 : 200);
  };

/** A body whose proof is done and that must still not be lost when it cannot be read. */
export function jsonOf(body: Uint8Array): Record<string, unknown> {
  let value: unknown;
  try {
    // Numbers as they were written: an id above 2^53 would come out as another one.
    value = JSON.parse(new TextDecoder().decode(body), exact);
  } catch {
    throw new Fault("invalid", "invalid_json", { detail: "The body is not JSON." });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Fault("invalid", "invalid_payload", { detail: "The body must be a JSON object." });
  return value as Record<string, unknown>;
}

type Reviver = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown;
const exact: Reviver = (_key, value, context) =>
  typeof value === "number" && !Number.isSafeInteger(value) && Number.isInteger(value)
    ? (context?.source ?? String(value))
    : value;

export const textIn = (value: unknown): string | null => (typeof value === "string" ? value : null);
export const idIn = (value: unknown): string | null =>
  typeof value === "string" ? value : typeof value === "number" && Number.isSafeInteger(value) ? String(value) : null;
export const objectIn = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
export const listIn = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.map(objectIn) : []);

/** Something proven that we do nothing with. */
export const kept = (delivery: string | null, event: string, raw: unknown): Said => ({
  heard: [{ delivery, event, message: null, raw }],
  reports: [],
});

/** A report about one message; what is not said is null. */
export const report = (of: { id: string } & Partial<Omit<Report, "provider">>): Omit<Report, "provider"> => ({
  ref: null,
  status: null,
  code: null,
  suppress: null,
  address: null,
  mail_id: null,
  ...of,
});
