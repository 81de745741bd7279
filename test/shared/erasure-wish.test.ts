// Who wanted no e-mails, or nothing by Telegram, is forgotten and comes back: under each address he had he is still not written to.
import { beforeAll, expect, test } from "vitest";
import { caller } from "#test/field/floor.ts";
import { count, rows } from "#test/inbox/chatwoot.ts";
import { type Bound, bound, calls, fresh } from "#test/kit/providers.ts";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { ask, foundIn, run } from "./forgotten.ts";

let w: World;
let who: Tenant;
beforeAll(async () => {
  w = await world();
  who = await tenant(w.neon, "wishes");
});

type Door = {
  provider: "postmark" | "telegram";
  address: () => string;
  stop: string;
  says(from: string, text: string): unknown;
};

const doors: Record<"email" | "telegram", Door> = {
  email: {
    provider: "postmark",
    address: () => `kanarie${fresh()}@example.dk`,
    stop: "Afmeld",
    says: (from, text) => ({ From: from, MessageID: `pm-${fresh()}`, TextBody: text, Headers: [] }),
  },
  telegram: {
    provider: "telegram",
    address: () => `85${fresh()}`,
    stop: "stop",
    says: (from, text) => ({
      update_id: Number(fresh()),
      message: {
        message_id: Number(fresh()),
        date: Math.floor(w.clock.now().getTime() / 1000),
        chat: { id: Number(from), type: "private" },
        from: { id: Number(from) },
        text,
      },
    }),
  },
};

/** Says something by a door, and who that is. */
async function writes(source: Bound, door: Door, { from, text }: { from: string; text: string }): Promise<string> {
  w.clock.advance(60_000);
  expect((await calls(w, source, door.says(from, text))).status).toBe(200);
  await w.settled();
  const [point] = await rows(
    w,
    who,
    "select contact_id from people.contact_points where project_id = $1 and value_norm = $2",
    [from],
  );
  return String(point?.["contact_id"]);
}

test.each(["email", "telegram"] as const)(
  "by %s: his word holds at every address he had, another's silence is no word",
  async (channel) => {
    const door = doors[channel];
    const call = caller(w, who.apiKey);
    const source = await bound(w, who, door.provider);
    await rows(
      w,
      who,
      `insert into outbound.senders (project_id, id, provider, channel, name, address, source_id, credentials_sealed)
      values ($1, 'snd_' || $2, $2, $3, 'Workshop', 'hello@workshop.example', $4, 'sealed')`,
      [door.provider, channel, source.id],
    );
    const [first, second, theirs] = [door.address(), door.address(), door.address()];
    const him = await writes(source, door, { from: first, text: "Hej" });
    const other = await writes(source, door, { from: theirs, text: "Hej" });
    // He has another address, at which he never said a word.
    await rows(
      w,
      who,
      `insert into people.contact_points (project_id, id, contact_id, kind, value, value_norm) values ($1, 'cpt_' || $2, $2, $3, $4, $4)`,
      [him, channel, second],
    );
    await writes(source, door, { from: first, text: door.stop });
    expect((await call(`/v1/outbound/policies/${him}`)).body["policies"]).toMatchObject([
      { channel, opted_out_by: "keyword" },
    ]);
    for (const id of [him, other]) await run(w, who, await ask(w, who, { kind: "person", id }));
    expect(await foundIn(w.neon, [first, second, theirs])).toEqual([]);
    expect(await count(w, who, "outbound.suppressions", `channel = '${channel}' and lifted_at is null`)).toBe(2);

    const state = async (from: string) => {
      const id = await writes(source, door, { from, text: "Nu er jeg her igen" });
      expect([him, other]).not.toContain(id);
      const { body } = await call(`/v1/outbound/policies/${id}`);
      const [proof] = await rows(
        w,
        who,
        "select id from shared.evidence_items where project_id = $1 and contact_id = $2",
        [id],
      );
      const said = { contact: id, channel, text: "We have read it.", subject: "Hej", evidence: [proof?.["id"]] };
      const draft = await call("/v1/outbound/messages", channel === "email" ? said : { ...said, subject: undefined });
      await call(`/v1/outbound/messages/${draft.body["id"]}/approve`, { version: draft.body["version"] });
      const sent = await call(`/v1/outbound/messages/${draft.body["id"]}/send`, {});
      return [
        (body["suppressions"] as { reason: string }[]).map(({ reason }) => reason),
        sent.body["code"] ?? null,
        sent.status,
      ];
    };
    expect(await state(first)).toEqual([["keyword"], "outbound_blocked_opt_out", 409]);
    expect(await state(second)).toEqual([["keyword"], "outbound_blocked_opt_out", 409]);
    expect(await state(theirs)).toEqual([[], null, 200]);
  },
);
