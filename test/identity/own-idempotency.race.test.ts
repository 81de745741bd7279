// Twins: the same request of one person at once, on a Postgres with many sessions.
import { beforeAll, describe, expect, test } from "vitest";
import { raceDatabase } from "#test/kit/database.ts";
import { password, type World, world } from "#test/kit/world.ts";
import { act, invited, type Session, signIn, withSession } from "./joining.ts";

let w: World;
let owner: Session;

beforeAll(async () => {
  w = await world({ neon: await raceDatabase() });
  owner = await signIn(w, { username: w.a.username, password });
});

/** Statuses with how many there were, and the different texts of those that were well. */
async function twins(n: number, one: () => Promise<Response>) {
  const told = await Promise.all(
    Array.from({ length: n }, async () => {
      const answer = await one();
      return { status: answer.status, text: await answer.text() };
    }),
  );
  await w.settled();
  return {
    statuses: [...new Set(told.map(({ status }) => status))],
    texts: [...new Set(told.map(({ text }) => text))],
  };
}

describe("forty twins", () => {
  test("make one project", async () => {
    const headers = { ...withSession(owner), "idempotency-key": "forty" };
    const made = await twins(40, () => w.fetch("/v1/identity/projects", { json: { name: "Forty" }, headers }));
    expect([made.statuses, made.texts.length]).toEqual([[201], 1]);
    const rows = await w.neon.query("select count(*)::int as n from identity.projects where name = 'Forty'");
    expect(rows).toEqual([{ n: 1 }]);
    await act(w, owner, "/v1/identity/project", { project: w.a.project });
  });

  test("take one invitation, and are all told that they have joined", async () => {
    const { token } = await invited(w, owner, "office");
    const guest = await signIn(w, { username: w.b.username, password });
    const headers = { ...withSession(guest), "idempotency-key": "join" };
    const taken = await twins(40, () => w.fetch("/v1/identity/invitations/accept", { json: { token }, headers }));
    expect([taken.statuses, taken.texts.length]).toEqual([[200], 1]);
  });

  test("rotate a key once: who was too late for his own twin has its answer, and nothing is written down as refused", async () => {
    const made = await act(w, owner, "/v1/identity/api-keys", { name: "Forty", permissions: ["identity:read"] });
    const { id } = (await made.json()) as { id: string };
    const headers = { ...withSession(owner), "idempotency-key": "rotate" };
    const rotated = await twins(40, () => w.fetch(`/v1/identity/api-keys/${id}/rotate`, { json: {}, headers }));
    expect([rotated.statuses, rotated.texts.length]).toEqual([[201], 1]);
    const rows = await w.neon.query(
      "select outcome from shared.audit_events where ref_id = $1 and action = 'identity.api_key.rotated'",
      [id],
    );
    expect(rows).toEqual([{ outcome: "done" }]);
  });
});
