// An agent at work in both eras: what it sees with its key, what it can do, and how it is told what to change.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addKey } from "#db/bootstrap.ts";
import { hashEmbedder } from "#local/embeddings-hash.ts";
import { type Served, served } from "#test/kit/served.ts";
import { type World, world } from "#test/kit/world.ts";
import { type Remembered, remember } from "#test/memory/remember.ts";
import { agent, eras } from "./agent.ts";

let w: World;
let site: Served;
let said: Remembered[];
let theirs: Remembered[];
let readsInbox: string;
let opensEvidence: string;

beforeAll(async () => {
  w = await world({ embedder: hashEmbedder });
  site = await served(w);
  said = await remember(w.neon, w.a, [
    { text: "The yearly service of the boiler costs DKK 1,200.", conversation: 1, contact: 1, name: "Mette Holm" },
    { text: "Can you come on Thursday?", conversation: 2, contact: 2 },
    { text: "The heat pump makes a noise.", conversation: 3, contact: 3 },
  ]);
  theirs = await remember(w.neon, w.b, [{ text: "A secret of somebody else.", conversation: 9, contact: 9 }]);
  readsInbox = await addKey(w.neon, { ...w.a, permissions: ["inbox:read"], name: "reads the inbox" });
  opensEvidence = await addKey(w.neon, { ...w.a, permissions: ["inbox:read", "memory:read"], name: "opens evidence" });
});
afterAll(() => site.close());

const firstText = (result: { content?: unknown }) => (result.content as { text: string }[])[0]?.text ?? "";

