/** Words leaving while webhooks arrive, on a Postgres with many sessions: nobody waits for ever, and nothing half-gone is left. */
import { beforeAll, expect, it } from "vitest";
import { type RaceDatabase, raceDatabase } from "#test/kit/database.ts";
import { deliver } from "#test/kit/jobs.ts";
import { tenant, type World, world } from "#test/kit/world.ts";
import { count, edit, heard, type Json, message, rows, talk } from "./chatwoot.ts";

let neon: RaceDatabase;
let w: World;
beforeAll(async () => {
  neon = await raceDatabase();
  w = await world({ neon });
});

it("edits and nights at once: each turn is a shell or has its newest words, never something between", async () => {
  const t = await tenant(neon, "leaves");
  const talks = Array.from({ length: 4 }, () => talk(t));
  const said: { at: (typeof talks)[number]; sent: Json }[] = [];
  for (const at of talks)
    for (let n = 0; n < 15; n++) {
      const sent = message(at, { content: `Turn ${n} of the old days`, created_at: "2026-06-01T08:00:00.000Z" });
      said.push({ at, sent });
      await heard(w, t, sent);
    }
  const headers = { "idempotency-key": '"race-keep"' };
  const json = { keep_days: 30, version: 0, confirm: true };
  expect((await w.fetch("/v1/shared/retention/inbox.turns", { key: t.apiKey, json, headers })).status).toBe(200);
  const now = w.clock.now().getTime();
  const nights = Array.from(
    { length: 6 },
    async () => (await deliver(w, "shared.retention.run", { project: t.project })).status,
  );
  const edits = said.map(({ at, sent }, n) =>
    // Every other edit is from before the night, the rest are newer.
    heard(
      w,
      t,
      edit(at, sent, {
        content: `Edited ${n}`,
        version: new Date(now + (n % 2 ? 60_000 : -90 * 86_400_000)).toISOString(),
      }),
    ),
  );
  expect(await Promise.all(nights)).toEqual(Array(6).fill(200));
  const outcomes = await Promise.all(edits);
  expect(outcomes.filter((outcome, n) => n % 2 && outcome !== "stored")).toEqual([]);
  expect((await deliver(w, "shared.retention.run", { project: t.project })).status).toBe(200);
  const left = await rows(
    w,
    t,
    `select m.content, m.removed_at is not null as gone, (select count(*)::int from memory.chunks c where c.project_id = $1 and c.source_pk = m.id) as chunks,
        e.withdrawn_at is not null as withdrawn
      from inbox.cw_messages m join shared.evidence_items e on e.project_id = m.project_id and e.source_pk = m.id where m.project_id = $1`,
  );
  expect(left).toHaveLength(60);
  const [gone, kept] = [left.filter((row) => row["gone"]), left.filter((row) => !row["gone"])];
  expect(gone).toEqual(Array(30).fill({ content: null, gone: true, chunks: 0, withdrawn: true }));
  expect(kept.map(({ content, ...row }) => row)).toEqual(Array(30).fill({ gone: false, chunks: 1, withdrawn: false }));
  expect(kept.map((row) => row["content"]).toSorted()).toEqual(
    said
      .map((_, n) => `Edited ${n}`)
      .filter((_, n) => n % 2)
      .toSorted(),
  );
  // What six nights at once say they took is what is gone, and each once; edits that came later brought some back.
  const counted = await rows(
    w,
    t,
    "select sum((payload->'removed'->>'inbox.turns')::int)::int as n from shared.events where project_id = $1 and kind = 'retention.applied'",
  );
  expect(Number(counted[0]?.["n"])).toBeGreaterThanOrEqual(30);
  expect(Number(counted[0]?.["n"])).toBeLessThanOrEqual(60);
  expect(await count(w, t, "shared.tombstones")).toBe(Number(counted[0]?.["n"]));
});
