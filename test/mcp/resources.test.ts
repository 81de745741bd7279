// What an agent reads when it opens a conversation or a citation: the very words that were said, and nobody else's.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addKey } from "#db/bootstrap.ts";
import { deletion, heard, message, type Talk, talk } from "#test/inbox/chatwoot.ts";
import { scriptedEmbedder } from "#test/kit/embedder.ts";
import { deliverPublished } from "#test/kit/jobs.ts";
import { type Served, served } from "#test/kit/served.ts";
import { type Tenant, type World, world } from "#test/kit/world.ts";
import { agent, type Era, eras, post } from "./agent.ts";

const words = "The pressure valve under the boiler drips into the blue bucket.";
const note = "Private: the spare key hangs behind the shed.";
const theirWords = "Their valve drips into a green bucket.";

type Told = {
  tenant: Tenant;
  payload: Record<string, unknown>;
  conversation: string;
  message: string;
  evidence: string;
};

let w: World;
let site: Served;
let ours: Told;
let theirs: Told;
/** By what they may do, in our project. */
let keys: Record<"both" | "inbox" | "memory" | "neither", string>;

async function told(tenant: Tenant, text: string, at: Talk = talk(tenant)): Promise<Told> {
  const payload = message(at, { content: text });
  expect(await heard(w, tenant, payload)).toBe("stored");
  await heard(w, tenant, message(at, { content: note, private: true }));
  await w.settled();
  w.clock.advance(5_000);
  await deliverPublished(w);
  const [row] = await w.neon.query(
    `select m.id, m.conversation_id, e.id as evidence from inbox.cw_messages m
      join shared.evidence_items e on e.project_id = m.project_id and e.source_pk = m.id
      where m.project_id = $1 and m.id like '%:' || $2`,
    [tenant.project, String(payload["id"])],
  );
  const conversation = `cw:${tenant.project}:${tenant.accountId}:${at.conversation}`;
  return { tenant, payload, conversation, message: String(row?.["id"]), evidence: String(row?.["evidence"]) };
}

beforeAll(async () => {
  w = await world({ embedder: scriptedEmbedder().port });
  site = await served(w);
  ours = await told(w.a, words);
  theirs = await told(w.b, theirWords);
  const make = (...permissions: string[]) => addKey(w.neon, { ...w.a, permissions, name: permissions.join(" ") });
  keys = {
    both: await make("inbox:read", "memory:read"),
    inbox: await make("inbox:read"),
    memory: await make("memory:read"),
    neither: await make("shared:read"),
  };
});
afterAll(() => site.close());

const uriOf = {
  conversation: ({ conversation }: Told) => `omneuro://conversation/${encodeURIComponent(conversation)}`,
  evidence: ({ evidence }: Told) => `omneuro://evidence/${encodeURIComponent(evidence)}`,
};

async function opened(era: Era, key: string, uri: string): Promise<Record<string, unknown>> {
  const client = await agent(site.url, { key, era });
  try {
    const { contents } = await client.readResource({ uri });
    expect(contents).toHaveLength(1);
    expect(contents[0]).toMatchObject({ uri, mimeType: "application/json" });
    return JSON.parse((contents[0] as { text: string }).text);
  } finally {
    await client.close();
  }
}

/** The same question by hand, to see every byte of the answer. */
const bare = (key: string, uri: string) =>
  post(w, { method: "resources/read", params: { uri } }, { key, headers: { host: new URL(site.url).host } });
/** Without what differs between any two answers. */
const plain = (text: string, uri: string) => text.replaceAll(uri, "").replaceAll(/req_\w+/g, "");

describe.each(eras)("in the era of %s", (era) => {
  test("a conversation opens with the words of its messages, the private one marked", async () => {
    const { conversation, messages } = await opened(era, keys.inbox, uriOf.conversation(ours));
    expect(conversation).toMatchObject({ id: ours.conversation });
    expect(messages).toHaveLength(2);
    expect(messages).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: ours.message, text: words, private: false }),
        expect.objectContaining({ text: note, private: true }),
      ]),
    );
  });

  test("evidence opens the very message that is cited, as it reads now", async () => {
    const found = await opened(era, keys.memory, uriOf.evidence(ours));
    expect(found).toMatchObject({ id: ours.evidence, source: { table: "inbox.cw_messages", pk: ours.message } });
    expect(JSON.stringify(found)).toContain(words);
  });

  test("by the address that the list and the citation of an answer give", async () => {
    const client = await agent(site.url, { key: keys.both, era });
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual([uriOf.conversation(ours)]);
    await client.close();
    const full = await agent(site.url, { key: w.a.apiKey, era });
    const found = await full.callTool({ name: "memory_search", arguments: { q: "blue bucket" } });
    expect(JSON.stringify(found.structuredContent)).toContain(ours.message);
    await full.close();
  });

  test("a key without the permission reads neither word nor id, and is told what it lacks", async () => {
    const refusals = [
      [keys.memory, uriOf.conversation(ours), "inbox:read"],
      [keys.inbox, uriOf.evidence(ours), "memory:read"],
      [keys.neither, uriOf.conversation(ours), "inbox:read"],
      [keys.neither, uriOf.evidence(ours), "memory:read"],
    ] as const;
    for (const [key, uri, permission] of refusals) {
      await expect(opened(era, key, uri)).rejects.toThrow();
      const { status, body, text } = await bare(key, uri);
      expect([status, body["code"], body["permission"]]).toEqual([403, "permission_missing", permission]);
      expect(text).not.toMatch(/bucket|shed/);
    }
  });

  test("a key of another project reads nothing of ours, nor we of theirs: as if it were nowhere", async () => {
    const theirKey = theirs.tenant.apiKey;
    for (const [key, uri] of [
      [theirKey, uriOf.conversation(ours)],
      [theirKey, uriOf.evidence(ours)],
      [w.a.apiKey, uriOf.conversation(theirs)],
      [w.a.apiKey, uriOf.evidence(theirs)],
    ] as const) {
      await expect(opened(era, key, uri)).rejects.toMatchObject({ code: -32602 });
      const reply = await bare(key, uri);
      expect(reply.text).not.toMatch(/bucket|shed/);
      const nowhere = `${uri}-nowhere`;
      expect(plain(reply.text, uri)).toBe(plain((await bare(key, nowhere)).text, nowhere));
    }
    // Theirs is there for them.
    expect(JSON.stringify(await opened(era, theirKey, uriOf.evidence(theirs)))).toContain(theirWords);
  });
});

test("what was deleted is not to be read any more, and says so", async () => {
  const at = talk(w.a);
  const fresh = await told(w.a, "The purple bucket is gone tomorrow.", at);
  const open = async () => JSON.stringify(await opened("2026-07-28", keys.memory, uriOf.evidence(fresh)));
  expect(await open()).toContain("purple bucket");
  await heard(w, w.a, deletion(at, fresh.payload, "2026-11-15T09:00:00.000Z"));
  const left = await open();
  expect(left).not.toContain("purple");
  expect(JSON.parse(left)).toMatchObject({ id: fresh.evidence, withdrawn_at: expect.any(String) });
});
