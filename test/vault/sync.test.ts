// Documents of a repository: copied, embedded once, changed, removed; and what a failing source leaves alone.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Repository } from "#local/documents/github.ts";
import { type Tenant, tenant } from "#test/kit/world.ts";
import { type Bound, type VaultWorld, vaultWorld } from "./vaulting.ts";

let v: VaultWorld;
let a: Tenant;
let repository: Repository;
let source: Bound;

const hours = "# Opening hours\n\nThe workshop is open Monday to Thursday from 8 to 16.\n";
const warranty = "# Warranty\n\nA heat pump carries five years of warranty.\n";
const prices = "# Prices\n\nThe yearly service costs DKK 1,450.\n";

beforeAll(async () => {
  v = await vaultWorld();
});
afterAll(() => v.close());

const documents = () => v.get<{ data: { id: string; path: string }[] }>("/v1/vault/documents", a);
const counts = async () => {
  const [row] = await v.neon.query(
    `select (select count(*)::int from vault.documents where project_id = $1) as documents,
      (select count(*)::int from memory.chunks where project_id = $1) as chunks,
      (select count(*)::int from memory.vectors where project_id = $1) as vectors,
      (select count(*)::int from vault.embeddings where project_id = $1 and embedding is not null) as embeddings,
      (select count(*)::int from shared.evidence_items where project_id = $1 and withdrawn_at is null) as evidence`,
    [a.project],
  );
  return Object.fromEntries(Object.entries(row ?? {}).map(([name, value]) => [name, Number(value)]));
};

async function fresh(files: Record<string, string | Uint8Array>, more: Record<string, unknown> = {}) {
  a = await tenant(v.neon, "vault");
  const name = `nordvarme/handbook-${a.accountId}`;
  repository = v.github.repository(name, files);
  source = await v.bind({ source: "github", repository: name, ...more }, a);
  await v.quiet();
  const first = v.embedded();
  return first;
}