describe.each(eras)("in the era of %s", (era) => {
  const connect = (key: string) => agent(site.url, { key, era });

  test("it is told where it is, and sees the tools its key allows, in order", async () => {
    const client = await connect(readsInbox);
    expect(client.getServerVersion()).toMatchObject({ name: "omneuro" });
    expect(client.getServerCapabilities()).toEqual({ tools: {}, resources: {} });
    const names = (await client.listTools()).tools.map((tool) => tool.name);
    expect(names).toEqual(names.toSorted());
    expect(names).toContain("inbox_conversations_list");
    expect(names).toContain("identity_me");
    expect(names.filter((name) => !/^(inbox_|identity_me$)/.test(name))).toEqual([]);
    await client.close();
  });

  test("it sees neither sessions nor secrets, whatever its key", async () => {
    const client = await connect(w.a.apiKey);
    const names = (await client.listTools()).tools.map((tool) => tool.name);
    expect(names).toEqual(expect.arrayContaining(["memory_ask", "memory_search", "identity_api_keys_revoke"]));
    const hidden = ["identity_login", "identity_logout", "identity_api_keys_create", "identity_sources_bind"];
    expect(names.filter((name) => hidden.includes(name) || /ingest|embed$|sweep|tick|seal/.test(name))).toEqual([]);
    await client.close();
  });

  test("it searches and asks, and the answers keep to their schemas", async () => {
    const client = await connect(w.a.apiKey);
    // The client holds structured content against the schema that the list showed.
    await client.listTools();
    const found = await client.callTool({ name: "memory_search", arguments: { q: "yearly service of the boiler" } });
    expect(found.structuredContent).toEqual(JSON.parse(firstText(found)));
    expect(firstText(found)).toContain("DKK 1,200");

    const answer = await client.callTool({
      name: "memory_ask",
      arguments: { question: "What does the yearly service of the boiler cost?" },
    });
    expect(firstText(answer)).toContain("DKK 1,200");
    expect(answer.structuredContent).toMatchObject({ citations: [{ source: { pk: said[0]?.pk } }] });
    await client.close();
  });

  test("it pages through a list, and a cursor of another list is refused", async () => {
    const client = await connect(readsInbox);
    const page = async (given: object) =>
      client.callTool({ name: "inbox_conversations_list", arguments: { limit: 2, ...given } });
    type Page = { data: { number: number }[]; next_cursor: string | null };
    const first = (await page({})).structuredContent as Page;
    const second = (await page({ cursor: first.next_cursor })).structuredContent as Page;
    expect([...first.data, ...second.data].map(({ number }) => number).toSorted()).toEqual([1, 2, 3]);
    expect(second.next_cursor).toBeNull();

    const elsewhere = await client.callTool({ name: "inbox_messages_list", arguments: { cursor: first.next_cursor } });
    expect(elsewhere.isError).toBe(true);
    expect(JSON.parse(firstText(elsewhere))).toMatchObject({ code: "invalid_cursor" });
    await client.close();
  });

  test("a wrong argument is a result that points at it", async () => {
    const client = await connect(readsInbox);
    const wrong = await client.callTool({ name: "inbox_conversations_list", arguments: { limit: "many" } });
    expect(wrong.isError).toBe(true);
    expect(JSON.parse(firstText(wrong))).toMatchObject({ code: "invalid_input", errors: [{ pointer: "/limit" }] });
    const strange = await client.callTool({ name: "inbox_conversations_list", arguments: { after: { at: "x" } } });
    expect(JSON.parse(firstText(strange))).toMatchObject({ code: "invalid_input", errors: [{ pointer: "/after" }] });
    await client.close();
  });

  test("an unknown tool is -32602; one it may not use is refused as such", async () => {
    const client = await connect(readsInbox);
    await expect(client.callTool({ name: "no_such_tool", arguments: {} })).rejects.toMatchObject({ code: -32602 });
    await expect(client.callTool({ name: "memory_status", arguments: {} })).rejects.toThrow();
    await client.close();
  });

  test("another's row is not there", async () => {
    const client = await connect(w.a.apiKey);
    const theirId = theirs[0]?.conversationId ?? "";
    const refused = await client.callTool({ name: "inbox_conversations_get", arguments: { id: theirId } });
    const nowhere = await client.callTool({ name: "inbox_conversations_get", arguments: { id: "cw:none" } });
    const bare = (text: string) => ({ ...JSON.parse(text), request_id: "" });
    expect(refused.isError).toBe(true);
    expect(bare(firstText(refused))).toEqual(bare(firstText(nowhere)));
    for (const uri of [
      `omneuro://conversation/${encodeURIComponent(theirId)}`,
      `omneuro://evidence/${theirs[0]?.evidence}`,
    ])
      await expect(client.readResource({ uri })).rejects.toMatchObject({ code: -32602 });
    await client.close();
  });

  test("it opens conversations and evidence by their addresses", async () => {
    const client = await connect(opensEvidence);
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      "omneuro://conversation/{id}",
      "omneuro://evidence/{id}",
    ]);
    const { resources } = await client.listResources();
    expect(resources).toHaveLength(3);
    const uri = `omneuro://conversation/${encodeURIComponent(said[0]?.conversationId ?? "")}`;
    expect(resources.map((resource) => resource.uri)).toContain(uri);
    const opened = (await client.readResource({ uri })).contents[0] as { text: string };
    expect(JSON.parse(opened.text)).toMatchObject({ conversation: { number: 1 }, messages: [] });
    const source = (await client.readResource({ uri: `omneuro://evidence/${said[0]?.evidence}` })).contents[0];
    expect(JSON.parse((source as { text: string }).text)).toMatchObject({ source: { pk: said[0]?.pk }, version: 1 });
    await client.close();
  });

  test("a key without the inbox sees no resources and cannot open one", async () => {
    const client = await connect(w.a.readKey);
    expect((await client.listResourceTemplates()).resourceTemplates).toEqual([]);
    expect((await client.listResources()).resources).toEqual([]);
    const uri = `omneuro://conversation/${encodeURIComponent(said[0]?.conversationId ?? "")}`;
    await expect(client.readResource({ uri })).rejects.toThrow();
    await client.close();
  });

  test("a key that is no good does not get as far as being told anything", async () => {
    await expect(connect("omn_live_0")).rejects.toThrow();
    const gone = await addKey(w.neon, { ...w.a, permissions: ["inbox:read", "memory:read"], name: "gone" });
    await w.neon.query("update identity.api_keys set revoked_at = '2026-11-01T00:00:00Z' where name = 'gone'");
    await expect(connect(gone)).rejects.toThrow();
  });
});
