/** Working time: a technician's week, or the house's for those who have none of their own. It is changed as a whole. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { reading, verb } from "../kernel/verb.ts";
import { appointmentKinds } from "./appointment.ts";
import { Hour, hourOf, isLater, minuteOf, Weekday } from "./hours.ts";

/** In place of a technician's id. */
export const house = "house";

const Block = () =>
  z
    .object({
      weekday: Weekday().describe("1 Monday … 7 Sunday"),
      from: Hour().describe("What clocks show in the technician's time zone"),
      until: Hour(),
      capacity: z.int().min(1).max(20).default(1).describe("Appointments at once"),
      kind: z.enum(appointmentKinds).default("visit"),
    })
    .refine(isLater, { path: ["until"], message: "must be after from" });
type Block = z.output<ReturnType<typeof Block>>;

const Week = () =>
  z.object({
    tech: z.string().describe("A technician, or house"),
    own: z
      .boolean()
      .describe("False where the house's week holds, or the ordinary one: Monday to Friday, 08:00 to 16:00"),
    timezone: z.string(),
    blocks: z.array(Block()),
    version: z.int().describe("0 until there is one of its own"),
  });
type Row = Omit<z.output<ReturnType<typeof Week>>, "blocks"> & {
  blocks: (Omit<Block, "from" | "until"> & { opens: number; closes: number })[];
};

const view = ({ blocks, ...row }: Row) => ({
  ...row,
  blocks: blocks.map(({ opens, closes, ...block }) => ({ ...block, from: hourOf(opens), until: hourOf(closes) })),
});

const weekOf = (tech: string) => sql`field.week_of(${tech})`;

export const getWeek = reading(
  {
    name: "field.calendar.week",
    summary: "When a technician works, weekday by weekday",
    needs: "field:read",
    faults: ["tech_unknown"],
    input: () => z.object({ id: z.string().min(1).max(64).describe("A technician, or house") }),
    output: Week,
  },
  {
    part: (ctx, { id }) => raw<{ week: Row }>(ctx, sql`select ${weekOf(id)} as week`),
    view: (found) => {
      const row = (found as { rows: { week: Row | null }[] }).rows[0];
      if (!row?.week) throw new Fault("not_found", "tech_unknown");
      return view(row.week);
    },
  },
);

export const setWeek = verb(
  {
    name: "field.calendar.set_week",
    summary:
      "Write a technician's week as a whole; without blocks he takes no appointments, appointments that stand are left",
    needs: "field:plan",
    effect: "write",
    faults: ["tech_unknown", "week_changed", "blocks_overlap"],
    input: () =>
      z.object({
        id: z.string().min(1).max(64).describe("A technician, or house"),
        version: z.int().min(0).max(2_147_483_646).describe("The one you read; 0 for the first"),
        blocks: z.array(Block()).max(100),
      }),
    output: Week,
    example: () => ({ id: house, version: 0, blocks: [{ weekday: 1, from: "08:00", until: "16:00" }] }),
  },
  async (ctx, { id, version, blocks }) => {
    const told = {
      tech: id,
      version,
      week: ctx.ids.next("week"),
      blocks: blocks.map(({ from, until, ...block }) => ({
        ...block,
        id: ctx.ids.next("block"),
        opens: minuteOf(from),
        closes: minuteOf(until),
      })),
    };
    return commit(ctx, {
      // The whole week in one call: two blocks that overlap are refused by their constraint.
      change: sql`select field.set_week(${JSON.stringify(told)}::jsonb) as week`,
      event: { kind: "calendar.week_changed", ref: ["tech", id], payload: { blocks: blocks.length } },
    });
  },
  (row) => view(row["week"] as Row),
);

export const dropWeek = verb(
  {
    name: "field.calendar.drop_week",
    summary: "Let a technician follow the house's week again",
    needs: "field:plan",
    effect: "write",
    faults: ["tech_unknown", "week_changed"],
    input: () => z.object({ id: z.string().min(1).max(64), version: z.int().min(1).max(2_147_483_646) }),
    output: Week,
    example: () => ({ id: house, version: 1 }),
  },
  async (ctx, { id, version }) =>
    commit(ctx, {
      change: sql`select field.drop_week(${id}, ${version}::int) as week`,
      event: { kind: "calendar.week_dropped", ref: ["tech", id] },
    }),
  (row) => view(row["week"] as Row),
);
