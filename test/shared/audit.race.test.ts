// Writers and a sealer at once, on a Postgres with many sessions: nobody waits, nothing is lost to the chain.
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { commit } from "#brain/kernel/commit.ts";
import { verbFor } from "#brain/registry.ts";
import { ctxOf, systemOf } from "#test/kit/ctx.ts";
import { raceDatabase } from "#test/kit/database.ts";
import { world } from "#test/kit/world.ts";

test("eight writers and a busy sealer: every row is in exactly one seal", async () => {
  const w = await world({ neon: await raceDatabase() });
  const seal = () =>
    verbFor("job", "shared.audit.seal")?.run(
      ctxOf(w, { kind: "system", project: w.a.project, job: "shared.audit.seal" }),
      {},
    );
  let writing = true;
  const writer = async () => {
    for (let i = 0; i < 25; i++) {
      const id = w.runtime.ids.next("contact");
      const change = sql`insert into people.contacts (project_id, id) values (shared.scope(), ${id}) returning id, pg_sleep(random() * 0.005)::text as slept`;
      await commit(ctxOf(w, systemOf(w.a)), {
        change,
        audit: { action: "people.contact.added", ref: ["contact", id], evidence: "none" },
      });
    }
  };
  const sealer = (async () => {
    while (writing) await seal();
  })();
  await Promise.all(Array.from({ length: 8 }, writer));
  writing = false;
  await sealer;
  await seal();
  const answer = await w.fetch("/v1/shared/audit/verify", { key: w.a.apiKey });
  expect(await answer.json()).toMatchObject({ ok: true, rows: 200, unsealed: 0 });
  const sealed = await w.neon.query(
    "select count(*)::int as n, count(distinct i)::int as different from shared.audit_seals s, unnest(s.ids) i where s.project_id = $1",
    [w.a.project],
  );
  expect(sealed).toEqual([{ n: 200, different: 200 }]);
});
