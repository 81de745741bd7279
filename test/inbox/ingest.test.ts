/** A customer's message comes in: what is then true, and what must not be. */
import { beforeAll, describe, expect, it } from "vitest";
import { type Tenant, type World, world } from "#test/kit/world.ts";
import { contact, conversation, count, hear, heard, message, rows, sample, talk } from "./chatwoot.ts";

let w: World;
let a: Tenant;
beforeAll(async () => {
  w = await world();
  a = w.a;
});

const requests = (answer: Response) => Number(/requests=(\d+)/.exec(answer.headers.get("server-timing") ?? "")?.[1]);

describe("a customer's message", () => {
  it("costs two requests on an isolate's first sight of the source, one from then on", async () => {
    const cold = await hear(w, w.b, message(talk(w.b)));
    const warm = await hear(w, w.b, message(talk(w.b)));
    expect([cold.status, requests(cold), warm.status, requests(warm)]).toEqual([200, 2, 200, 1]);
    const before = await w.neon.stats();
    await hear(w, w.b, message(talk(w.b)));
    expect((await w.neon.stats()).requests - before.requests).toBe(1);
  });

  it("becomes contact, person, conversation, message, evidence, passages, ledger and a wake-up", async () => {
    const at = talk(a);
    const content = "Varmepumpen larmer om natten og vi kan ikke sove. ".repeat(50).trimEnd();
    const payload = message(at, { content });
    expect(await heard(w, a, payload)).toBe("stored");

    const prefix = `${a.project}:${a.accountId}`;
    const id = `cwmsg:${prefix}:${payload["id"]}`;
    const [stored] = await rows(w, a, "select * from inbox.cw_messages where project_id = $1 and id = $2", [id]);
    expect(stored).toMatchObject({
      content,
      conversation_global_id: `cw:${prefix}:${at.conversation}`,
      contact_global_id: `cwc:${prefix}:${at.contact}`,
      sender_type: "contact",
      message_type: "incoming",
      private: false,
      seq: 1,
      needs_refetch: false,
      deleted_at: null,
    });
    const chunks = await rows(
      w,
      a,
      `select c.*, q.attempts, q.text_hash as waiting from memory.chunks c left join memory.pending q
        on q.project_id = c.project_id and q.chunk_id = c.id where c.project_id = $1 and c.source_pk = $2 order by chunk_index`,
      [id],
    );
    expect(chunks).toHaveLength(3);
    const [person] = await rows(w, a, "select * from inbox.cw_contacts where project_id = $1 and contact_id = $2", [
      at.contact,
    ]);
    for (const [i, chunk] of chunks.entries()) {
      expect(chunk).toMatchObject({
        chunk_index: i,
        lang: "danish",
        visibility: 1,
        contact_id: person?.["person_id"],
        seq: 1,
      });
      expect(chunk["waiting"]).toBe(chunk["text_hash"]);
      expect(content).toContain(chunk["text"]);
    }
    const [evidence] = await rows(
      w,
      a,
      "select * from shared.evidence_items where project_id = $1 and source_pk = $2",
      [id],
    );
    expect(evidence).toMatchObject({
      source_table: "inbox.cw_messages",
      version: 1,
      visibility: 1,
      withdrawn_at: null,
    });
    const points = await rows(
      w,
      a,
      "select kind, value_norm from people.contact_points where project_id = $1 and contact_id = $2 order by kind",
      [person?.["person_id"]],
    );
    expect(points.map((p) => p["kind"])).toEqual(["email", "phone"]);
    const ledger = await rows(
      w,
      a,
      "select kind, actor, payload from shared.events where project_id = $1 and ref_id = any($2) order by kind",
      [`{"${id}","cw:${prefix}:${at.conversation}","${person?.["person_id"]}"}`],
    );
    expect(ledger.map((e) => e["kind"])).toEqual(["contact.created", "conversation.created", "message.received"]);
    expect(new Set(ledger.map((e) => e["actor"]))).toEqual(new Set([`source:${a.source.id}`]));
    expect(JSON.stringify(ledger)).not.toMatch(/Mette|Varmepumpen|\+45/);
  });

  it("wakes the embedder once for many messages, after the answer, by whoever staged it", async () => {
    const fresh = (await world()).a;
    w.queue.published.length = 0;
    for (let i = 0; i < 5; i++) expect(await heard(w, fresh, message(talk(fresh)))).toBe("stored");
    await w.settled();
    expect(w.queue.published).toHaveLength(1);
    expect(w.queue.published[0]).toMatchObject({ kind: "memory.embed", project: fresh.project, delaySeconds: 2 });
    const outbox = await rows(w, fresh, "select id, state, published_at from shared.outbox where project_id = $1");
    expect(outbox).toHaveLength(1);
    expect(outbox[0]).toMatchObject({ id: w.queue.published[0]?.id, state: "pending" });
    expect(outbox[0]?.["published_at"]).not.toBeNull();
  });

  it("is stored and answered when QStash is down; the row waits for the sweep", async () => {
    const fresh = (await world()).a;
    w.queue.down();
    const payload = message(talk(fresh));
    expect(await heard(w, fresh, payload)).toBe("stored");
    await w.settled();
    w.queue.up();
    expect(await count(w, fresh, "shared.outbox", "state = 'pending' and published_at is null")).toBe(1);
    expect(await count(w, fresh, "inbox.cw_messages")).toBe(1);
  });

  it("takes the conversation's language when its own words do not tell", async () => {
    const at = talk(a);
    await heard(w, a, message(at, { content: "Hej, varmen virker ikke, kan I komme?" }));
    const short = message(at, { content: "E4" });
    await heard(w, a, short);
    const alone = message(talk(a), { content: "E4" });
    await heard(w, a, alone);
    const langs = await rows(
      w,
      a,
      "select lang from memory.chunks where project_id = $1 and source_pk = any($2) order by source_pk = $3",
      [
        `{"cwmsg:${a.project}:${a.accountId}:${short["id"]}","cwmsg:${a.project}:${a.accountId}:${alone["id"]}"}`,
        `cwmsg:${a.project}:${a.accountId}:${alone["id"]}`,
      ],
    );
    expect(langs.map((l) => l["lang"])).toEqual(["danish", "simple"]);
  });
});

