/** Edits, deletions and erasures: what follows from words that changed or went. */
import { beforeAll, describe, expect, it } from "vitest";
import { type Tenant, type World, world } from "#test/kit/world.ts";
import { conversation, count, deletion, edit, heard, type Json, message, number, rows, talk } from "./chatwoot.ts";

let w: World;
let a: Tenant;
beforeAll(async () => {
  w = await world();
  a = w.a;
});

const long = (times: number) => "Varmepumpen larmer om natten og vi kan ikke sove. ".repeat(times).trimEnd();
const globalId = (payload: Json) => `cwmsg:${a.project}:${a.accountId}:${payload["id"]}`;
const chunksOf = (payload: Json) =>
  rows(
    w,
    a,
    `select c.chunk_index, c.text, c.text_hash, q.text_hash as waiting, q.token, q.attempts, v.text_hash as embedded, v.visibility as shown
      from memory.chunks c left join memory.pending q on q.project_id = c.project_id and q.chunk_id = c.id
        left join memory.vectors v on v.project_id = c.project_id and v.chunk_id = c.id
      where c.project_id = $1 and c.source_pk = $2 order by c.chunk_index`,
    [globalId(payload)],
  );

/** As if the embedder had been here: every waiting passage of the message gets a vector. */
async function embed(payload: Json): Promise<void> {
  await rows(w, a, "insert into memory.models (name) select 'test' where $1::uuid is not null on conflict do nothing");
  await rows(
    w,
    a,
    `with d as (delete from memory.pending q using memory.chunks c where q.project_id = $1 and c.project_id = $1 and c.id = q.chunk_id
        and c.source_pk = $2 returning c.*)
      insert into memory.vectors (project_id, account_scope_id, chunk_id, model_id, visibility, contact_id, occurred_at, text_hash, code, embedding)
      select d.project_id, d.account_scope_id, d.id, m.id, d.visibility, d.contact_id, d.occurred_at, d.text_hash,
        repeat('1', 1536)::bit(1536), array_fill(0.1, array[1536])::ext.halfvec(1536) from d, memory.models m where m.name = 'test'`,
    [globalId(payload)],
  );
}

