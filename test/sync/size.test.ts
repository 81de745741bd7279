// Three thousand messages, one conversation of which is longer than any answer: bounded steps, each of which says that there is more.
import { afterAll, beforeAll, expect, test } from "vitest";
import { addMessage } from "#local/chatwoot/messages.ts";
import { count, rows } from "#test/inbox/chatwoot.ts";
import { type Bound, bound, start, step, type Told } from "./account.ts";

let it: Bound;
beforeAll(async () => {
  it = await bound();
});
afterAll(() => it.close());

const texts = ["Varmepumpen larmer igen", "Vi kommer torsdag klokken ni", "Hvad koster det?", "Tak, det passer fint"];

function fill(conversations: number, messages: number): void {
  const { office, w } = it;
  const begin = w.clock.now().getTime() - 90 * 86_400_000;
  office.webhooks.subscriptions.clear();
  for (let c = 0; c < conversations; c += 1) {
    const at = (n: number) => new Date(begin + (c * messages + n) * 60_000);
    const contact = { name: `Kunde ${c}`, phone: `+45203${String(10_000 + c)}` };
    const { conversation } = office.customer.writes({ contact, text: `Hej, det er kunde ${c}`, at: at(0) });
    const sender = { kind: "contact", id: conversation.contactId } as const;
    // The first one is half of everything, and its older half was imported last: times run against the numbers.
    const own = c === 0 ? messages * conversations : messages;
    for (let n = 1; n < own; n += 1) {
      const place = c === 0 && n > own / 2 ? own - n : n;
      addMessage(
        { account: office.account, webhooks: office.webhooks, clock: w.clock },
        {
          conversation,
          type: "incoming",
          content: `${texts[n % 4]} ${c}-${n % 40}`,
          at: at(place),
          sender,
        },
      );
    }
  }
}

test("an import of three thousand messages is a chain of bounded steps, and complete", async () => {
  fill(30, 50);
  const run = await start(it);
  const steps: Told[] = [];
  for (let told = await step(it, run); ; told = await step(it, run)) {
    steps.push(told);
    if (!told.more) break;
    it.w.clock.advance(1_000);
  }
  expect(steps.at(-1)).toMatchObject({ state: "done" });
  expect(steps.length).toBeGreaterThan(1);
  for (const told of steps) expect([told.requests <= 64, told.messages <= 3_900]).toEqual([true, true]);
  const { account } = it.office;
  const said = [...account.messages.values()].filter(({ type }) => type !== "activity");
  expect(said.length).toBeGreaterThan(2_900);
  expect(await count(it.w, it.w.a, "inbox.cw_messages")).toBe(said.length);
  expect(await count(it.w, it.w.a, "memory.chunks")).toBe(said.length);
  const [mark] = await rows(it.w, it.w.a, "select cursor_id from inbox.sync_watermarks where project_id = $1");
  const newest = said.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || a.id - b.id).at(-1);
  expect(mark).toEqual({ cursor_id: String(newest?.id) });
  const shown = await it.w.fetch(`/v1/inbox/sources/${it.w.a.source.id}/sync`, { key: it.w.a.apiKey });
  expect(await shown.json()).toMatchObject({
    run: {
      state: "done",
      kind: "import",
      conversations: { done: 30, waiting: 0, total: 30 },
      written: said.length + 60,
      skipped: 0,
    },
    watermark: { message: String(newest?.id) },
  });
});