describe("what is not a customer's message", () => {
  it("keeps a private note inside: passages of visibility 2, evidence too", async () => {
    const at = talk(a);
    const note = message(at, {
      content: "Kunden skylder 2 fakturaer",
      private: true,
      message_type: "outgoing",
      sender: { id: 33, name: "Lars T", type: "user" },
    });
    expect(await heard(w, a, note)).toBe("stored");
    const id = `cwmsg:${a.project}:${a.accountId}:${note["id"]}`;
    const levels = await rows(
      w,
      a,
      `select visibility from memory.chunks where project_id = $1 and source_pk = $2
        union all select visibility from shared.evidence_items where project_id = $1 and source_pk = $2`,
      [id],
    );
    expect(levels.map((l) => l["visibility"])).toEqual([2, 2]);
    expect(await count(w, a, "memory.chunks", `source_pk = '${id}' and visibility < 2`)).toBe(0);
  });

  it("takes an unclear `private` for a yes", async () => {
    for (const unclear of ["yes", 1, "true", {}, []]) {
      const note = message(talk(a), { private: unclear });
      await heard(w, a, note);
      expect(
        await rows(w, a, "select private from inbox.cw_messages where project_id = $1 and message_id = $2", [
          note["id"],
        ]),
      ).toEqual([{ private: true }]);
    }
  });

  it("stores a picture without words, with nothing to embed", async () => {
    const payload = sample("s3-image-no-text", a.accountId);
    expect(await heard(w, a, payload)).toBe("stored");
    const [stored] = await rows(
      w,
      a,
      "select content, attachments from inbox.cw_messages where project_id = $1 and message_id = $2",
      [payload["id"]],
    );
    expect(stored).toMatchObject({ content: null, attachments: [{ file_type: "image" }] });
    expect(await count(w, a, "memory.chunks", `source_pk like '%:${payload["id"]}'`)).toBe(0);
  });

  it("takes in all twelve events and two an agent bot sends; only messages become messages", async () => {
    const fresh = (await world()).a;
    const at = talk(fresh);
    const events: Record<string, unknown>[] = [
      message(at),
      message(at, { event: "message_updated" }),
      conversation(at, { event: "conversation_created" }),
      conversation(at, { event: "conversation_updated" }),
      conversation(at, { event: "conversation_status_changed", status: "resolved", updated_at: 1794726400.5 }),
      conversation(at, { event: "conversation_opened" }),
      conversation(at, { event: "conversation_resolved" }),
      { ...contact(at), account: { id: at.account }, event: "contact_created" },
      { ...contact(at), account: { id: at.account }, event: "contact_updated" },
      sample("s7-webwidget-triggered", fresh.accountId),
      { id: 3, name: "Website", account: { id: at.account }, event: "inbox_created" },
      { id: 3, name: "Website", account: { id: at.account }, event: "inbox_updated" },
      sample("s8-typing-on", fresh.accountId),
      { ...sample("s8-typing-on", fresh.accountId), event: "conversation_typing_off" },
    ];
    const outcomes = [];
    for (const payload of events) outcomes.push(await heard(w, fresh, payload));
    expect(outcomes).toEqual([...Array(10).fill("stored"), ...Array(4).fill("ignored")]);
    expect(await count(w, fresh, "inbox.cw_messages")).toBe(2);
    expect(await count(w, fresh, "inbox.deliveries")).toBe(14);
    const typing = await rows(
      w,
      fresh,
      "select raw from inbox.deliveries where project_id = $1 and event like '%typing%'",
    );
    expect(typing.every((d) => d["raw"] === null)).toBe(true);
  });

  it("acknowledges an event of the future and keeps it", async () => {
    const payload = {
      event: "conversation_teleported",
      account: { id: a.accountId },
      to: "Mars",
      contact_inbox: { pubsub_token: "tok" },
    };
    expect(await heard(w, a, payload)).toBe("ignored");
    const [kept] = await rows(
      w,
      a,
      "select outcome, raw, expires_at from inbox.deliveries where project_id = $1 and event = 'conversation_teleported'",
    );
    expect(kept).toMatchObject({ outcome: "ignored", raw: { event: "conversation_teleported", to: "Mars" } });
    expect(kept?.["expires_at"]).not.toBeNull();
  });

  it("keeps a known event it cannot read, and changes nothing else", async () => {
    const before = await count(w, a, "shared.events");
    for (const wrong of [{ id: "no number" }, { id: null }, { conversation: "gone" }, { content: { a: 1 } }]) {
      expect(await heard(w, a, message(talk(a), wrong))).toBe("ignored");
    }
    expect(await count(w, a, "shared.events")).toBe(before);
  });
});