describe("a repository of three files", () => {
  test("is copied: success, three documents, each with its passages, vectors and evidence", async () => {
    const embedded = await fresh({ "hours.md": hours, "warranty.md": warranty, "prices.md": prices, "logo.png": "x" });
    expect(await v.status(source, a)).toMatchObject({
      status: "success",
      document_count: 3,
      changed: 3,
      error_message: null,
    });
    expect(embedded).toHaveLength(3);
    expect(embedded).toContain("Opening hours: The workshop is open Monday to Thursday from 8 to 16.");
    expect(await counts()).toEqual({ documents: 3, chunks: 3, vectors: 3, embeddings: 3, evidence: 3 });
  });

  test("with the same shas: nothing is embedded again, and the tree is not even read", async () => {
    await fresh({ "hours.md": hours, "warranty.md": warranty, "prices.md": prices });
    v.github.requests.splice(0);
    await v.sync(source, a);
    expect(v.embedded()).toEqual([]);
    expect(v.github.requests).toEqual([expect.stringContaining("/commits/HEAD")]);
    repository.commit({});
    await v.sync(source, a);
    expect(v.embedded()).toEqual([]);
    expect(v.github.requests.filter((path) => path.includes("blobs"))).toEqual([]);
    expect(await v.status(source, a)).toMatchObject({ status: "success", document_count: 3, changed: 0 });
  });

  test("with one changed: one is embedded", async () => {
    await fresh({ "hours.md": hours, "warranty.md": warranty, "prices.md": prices });
    const before = (await documents()).data.find(({ path }) => path === "prices.md")?.id;
    v.clock.advance(1000);
    repository.commit({ "prices.md": prices.replace("1,450", "1,550") });
    await v.sync(source, a);
    expect(v.embedded()).toEqual(["Prices: The yearly service costs DKK 1,550."]);
    expect((await documents()).data[0]).toMatchObject({ path: "prices.md", id: before, version: 2 });
    expect(await counts()).toEqual({ documents: 3, chunks: 3, vectors: 3, embeddings: 3, evidence: 3 });
  });

  test("with one deleted: document, passages and vectors are gone, evidence is withdrawn; if it comes back it is a new one", async () => {
    await fresh({ "hours.md": hours, "warranty.md": warranty, "prices.md": prices });
    const before = (await documents()).data.find(({ path }) => path === "prices.md")?.id;
    repository.commit({ "prices.md": null });
    await v.sync(source, a);
    expect(await v.status(source, a)).toMatchObject({ status: "success", document_count: 2, removed: 1 });
    expect(await counts()).toEqual({ documents: 2, chunks: 2, vectors: 2, embeddings: 2, evidence: 2 });
    const stones = await v.neon.query("select object_id, reason from shared.tombstones where project_id = $1", [
      a.project,
    ]);
    expect(stones).toEqual([{ object_id: before, reason: "source_delete" }]);
    repository.commit({ "prices.md": prices });
    await v.sync(source, a);
    expect(await counts()).toEqual({ documents: 3, chunks: 3, vectors: 3, embeddings: 3, evidence: 3 });
    expect((await documents()).data.map(({ id }) => id)).not.toContain(before);
  });

  test("a paragraph put on top costs one embedding: what moved down keeps its vectors", async () => {
    const sections = Array.from({ length: 6 }, (_, i) => `## Part ${i}\n\nWhat is said in part ${i} of the manual.\n`);
    await fresh({ "manual.md": sections.join("\n") });
    repository.commit({ "manual.md": `## Preface\n\nRead this first.\n\n${sections.join("\n")}` });
    await v.sync(source, a);
    expect(v.embedded()).toEqual(["Preface: Read this first."]);
    const rows = await v.neon.query("select text from memory.chunks where project_id = $1 order by chunk_index", [
      a.project,
    ]);
    expect(rows.map((row) => String(row["text"]).slice(0, 7))).toEqual([
      "Preface",
      "Part 0:",
      "Part 1:",
      "Part 2:",
      "Part 3:",
      "Part 4:",
      "Part 5:",
    ]);
    repository.commit({ "manual.md": sections.slice(3).join("\n") });
    await v.sync(source, a);
    expect(v.embedded()).toEqual([]);
    expect(await counts()).toMatchObject({ chunks: 3, vectors: 3 });
  });
});

describe("a source that fails", () => {
  test("has the status error with its reason, and what was copied before stays", async () => {
    await fresh({ "hours.md": hours });
    v.github.faults.answer({ status: 401, json: { message: "Bad credentials" } });
    repository.commit({ "hours.md": warranty });
    await v.sync(source, a);
    v.github.faults.ok();
    expect(await v.status(source, a)).toMatchObject({
      status: "error",
      document_count: 1,
      error_message: expect.stringContaining("credentials_refused"),
      next_try_at: null,
    });
    expect(await counts()).toEqual({ documents: 1, chunks: 1, vectors: 1, embeddings: 1, evidence: 1 });
    await v.sync(source, a);
    expect(await v.status(source, a)).toMatchObject({ status: "success", error_message: null });
  });

  test("for a while is tried again, later each time, and then left to the next hour", async () => {
    await fresh({ "hours.md": hours });
    v.github.faults.answer({ status: 502, json: {} });
    await v.post(`/v1/vault/sources/${source.id}/sync`, {}, a);
    for (const seconds of [30, 120, 480]) {
      v.queue.published.splice(0);
      expect((await v.job(source, a)).body.outcome).toBe("resting");
      expect(v.queue.published).toMatchObject([{ kind: "vault.sync", delaySeconds: seconds }]);
      expect(await v.status(source, a)).toMatchObject({
        status: "error",
        error_message: expect.stringContaining("provider_failed"),
        next_try_at: expect.any(String),
      });
      expect((await v.job(source, a)).body.outcome).toBe("busy");
      v.clock.advance(seconds * 1000 + 1000);
    }
    expect((await v.job(source, a)).body.outcome).toBe("failed");
    expect(await v.status(source, a)).toMatchObject({ status: "error", next_try_at: null, document_count: 1 });
    v.github.faults.ok();
    expect((await v.job(source, a)).body.outcome).toBe("idle");
  });

  test("that asks for a pause gets it: the run goes on where it was, when it was said", async () => {
    await fresh({ "hours.md": hours });
    const files = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`part-${i}.md`, `# Part ${i}\n\nText ${i}.\n`]),
    );
    repository.commit(files);
    v.github.faults.after(
      12,
      {
        status: 403,
        json: {},
        headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(v.clock.now().getTime() / 1000 + 300) },
      },
      /blobs/,
    );
    await v.post(`/v1/vault/sources/${source.id}/sync`, {}, a);
    v.queue.published.splice(0);
    expect((await v.job(source, a)).body.outcome).toBe("resting");
    expect(await v.status(source, a)).toMatchObject({ status: "in_progress", phase: "fetch" });
    expect((await counts())["documents"]).toBe(13);
    expect(v.queue.published.find(({ kind }) => kind === "vault.sync")).toMatchObject({ delaySeconds: 300 });
    v.github.faults.ok();
    v.github.requests.splice(0);
    expect((await v.job(source, a)).body.outcome).toBe("busy");
    v.clock.advance(301_000);
    expect((await v.job(source, a)).body.outcome).toBe("done");
    expect(v.github.requests.filter((path) => path.includes("blobs"))).toHaveLength(8);
    expect(await v.status(source, a)).toMatchObject({ status: "success", document_count: 21 });
  });
});

