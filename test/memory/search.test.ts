// Search through the door: filters, readers, what it says when meaning is out of reach, and what it costs.
import { beforeAll, describe, expect, test } from "vitest";
import { type Embedder, ProviderFailure } from "#brain/kernel/ports.ts";
import { addKey } from "#db/bootstrap.ts";
import { hashEmbedder } from "#local/embeddings-hash.ts";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { contactId, conversationId, remember } from "./remember.ts";

type Hit = { id: string; text: string; score: number; evidence_id: string };
type Found = { data: Hit[]; next_cursor: null; degraded?: string };

let w: World;
let a: Tenant;
beforeAll(async () => {
  w = await world({ embedder: hashEmbedder });
  a = w.a;
  await remember(w.neon, a, [
    { text: "The boiler in the cellar leaks", conversation: 1, contact: 1, at: "2026-02-01T10:00:00Z" },
    { text: "A new boiler valve is ordered", conversation: 1, contact: 1, at: "2026-02-02T10:00:00Z" },
    {
      text: "Boiler customer pays late, be careful",
      conversation: 1,
      contact: 1,
      visibility: 2,
      at: "2026-02-03T10:00:00Z",
    },
    { text: "My boiler is fine, thanks", conversation: 2, contact: 2, at: "2026-03-01T10:00:00Z" },
    { text: "How to bleed a boiler", visibility: 0, at: "2026-01-01T10:00:00Z" },
  ]);
});

const search = async (query: Record<string, string>, key = a.apiKey) => {
  const answer = await w.fetch(`/v1/search?${new URLSearchParams({ q: "boiler", ...query })}`, { key });
  return {
    status: answer.status,
    body: (await answer.json()) as Found & { code?: string; errors?: { pointer: string }[] },
  };
};
const texts = async (query: Record<string, string>, key?: string) =>
  (await search(query, key)).body.data.map(({ text }) => text).sort();

test("a hit names its source, place and evidence; the score is between 0 and 1; nothing is degraded", async () => {
  const { body } = await search({ q: "leaking boiler", k: "3" });
  expect(body.next_cursor).toBeNull();
  expect(body.degraded).toBeUndefined();
  expect(body.data).toHaveLength(3);
  expect(body.data[0]).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    text: "The boiler in the cellar leaks",
    score: expect.any(Number),
    source: { table: "inbox.cw_messages", pk: expect.stringMatching(/^cwmsg:/) },
    conversation: conversationId(a, 1),
    contact: contactId(a, 1),
    occurred_at: "2026-02-01T10:00:00Z",
    evidence_id: expect.stringMatching(/^evi_/),
  });
  expect(body.data.every(({ score }) => score >= 0 && score <= 1)).toBe(true);
});

test("two requests to the database, one embedding", async () => {
  await search({});
  w.neon.resetStats();
  await search({});
  expect(w.neon.stats().requests).toBe(2);
});

describe("filters", () => {
  const valve = "A new boiler valve is ordered";
  const leak = "The boiler in the cellar leaks";
  const note = "Boiler customer pays late, be careful";
  const fine = "My boiler is fine, thanks";
  const howto = "How to bleed a boiler";
  test.each<[Record<string, string>, string[]]>([
    [{ conversation: "2" }, [fine]],
    [{ contact: "2" }, [fine]],
    [{ source: "memory.kb_entries" }, [howto]],
    [{ source: "memory.kb_entries,inbox.cw_messages", visibility: "public" }, [howto]],
    [{ visibility: "internal" }, [note]],
    [{ from: "2026-02-02", to: "2026-02-03T12:00:00+01:00" }, [valve, note]],
    [{ from: "2026-03-01T11:00:00+02:00" }, [fine]],
    [{ audience: "public" }, [howto]],
    [{ audience: "contact:2" }, [howto, fine]],
    [{ audience: "contact:1", visibility: "internal" }, []],
    [{ conversation: "1", contact: "2" }, []],
    [{ status: "resolved" }, []],
    [{ conversation: "999" }, []],
    [{ contact: "nobody" }, []],
    [{ k: "50" }, [leak, valve, note, fine, howto].sort()],
  ])("%j", async (query, expected) => {
    expect(await texts(query)).toEqual([...expected].sort());
  });

  test("our ids and Chatwoot's numbers name the same", async () => {
    expect(await texts({ conversation: conversationId(a, 2) })).toEqual([fine]);
    expect(await texts({ contact: contactId(a, 2) })).toEqual([fine]);
    expect(await texts({ contact: `cwc:${a.project}:${a.accountId}:2` })).toEqual([fine]);
  });

  test("another project's conversation and contact find nothing, and its own passages neither", async () => {
    const b = await tenant(w.neon, "other");
    await remember(w.neon, b, [{ text: "The boiler in the cellar leaks", conversation: 5, contact: 5 }]);
    expect(await texts({ conversation: conversationId(b, 5) })).toEqual([]);
    expect(await texts({ contact: contactId(b, 5) })).toEqual([]);
    expect(await texts({}, b.apiKey)).toEqual(["The boiler in the cellar leaks"]);
  });
});

