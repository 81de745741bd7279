/** What the board shows, for its table and its forms. */
import type { Seat } from "./seat.ts";
import type { BoardShape, JobRow, Listed, SlotRow } from "./shapes.ts";

export type BoardView = {
  seat: Seat;
  board: BoardShape;
  days: string[];
  jobs: JobRow[];
  chosen: {
    job?: string | undefined;
    tech?: string | undefined;
    at?: string | undefined;
    minutes?: string | undefined;
  };
  slots: Listed<SlotRow> | null;
  mayPlan: boolean;
  wrong?: { said: string[]; typed: Record<string, string> };
};

export const boardPlace = "/console/board";
