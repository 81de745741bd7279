// Random facts, edges and talks: what somebody may not know is in no pack, no prompt and no answer of his.
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { type World, world } from "#test/kit/world.ts";
import { rehearsing, scriptedModel } from "./rehearsing.ts";

let w: World;
let a: ReturnType<typeof rehearsing>;
const model = scriptedModel();

beforeAll(async () => {
  w = await world({ now: "2026-05-01T08:00:00.000Z", language: model.port });
  a = rehearsing(w);
});

const edge = fc.constantFrom("none", "confirmed", "unknown", "false_belief");
const known = fc.array(fc.record({ visibility: fc.constantFrom("public", "internal"), edge }), {
  minLength: 1,
  maxLength: 3,
});
const lines = fc.array(
  fc.record({
    channel: fc.constantFrom("roleplay", "coach"),
    n: fc.integer({ min: 1000, max: 999_999 }),
    leak: fc.boolean(),
  }),
  { minLength: 1, maxLength: 3 },
);

let runs = 0;

test("hidden values never reach the counterparty, whatever is known, set, said in confidence or made up by a model", async () => {
  await fc.assert(
    fc.asyncProperty(known, lines, async (facts, talk) => {
      runs += 1;
      const [self, counterparty] = [
        await a.entity("Person", `Self ${runs}`),
        await a.entity("Person", `Other ${runs}`),
      ];
      const hidden: string[] = [];
      const open: string[] = [];
      for (const [i, { visibility, edge: status }] of facts.entries()) {
        const value = `CANARY${runs}X${i}`;
        const id = await a.fact({ subject: self, attribute: `made.n${i}`, value, visibility });
        if (status !== "none") {
          const belief = status === "false_belief" ? { believed_value: `BELIEF${runs}X${i}` } : {};
          await a.put(`/world/facts/${id}/knowers`, { knower: `entity:${counterparty}`, status, ...belief });
        }
        (status === "confirmed" || (status === "none" && visibility === "public") ? open : hidden).push(value);
      }
      w.clock.advance(1000);
      const session = await a.begin({ counterparty, self });
      model.prompts.length = 0;
      const told: string[] = [];
      for (const [i, { channel, n, leak }] of talk.entries()) {
        const number = `${n}${i}77`;
        if (channel === "coach") hidden.push(number);
        if (leak) model.lines.push(`It is ${hidden[0] ?? "CANARY0X0"}.`, `Is it ${hidden.at(-1) ?? "CANARY0X0"}?`);
        const turn = await a.say(session, `My budget is ${number}.`, channel);
        model.lines.length = 0;
        if (channel === "roleplay") told.push(turn.reply.text);
      }
      const packs = await w.neon.query(
        "select content from world.context_packs where project_id = $1 and session_id = $2 and knower like 'entity:%'",
        [w.a.project, session],
      );
      const prompts = model.prompts.filter(({ system }) => system.startsWith("You play"));
      const reached = JSON.stringify([packs, prompts, told]);
      expect(hidden.filter((value) => reached.includes(value))).toEqual([]);
      if (packs.length > 0) expect(open.filter((value) => !reached.includes(value))).toEqual([]);
    }),
    { numRuns: 8 },
  );
});
