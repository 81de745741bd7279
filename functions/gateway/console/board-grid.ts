/** A technician's day as cells of a table: quarters of an hour, put together where they are alike. Pure. */
import { wallOf } from "#brain/kernel/wall-time.ts";
import type { BoardRow } from "./shapes.ts";

type Placed = BoardRow["appointments"][number];
export type Cell =
  | { kind: "taken"; span: number; appointment: Placed }
  | { kind: "open" | "off"; span: number; at: string };
/** Lines of one technician: appointments that lie at once need one each. */
export type Lines = Cell[][];

export const quarter = 15;

/** Minutes since the day's midnight that clocks show, held within the day. */
export function minuteIn(day: string, at: string, timezone: string): number {
  const wall = wallOf(new Date(at), timezone);
  if (wall.slice(0, 10) < day) return 0;
  if (wall.slice(0, 10) > day) return 1440;
  return Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16));
}

type Piece = { from: number; until: number };
const pieceOf = (day: string, of: { from: string; until: string }, timezone: string): Piece => {
  const from = Math.floor(minuteIn(day, of.from, timezone) / quarter);
  // Where clocks go back an hour may end before it began.
  return { from, until: Math.max(Math.ceil(minuteIn(day, of.until, timezone) / quarter), from + 1) };
};

/** The hours that a board must show: working time and appointments of everybody, never less than eight to sixteen. */
export function hoursOf(rows: readonly BoardRow[], { day, timezone }: { day: string; timezone: string }): Piece {
  const inside = rows.flatMap((row) => piecesOf(day, [...row.shifts, ...row.appointments.map(spanOf)], timezone));
  const from = Math.min(32, ...inside.map((one) => one.from));
  const until = Math.max(64, ...inside.map((one) => one.until));
  return { from: Math.floor(from / 4), until: Math.min(24, Math.ceil(until / 4)) };
}

/** Whether any of it lies within the day; what ends at midnight does not. */
function isIn(day: string, of: { from: string; until: string }, timezone: string): boolean {
  const [from, until] = [wallOf(new Date(of.from), timezone), wallOf(new Date(of.until), timezone)];
  return from.slice(0, 10) <= day && until > `${day}T00:00:00`;
}

const piecesOf = (day: string, spans: readonly { from: string; until: string }[], timezone: string): Piece[] =>
  spans.filter((span) => isIn(day, span, timezone)).map((span) => pieceOf(day, span, timezone));

const spanOf = ({ start, end }: Placed) => ({ from: start, until: end });

const clock = (index: number) =>
  `${String(Math.floor(index / 4)).padStart(2, "0")}:${String((index % 4) * quarter).padStart(2, "0")}`;

export function linesOf(row: BoardRow, at: { day: string; timezone: string; hours: Piece }): Lines {
  const { day, timezone, hours } = at;
  const working = piecesOf(day, row.shifts, timezone);
  const off = piecesOf(day, row.off, timezone);
  const within = (pieces: Piece[], index: number) => pieces.some(({ from, until }) => from <= index && index < until);
  const placed: { piece: Piece; appointment: Placed }[][] = [[]];
  for (const appointment of row.appointments) {
    if (!isIn(day, spanOf(appointment), timezone)) continue;
    const piece = pieceOf(day, spanOf(appointment), timezone);
    const line = placed.find((one) => (one.at(-1)?.piece.until ?? 0) <= piece.from);
    if (line) line.push({ piece, appointment });
    else placed.push([{ piece, appointment }]);
  }
  return placed.map((line) => {
    const cells: Cell[] = [];
    for (let index = hours.from * 4; index < hours.until * 4; ) {
      const here = line.find(({ piece }) => piece.from <= index && index < piece.until);
      if (here) {
        const until = Math.min(here.piece.until, hours.until * 4);
        cells.push({ kind: "taken", span: until - index, appointment: here.appointment });
        index = until;
        continue;
      }
      const kind = within(working, index) && !within(off, index) ? "open" : "off";
      const last = cells.at(-1);
      // A cell ends with its hour, so that each hour can be booked.
      if (last && last.kind === kind && index % 4 !== 0) last.span += 1;
      else cells.push({ kind, span: 1, at: clock(index) });
      index += 1;
    }
    return cells;
  });
}
