/** Text as it really comes: credentials, null bytes, half surrogates, very long, very many. */
import { beforeAll, describe, expect, it } from "vitest";
import { type Tenant, type World, world } from "#test/kit/world.ts";
import { contact, conversation, count, hear, heard, message, number, rows, talk } from "./chatwoot.ts";

let w: World;
let a: Tenant;
beforeAll(async () => {
  w = await world();
  a = w.a;
});

describe("a live credential", () => {
  it("is nowhere in the database after every kind of event", async () => {
    const canary = "canary-pubsub-5561";
    const told = { id: 1, pubsub_token: canary };
    const at = talk(a);
    const events = [
      message(at, {
        sender: { ...contact(at), pubsub_token: canary },
        conversation: conversation(at, { contact_inbox: told }),
      }),
      message(at, { event: "message_updated", content_attributes: { deep: [{ deeper: { pubsubToken: canary } }] } }),
      conversation(at, {
        event: "conversation_updated",
        contact_inbox: told,
        additional_attributes: { PUBSUB_TOKEN: canary },
      }),
      {
        ...contact(at),
        event: "contact_updated",
        account: { id: at.account },
        custom_attributes: { contact_inboxes: [told] },
      },
      { event: "something_new", account: { id: at.account }, told },
      message({ account: 800_000_000 + number(), conversation: 1, contact: 1 }, { contact_inbox: told }),
    ];
    for (const payload of events) await heard(w, a, payload);
    const tables = await w.neon.query(
      "select format('%I.%I', table_schema, table_name) as t from information_schema.tables where table_schema in ('inbox', 'people', 'memory', 'shared', 'identity') and table_type = 'BASE TABLE'",
    );
    expect(tables.length).toBeGreaterThan(20);
    for (const { t } of tables) {
      const [found] = await w.neon.query(
        `select count(*) as n from ${t} x where to_jsonb(x)::text ilike any('{%${canary}%,%pubsub_token%,%pubsubtoken%}')`,
      );
      expect(Number(found?.["n"]), String(t)).toBe(0);
    }
  });
});

describe("text that Postgres would refuse", () => {
  it("is stored without its null bytes, half surrogates as the replacement character", async () => {
    const payload = message(talk(a), {
      content: "før\u0000efter \ud83d slut \udc00",
      sender: { ...contact(talk(a)), name: "M\u0000ette \ud800" },
    });
    expect(await heard(w, a, payload)).toBe("stored");
    const [kept] = await rows(w, a, "select content from inbox.cw_messages where project_id = $1 and message_id = $2", [
      payload["id"],
    ]);
    expect(kept).toEqual({ content: "førefter \ufffd slut \ufffd" });
  });

  it("in an unknown event's keys and values is kept too", async () => {
    expect(
      await heard(w, a, {
        event: "odd\u0000 \ud800",
        account: { id: a.accountId },
        "k\u0000ey": ["\u0000"],
        __proto__x: 1,
      }),
    ).toBe("ignored");
    const bottomless = `{"event":"deep","a":${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
    expect(await heard(w, a, bottomless)).toBe("ignored");
  });

  it("that is no UTF-8 loses a character, not the message", async () => {
    const [head, tail] = JSON.stringify(message(talk(a), { content: "vand@@skade" })).split("@@");
    const bytes = Buffer.concat([Buffer.from(head ?? ""), Buffer.from([0xff]), Buffer.from(tail ?? "")]);
    expect(await heard(w, a, new Uint8Array(bytes))).toBe("stored");
    expect(await count(w, a, "inbox.cw_messages", "content = 'vand\ufffdskade'")).toBe(1);
  });

  it("too long for an index is no reason to fail", async () => {
    const huge = "x".repeat(300_000);
    const payload = message(talk(a), {
      sender: { ...contact(talk(a)), email: `${huge}@example.dk`, phone_number: `+45${"2".repeat(9_000)}`, name: huge },
    });
    expect(await heard(w, a, payload, { delivery: "d".repeat(5_000) })).toBe("stored");
    expect(await heard(w, a, { event: `e${huge}`, account: { id: a.accountId } })).toBe("ignored");
    expect(
      await heard(
        w,
        a,
        message(talk(a), { conversation: conversation(talk(a), { status: "Not a status! +45 20304050" }) }),
      ),
    ).toBe("stored");
  });
});

describe("size", () => {
  it("150,000 characters are legal", async () => {
    const content = "Pumpen står stille igen, og der kommer vand ud. ".repeat(3_125);
    expect(content).toHaveLength(150_000);
    const payload = message(talk(a), { content });
    expect(await heard(w, a, payload)).toBe("stored");
    const passages = await rows(
      w,
      a,
      "select text from memory.chunks where project_id = $1 and source_pk = $2 order by chunk_index",
      [`cwmsg:${a.project}:${a.accountId}:${payload["id"]}`],
    );
    expect(passages.length).toBeGreaterThanOrEqual(150);
    expect(passages.map((p) => p["text"]).join(" ")).toBe(content.trimEnd());
  });

  it("answers fast enough even for the longest body: one request", async () => {
    const answer = await hear(w, a, message(talk(a), { content: "å".repeat(150_000) }));
    expect(answer.headers.get("server-timing")).toContain("requests=1");
  });
});