describe("what GitHub holds that is no document", () => {
  test("links, pointers of LFS, binary and large files are left out and said to be", async () => {
    await fresh({
      "good.md": hours,
      "binary.md": Uint8Array.from([0xff, 0xfe, 0, 1]),
      "lfs.md": "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
      "large.md": "x".repeat(1_100_000),
      "other.link.md": "good.md",
      "code.ts": "export {};",
    });
    expect(await v.status(source, a)).toMatchObject({ status: "success", document_count: 1 });
    const skipped = await v.neon.query(
      "select path, skipped from vault.entries where project_id = $1 and skipped is not null order by path",
      [a.project],
    );
    expect(skipped).toEqual([
      { path: "binary.md", skipped: "not_text" },
      { path: "large.md", skipped: "too_large" },
      { path: "lfs.md", skipped: "lfs_pointer" },
    ]);
    repository.commit({ "good.md": Uint8Array.from([0, 1, 2]) });
    await v.sync(source, a);
    expect(await counts()).toMatchObject({ documents: 0, chunks: 0, vectors: 0, evidence: 0 });
  });

  test("a tree that GitHub cuts short is walked folder by folder, over several steps", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [`f${i % 13}/deep/part-${i}.md`, `# ${i}\n\nText ${i}.\n`]),
    );
    v.github.faults.truncateAt(8);
    await fresh(files);
    v.github.faults.truncateAt(100_000);
    expect(await v.status(source, a)).toMatchObject({ status: "success", document_count: 40 });
    expect((await documents()).data).toHaveLength(25);
  });

  test("only what is below the chosen folder is read; a renamed repository is followed", async () => {
    await fresh({ "docs/hours.md": hours, "docsx/no.md": warranty, "secret.md": prices }, { folder: "docs" });
    expect((await documents()).data.map(({ path }) => path)).toEqual(["docs/hours.md"]);
    repository.rename(`nordvarme/renamed-${a.accountId}`);
    repository.commit({ "docs/warranty.md": warranty });
    await v.sync(source, a);
    expect(await v.status(source, a)).toMatchObject({ status: "success", document_count: 2 });
  });

  test("an emptied repository leaves nothing behind", async () => {
    await fresh({ "hours.md": hours });
    repository.commit({ "hours.md": null });
    await v.sync(source, a);
    expect(await v.status(source, a)).toMatchObject({ status: "success", document_count: 0 });
    expect(await counts()).toMatchObject({ documents: 0, chunks: 0, vectors: 0 });
  });
});
