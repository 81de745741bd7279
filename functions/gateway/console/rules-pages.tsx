/** The project's rules for what it sends as a page, the form that changes them, and a dry run of the queue under them. */
import type { Context } from "hono";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import { dryRun, getSettings, updateSettings } from "#brain/outbound/index.ts";
import { statusOf } from "../problem.ts";
import type { App } from "../runtime.ts";
import { reader, readForm, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { saidOf } from "./mend.tsx";
import { once } from "./once.ts";
import { RulesPage, type RulesView, rulesPath, typedFrom } from "./rules-view.tsx";
import { seatOf } from "./seat.ts";

/** How far a dry run looks ahead. */
const spans: Record<string, number> = { now: 0, day: 24, week: 168 };

type Shown = { typed?: ReadonlyMap<string, string>; said?: string[]; status?: number; ahead?: string };

async function answerRules(c: Context<App>, ctx: Ctx, { status, ahead, ...told }: Shown): Promise<Response> {
  const hours = Object.hasOwn(spans, ahead ?? "") ? (spans[ahead ?? ""] ?? 0) : null;
  const until = new Date(ctx.clock.now().getTime() + (hours ?? 0) * 3_600_000).toISOString();
  const asked = [
    [getSettings, {}],
    [memoryStatus, {}, "if permitted"],
  ] as const;
  const [rules, memory, judged] =
    hours === null
      ? [...(await together(ctx, asked)), undefined]
      : await together(ctx, [...asked, [dryRun, { until }]] as const);
  const seat = seatOf(ctx, memory);
  const view: RulesView = {
    seat,
    rules,
    typed: told.typed ?? typedFrom(rules),
    said: told.said ?? [],
    judged: judged && { ahead: ahead ?? "now", ...judged },
  };
  const body = <RulesPage view={view} />;
  return answerFramed(c, { seat, place: "outbox", title: "Rules", body, ...(status ? { status } : {}) });
}

export async function rulesPage(c: Context<App>): Promise<Response> {
  const ahead = c.req.query("ahead");
  return answerRules(c, await reader(c), ahead === undefined ? {} : { ahead });
}

const texts = (form: ReadonlyMap<string, string>, name: string): string =>
  (form.get(name) ?? "").replaceAll("\r\n", "\n").trim();

/** What is no number is refused by the verb, by name. */
const count = (form: ReadonlyMap<string, string>, name: string): number =>
  texts(form, name) === "" ? Number.NaN : Number(texts(form, name));

function rulesIn(form: ReadonlyMap<string, string>): Record<string, unknown> {
  const [en, da] = [texts(form, "help_en"), texts(form, "help_da")];
  return {
    version: Number(form.get("version")),
    brand: texts(form, "brand"),
    four_eyes: form.has("four_eyes"),
    quiet_from: texts(form, "quiet_from").slice(0, 5),
    quiet_until: texts(form, "quiet_until").slice(0, 5),
    cap_count: count(form, "cap_count"),
    cap_seconds: Math.round(count(form, "cap_hours") * 3600),
    stop_on_reply: form.has("stop_on_reply"),
    most_attempts: count(form, "most_attempts"),
    help_text: { ...(en ? { en } : {}), ...(da ? { da } : {}) },
    postal_address: texts(form, "postal_address"),
    confirm_stop: form.has("confirm_stop"),
  };
}

const named: Record<string, string> = {
  brand: "The name customers know",
  quiet_from: "Quiet from",
  quiet_until: "Quiet until",
  cap_count: "Messages",
  cap_seconds: "Hours",
  most_attempts: "Tries",
  help_text: "The answer to HELP",
  postal_address: "The postal address",
};

const mendable = new Set(["invalid_input", "outbound_settings_changed"]);

export async function rulesForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  try {
    await once(ctx, { verb: updateSettings, input: rulesIn(form), form });
  } catch (thrown) {
    if (!(thrown instanceof Fault) || !mendable.has(thrown.code)) throw thrown;
    return answerRules(c, ctx, { typed: form, said: saidOf(thrown, named), status: statusOf(thrown.kind) });
  }
  return seeOther(c, await withNote(c, rulesPath, { code: "rules_changed" }));
}
