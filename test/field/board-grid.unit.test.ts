// A day as cells: every quarter of an hour is in exactly one of them, whatever lies in the day.
import fc from "fast-check";
import { expect, test } from "vitest";
import { instantOf } from "#brain/kernel/wall-time.ts";
import { hoursOf, linesOf } from "#gateway/console/board-grid.ts";
import type { BoardRow } from "#gateway/console/shapes.ts";

const timezone = "Europe/Copenhagen";

test.each(["2026-03-29", "2026-10-25", "2026-11-16"])(
  "on %s each line fills its hours, and each appointment stands once",
  (day) => {
    const span = fc
      .tuple(fc.integer({ min: -200, max: 1500 }), fc.integer({ min: 10, max: 300 }))
      .map(([from, long]) => {
        const start = instantOf(`${day}T00:00:00`, timezone).getTime() + from * 60_000;
        return { from: new Date(start).toISOString(), until: new Date(start + long * 60_000).toISOString() };
      });
    fc.assert(
      fc.property(
        fc.array(span, { maxLength: 6 }),
        fc.array(span, { maxLength: 4 }),
        fc.array(span, { maxLength: 2 }),
        (taken, shifts, off) => {
          const appointments = taken
            .toSorted((a, b) => a.from.localeCompare(b.from))
            .map(({ from, until }, i) => ({ id: `apt_${i}`, start: from, end: until, title: "x" }));
          const row = {
            id: "tec_1",
            name: "T",
            shifts: shifts.map((one) => ({ ...one, kind: "visit", capacity: 1 })),
            off,
            appointments,
          } as unknown as BoardRow;
          const hours = hoursOf([row], { day, timezone });
          const lines = linesOf(row, { day, timezone, hours });
          for (const cells of lines)
            expect(cells.reduce((sum, { span }) => sum + span, 0)).toBe((hours.until - hours.from) * 4);
          const shown = lines.flat().flatMap((cell) => (cell.kind === "taken" ? [cell.appointment.id] : []));
          expect(new Set(shown).size).toBe(shown.length);
          const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
          const [midnight, after] = [day, next].map((one) => instantOf(`${one}T00:00:00`, timezone).toISOString());
          const inDay = appointments.filter(({ start, end }) => start < (after ?? "") && end > (midnight ?? ""));
          expect(shown.toSorted()).toEqual(inDay.map(({ id }) => id).toSorted());
        },
      ),
      { numRuns: 60 },
    );
  },
);
