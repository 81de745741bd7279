/** How a project plans: what it keeps free around appointments, its drop-off windows, how far ahead it looks. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { reading, verb } from "../kernel/verb.ts";
import { Hour, hourOf, isLater, minuteOf, Weekday } from "./hours.ts";

const pause = (what: string) => z.int().min(0).max(240).describe(what);

const Window = () =>
  z.object({ from: Hour(), until: Hour() }).refine(isLater, { path: ["until"], message: "must be after from" });

const rules = () => ({
  buffer_before: pause("Minutes kept free before each appointment"),
  buffer_after: pause("Minutes kept free after it"),
  travel: pause("Minutes of the way to a visit, before its buffer"),
  grid: z
    .union([5, 10, 15, 20, 30, 60].map((step) => z.literal(step)))
    .describe("Offered times are so many minutes apart"),
  horizon_days: z.int().min(1).max(14).describe("How far ahead a search looks when it does not say"),
  drop_off_windows: z
    .array(Window())
    .max(12)
    .refine((windows) => !doOverlap(windows), "windows must not overlap")
    .describe("A thing is brought within one of them"),
  drop_off_weekdays: z.array(Weekday()).max(7).describe("1 Monday … 7 Sunday"),
});

function doOverlap(windows: { from: string; until: string }[]): boolean {
  const sorted = windows.toSorted((a, b) => minuteOf(a.from) - minuteOf(b.from));
  return sorted.some((window, i) => i > 0 && minuteOf(window.from) < minuteOf(sorted[i - 1]?.until ?? "00:00"));
}

const Settings = () => z.object({ ...rules(), version: z.int().describe("0 until something was changed") });
type View = z.output<ReturnType<typeof Settings>>;
type Row = Omit<View, "drop_off_windows"> & { drop_off_windows: { opens: number; closes: number }[] };

const columns = sql`r.buffer_before, r.buffer_after, r.travel, r.grid, r.horizon_days, r.drop_off_windows, to_jsonb(r.drop_off_weekdays) as drop_off_weekdays, r.version`;

const view = (row: Row): View => ({
  ...row,
  drop_off_windows: row.drop_off_windows.map(({ opens, closes }) => ({ from: hourOf(opens), until: hourOf(closes) })),
});

export const getCalendar = reading(
  {
    name: "field.calendar.get",
    summary: "How the project plans: buffers, travel, drop-off windows, how far ahead",
    needs: "field:read",
    input: () => z.object({}),
    output: Settings,
  },
  {
    part: (ctx) => raw<Row>(ctx, sql`select ${columns} from field.calendar_rules() r`),
    view: (found) => {
      const row = (found as { rows: Row[] }).rows[0];
      if (!row) throw new Error("no calendar rules");
      return view(row);
    },
  },
);

export const updateCalendar = verb(
  {
    name: "field.calendar.update",
    summary: "Change how the project plans; appointments that stand are left as they are",
    needs: "field:plan",
    // The house's rules, which bind whoever books for it.
    doors: ["rest"],
    effect: "write",
    faults: ["calendar_changed"],
    input: () =>
      z
        .object(rules())
        .partial()
        .extend({ version: z.int().min(0).max(2_147_483_646).describe("The one you read") }),
    output: Settings,
    example: () => ({ version: 0, travel: 20 }),
  },
  async (ctx, { version, drop_off_windows, ...change }) => {
    const windows = drop_off_windows?.map(({ from, until }) => ({ opens: minuteOf(from), closes: minuteOf(until) }));
    const told = JSON.stringify({ ...change, ...(windows ? { drop_off_windows: windows } : {}) });
    const changed = Object.keys({ ...change, ...(windows ? { drop_off_windows } : {}) }).sort();
    return commit(ctx, {
      before: [
        raw(
          ctx,
          sql`insert into field.calendar_settings (project_id, version) values (shared.scope(), 0) on conflict do nothing`,
        ),
      ],
      change: sql`update field.calendar_settings r set (buffer_before, buffer_after, travel, grid, horizon_days, drop_off_windows, drop_off_weekdays)
          = (select n.buffer_before, n.buffer_after, n.travel, n.grid, n.horizon_days, n.drop_off_windows, n.drop_off_weekdays
            from jsonb_populate_record(r, ${told}::jsonb) n), updated_at = shared.clock(), version = r.version + 1
        where r.project_id = shared.scope() and r.version = ${version}::int returning ${columns}`,
      event: { kind: "calendar.changed", ref: ["project", "calendar"], payload: { changed } },
      lost: () =>
        new Fault("conflict", "calendar_changed", { detail: "It has changed since you read it: read it again." }),
    });
  },
  (row) => view(row as unknown as Row),
);
