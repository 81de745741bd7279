/** The demo as webhooks: the same letters at every telling, so that a restart sends nothing new under an old number. */
import { expect, test } from "vitest";
import { retell } from "#local/business/retelling.ts";

const startedAt = new Date("2026-11-16T09:00:00Z");
const all = { accountId: 7, startedAt, messages: Number.POSITIVE_INFINITY, seed: "one" };
const text = (body: Uint8Array) => Buffer.from(body).toString("utf8");
const letters = ({ webhooks }: ReturnType<typeof retell>) => webhooks.map(({ id, body }) => `${id} ${text(body)}`);

test("a second telling is the same to the letter, another seed is not", () => {
  expect(letters(retell(all))).toEqual(letters(retell(all)));
  expect(letters(retell({ ...all, seed: "two" }))).not.toEqual(letters(retell(all)));
});

test("a short telling is the beginning of the long one", () => {
  const short = retell({ ...all, messages: 30 });
  expect(short.messages).toBe(30);
  expect(letters(retell(all)).slice(0, short.webhooks.length)).toEqual(letters(short));
});

test("no telling at all leaves an account without customers", () => {
  const none = retell({ ...all, messages: 0 });
  expect([none.webhooks.length, none.messages, none.account.conversations.size]).toEqual([0, 0, 0]);
});

test("every delivery has an id of its own, and every private note says that it is one", () => {
  const { webhooks, messages } = retell(all);
  expect(new Set(webhooks.map(({ id }) => id)).size).toBe(webhooks.length);
  const created = webhooks.filter(({ event }) => event === "message_created").map(({ body }) => JSON.parse(text(body)));
  expect(created.length).toBe(messages);
  expect(created.filter((body) => body.private === true).length).toBeGreaterThan(10);
  expect(created.filter((body) => body.private === true && body.message_type !== "outgoing")).toEqual([]);
});

test("the account afterwards shows what was edited and what was deleted", () => {
  const { account, webhooks } = retell(all);
  const updated = webhooks.filter(({ event }) => event === "message_updated").map(({ body }) => JSON.parse(text(body)));
  const deleted = updated.filter((body) => body.content_attributes.deleted === true);
  expect(deleted.length).toBe(1);
  for (const { id } of deleted) expect(account.message(id).contentAttributes).toMatchObject({ deleted: true });
  const edits = updated.filter((body) => body.content_attributes.deleted !== true);
  expect(edits.length).toBeGreaterThan(3);
  for (const { id, content } of edits) expect(account.message(id).content).toBe(content);
});
