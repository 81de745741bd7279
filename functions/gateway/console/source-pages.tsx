/** Sources: where their webhooks arrive, a new secret, and a test event that goes the whole way. */
import type { Context } from "hono";
import { connectSource, hookSource, listSources, rotateSourceSecret } from "#brain/identity/index.ts";
import { cancelSync, listSyncs, startSync } from "#brain/inbox/index.ts";
import { as, type Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import { receive } from "../hooks/chatwoot.ts";
import type { App } from "../runtime.ts";
import { signChatwoot } from "../signatures.ts";
import { MemoryState } from "./bar.tsx";
import { answerParts } from "./document.tsx";
import { idIn, reader, readForm, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { once } from "./once.ts";
import { seatOf } from "./seat.ts";
import type { SourceNews } from "./shapes.ts";
import { SourcesView } from "./sources-view.tsx";
import { Reading } from "./sync-view.tsx";
import { isLive, liveAddress } from "./turning.ts";

const read = (ctx: Ctx) =>
  together(ctx, [
    [listSources, { limit: 50 }],
    [listSyncs, { limit: 20 }, "if permitted"],
    [memoryStatus, {}, "if permitted"],
  ]);

async function answerSources(c: Context<App>, given: { ctx: Ctx; news?: SourceNews }): Promise<Response> {
  const { ctx, news } = given;
  const [sources, syncs, memory] = await read(ctx);
  const seat = seatOf(ctx, memory);
  const runs = syncs?.data ?? [];
  if (isLive(c)) {
    const parts = (
      <>
        {memory ? <MemoryState memory={memory} /> : null}
        {sources.data.map((source) => (
          <Reading source={source} seat={seat} run={runs.find((run) => run.source === source.id)} />
        ))}
      </>
    );
    return answerParts(c, parts);
  }
  const body = <SourcesView seat={seat} sources={sources.data} runs={runs} {...(news ? { news } : {})} />;
  // A secret on the page is not to be asked for again.
  const live = news ? {} : { live: liveAddress(c) };
  return answerFramed(c, { seat, place: "access", title: "Sources", body, ...live });
}

export const sourcesPage = async (c: Context<App>): Promise<Response> => answerSources(c, { ctx: await reader(c) });

const kinds = ["catch_up", "full", "check"];

export async function startSyncForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const kind = kinds.find((one) => one === form.get("kind"));
  await once(await writer(c, form), { verb: startSync, input: { id: idIn(c), ...(kind ? { kind } : {}) }, form });
  return seeOther(c, await withNote(c, "/console/sources", { code: "sync_started" }));
}

export async function cancelSyncForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  await once(await writer(c, form), { verb: cancelSync, input: { id: idIn(c) }, form });
  return seeOther(c, await withNote(c, "/console/sources", { code: "sync_cancelled" }));
}

export async function connectForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const input = { id: idIn(c), api_url: form.get("api_url") ?? "", api_token: form.get("api_token") ?? "" };
  await once(await writer(c, form), { verb: connectSource, input, form });
  return seeOther(c, await withNote(c, "/console/sources", { code: "source_connected" }));
}

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
  const source = await hookSource(nobody, { id, newerThan: ctx.clock.now().getTime() });
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