describe("who may", () => {
  test("reading needs memory:read; a wider reader than oneself needs memory:ask_as", async () => {
    const asker = await addKey(w.neon, { ...a, permissions: ["memory:ask"], name: "asks only" });
    expect((await search({}, asker)).status).toBe(403);
    const reader = await addKey(w.neon, {
      ...a,
      permissions: ["memory:read"],
      name: "technician's phone",
      user: a.user,
    });
    expect(await texts({}, reader)).toHaveLength(5);
    expect((await search({ audience: "technician:somebody" }, reader)).body.code).toBe("permission_missing");
    expect((await search({ audience: "staff" }, reader)).status).toBe(403);
    expect(await texts({ audience: "public" }, reader)).toHaveLength(1);
  });

  test("a reader who is no contact is unknown", async () => {
    const { status, body } = await search({ audience: "contact:4711" });
    expect([status, body.code]).toEqual([404, "contact_unknown"]);
  });
});

describe("bad input", () => {
  test.each([
    [{ q: "  " }, "/q"],
    [{ q: "a\0b" }, "/q"],
    [{ q: "x".repeat(1001) }, "/q"],
    [{ k: "0" }, "/k"],
    [{ k: "51" }, "/k"],
    [{ from: "yesterday" }, "/from"],
    [{ status: "sleeping" }, "/status"],
    [{ visibility: "secret" }, "/visibility"],
    [{ source: "cw_messages; drop table x" }, "/source"],
    [{ audience: "everyone" }, "/audience"],
  ])("%j is refused where it is wrong", async (query, pointer) => {
    const { status, body } = await search(query as Record<string, string>);
    expect([status, body.errors?.map((error) => error.pointer)]).toEqual([400, [pointer]]);
  });

  test("quotes, operators, surrogates and emoji are only text", async () => {
    for (const q of [
      "boiler' or 1=1 --",
      "boiler & | ! <-> :*",
      "boiler \ud800",
      "🙈 boiler",
      "%00boiler",
      "boiler\\",
    ]) {
      expect((await search({ q })).status).toBe(200);
    }
  });
});

describe("without meaning", () => {
  const broken = (embed: Embedder["embed"]): Embedder => ({ model: "hash-trigram-1536@1", dimensions: 1536, embed });

  test.each<[string, Embedder | undefined]>([
    ["no embedder", undefined],
    [
      "an embedder that is down",
      broken(async () => Promise.reject(new ProviderFailure("embedder_unreachable", { retryable: true }))),
    ],
    ["an embedder that never answers", broken(() => new Promise<number[][]>(() => {}))],
    ["an embedder of another model", { ...broken(hashEmbedder.embed as Embedder["embed"]), model: "another@1" }],
  ])("%s: words alone, and it says so", async (_, embedder) => {
    const dim = await world({ neon: w.neon, ...(embedder ? { embedder } : {}) });
    const answer = await dim.fetch("/v1/search?q=leaking+boiler", { key: a.apiKey });
    const found = (await answer.json()) as Found;
    expect([found.degraded, found.data[0]?.text]).toEqual(["text_only", "The boiler in the cellar leaks"]);
  });
});
