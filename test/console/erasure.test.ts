// A person is erased from his own page: the word typed, the password fresh, how far it is, and the proof at the end.
import { beforeAll, expect, test } from "vitest";
import { contact, heard, message, rows, talk } from "#test/inbox/chatwoot.ts";
import { deliver } from "#test/kit/jobs.ts";
import { password, type World, world } from "#test/kit/world.ts";
import { signedIn, textOf, type Visitor } from "./visitor.ts";

let w: World;
let person: string;
let visitor: Visitor;
beforeAll(async () => {
  w = await world();
  const at = talk(w.a);
  await heard(w, w.a, message(at, { content: "Glem mig", sender: contact(at, { name: "Frida Glemsom" }) }));
  const [row] = await rows(w, w.a, "select person_id from inbox.cw_contacts where project_id = $1");
  person = String(row?.["person_id"]);
  visitor = await signedIn(w, w.a);
});

const fieldsOf = (html: string) => ({
  once: /name="once" value="([^"]+)"/.exec(html)?.[1] ?? "",
  kind: "person",
  id: person,
  reason: "gdpr_delete",
});

test("an owner erases somebody who asked for it, and the page proves it", async () => {
  expect(textOf((await visitor.get("/console/erasures")).html)).toContain("Nobody was erased");
  const { html } = await visitor.get(`/console/people/${person}`);
  expect(textOf(html)).toContain("Erase this person");
  const fields = fieldsOf(html);
  const unconfirmed = await visitor.post("/console/erasures", { ...fields, typed: "yes" });
  expect([unconfirmed.status, textOf(unconfirmed.html)]).toEqual([422, expect.stringContaining("was not typed")]);

  w.clock.advance(31 * 60_000);
  const stale = await visitor.post("/console/erasures", { ...fields, typed: "ERASE" });
  expect([stale.status, stale.place]).toEqual([303, expect.stringContaining("/console/confirm?to=")]);
  await visitor.get(stale.place);
  await visitor.post("/console/confirm", { password, to: "/console/erasures" });
  // The form's proof is the session's, which is another one now.
  await visitor.get(`/console/people/${person}`);
  const asked = await visitor.post("/console/erasures", { ...fields, typed: "ERASE" });
  expect([asked.status, asked.place]).toEqual([303, expect.stringMatching(/^\/console\/erasures\/era_/)]);
  const again = await visitor.post("/console/erasures", { ...fields, typed: "ERASE" });
  expect(again.place.split("?")[0]).toBe(asked.place.split("?")[0]);
  expect(textOf((await visitor.get(asked.place)).html)).toContain("Under way");

  const erasure = asked.place.split("?")[0]?.split("/").at(-1);
  for (let state = "running"; state !== "done"; )
    state = (
      (await (await deliver(w, "shared.erasures.run", { project: w.a.project, erasure })).json()) as { state: string }
    ).state;
  const done = textOf((await visitor.get(`/console/erasures/${erasure}`)).html);
  for (const said of [
    "Done",
    "The manifest is as it was sealed",
    "inbox.cw_messages deleted 1",
    "people.contacts emptied 1",
  ])
    expect(done).toContain(said);
  expect(done).not.toContain("Frida");
  expect(textOf((await visitor.get("/console/erasures")).html)).toMatch(/A person con_\w+ Done/);
  const left = textOf((await visitor.get(`/console/people/${person}`)).html);
  expect(left).toContain("Who this was is forgotten");
  expect(left).not.toContain("Frida");
});
