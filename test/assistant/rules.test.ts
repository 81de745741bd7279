// What the database keeps whoever writes, beside a model of it: no circle in any order of links, and times that belong to the state.
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";

let w: World;
let a: Tenant;
const COUNT = 6;
const name = (n: number) => `tsk_rule_${n}`;

beforeAll(async () => {
  w = await world({ now: "2026-11-16T08:00:00.000Z" });
  a = await tenant(w.neon, "rules");
  await w.neon.query(
    `insert into assistant.tasks (project_id, account_scope_id, user_id, id, title, title_norm)
       select $1, $2, $3, 'tsk_rule_' || n, 'Task ' || n, 'task ' || n from generate_series(0, $4::int - 1) n`,
    [a.project, a.accountScope, a.user, COUNT],
  );
});

const Link = fc.record({
  type: fc.constantFrom("depends_on", "blocks", "related"),
  from: fc.nat(COUNT - 1),
  to: fc.nat(COUNT - 1),
});
type Link = { type: string; from: number; to: number };

/** Who waits for whom, whichever way it was said. */
const waitOf = ({ type, from, to }: Link) => (type === "blocks" ? { waiter: to, on: from } : { waiter: from, on: to });

function reaches(kept: Link[], from: number, wanted: number): boolean {
  const seen = new Set([from]);
  for (const at of seen)
    for (const link of kept) {
      const { waiter, on } = waitOf(link);
      if (link.type !== "related" && waiter === at) seen.add(on);
    }
  return seen.has(wanted);
}

/** What a link meets: it is there already, it would close a circle, or nothing. */
function verdict(kept: Link[], link: Link): "made" | "cycle" | "link_once" {
  const { waiter, on } = waitOf(link);
  if (link.type !== "related" && reaches(kept, on, waiter)) return "cycle";
  return kept.some((one) => JSON.stringify(one) === JSON.stringify(link)) ? "link_once" : "made";
}

const insert = (link: Link) =>
  w.neon.query(
    `insert into assistant.entity_links (project_id, account_scope_id, user_id, id, from_entity_type, from_entity_id, to_entity_type, to_entity_id, link_type)
       values ($1, $2, $3, $4, 'task', $5, 'task', $6, $7)`,
    [a.project, a.accountScope, a.user, w.runtime.ids.next("link"), name(link.from), name(link.to), link.type],
  );

test("links in any order: refused are those that would close a circle, and no others", async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(Link, { minLength: 4, maxLength: 14 }), async (links) => {
      await w.neon.query("delete from assistant.entity_links where project_id = $1", [a.project]);
      const kept: Link[] = [];
      for (const link of links) {
        const wanted = verdict(kept, link);
        const found = await insert(link).then(
          () => "made",
          (thrown: Error) => /cycle|link_once/.exec(thrown.message)?.[0] ?? thrown.message,
        );
        expect([link, found]).toEqual([link, wanted]);
        if (found === "made") kept.push(link);
        seen.add(found);
      }
    }),
    { numRuns: 30 },
  );
  expect([...seen].sort()).toEqual(["cycle", "link_once", "made"]);
});

test("states in any order: the time of being done or put away is there in that state and in no other", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom("open", "blocked", "done", "archived"), { minLength: 1, maxLength: 8 }),
      async (states) => {
        for (const status of states) {
          const [row] = await w.neon.query(
            `update assistant.tasks set status = $3 where project_id = $1 and id = $2
               returning status, completed_at is not null as done, archived_at is not null as archived`,
            [a.project, name(0), status],
          );
          expect(row).toEqual({ status, done: status === "done", archived: status === "archived" });
        }
      },
    ),
    { numRuns: 15 },
  );
});
