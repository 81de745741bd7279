/** Retention as a page, and the form that changes a policy. */
import type { Context } from "hono";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import { retention } from "#brain/registry.ts";
import { listEvents } from "#brain/shared/index.ts";
import type { App } from "../runtime.ts";
import { filterIn, idIn, reader, readForm, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { once } from "./once.ts";
import { type Considered, type LastRun, place, RetentionPage, type RetentionView } from "./retention-page.tsx";
import { seatOf } from "./seat.ts";
import type { RetentionPolicy } from "./shapes.ts";

/** Ledger rows of the last run; one row holds some hundred removed things. */
const rowsRead = 50;

/** Asked where nothing is: every page makes the same reads. */
const cheapest = { kind: "shared.worker_runs" };

/** `""` is for ever; what is no number of days is NaN. */
function daysIn(text: string | undefined): number | null | undefined {
  if (text === undefined) return undefined;
  const bare = text.trim();
  if (bare === "") return null;
  return /^\d{1,5}$/.test(bare) && Number(bare) <= 36_500 ? Number(bare) : Number.NaN;
}

type Line = { ref: { id: string } | null; payload: Record<string, unknown>; ts: string };

/** The newest run's counts, added over its messages. */
function lastRun(lines: Line[], isAll: boolean): LastRun | null {
  const [newest] = lines;
  if (!newest) return null;
  const own = lines.filter((line) => line.ref?.id === newest.ref?.id);
  const removed: Record<string, number> = {};
  for (const { payload } of own)
    for (const [kind, n] of Object.entries(payload["removed"] as Record<string, number>))
      removed[kind] = (removed[kind] ?? 0) + n;
  return { at: newest.ts, removed, isAll: isAll || own.length < lines.length };
}

function consideredOf(policy: RetentionPolicy | undefined, days: number | null | undefined): Considered | null {
  if (!policy?.changeable) return null;
  const isWrong = typeof days === "number" && !(days >= policy.least_days);
  if (!isWrong) return { policy, days };
  return { policy, wrong: `Between ${policy.least_days} and 36,500 days, or empty for ever.` };
}

export async function retentionPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const kind = filterIn(c, "kind");
  const days = daysIn(c.req.query("days"));
  const asked = kind && typeof days === "number" && days >= 0 ? { kind, keep_days: days } : null;
  const [{ data: policies }, { data: counts }, lines, memory, other] = await together(ctx, [
    [retention.list, {}],
    [retention.preview, {}],
    [listEvents, { kind: "retention.applied", limit: rowsRead }],
    [memoryStatus, {}, "if permitted"],
    [retention.preview, asked ?? cheapest],
  ]);
  const seat = seatOf(ctx, memory);
  const mayChange = seat.permissions.includes("shared:operate");
  const considered = consideredOf(
    policies.find((policy) => policy.kind === kind),
    days,
  );
  const view: RetentionView = {
    seat,
    policies,
    counts,
    last: lastRun(lines.data, lines.next === null),
    mayChange,
    considered: considered && mayChange ? { ...considered, count: asked ? other.data[0] : undefined } : null,
  };
  return answerFramed(c, { seat, place: "access", title: "Retention", body: <RetentionPage view={view} /> });
}

/** The page has shown what would leave: sending its form is the confirmation. */
export async function retentionForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const input = {
    kind: idIn(c),
    keep_days: daysIn(form.get("days") ?? "?"),
    version: Number(form.get("version") ?? Number.NaN),
    confirm: true,
  };
  await once(ctx, { verb: retention.update, input, form });
  return seeOther(c, await withNote(c, place, { code: "retention_changed" }));
}
