// Two people at the same moment, on a Postgres with many sessions.
import { beforeAll, expect, test } from "vitest";
import { raceDatabase } from "#test/kit/database.ts";
import { password, type World, world } from "#test/kit/world.ts";
import { act, bound, invited, joined, member, type Session, signIn } from "./joining.ts";

let w: World;
let owner: Session;
beforeAll(async () => {
  w = await world({ neon: await raceDatabase() });
  await bound(w, password);
  owner = await signIn(w, { username: w.a.username, password });
});

const owners = async () =>
  w.neon.query("select id from identity.memberships where project_id = $1 and role = 'owner' and ended_at is null", [
    w.a.project,
  ]);

test("two owners who remove each other at once: one stays", async () => {
  for (let round = 0; round < 3; round++) {
    const [first] = await owners();
    const second = await member(w, { owner, username: `pair-${w.a.accountId}-${round}`, role: "owner" });
    const ended = await Promise.all([
      act(w, owner, `/v1/identity/members/${second.id}/end`),
      act(w, second.who, `/v1/identity/members/${String(first?.["id"])}/role`, { role: "office" }),
    ]);
    expect(ended.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(await owners()).toHaveLength(1);
    await w.neon.query(
      "update identity.memberships set role = case when id = $2 then 'owner' else 'office' end, ended_at = null where project_id = $1",
      [w.a.project, String(first?.["id"])],
    );
  }
});

test("six people with one link: one joins", async () => {
  const people = [];
  for (let i = 0; i < 6; i++) people.push(await joined(w, `crowd-${w.a.accountId}-${i}`));
  const { id, token } = await invited(w, owner, "technician");
  const answers = await Promise.all(people.map((who) => act(w, who, "/v1/identity/invitations/accept", { token })));
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 404, 404, 404, 404, 404]);
  const rows = await w.neon.query(
    "select count(*)::int as n from identity.memberships m join identity.invitations i on i.accepted_by = m.user_id and i.project_id = m.project_id where i.id = $1",
    [id],
  );
  expect(rows).toEqual([{ n: 1 }]);
});