describe("statuses", () => {
  it("follow Chatwoot's own version and are told once in the ledger", async () => {
    const at = talk(a);
    const id = `cw:${a.project}:${a.accountId}:${at.conversation}`;
    await heard(w, a, conversation(at, { event: "conversation_created" }));
    await heard(
      w,
      a,
      conversation(at, { event: "conversation_status_changed", status: "resolved", updated_at: 1794730010.112 }),
    );
    // Both arrive late: an older snapshot inside a message, and the older event itself.
    await heard(w, a, message(at));
    await heard(w, a, conversation(at, { event: "conversation_updated", status: "pending", updated_at: 1794729000.5 }));
    const [stored] = await rows(
      w,
      a,
      "select status, turns from inbox.cw_conversations where project_id = $1 and id = $2",
      [id],
    );
    expect(stored).toEqual({ status: "resolved", turns: 1 });
    const told = await rows(
      w,
      a,
      "select kind, payload from shared.events where project_id = $1 and ref_id = $2 order by created_at, id",
      [id],
    );
    expect(told.map((e) => e["kind"])).toEqual(["conversation.created", "conversation.status.changed"]);
    expect(told[1]?.["payload"]).toEqual({ from: "open", to: "resolved" });
  });

  it("reads 0 as no time", async () => {
    const at = talk(a);
    await heard(w, a, conversation(at, { event: "conversation_created", waiting_since: 0 }));
    const [stored] = await rows(
      w,
      a,
      "select data->'waiting_since' as waiting from inbox.cw_conversations where project_id = $1 and conversation_id = $2",
      [at.conversation],
    );
    expect(stored).toEqual({ waiting: null });
  });
});
