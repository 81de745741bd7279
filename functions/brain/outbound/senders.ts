/** The numbers, addresses and bots that messages leave from: added with sealed credentials, paused by their provider, put away. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { outsideUrl } from "../kernel/outside-url.ts";
import { page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { credentialsPlace } from "./account.ts";
import { Sender, type SenderRow, senderColumns, senderView } from "./sender.ts";
import {
  Credentials,
  type Provider,
  providers,
  senderKinds,
  type Wrong,
  wrongCredentials,
  wrongSender,
} from "./sender-kinds.ts";

const view = (row: unknown, ctx: Ctx) => senderView(row as SenderRow, ctx.clock.now());
const perSecond = () => z.int().min(1).max(1000).nullable();
const unknownSender = () => new Fault("not_found", "sender_unknown");

/** An address that somebody typed is not called inside our own network. */
function assertReachable(ctx: Ctx, { url }: Record<string, string>): void {
  if (url !== undefined && !outsideUrl(url, { private: ctx.settings.privateSources === true }))
    throw new Fault("invalid", "source_url_refused", { detail: "This address may not be called from here." });
}

const seal = (ctx: Ctx, { id, credentials }: { id: string; credentials: Record<string, string> }) =>
  ctx.ports.secrets.seal(JSON.stringify(credentials), credentialsPlace({ id, project: ctx.who?.project ?? "" }));

export const createSender = verb(
  {
    name: "outbound.senders.create",
    summary: "Add a number, address or bot that messages leave from; its credentials are sealed and never shown again",
    needs: "outbound:operate",
    // A secret has no place in a conversation with a model.
    doors: ["rest"],
    effect: "write",
    // The seal is bound to the project, which only entering tells.
    steps: 2,
    audits: "outbound.sender.created",
    proof: "recent",
    faults: ["sender_taken", "source_unknown", "source_url_refused"],
    input: () =>
      z
        .object({
          provider: z.enum(providers),
          name: z.string().trim().min(1).max(100).describe("What your people call it"),
          brand: z
            .string()
            .trim()
            .max(100)
            .default("")
            .describe("Whose name customers know; an opt-out holds for a brand"),
          address: z.string().trim().min(1).max(320).describe("What the recipient sees"),
          account: z.string().trim().min(1).max(64).optional().describe("The provider's account, where calls name one"),
          credentials: Credentials(),
          source: z.string().max(64).optional().describe("The source that its webhooks arrive at"),
          per_second: perSecond().optional().describe("Left out, what its provider takes of everybody"),
        })
        .superRefine((asked, context) => {
          for (const { path, message } of wrongSender(asked)) context.addIssue({ code: "custom", path, message });
        }),
    output: Sender,
    example: () => ({
      provider: "telnyx" as const,
      name: "Workshop",
      address: "+4570101010",
      credentials: { api_key: "KEY-of-the-account" },
    }),
  },
  async (ctx, input) => {
    const id = ctx.ids.next("sender");
    assertReachable(ctx, input.credentials);
    await send(ctx, []);
    const sealed = await seal(ctx, { id, credentials: input.credentials });
    const { channel, perSecond } = senderKinds[input.provider];
    const pace = input.per_second === undefined ? perSecond : input.per_second;
    return commit(ctx, {
      status: 201,
      change: sql`insert into outbound.senders as s (project_id, id, provider, channel, name, brand, address, account, source_id, credentials_sealed, per_second)
        values (shared.scope(), ${id}, ${input.provider}, ${channel}, ${input.name}, ${input.brand}, ${input.address}, ${input.account ?? null},
          ${input.source ?? null}, ${sealed}, ${pace}::int)
        returning ${senderColumns}`,
      event: { kind: "outbound.sender.created", ref: ["sender", id], payload: { provider: input.provider, channel } },
      audit: {
        action: "outbound.sender.created",
        ref: ["sender", id],
        evidence: "none",
        payload: { provider: input.provider, channel },
      },
    });
  },
  view,
);

