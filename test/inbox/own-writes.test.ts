/** What we write into Chatwoot comes back and is known for ours: in both orders, once, and whatever got lost on the way. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deliver } from "#test/kit/jobs.ts";
import { arrive, type Bound, bound, reconcile } from "#test/sync/account.ts";
import { rows } from "./chatwoot.ts";
import { ask, carry, isOursIn, ledger, mirrored, notedIn, posts, talking, words, writeOf } from "./writing.ts";

let it_: Bound;
beforeAll(async () => {
  it_ = await bound();
});
afterAll(() => it_.close());
beforeEach(async () => {
  it_.office.troubles.clear();
  it_.office.troubles.onChanged = () => undefined;
  await arrive(it_);
  it_.office.troubles.calls.length = 0;
});

const noted = (text: string) => notedIn(it_, text);
const isOurs = (text: string, id: string) => isOursIn(it_, { text, id });

const told = async (text: string) =>
  (
    await rows(
      it_.w,
      it_.w.a,
      "select e.kind, e.payload->>'own' as own from shared.events e join inbox.cw_messages m on m.project_id = e.project_id and m.id = e.ref_id where e.project_id = $1 and m.content = $2 order by e.id",
      [text],
    )
  ).map(({ kind, own }) => [kind, own]);

describe("a private note", () => {
  it("is written down, called once, and linked when its webhook comes after the call", async () => {
    const text = words();
    const { id } = await noted(text);
    expect(posts(it_)).toEqual([]);
    expect(await carry(it_)).toEqual([{ status: 200, body: expect.objectContaining({ state: "done", called: true }) }]);
    expect(await mirrored(it_, text)).toEqual([]);
    expect((await writeOf(it_, id)).linked_at).toBeNull();
    await arrive(it_);
    await isOurs(text, id);
    expect(await told(text)).toEqual([["message.echoed", id]]);
    expect(posts(it_)).toHaveLength(1);
  });

  it("is linked when its webhook comes before the call returns", async () => {
    const text = words();
    const { id } = await noted(text);
    const meanwhile: unknown[] = [];
    it_.office.troubles.onChanged = async () => {
      await arrive(it_);
      meanwhile.push(...(await mirrored(it_, text)));
    };
    expect((await carry(it_))[0]?.body).toMatchObject({ state: "done", called: true });
    expect(meanwhile).toEqual([expect.objectContaining({ own_ref: id })]);
    await isOurs(text, id);
    expect(await told(text)).toEqual([["message.echoed", id]]);
  });

  it("stays one row when its webhook comes twice, and once more by the reconcile", async () => {
    const text = words();
    const { id } = await noted(text);
    it_.office.webhooks.duplicate(1);
    await carry(it_);
    await arrive(it_);
    await reconcile(it_);
    await isOurs(text, id);
    expect(await told(text)).toEqual([["message.echoed", id]]);
  });

  it("is linked by the reconcile when its webhook was lost", async () => {
    const text = words();
    const { id } = await noted(text);
    await carry(it_);
    it_.office.webhooks.drain();
    await reconcile(it_);
    await isOurs(text, id);
    expect(await told(text)).toEqual([["message.echoed", id]]);
  });

  it("is known by Chatwoot's number when the reference got lost, in both orders", async () => {
    for (const order of ["before", "after"]) {
      const text = words();
      const { id } = await noted(text);
      it_.office.troubles.onChanged = async () => {
        const made = [...it_.office.account.messages.values()].at(-1);
        if (made) made.contentAttributes = {};
        it_.office.webhooks.drain();
        if (made) it_.office.agent.edits(made.id, text);
        if (order === "before") await arrive(it_);
      };
      await carry(it_);
      it_.office.troubles.onChanged = () => undefined;
      await arrive(it_);
      await isOurs(text, id);
    }
  });

  it("asked for twice under one key is one note, with one answer", async () => {
    const text = words();
    const { conversation } = await talking(it_);
    const first = await ask(it_, `${conversation.id}/notes`, { text }, "same-note");
    const second = await ask(it_, `${conversation.id}/notes`, { text }, "same-note");
    expect([second.status, second.body]).toEqual([first.status, first.body]);
    await carry(it_);
    expect(posts(it_)).toHaveLength(1);
  });
});

describe("when the answer is lost", () => {
  it("its echo settles it: nobody asks, nobody sends again", async () => {
    const text = words();
    const { id } = await noted(text);
    it_.office.troubles.plan({ kind: "lose", times: 1 });
    expect((await carry(it_))[0]?.body).toMatchObject({ state: "unknown" });
    await arrive(it_);
    await isOurs(text, id);
    await carry(it_);
    expect(it_.office.troubles.calls).toHaveLength(1);
  });

  it("and its webhook too, Chatwoot is asked, and the note found is not written again", async () => {
    const text = words();
    const { id } = await noted(text);
    it_.office.troubles.plan({ kind: "lose", times: 1 });
    expect((await carry(it_))[0]?.body).toMatchObject({ state: "unknown" });
    it_.office.webhooks.drain();
    it_.w.clock.advance(30_000);
    expect((await carry(it_))[0]?.body).toMatchObject({ state: "done" });
    expect(posts(it_)).toHaveLength(1);
    await reconcile(it_);
    await isOurs(text, id);
  });

  it("and the note is twice not there, it is written again under the same reference", async () => {
    const text = words();
    const { id } = await noted(text);
    it_.office.troubles.plan({ kind: "drop", path: /messages$/, times: 1 });
    const states = [];
    for (let round = 0; round < 4; round++) {
      states.push((await carry(it_))[0]?.body.state);
      it_.w.clock.advance(30_000);
    }
    expect(states).toEqual(["unknown", "unknown", "pending", "done"]);
    expect(posts(it_)).toHaveLength(2);
    await arrive(it_);
    await isOurs(text, id);
  });

  it("a busy Chatwoot is asked later, when it says, and gets the note once", async () => {
    const text = words();
    const { id } = await noted(text);
    it_.office.troubles.plan({ kind: "status", status: 429, retryAfter: 40, times: 1 });
    expect((await carry(it_))[0]?.body).toMatchObject({ state: "pending" });
    expect(it_.w.queue.published.find(({ kind }) => kind === "inbox.write")?.delaySeconds).toBe(40);
    it_.w.clock.advance(41_000);
    expect((await carry(it_))[0]?.body).toMatchObject({ state: "done" });
    await arrive(it_);
    await isOurs(text, id);
  });

  it("a refusal ends it with its code", async () => {
    const { id } = await noted(words());
    it_.office.troubles.plan({ kind: "status", status: 403, times: 1 });
    await carry(it_);
    expect(await writeOf(it_, id)).toMatchObject({ state: "failed", reason: "source_token_refused" });
    expect(await ledger(it_, "inbox.write.failed")).toContain("inbox.write.failed");
  });
});

describe("when the worker dies", () => {
  it("between the attempt and the call, Chatwoot is asked before anything is sent", async () => {
    const text = words();
    const { id } = await noted(text);
    await die("before");
    expect(await writeOf(it_, id)).toMatchObject({ state: "sending" });
    const [busy] = await replay(id);
    expect(busy).toBe(429);
    it_.w.clock.advance(61_000);
    const states = [];
    for (let round = 0; round < 3; round++) {
      await replay(id);
      states.push((await writeOf(it_, id)).state);
      it_.w.clock.advance(61_000);
    }
    expect(states).toEqual(["unknown", "pending", "done"]);
    expect(posts(it_)).toHaveLength(1);
    await arrive(it_);
    await isOurs(text, id);
  });

  it("after the call, the note is found and stays the only one", async () => {
    const text = words();
    const { id } = await noted(text);
    await die("after");
    it_.office.webhooks.drain();
    it_.w.clock.advance(61_000);
    await replay(id);
    expect(await writeOf(it_, id)).toMatchObject({ state: "done" });
    expect(posts(it_)).toHaveLength(1);
    await reconcile(it_);
    await isOurs(text, id);
  });

  /** The process ends there: nothing after it happens. */
  async function die(when: "before" | "after"): Promise<void> {
    const { ports } = it_.w.runtime;
    const { chatwoot } = ports;
    if (!chatwoot) throw new Error("no Chatwoot");
    ports.chatwoot = {
      ...chatwoot,
      write: async (...given) => {
        if (when === "after") await chatwoot.write(...given);
        throw new Error("the worker is gone");
      },
    };
    const answers = await carry(it_);
    ports.chatwoot = chatwoot;
    expect(answers.map(({ status }) => status)).toEqual([500]);
  }

  const replay = async (write: string): Promise<number[]> => {
    it_.w.queue.published.length = 0;
    const answer = await deliver(it_.w, "inbox.write", { project: it_.w.a.project, id: `obx_${randomUUID()}`, write });
    return [answer.status];
  };
});