describe("an edit", () => {
  it("to a shorter text leaves no trailing passage, no old vector, and waits again", async () => {
    const at = talk(a);
    const first = message(at, { content: long(50) });
    await heard(w, a, first);
    await embed(first);
    expect((await chunksOf(first)).map((c) => c["waiting"])).toEqual([null, null, null]);
    await heard(w, a, edit(at, first, { content: long(12), version: "2026-11-15T07:00:00.000Z" }));
    const left = await chunksOf(first);
    expect(left).toHaveLength(1);
    expect(left[0]).toMatchObject({ text: long(12), embedded: null });
    expect(left[0]?.["waiting"]).toBe(left[0]?.["text_hash"]);
    expect(await count(w, a, "memory.vectors")).toBe(0);
  });

  it("keeps the vectors of passages that stay the same", async () => {
    const at = talk(a);
    const first = message(at, { content: `${long(18)}\n\n${long(10)}` });
    await heard(w, a, first);
    await embed(first);
    await heard(
      w,
      a,
      edit(at, first, { content: `${long(18)}\n\n${long(9)} Tak.`, version: "2026-11-15T07:00:00.000Z" }),
    );
    const [same, changed] = await chunksOf(first);
    expect(same).toMatchObject({ waiting: null });
    expect(same?.["embedded"]).toBe(same?.["text_hash"]);
    expect(changed).toMatchObject({ embedded: null });
    expect(changed?.["waiting"]).toBe(changed?.["text_hash"]);
  });

  it("takes the claim from a worker who is embedding the old words", async () => {
    const at = talk(a);
    const first = message(at);
    await heard(w, a, first);
    await rows(
      w,
      a,
      "update memory.pending q set token = gen_random_uuid(), attempts = 3, lease_until = now() + interval '1 hour' from memory.chunks c where q.project_id = $1 and c.id = q.chunk_id and c.source_pk = $2",
      [globalId(first)],
    );
    await heard(w, a, edit(at, first, { content: "Helt andre ord nu", version: "2026-11-15T07:00:00.000Z" }));
    expect(await chunksOf(first)).toMatchObject([{ token: null, attempts: 0 }]);
  });

  it("of who may see it moves passages, vectors and evidence without embedding again", async () => {
    const at = talk(a);
    const first = message(at, { message_type: "outgoing" });
    await heard(w, a, first);
    await embed(first);
    await heard(w, a, edit(at, first, { private: true, version: "2026-11-15T07:00:00.000Z" }));
    expect(await chunksOf(first)).toMatchObject([{ waiting: null, shown: 2 }]);
    expect(await count(w, a, "shared.evidence_items", `source_pk = '${globalId(first)}' and visibility = 2`)).toBe(1);
  });

  it("raises the evidence's version and puts the answers that quoted it in doubt", async () => {
    const at = talk(a);
    const first = message(at, { content: "Prisen er 500 kr" });
    const other = message(at, { content: "Vi kommer kl. 10" });
    for (const payload of [first, other]) await heard(w, a, payload);
    const answer = async (id: string, payload: Json) => {
      await rows(
        w,
        a,
        "insert into memory.answers (project_id, account_scope_id, id, actor, request_id, question, audience, status, answerer) values ($1, $2, $3, 'user:1', 'r', 'Hvad koster det?', '{}', 'answered', 'extract')",
        [a.accountScope, id],
      );
      await rows(
        w,
        a,
        `insert into memory.answer_citations (project_id, account_scope_id, answer_id, position, evidence_id, evidence_version, source_table, source_pk, quote, occurred_at)
          select project_id, account_scope_id, $2, 0, id, version, source_table, source_pk, 'x', occurred_at from shared.evidence_items where project_id = $1 and source_pk = $3`,
        [id, globalId(payload)],
      );
    };
    await answer("ans_price", first);
    await answer("ans_time", other);
    const [cited] = await rows(
      w,
      a,
      "select evidence_id from memory.answer_citations where project_id = $1 and answer_id = 'ans_price'",
    );
    const evidence = cited?.["evidence_id"];
    const said = [
      { text: "It costs 500 kr.", citations: [evidence] },
      { text: "Something of another source.", citations: ["evi_other"] },
    ];
    await rows(w, a, "update memory.answers set sentences = $2 where project_id = $1 and id = 'ans_price'", [
      JSON.stringify(said),
    ]);
    const doubts = () => rows(w, a, "select id, stale_reason from memory.answers where project_id = $1 order by id");

    await heard(w, a, edit(at, first, { content: "Prisen er 600 kr", version: "2026-11-15T07:00:00.000Z" }));
    expect(await doubts()).toEqual([
      { id: "ans_price", stale_reason: "evidence_edited" },
      { id: "ans_time", stale_reason: null },
    ]);
    expect(
      await count(
        w,
        a,
        "shared.evidence_items",
        `source_pk = '${globalId(first)}' and version = 2 and withdrawn_at is null`,
      ),
    ).toBe(1);
    await heard(w, a, deletion(at, first, "2026-11-15T07:05:00.000Z"));
    expect((await doubts())[0]).toEqual({ id: "ans_price", stale_reason: "evidence_withdrawn" });
    const left = await rows(w, a, "select quote from memory.answer_citations where project_id = $1 order by answer_id");
    expect(left).toEqual([{ quote: "" }, { quote: "x" }]);
    const [price] = await rows(w, a, "select sentences from memory.answers where project_id = $1 and id = 'ans_price'");
    expect(price?.["sentences"]).toEqual([
      { text: "", citations: [evidence] },
      { text: "Something of another source.", citations: ["evi_other"] },
    ]);
  });

  it("that changes no words is no edit", async () => {
    const at = talk(a);
    const first = message(at);
    await heard(w, a, first);
    const before = await count(w, a, "shared.events");
    await heard(w, a, edit(at, first, { content_attributes: { in_reply_to: 1 }, version: "2026-11-15T07:00:00.000Z" }));
    expect(await count(w, a, "shared.events")).toBe(before);
    const [now] = await rows(
      w,
      a,
      "select data->'content_attributes' as kept from inbox.cw_messages where project_id = $1 and id = $2",
      [globalId(first)],
    );
    expect(now).toEqual({ kept: { in_reply_to: 1 } });
  });

  it("that claims another edit's time is settled alike everywhere, and asks to be fetched", async () => {
    const at = talk(a);
    const version = "2026-11-15T07:00:00.000Z";
    const kept: unknown[] = [];
    for (const words of [
      ["her", "der"],
      ["der", "her"],
    ]) {
      const first = message(at);
      await heard(w, a, first);
      for (const content of words) await heard(w, a, edit(at, first, { content, version }));
      const [now] = await rows(
        w,
        a,
        "select content, needs_refetch from inbox.cw_messages where project_id = $1 and id = $2",
        [globalId(first)],
      );
      expect(now?.["needs_refetch"]).toBe(true);
      kept.push(now?.["content"]);
      await heard(w, a, edit(at, first, { content: "senere", version: "2026-11-15T07:00:01.000Z" }));
      expect(await count(w, a, "inbox.cw_messages", `id = '${globalId(first)}' and needs_refetch`)).toBe(0);
    }
    expect(kept[0]).toBe(kept[1]);
  });
});

