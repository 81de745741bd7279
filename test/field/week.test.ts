// A technician's week, changed as a whole.
import { beforeAll, describe, expect, test } from "vitest";
import { type World, world } from "#test/kit/world.ts";
import { call, technician } from "./planning.ts";

let w: World;
beforeAll(async () => {
  w = await world({ now: "2026-11-15T08:00:00.000Z" });
});

describe("a week", () => {
  test("is changed as a whole by whoever read it last; blocks that overlap are refused", async () => {
    const tech = await technician(w, w.a);
    const put = (json: Record<string, unknown>) =>
      call(w, w.a, `/v1/field/calendar/weeks/${tech}`, { json, method: "PUT" });
    const read = () => call(w, w.a, `/v1/field/calendar/weeks/${tech}`);
    expect((await read()).body).toMatchObject({ own: false, version: 0, timezone: "Europe/Copenhagen" });
    const clash = [
      { weekday: 2, from: "08:00", until: "12:00" },
      { weekday: 2, from: "11:59", until: "16:00", kind: "drop_off" },
    ];
    expect(await put({ version: 0, blocks: clash })).toMatchObject({ status: 422, body: { code: "blocks_overlap" } });
    const blocks = [
      { weekday: 2, from: "08:00", until: "12:00" },
      { weekday: 2, from: "12:00", until: "24:00" },
    ];
    expect(await put({ version: 0, blocks })).toMatchObject({ status: 200, body: { own: true, version: 1 } });
    expect((await read()).body["blocks"]).toEqual(blocks.map((block) => ({ ...block, capacity: 1, kind: "visit" })));
    expect(await put({ version: 0, blocks: [] })).toMatchObject({
      status: 412,
      body: { code: "week_changed", version: 1 },
    });
    expect(await call(w, w.a, `/v1/field/calendar/weeks/${tech}/drop`, { json: { version: 1 } })).toMatchObject({
      body: { own: false },
    });
  });
});
