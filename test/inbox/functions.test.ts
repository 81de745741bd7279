/** What holds for every SQL function of the hot path: a fixed search_path, a kept plan, nobody else's to call. */
import { beforeAll, describe, expect, it } from "vitest";
import { database, type TestDatabase } from "#test/kit/database.ts";

const hot = [
  "field.hear",
  "field.obey",
  "field.place",
  "field.put_message",
  "field.remember",
  "field.repeated",
  "field.whose",
  "identity.enter",
  "inbox.admit",
  "inbox.ingest",
  "inbox.mirror",
  "inbox.note_stale",
  "inbox.overheard",
  "inbox.put_contacts",
  "inbox.put_conversations",
  "inbox.put_messages",
  "inbox.quarantine",
  "inbox.remember",
  "inbox.replays",
  "inbox.weigh_messages",
  "inbox.withhold",
  "memory.ask_embedding",
  "memory.claim",
  "memory.doubt_answers",
  "memory.language_near",
  "memory.put_chunks",
  "memory.settle",
  "memory.settle_sources",
  "outbound.catch_up",
  "outbound.heard",
  "outbound.replied",
  "outbound.shun",
  "outbound.told",
  "outbound.told_one",
  "people.follow",
  "people.meet",
  "shared.put_evidence",
  "shared.record_events",
];

let neon: TestDatabase;
beforeAll(async () => {
  neon = await database();
});

describe("functions of the hot path", () => {
  it("fix their search_path and keep their plans", async () => {
    const found = await neon.query(
      `select p.oid::regproc::text as name, p.proconfig, l.lanname from pg_proc p join pg_language l on l.oid = p.prolang
        where p.oid::regproc::text = any($1)`,
      [`{${hot.join(",")}}`],
    );
    expect(found.map((f) => f["name"]).sort()).toEqual(hot);
    for (const { name, proconfig, lanname } of found) {
      const settings = (proconfig as string[]).join(" ");
      expect(settings, String(name)).toMatch(/search_path=pg_catalog, (ext, )?pg_temp/);
      expect(settings, String(name)).toContain("plan_cache_mode=force_generic_plan");
      // A function in plain SQL is planned anew in every transaction.
      expect(lanname, String(name)).toBe("plpgsql");
    }
  });

  it("take their rights from the caller, but for the one that takes away what belongs to nobody", async () => {
    const found = await neon.query(
      `select p.oid::regproc::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where p.prosecdef and n.nspname = any('{inbox,people}')`,
    );
    expect(found).toEqual([{ name: "inbox.purge_quarantine" }]);
    const everybody = await neon.query(
      `select p.oid::regproc::text as name from pg_proc p where p.oid::regproc::text = any($1)
        and exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0)`,
      [`{${[...hot, "identity.account_bound"].join(",")}}`],
    );
    expect(everybody).toEqual([]);
  });

  it("refuse to ingest without a project, and into another one's source", async () => {
    const event = JSON.stringify([{ id: "dlv_1", source: "src_none", account: 1 }]);
    const attempt = (project: string) =>
      neon.query(
        `select set_config('role', 'omneuro_app', true), set_config('app.project_id', $2, true), inbox.ingest($1::jsonb)`,
        [event, project],
      );
    await expect(attempt("")).rejects.toMatchObject({ code: "42501" });
    await expect(attempt("0190b0a0-0000-7000-8000-000000000001")).rejects.toMatchObject({ code: "OM404" });
  });
});
