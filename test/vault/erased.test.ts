// A document that is erased is gone from everywhere, and does not come back from where it is still to be had.
import { afterAll, beforeAll, expect, test } from "vitest";
import { caller } from "#test/field/floor.ts";
import { count, rows } from "#test/inbox/chatwoot.ts";
import { deliver } from "#test/kit/jobs.ts";
import { type Tenant, tenant } from "#test/kit/world.ts";
import { ask, foundIn, proofOf, run } from "#test/shared/forgotten.ts";
import { meaning, nearest, vectorColumns } from "#test/shared/nearest.ts";
import { writes } from "#test/shared/writer.ts";
import { type VaultWorld, vaultWorld } from "./vaulting.ts";

let v: VaultWorld;
beforeAll(async () => {
  v = await vaultWorld();
});
afterAll(() => v.close());

const called = (who: Tenant) => caller(v.w, who.apiKey);
const hours = "# Hours\n\nThe workshop is open from 8 to 16.\n";

async function papers(label: string, files: Record<string, string>) {
  const who = await tenant(v.neon, label);
  const name = `nordvarme/${label}-${who.accountId}`;
  const repository = v.github.repository(name, files);
  const source = await v.bind({ source: "github", repository: name }, who);
  await v.quiet();
  const listed = async () =>
    (await rows(v.w, who, "select id, path from vault.documents where project_id = $1 order by path")).map((row) => ({
      id: String(row["id"]),
      path: String(row["path"]),
    }));
  return {
    who,
    idOf: async (path: string) => (await listed()).find((one) => one.path === path)?.id ?? "",
    /** What there is after a change at the source and a sync. */
    after: async (changes: Record<string, string | null>) => {
      v.clock.advance(60_000);
      repository.commit(changes);
      await v.sync(source, who);
      return (await listed()).map(({ path }) => path);
    },
  };
}

test("a document leaves with its passages, vectors, answers and what is known from it, and stays away", async () => {
  const word = `kanarie${process.pid}contract`;
  const [path, contract] = [`${word}.md`, `# Contract\n\nThe rent of the ${word} workshop is DKK 4,711 a month.\n`];
  const { who, idOf, after } = await papers("papers", { [path]: contract, "hours.md": hours });
  const call = called(who);
  const id = await idOf(path);
  const passage = `Contract: The rent of the ${word} workshop is DKK 4,711 a month.`;
  expect((await call("/v1/ask", { question: `What is the rent of the ${word} workshop?` })).body["status"]).toBe(
    "answered",
  );
  const [proof] = await rows(
    v.w,
    who,
    "select id from shared.evidence_items where project_id = $1 and source_pk = $2",
    [id],
  );
  const fact = {
    subject: (await call("/v1/world/entities", { type: "Place", name: "Workshop" })).body["id"],
    attribute: "rent",
    value: `DKK 4,711 for the ${word}`,
    value_type: "string",
    provenance: { source_type: "external", source_ref: "papers", evidence: proof?.["id"] },
  };
  expect((await call("/v1/world/facts", fact)).status).toBe(201);
  const push = { ref: "refs/heads/other", commits: [{ modified: [path] }] };
  await rows(
    v.w,
    who,
    `insert into vault.deliveries (project_id, id, source_id, delivery_id, event, body_hash, outcome, raw)
      select project_id, 'dlv_' || id, id, 'd1', 'push', 'h', 'ignored', $2::jsonb from vault.sources where project_id = $1`,
    [JSON.stringify(push)],
  );
  await deliver(v.w, "shared.audit.seal", { project: who.project });
  const places = ["memory.answer_citations.quote", "memory.chunks.tsv", "vault.deliveries.raw", "vault.documents.path"];
  expect(await foundIn(v.neon, [word])).toEqual(
    expect.arrayContaining([...places, "vault.entries.url", "world.facts.tsv"]),
  );
  expect(Object.keys(await nearest(v.neon, passage)).sort()).toEqual(vectorColumns);
  expect((await meaning(v.neon, passage)).sort()).toEqual(vectorColumns);

  const erasure = await ask(v.w, who, { kind: "document", id });
  await run(v.w, who, erasure);
  expect(await foundIn(v.neon, [word])).toEqual([]);
  expect(await meaning(v.neon, passage)).toEqual([]);
  expect((await proofOf(v.w, who, erasure)).verified).toMatchObject({ ok: true });
  expect((await call(`/v1/vault/documents/${id}`)).status).toBe(404);

  // Listed anew, changed where it was, the same words under another name: none of it comes back.
  expect(await after({ "more.md": "# More\n\nNothing of it.\n" })).toEqual(["hours.md", "more.md"]);
  expect(await after({ [path]: `${contract}\nSigned.\n`, "copy.md": contract })).toEqual(["hours.md", "more.md"]);
  expect(await foundIn(v.neon, [word])).toEqual([]);
  expect(await after({ "copy.md": "# Copy\n\nSomething else by now.\n" })).toContain("copy.md");
  expect(await count(v.w, who, "memory.chunks")).toBe(3);
  expect((await call("/v1/shared/audit/verify")).body).toMatchObject({ ok: true });
});

test("documents that hold a person's address leave with him, and come back when somebody has taken it out", async () => {
  const other = `kanarie${process.pid}list`;
  const { who, after, idOf } = await papers("lists", { "hours.md": hours });
  const him = await writes(v.w, who);
  const spaced = him.phone.replace(/^\+45(..)(..)/, "+45 $1 $2 ");
  const list = (line: string) => `# Call list\n\nEverybody of the ${other} shift: ${line}, and Mette.\n`;
  const before = await after({
    "list.md": list(spaced),
    [`${him.email}.md`]: "# Offer\n\nFor him.\n",
    "frida.md": hours,
  });
  expect(before).toHaveLength(4);
  const kept = await idOf("hours.md");
  const copies = { "list.md": list(spaced), "again.md": list(spaced) };

  await run(v.w, who, await ask(v.w, who, { kind: "person", id: him.person }));
  expect(await foundIn(v.neon, [other, him.word, spaced])).toEqual([]);
  expect(await after({ "new.md": "# New\n\nA page.\n", ...copies })).toEqual(["frida.md", "hours.md", "new.md"]);
  expect(await foundIn(v.neon, [other, him.word, spaced])).toEqual([]);
  expect(await idOf("hours.md")).toBe(kept);
  expect(await after({ "list.md": list("Lars") })).toContain("list.md");
  expect(await foundIn(v.neon, [other])).toContain("vault.documents.content");
  expect(await foundIn(v.neon, [him.word, spaced])).toEqual([]);
});

test("a sync that had fetched a document before it was erased does not put it back", async () => {
  const word = `kanarie${process.pid}fetched`;
  const { who, idOf, after } = await papers("late", { "a.md": hours, "b.md": `# Late\n\nAbout ${word}.\n` });
  const { documents } = v.w.runtime.ports;
  if (!documents) throw new Error("no documents");
  const id = await idOf("b.md");
  let erased = 0;
  v.w.runtime.ports.documents = new Proxy(documents, {
    get: (target, name) =>
      name !== "read"
        ? Reflect.get(target, name)
        : async (...asked: Parameters<typeof documents.read>) => {
            const read = await documents.read(...asked);
            erased += 1;
            await run(v.w, who, await ask(v.w, who, { kind: "document", id }));
            return read;
          },
  });
  const left = await after({ "b.md": `# Late\n\nMore about ${word}.\n` });
  v.w.runtime.ports.documents = documents;
  expect([erased, left]).toEqual([1, ["a.md"]]);
  expect(await foundIn(v.neon, [word])).toEqual([]);
});
