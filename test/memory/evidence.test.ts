// Evidence as an auditor looks for it: by words, within the project, opened down to the row it stands for.
import { beforeAll, expect, test } from "vitest";
import { deletion, edit, heard, message, talk } from "#test/inbox/chatwoot.ts";
import { type Tenant, type World, world } from "#test/kit/world.ts";

type Found = { id: string; version: number; text: string; visibility: string; source: { table: string; pk: string } };

let w: World;
beforeAll(async () => {
  w = await world();
});

const search = async (who: Tenant, q: string): Promise<Found[]> => {
  const answer = await w.fetch(`/v1/memory/evidence?q=${encodeURIComponent(q)}`, { key: who.apiKey });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { data: Found[] }).data;
};
const open = async (who: Tenant, id: string) => w.fetch(`/v1/memory/evidence/${id}`, { key: who.apiKey });

test("all words, a phrase, a word that must not be there; in the language it was said, and in one request", async () => {
  const at = talk(w.a);
  await heard(w, w.a, message(at, { content: "The circulation pump was replaced on Tuesday by our technician." }));
  await heard(
    w,
    w.a,
    message(at, { content: "Cirkulationspumpen larmer om natten, siger kunden, og hun sover ikke." }),
  );
  await heard(w, w.a, message(at, { content: "The pump itself is fine, but circulation is poor in the bathroom." }));
  const texts = async (q: string) => (await search(w.a, q)).map(({ text }) => text.slice(0, 20)).sort();
  expect(await texts("circulation pumps")).toEqual(["The circulation pump", "The pump itself is f"]);
  expect(await texts('"circulation pump"')).toEqual(["The circulation pump"]);
  expect(await texts("circulation -bathroom")).toEqual(["The circulation pump"]);
  expect(await texts("kunder")).toEqual(["Cirkulationspumpen l"]);
  expect(await texts("chimney")).toEqual([]);
  expect(await texts("the")).toEqual([]);
  w.neon.resetStats();
  await search(w.a, "pump");
  expect(w.neon.stats().requests).toBe(1);
});

test("opens the raw row with its version; an edit shows, a deletion is not found but can still be opened", async () => {
  const at = talk(w.a);
  const said = message(at, { content: "The thermostat is set to nineteen degrees." });
  await heard(w, w.a, said);
  const [first] = await search(w.a, "thermostat nineteen");
  expect(first).toMatchObject({ version: 1, visibility: "contact", source: { table: "inbox.cw_messages" } });
  await heard(
    w,
    w.a,
    edit(at, said, { version: "2026-11-15T09:00:00Z", content: "The thermostat is set to twenty degrees." }),
  );
  expect(await search(w.a, "thermostat nineteen")).toEqual([]);
  const opened = (await (await open(w.a, first?.id ?? "")).json()) as { row: { content: string; id: string } };
  expect(opened).toMatchObject({ id: first?.id, version: 2, withdrawn_at: null, source: first?.source });
  expect(opened.row).toMatchObject({ id: first?.source.pk, content: "The thermostat is set to twenty degrees." });
  await heard(w, w.a, deletion(at, said, "2026-11-15T09:10:00Z"));
  expect(await search(w.a, "thermostat")).toEqual([]);
  const after = JSON.stringify(await (await open(w.a, first?.id ?? "")).json());
  expect(after).toMatch(/"withdrawn_at":"2026/);
  expect(after).not.toContain("twenty degrees");
});

test("another tenant's words are neither found nor opened, nor is anything without a project", async () => {
  await heard(w, w.b, message(talk(w.b), { content: "The orangery needs underfloor heating." }));
  const [theirs] = await search(w.b, "orangery");
  expect(await search(w.a, "orangery")).toEqual([]);
  const refused = await open(w.a, theirs?.id ?? "");
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([404, "evidence_unknown"]);
  await expect(w.neon.query("select * from memory.evidence_found('orangery', 10)")).rejects.toMatchObject({
    code: "42501",
  });
  expect((await w.fetch("/v1/memory/evidence?q=orangery", { key: w.b.readKey })).status).toBe(403);
});
