/** The day board: technicians, when they work, when they do not, and who is expected where; one request for all of it. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { instant } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";
import { appointmentKinds, appointmentStates } from "./appointment.ts";

const Span = () => z.object({ from: z.string(), until: z.string() });

const Placed = () =>
  z.object({
    id: z.string(),
    job: z.string(),
    number: z.int(),
    title: z.string(),
    client: z.string().nullable(),
    location: z.string(),
    kind: z.enum(appointmentKinds),
    start: z.string(),
    end: z.string(),
    blocked_from: z.string(),
    blocked_until: z.string(),
    status: z.enum(appointmentStates),
  });

const Row = () =>
  z.object({
    id: z.string(),
    name: z.string(),
    timezone: z.string(),
    active: z.boolean(),
    shifts: z.array(Span().extend({ kind: z.enum(appointmentKinds), capacity: z.int() })),
    off: z.array(Span()),
    appointments: z.array(Placed()),
  });

const Board = () =>
  z.object({
    day: z.string(),
    days: z.int(),
    timezone: z.string(),
    from: z.string(),
    until: z.string(),
    techs: z.array(Row()),
  });
type View = z.output<ReturnType<typeof Board>>;
type Told = Omit<View, "techs"> & { techs: View["techs"] | null };

const spanView = <T extends { from: string; until: string }>(span: T): T => ({
  ...span,
  from: instant(span.from),
  until: instant(span.until),
});
const placedView = <T extends { start: string; end: string; blocked_from: string; blocked_until: string }>(
  one: T,
): T => ({
  ...one,
  start: instant(one.start),
  end: instant(one.end),
  blocked_from: instant(one.blocked_from),
  blocked_until: instant(one.blocked_until),
});

export const getBoard = reading(
  {
    name: "field.calendar.board",
    summary: "Technicians and hours: who works when, and who is expected where, for up to fourteen days",
    needs: "field:read",
    input: () =>
      z.object({
        day: z.iso.date().optional().describe("Left out, today where the project is"),
        days: z.coerce.number().int().min(1).max(14).default(1),
        tech_id: z.string().min(1).max(64).optional(),
      }),
    output: Board,
  },
  {
    part: (ctx, { day, days, tech_id }) =>
      raw<{ board: Told }>(
        ctx,
        sql`select field.board(${JSON.stringify({ day, days, ...(tech_id ? { tech: tech_id } : {}) })}::jsonb) as board`,
      ),
    view: (found) => {
      const board = (found as { rows: { board: Told }[] }).rows[0]?.board;
      if (!board) throw new Error("no board");
      return {
        ...board,
        from: instant(board.from),
        until: instant(board.until),
        techs: (board.techs ?? []).map((row) => ({
          ...row,
          shifts: row.shifts.map(spanView),
          off: row.off.map(spanView),
          appointments: row.appointments.map(placedView),
        })),
      };
    },
  },
);
