// The numbers of every page: exact while they can be counted quickly, and honest about it when they are not.
import { beforeAll, expect, test } from "vitest";
import { signedIn, textOf } from "#test/console/visitor.ts";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";

let w: World;
beforeAll(async () => {
  w = await world();
});

async function holding(chunks: number, waiting: number): Promise<Tenant> {
  const who = await tenant(w.neon, "counts");
  await w.neon.query(
    `with chunk as (insert into memory.chunks (project_id, id, source_table, source_pk, chunk_index, visibility, occurred_at, lang, len, text, text_hash, tsv)
        select $1, gen_random_uuid(), 'inbox.cw_messages', n::text, 0, 1, now(), 'simple', 1, 'x', n::text, '' from generate_series(1, $2::int) n
        returning id, text_hash),
      waits as (insert into memory.pending (project_id, chunk_id, text_hash) select $1, c.id, c.text_hash from chunk c where c.text_hash::int <= $3::int),
      model as (insert into memory.models (name) values ('counted') on conflict (name) do update set name = excluded.name returning id)
    insert into memory.vectors (project_id, chunk_id, model_id, visibility, occurred_at, text_hash, code, embedding)
      select $1, c.id, m.id, 1, now(), c.text_hash, repeat('1', 1536)::bit(1536), (select array_agg(0.1 order by g) from generate_series(1, 1536) g)::ext.halfvec(1536)
      from chunk c, model m where c.text_hash::int > $3::int and $2::int <= 1000`,
    [who.project, chunks, waiting],
  );
  return who;
}

const status = async (who: Tenant) => (await w.fetch("/v1/memory/status", { key: who.apiKey })).json();

test("a small memory is counted", async () => {
  const who = await holding(20, 3);
  expect(await status(who)).toMatchObject({ exact: true, chunks: 20, ready: 17, pending: 3, counted_seconds: null });
});

test("of a large one what waits is counted, and the rest is what was noted last", async () => {
  const who = await holding(10_050, 7);
  // Nothing noted yet: at least as many as were looked at.
  expect(await status(who)).toMatchObject({
    exact: false,
    chunks: 10_001,
    ready: 9994,
    pending: 7,
    failed: 0,
    counted_seconds: null,
  });
  const noted = new Date(w.clock.now().getTime() - 120_000).toISOString();
  await w.neon.query(
    "insert into memory.corpus (project_id, account_scope_id, chunks, updated_at) values ($1, $2, 10040, $3) on conflict (project_id) do update set chunks = excluded.chunks, updated_at = excluded.updated_at",
    [who.project, who.accountScope, noted],
  );
  expect(await status(who)).toMatchObject({
    exact: false,
    chunks: 10_040,
    ready: 10_033,
    pending: 7,
    counted_seconds: 120,
  });
  const page = await (await signedIn(w, who)).get("/console/memory");
  expect(textOf(page.html)).toContain("About 10,033 passages of 10,040 can be found by meaning.");
  expect(textOf(page.html)).toContain("≈ 10,033 of 10,040 remembered");
});
