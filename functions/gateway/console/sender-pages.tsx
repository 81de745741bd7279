/** Senders: added by a form of their provider, put away, let send again, given new credentials. */
import type { Context } from "hono";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import {
  createSender,
  disableSender,
  listSenders,
  type Provider,
  providers,
  resumeSender,
  rotateSenderCredentials,
  senderKinds,
} from "#brain/outbound/index.ts";
import { statusOf } from "../problem.ts";
import type { App } from "../runtime.ts";
import { idIn, reader, readForm, seeOther, writer } from "./door.ts";
import { type NoteCode, withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { once } from "./once.ts";
import { seatOf } from "./seat.ts";
import type { Adding } from "./sender-form.tsx";
import { type Refusal, SendersView } from "./senders-view.tsx";
import { sayFault } from "./trouble.tsx";
import { listed, turnedTo } from "./turning.ts";

const place = "/console/senders";

const providerIn = (text: string | undefined): Provider | undefined => providers.find((name) => name === text);

type Given = { ctx: Ctx; adding?: Adding; refusal?: Refusal; status?: number };

async function answerSenders(c: Context<App>, { ctx, status, ...told }: Given): Promise<Response> {
  const [senders, memory] = await together(ctx, [
    [listSenders, { limit: 50, ...(await turnedTo(c, "senders")) }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const body = <SendersView seat={seat} senders={await listed(c, "senders", senders)} {...told} />;
  return answerFramed(c, { seat, place: "outbox", title: "Senders", body, ...(status ? { status } : {}) });
}

export async function sendersPage(c: Context<App>): Promise<Response> {
  const provider = providerIn(c.req.query("provider"));
  return answerSenders(c, { ctx: await reader(c), ...(provider ? { adding: { provider } } : {}) });
}

/** What was typed into the fields of this provider; an empty field is one that was left out. */
function credentialsIn(form: Map<string, string>): Record<string, string> {
  const typed = [...form].filter(([name, value]) => name.startsWith("credential ") && value.trim() !== "");
  return Object.fromEntries(typed.map(([name, value]) => [name.slice("credential ".length), value.trim()]));
}

/** What can be mended in the form; the rest is trouble like any other. */
const mendable = ["invalid_input", "sender_taken", "source_url_refused"];
const isMendable = (thrown: unknown): thrown is Fault => thrown instanceof Fault && mendable.includes(thrown.code);

/** Named as the form names them. */
function complaints(fault: Fault, provider: Provider | undefined): string[] {
  const kind = provider && senderKinds[provider];
  const named = (pointer: string): string => {
    const name = pointer.split("/").at(-1) ?? "";
    const field = kind?.credentials.find((credential) => credential.name === name);
    return field?.label ?? { address: kind?.address.label, account: kind?.account?.label, name: "Name" }[name] ?? "It";
  };
  const said = (fault.extra.errors ?? []).map(({ pointer, detail }) => `${named(pointer)} ${detail}.`);
  return said.length > 0 ? said : [sayFault(fault)];
}

const typedIn = (form: Map<string, string>) =>
  Object.fromEntries(
    ["name", "brand", "address", "account"].map((name) => [name, (form.get(name) ?? "").slice(0, 320)]),
  );

export async function addSenderForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const provider = providerIn(form.get("provider"));
  const account = form.get("account")?.trim();
  const input = {
    provider: form.get("provider"),
    name: form.get("name") ?? "",
    brand: form.get("brand") ?? "",
    address: form.get("address") ?? "",
    ...(account ? { account } : {}),
    credentials: credentialsIn(form),
  };
  try {
    await once(ctx, { verb: createSender, input, form });
  } catch (thrown) {
    if (!isMendable(thrown) || !provider) throw thrown;
    const adding: Adding = { provider, typed: typedIn(form), said: complaints(thrown, provider) };
    return answerSenders(c, { ctx, adding, status: statusOf(thrown.kind) });
  }
  return seeOther(c, await withNote(c, place, { code: "sender_added" }));
}

export async function rotateSenderForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const id = idIn(c);
  const input = { id, credentials: credentialsIn(form) };
  try {
    await once(ctx, { verb: rotateSenderCredentials, input, form });
  } catch (thrown) {
    if (!isMendable(thrown)) throw thrown;
    const refusal = { id, said: complaints(thrown, providerIn(form.get("provider"))) };
    return answerSenders(c, { ctx, refusal, status: statusOf(thrown.kind) });
  }
  return seeOther(c, await withNote(c, place, { code: "sender_rotated" }));
}

async function change(c: Context<App>, how: { verb: typeof disableSender; code: NoteCode }): Promise<Response> {
  const form = await readForm(c);
  await once(await writer(c, form), { verb: how.verb, input: { id: idIn(c) }, form });
  return seeOther(c, await withNote(c, place, { code: how.code }));
}

export const disableSenderForm = (c: Context<App>) => change(c, { verb: disableSender, code: "sender_disabled" });
export const resumeSenderForm = (c: Context<App>) => change(c, { verb: resumeSender, code: "sender_resumed" });
