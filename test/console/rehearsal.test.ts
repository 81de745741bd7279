// The rehearsal room without a script: begun, spoken in, coached in confidence, ended, and decided on.
import { beforeAll, expect, test } from "vitest";
import { addKey } from "#db/bootstrap.ts";
import { type World, world } from "#test/kit/world.ts";
import { call } from "#test/people/office.ts";
import { saying } from "#test/world/saying.ts";
import { signedIn, textOf, type Visitor } from "./visitor.ts";

let w: World;
let person: Visitor;
let self: string;
let other: string;

beforeAll(async () => {
  w = await world({ now: "2026-11-16T08:00:00.000Z" });
  const a = saying(w);
  [self, other] = [await a.entity("Person", "Tom Vale"), await a.entity("Person", "Lis Brandt")];
  person = await signedIn(w, w.a);
});

const read = async (path: string) => textOf((await person.get(path)).html);
let n = 0;
const send = async (path: string, fields: Record<string, string>) => {
  w.clock.advance(1000);
  return person.post(path, { once: `${++n}`, ...fields });
};

test("a talk is begun, spoken in, coached, ended, and what came up is decided on", async () => {
  expect(await read("/console/rehearse")).toContain("Nothing rehearsed yet");
  const begun = await send("/console/rehearse", { counterparty: other, self, style: "tough", template: "rent" });
  expect(begun.place).toMatch(/^\/console\/rehearse\/rhs_/);
  const room = begun.place;
  expect(await read(room)).toMatch(
    /With Lis Brandt Tough about rent “my” means Tom Vale.*Nothing of what this is about.*Not spoken about yet: rent, deadline/,
  );
  const line = { channel: "roleplay", text: "My rent is 1 400. My <b>deposit</b> is 5." };
  const said = await send(room, line);
  expect(said.place).toBe(`${room}#turn-2`);
  // The same page sent twice says it once.
  await person.post(room, { once: `${n}`, ...line });
  await send(room, { channel: "coach", text: "I am nervous about my budget." });
  const text = await read(room);
  expect(text).toMatch(
    /You 09:00 My rent is 1 400\..*Lis Brandt 09:00 made of So that is where you stand: rent 1400\./,
  );
  expect(text).toMatch(/Your coach You 09:00 I am nervous.*Coach .*What you write here stays between us\./);
  expect(text).toContain("knows Tom Vale – Rent: 1400 here only");
  expect((await person.get(room)).html).not.toContain("<b>deposit</b>");
  expect(text.match(/My rent is 1 400/g)).toHaveLength(1);
  expect(await read(`${room}/turns/2`)).toMatch(
    /Rebuilt just now: the same, byte for byte Facts knows Tom Vale – Rent: 1400 here only What was said before it you My rent is 1 400/,
  );
  expect((await person.get(`${room}/turns/none`)).status).toBe(400);
  await send(`${room}/end`, {});
  expect(await read(room)).not.toContain("Say it");
  const [fact] = /fct_[a-z0-9]+/.exec((await person.get(room)).html) ?? [];
  await send(`${room}/facts`, { fact: fact ?? "", decision: "save_global" });
  expect(await read(room)).not.toContain("What came up");
  expect(await read(`/console/rehearse`)).toContain("With Lis Brandt Ended");
  const permissions = ["world:read"];
  const clerk = { ...w.a, apiKey: await addKey(w.neon, { ...w.a, permissions, name: "clerk" }) };
  const known = await call(w, clerk, ["GET", `/world/facts?subject=${self}`]);
  expect(known.body.data).toMatchObject([{ attribute: "rent", value: 1400, session: null }]);
});
