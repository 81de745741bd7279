/** Sources: where their webhooks arrive, a new secret, and a test event that goes the whole way. */
import type { Context } from "hono";
import { hookSource, listSources, rotateSourceSecret } from "#brain/identity/index.ts";
import { as, type Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import { receive } from "../hooks/chatwoot.ts";
import type { App } from "../runtime.ts";
import { signChatwoot } from "../signatures.ts";
import { idIn, reader, readForm, writer } from "./door.ts";
import { answerFramed } from "./frame.tsx";
import { once } from "./once.ts";
import { seatOf } from "./seat.ts";
import type { SourceNews } from "./shapes.ts";
import { SourcesView } from "./sources-view.tsx";

const read = (ctx: Ctx) =>
  together(ctx, [
    [listSources, { limit: 50 }],
    [memoryStatus, {}, "if permitted"],
  ]);

async function answerSources(c: Context<App>, given: { ctx: Ctx; news?: SourceNews }): Promise<Response> {
  const { ctx, news } = given;
  const [sources, memory] = await read(ctx);
  const seat = seatOf(ctx, memory);
  const body = <SourcesView seat={seat} sources={sources.data} {...(news ? { news } : {})} />;
  return answerFramed(c, { seat, place: "access", title: "Sources", body });
}

export const sourcesPage = async (c: Context<App>): Promise<Response> => answerSources(c, { ctx: await reader(c) });

export async function rotateSecretForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const given = form.get("secret") ?? "";
  const input = { id: idIn(c), ...(given ? { secret: given } : {}) };
  const { id, secret } = await once(ctx, { verb: rotateSourceSecret, input, form });
  return answerSources(c, { ctx, news: { source: id, what: "secret", secret } });
}

/** Signed with the stored secret and received like any other: what the page then says is what the sender would be told. */
async function sendTest(ctx: Ctx, id: string): Promise<string> {
  const nobody = as(ctx, { credential: { kind: "none" } });
  const source = await hookSource(nobody, { id, kind: "chatwoot_account", newerThan: ctx.clock.now().getTime() });
  // A repeat of the same second would be set aside as a duplicate.
  const event = { event: "omneuro_test", account: { id: Number(source.account) }, test: ctx.ids.uuid() };
  const body = Uint8Array.from(new TextEncoder().encode(JSON.stringify(event)));
  const timestamp = String(Math.floor(ctx.clock.now().getTime() / 1000));
  const signature = source.secret === null ? undefined : await signChatwoot(source.secret, { timestamp, body });
  const told = await receive(nobody, { id, delivery: `test-${ctx.ids.uuid()}`, sent: { body, timestamp, signature } });
  return told.outcome;
}

export async function testEventForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const id = idIn(c);
  const [sources] = await read(ctx);
  // The webhook's door asks nobody who he is: whose source this is has to be known first.
  if (!sources.data.some((source) => source.id === id)) throw new Fault("not_found", "source_unknown");
  const result = await sendTest(ctx, id).catch((thrown: unknown) => {
    if (thrown instanceof Fault) return thrown.code;
    throw thrown;
  });
  return answerSources(c, { ctx, news: { source: id, what: "test", result } });
}