export const listSenders = reading(
  {
    name: "outbound.senders.list",
    summary: "Where messages leave from, newest first, and why one of them does not send",
    needs: "outbound:read",
    input: () => z.object(paging()),
    output: () => page(Sender()),
  },
  {
    part: (ctx, { limit, after }) =>
      raw<SenderRow>(
        ctx,
        sql`select ${senderColumns} from outbound.senders s
          where s.project_id = shared.scope() and ${after ? sql`(s.created_at, s.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by s.created_at desc, s.id desc limit ${limit + 1}`,
      ),
    view: (found, input, ctx) =>
      paged((found as { rows: SenderRow[] }).rows, input, {
        view: (row) => view(row, ctx),
        position: (row) => ({ at: row.created_at, id: row.id }),
      }),
  },
);

export const disableSender = verb(
  {
    name: "outbound.senders.disable",
    summary: "Send nothing from here any more; what waits for it stays where it is",
    needs: "outbound:operate",
    effect: "write",
    faults: ["sender_unknown"],
    input: () => z.object({ id: z.string().max(64) }),
    output: Sender,
  },
  async (ctx, { id }) =>
    commit(ctx, {
      change: sql`update outbound.senders s set disabled_at = coalesce(s.disabled_at, shared.clock()), updated_at = shared.clock(), version = s.version + 1
        where s.project_id = shared.scope() and s.id = ${id} returning ${senderColumns}`,
      event: { kind: "outbound.sender.disabled", ref: ["sender", id] },
      audit: { action: "outbound.sender.disabled", ref: ["sender", id], evidence: "none" },
      lost: unknownSender,
    }),
  view,
);

const dispatchNow = (ctx: Ctx) =>
  sql`outbound.wake(${ctx.ids.next("outbox")}, 'outbound.dispatch', change.id, shared.clock())`;

export const resumeSender = verb(
  {
    name: "outbound.senders.resume",
    summary: "Let a paused or disabled sender send again, beginning with what waits",
    needs: "outbound:operate",
    effect: "write",
    faults: ["sender_unknown"],
    input: () => z.object({ id: z.string().max(64) }),
    output: Sender,
  },
  async (ctx, { id }) =>
    commit(ctx, {
      change: sql`update outbound.senders s set disabled_at = null, paused_until = null, paused_code = null, updated_at = shared.clock(),
          version = s.version + 1
        where s.project_id = shared.scope() and s.id = ${id} returning ${senderColumns}`,
      event: { kind: "outbound.sender.resumed", ref: ["sender", id] },
      audit: { action: "outbound.sender.resumed", ref: ["sender", id], evidence: "none" },
      wake: dispatchNow(ctx),
      lost: unknownSender,
    }),
  view,
);

export const paceSender = verb(
  {
    name: "outbound.senders.pace",
    summary: "Say how many messages a second a sender's provider is handed at most; null: as many as come",
    needs: "outbound:operate",
    effect: "write",
    faults: ["sender_unknown"],
    input: () => z.object({ id: z.string().max(64), per_second: perSecond() }),
    output: Sender,
    example: () => ({ id: "snd_0", per_second: 5 }),
  },
  async (ctx, { id, per_second }) =>
    commit(ctx, {
      change: sql`update outbound.senders s set per_second = ${per_second}::int, updated_at = shared.clock(), version = s.version + 1
        where s.project_id = shared.scope() and s.id = ${id} returning ${senderColumns}`,
      event: { kind: "outbound.sender.paced", ref: ["sender", id], payload: { per_second } },
      audit: { action: "outbound.sender.paced", ref: ["sender", id], evidence: "none", payload: { per_second } },
      lost: unknownSender,
    }),
  view,
);

/** Throws unless there is such a sender and these are credentials of its provider. */
async function assertFits(
  ctx: Ctx,
  { id, credentials }: { id: string; credentials: Record<string, string> },
): Promise<void> {
  const query = sql`select s.provider from outbound.senders s where s.project_id = shared.scope() and s.id = ${id}`;
  const [found] = await send(ctx, [raw<{ provider: Provider }>(ctx, query)]);
  const provider = found.rows[0]?.provider;
  if (provider === undefined) throw unknownSender();
  const wrong = wrongCredentials(provider, credentials);
  if (wrong.length > 0) throw new Fault("invalid", "invalid_input", { errors: wrong.map(pointed) });
  assertReachable(ctx, credentials);
}

const pointed = ({ path, message }: Wrong) => ({ pointer: `/${path.join("/")}`, detail: message });

export const rotateSenderCredentials = verb(
  {
    name: "outbound.senders.rotate_credentials",
    summary: "Replace what opens the provider's API; the old ones are forgotten and a pause ends",
    needs: "outbound:operate",
    // A secret has no place in a conversation with a model.
    doors: ["rest"],
    effect: "write",
    steps: 2,
    audits: "outbound.sender.credentials_rotated",
    proof: "recent",
    faults: ["sender_unknown", "source_url_refused"],
    input: () => z.object({ id: z.string().max(64), credentials: Credentials() }),
    output: Sender,
    example: () => ({ id: "snd_0", credentials: { api_key: "KEY-of-the-account" } }),
  },
  async (ctx, input) => {
    const { id } = input;
    await assertFits(ctx, input);
    const sealed = await seal(ctx, input);
    return commit(ctx, {
      change: sql`update outbound.senders s set credentials_sealed = ${sealed}, paused_until = null, paused_code = null, updated_at = shared.clock(),
          version = s.version + 1
        where s.project_id = shared.scope() and s.id = ${id} returning ${senderColumns}`,
      event: { kind: "outbound.sender.credentials_rotated", ref: ["sender", id] },
      audit: { action: "outbound.sender.credentials_rotated", ref: ["sender", id], evidence: "none" },
      wake: dispatchNow(ctx),
      lost: unknownSender,
    });
  },
  view,
);
