/** Sources: where their webhooks arrive, a new secret, and a test event that goes the whole way. */
import type { Context } from "hono";
import { bindSource, hookSource, listSources, rotateSourceSecret } from "#brain/identity/index.ts";
import { listSyncs } from "#brain/inbox/index.ts";
import { as, type Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import { receive } from "../hooks/chatwoot.ts";
import { statusOf } from "../problem.ts";
import type { App } from "../runtime.ts";
import { signChatwoot } from "../signatures.ts";
import { MemoryState } from "./bar.tsx";
import { answerParts } from "./document.tsx";
import { idIn, reader, readForm, writer } from "./door.ts";
import { answerFramed } from "./frame.tsx";
import { once } from "./once.ts";
import { seatOf } from "./seat.ts";
import type { SourceNews } from "./shapes.ts";
import { type Binding, SourcesView } from "./sources-view.tsx";
import { Reading } from "./sync-view.tsx";
import { sayFault } from "./trouble.tsx";
import { isLive, liveAddress } from "./turning.ts";

const read = (ctx: Ctx) =>
  together(ctx, [
    [listSources, { limit: 50 }],
    [listSyncs, { limit: 20 }, "if permitted"],
    [memoryStatus, {}, "if permitted"],
  ]);

type Given = { ctx: Ctx; news?: SourceNews; binding?: Binding; status?: number };

async function answerSources(c: Context<App>, { ctx, status, ...told }: Given): Promise<Response> {
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
  // What a form came to is told once, and not asked for again.
  const live = told.news || told.binding ? {} : { live: liveAddress(c) };
  const body = <SourcesView seat={seat} sources={sources.data} runs={runs} {...told} />;
  return answerFramed(c, { seat, place: "access", title: "Sources", body, ...live, ...(status ? { status } : {}) });
}

export const sourcesPage = async (c: Context<App>): Promise<Response> => answerSources(c, { ctx: await reader(c) });

/** Derived from the page's mark, so that the same form sent twice is the same request; who sees the page cannot compute it. */
const madeSecret = (ctx: Ctx, form: Map<string, string>): Promise<string> =>
  ctx.ports.secrets.mac(`bound source ${form.get("csrf")} ${form.get("once")}`);

async function secretOf(ctx: Ctx, form: Map<string, string>): Promise<{ secret?: string }> {
  const signing = form.get("signing") ?? "made";
  if (signing === "none") return {};
  return { secret: signing === "given" ? (form.get("secret") ?? "") : await madeSecret(ctx, form) };
}

/** What can be mended in the form; the rest is trouble like any other. */
const isTheirs = (thrown: unknown): thrown is Fault =>
  thrown instanceof Fault && ["source_already_bound", "source_kind_taken", "invalid_input"].includes(thrown.code);

function refusedBinding(form: Map<string, string>, fault: Fault): Binding {
  const pointers = (fault.extra.errors ?? []).map(({ pointer }) => pointer);
  const wrong = pointers.includes("/secret")
    ? "A secret has 8 to 200 characters: copy the one that the sender shows."
    : "The number is the account's own, without letters; a name has at most 200 characters.";
  const error = fault.code === "invalid_input" ? wrong : sayFault(fault);
  return {
    external_id: (form.get("external_id") ?? "").slice(0, 18),
    name: (form.get("name") ?? "").slice(0, 200),
    error,
  };
}

export async function bindForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const signed = await secretOf(ctx, form);
  const input = {
    kind: form.get("kind"),
    external_id: form.get("external_id"),
    name: form.get("name") ?? "",
    ...signed,
  };
  try {
    const { id } = await once(ctx, { verb: bindSource, input, form });
    const isMade = (form.get("signing") ?? "made") === "made";
    return answerSources(c, {
      ctx,
      news: { source: id, what: "bound", secret: isMade ? (signed.secret ?? null) : null },
    });
  } catch (thrown) {
    if (!isTheirs(thrown)) throw thrown;
    return answerSources(c, { ctx, binding: refusedBinding(form, thrown), status: statusOf(thrown.kind) });
  }
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