describe("a deletion", () => {
  it("in the second of an edit leaves nothing to ask about", async () => {
    const at = talk(a);
    const version = "2026-11-15T07:00:00.000Z";
    const first = message(at);
    await heard(w, a, first);
    await heard(w, a, edit(at, first, { content: "her", version }));
    await heard(w, a, deletion(at, first, version));
    expect(await count(w, a, "inbox.cw_messages", `id = '${globalId(first)}' and deleted_at is not null`)).toBe(1);
    expect(await count(w, a, "inbox.cw_messages", `id = '${globalId(first)}' and needs_refetch`)).toBe(0);
  });

  it("takes words, passages, vectors and waiting work with it, and stays", async () => {
    const at = talk(a);
    const first = message(at, {
      content: long(50),
      attachments: [{ id: 1, file_type: "image", data_url: "https://chat.example/a.jpg" }],
    });
    await heard(w, a, first);
    await embed(first);
    expect(await heard(w, a, deletion(at, first, "2026-11-15T07:00:00.000Z"))).toBe("stored");
    const gone = async () => {
      const [now] = await rows(
        w,
        a,
        "select content, attachments, data, deleted_at from inbox.cw_messages where project_id = $1 and id = $2",
        [globalId(first)],
      );
      expect(now).toMatchObject({ content: null, attachments: [], data: {} });
      expect(now?.["deleted_at"]).not.toBeNull();
      expect(await chunksOf(first)).toEqual([]);
    };
    await gone();
    expect(
      await count(w, a, "shared.evidence_items", `source_pk = '${globalId(first)}' and withdrawn_at is not null`),
    ).toBe(1);
    expect(
      await count(w, a, "shared.tombstones", `object_id = '${globalId(first)}' and reason = 'source_delete'`),
    ).toBe(1);
    // Neither a late creation nor a later edit brings it back.
    expect(await heard(w, a, { ...first, additional_attributes: { again: 1 } })).toBe("stale");
    expect(await heard(w, a, edit(at, first, { content: "tilbage", version: "2026-11-15T09:00:00.000Z" }))).toBe(
      "stale",
    );
    await gone();
  });

  it("that comes before the message itself keeps it out", async () => {
    const at = talk(a);
    const first = message(at, { content: "Aldrig set" });
    await heard(w, a, deletion(at, first, "2026-11-15T07:00:00.000Z"));
    expect(await heard(w, a, first)).toBe("stale");
    expect(await chunksOf(first)).toEqual([]);
    expect(await count(w, a, "memory.chunks", "text = 'Aldrig set'")).toBe(0);
  });
});

describe("what was erased", () => {
  const bury = (type: string, id: string, at: string) =>
    rows(
      w,
      a,
      "insert into shared.tombstones (project_id, account_scope_id, id, object_type, object_id, reason, deleted_at) values ($1, $2, $3, $4, $5, 'gdpr_delete', $6)",
      [a.accountScope, `tmb_${number()}`, type, id, at],
    );

  it("does not come back with its old messages; the person himself may", async () => {
    const at = talk(a);
    await bury("inbox.cw_contacts", `cwc:${a.project}:${a.accountId}:${at.contact}`, "2026-11-15T07:00:00Z");
    const old = message(at, { created_at: "2026-11-15T06:00:00.000Z" });
    expect(await heard(w, a, old)).toBe("stale");
    expect(await count(w, a, "inbox.cw_contacts", `contact_id = ${at.contact}`)).toBe(0);
    expect(await count(w, a, "inbox.cw_conversations", `conversation_id = ${at.conversation}`)).toBe(0);
    const returned = message(at, { created_at: "2026-11-15T07:30:00.000Z" });
    expect(await heard(w, a, returned)).toBe("stored");
    expect(await heard(w, a, { ...old, id: number() })).toBe("stale");
    expect(await count(w, a, "inbox.cw_messages", `contact_global_id like '%:${at.contact}'`)).toBe(1);
  });

  it("is left out of a conversation event too, unless the conversation lives", async () => {
    const at = talk(a);
    await bury("inbox.cw_conversations", `cw:${a.project}:${a.accountId}:${at.conversation}`, "2026-11-16T07:00:00Z");
    expect(await heard(w, a, conversation(at, { event: "conversation_updated" }))).toBe("stale");
    expect(await count(w, a, "inbox.cw_conversations", `conversation_id = ${at.conversation}`)).toBe(0);
  });
});
