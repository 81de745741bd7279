// Many workers and many wishes at once for one source, on a Postgres with many sessions: one run, every document once.
import { afterAll, beforeAll, expect, test } from "vitest";
import { raceDatabase } from "#test/kit/database.ts";
import { type VaultWorld, vaultWorld } from "./vaulting.ts";

let v: VaultWorld;
beforeAll(async () => {
  v = await vaultWorld({ neon: await raceDatabase() });
});
afterAll(() => v.close());

async function source(what: string, count: number) {
  const name = `nordvarme/${what}-${v.a.accountId}`;
  const files = Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`part-${i}.md`, `# Part ${i}\n\nText ${i} of ${what}.\n`]),
  );
  const repository = v.github.repository(name, files);
  const bound = await v.bind({ source: "github", repository: name });
  v.queue.published.splice(0);
  return { name, repository, bound };
}

test("of eight workers one runs; each document is fetched and stored once", async () => {
  const { name, bound } = await source("eight", 24);
  const answers = await Promise.all(Array.from({ length: 8 }, () => v.job(bound)));
  const outcomes = answers.map(({ body }) => body.outcome);
  expect(outcomes.filter((outcome) => outcome === "done")).toHaveLength(1);
  expect(outcomes.filter((outcome) => !/^(done|busy|idle)$/.test(outcome))).toEqual([]);
  expect(v.github.requests.filter((path) => path.includes(name) && path.includes("blobs"))).toHaveLength(24);
  const [row] = await v.neon.query(
    `select (select count(*)::int from vault.documents where source_id = $1) as documents,
      (select count(*)::int from shared.events where kind = 'vault.document.stored' and payload->>'source' = $1) as told,
      (select count(*)::int from shared.evidence_items e join vault.documents d on d.project_id = e.project_id and d.id = e.source_pk where d.source_id = $1) as evidence`,
    [bound.id],
  );
  expect(row).toEqual({ documents: 24, told: 24, evidence: 24 });
  expect(await v.status(bound)).toMatchObject({ status: "success", document_count: 24, changed: 24 });
});

test("a wish made while runs come and go is never lost: afterwards the copy is what is there", async () => {
  const { repository, bound } = await source("wishes", 6);
  for (let round = 0; round < 6; round++) {
    repository.commit({ [`part-${round}.md`]: `# Part\n\nChanged in round ${round}.\n` });
    await Promise.all([
      v.post(`/v1/vault/sources/${bound.id}/sync`, {}),
      v.job(bound),
      v.job(bound),
      v.post(`/v1/vault/sources/${bound.id}/sync`, {}),
    ]);
  }
  // Leases of runs that a wish arrived in have ended by then.
  for (let turn = 0; turn < 4; turn++) {
    await v.quiet();
    v.clock.advance(200_000);
    await v.job(bound);
  }
  const rows = await v.neon.query("select path, content from vault.documents where source_id = $1 order by path", [
    bound.id,
  ]);
  expect(rows.map((row) => row["content"])).toEqual(
    Array.from({ length: 6 }, (_, i) => `# Part\n\nChanged in round ${i}.\n`),
  );
  expect(await v.status(bound)).toMatchObject({ status: "success" });
  const pending = await v.neon.query(
    "select id from shared.outbox where kind = 'vault.sync' and state = 'pending' and payload->>'source' = $1",
    [bound.id],
  );
  expect(pending).toEqual([]);
});

test("who may see a source and what is stored of it are changed at once without a document in between", async () => {
  const { bound } = await source("shown", 16);
  const turns = ["public", "internal", "public", "internal", "public"];
  await Promise.all([
    v.job(bound),
    ...turns.map((visibility) => v.post(`/v1/vault/sources/${bound.id}/visibility`, { visibility })),
  ]);
  await v.quiet();
  const rows = await v.neon.query(
    `select count(distinct c.visibility)::int as kinds, bool_and(c.visibility = s.visibility and e.visibility = s.visibility)::text as same
      from vault.documents d join vault.sources s on s.project_id = d.project_id and s.id = d.source_id
        join memory.chunks c on c.project_id = d.project_id and c.source_table = 'vault.documents' and c.source_pk = d.id
        join shared.evidence_items e on e.project_id = d.project_id and e.source_table = 'vault.documents' and e.source_pk = d.id
      where d.source_id = $1`,
    [bound.id],
  );
  expect(rows).toEqual([{ kinds: 1, same: "true" }]);
});
