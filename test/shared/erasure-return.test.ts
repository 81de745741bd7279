// What follows an erasure: what waited is cancelled, what was wished stays, who returns is somebody new.
import { beforeAll, expect, test } from "vitest";
import { caller } from "#test/field/floor.ts";
import { contact, count, hear, heard, message, rows } from "#test/inbox/chatwoot.ts";
import { scriptedCarrier } from "#test/kit/carrier.ts";
import { scriptedEmbedder } from "#test/kit/embedder.ts";
import { deliver } from "#test/kit/jobs.ts";
import { memoryBucket } from "#test/kit/objects.ts";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { customer, dispatchDue, queueMessage } from "#test/outbound/customer.ts";
import { ask, foundIn, run } from "./forgotten.ts";

let w: World;
const bucket = memoryBucket();
beforeAll(async () => {
  w = await world({
    embedder: scriptedEmbedder().port,
    carriers: { twilio: scriptedCarrier().port },
    bucket: bucket.bucket,
  });
});

const called = (who: Tenant) => caller(w, who.apiKey);

test("what waits for him is cancelled, his word to stop outlives him, and coming back he is somebody new", async () => {
  const who = await tenant(w.neon, "returns");
  const him = await customer(w, who);
  const job = await called(who)("/v1/field/jobs", { client: him.person, title: "Boiler" });
  const waiting = await queueMessage(w, who, him);
  const photo = `${who.project}/photos/pho_${who.accountId}`;
  const bytes = new Uint8Array([1]);
  await w.runtime.ports.objects?.put(photo, { bytes, type: "image/png" });
  await rows(
    w,
    who,
    `insert into field.job_photos (project_id, id, job_id, state, type, bytes, added_by, stored_at)
    values ($1, $2, $3, 'stored', 'image/png', 1, 'user:x', now())`,
    [photo.split("/").at(-1), job.body["id"]],
  );
  expect(bucket.held.has(photo)).toBe(true);
  const other = await customer(w, who);
  const theirs = await queueMessage(w, who, other);
  const first = await rows(
    w,
    who,
    "select id from inbox.cw_messages where project_id = $1 and contact_global_id like '%:' || $2",
    [him.talk.contact],
  );
  w.clock.advance(60_000);
  const stop = message(him.talk, {
    content: "STOP",
    created_at: w.clock.now().toISOString(),
    conversation: him.conversation(),
  });
  await heard(w, who, stop);
  const erasure = await ask(w, who, { kind: "person", id: him.person });
  // The bucket is down: nothing says that the photo is gone, and the run does not end before it is.
  bucket.broken.add("delete");
  expect((await deliver(w, "shared.erasures.run", { project: who.project, erasure })).status).toBeGreaterThanOrEqual(
    500,
  );
  expect(await count(w, who, "field.job_photos", "removed_at is null and state = 'deleted'")).toBe(1);
  await expect(run(w, who, erasure)).rejects.toThrow();
  expect(await count(w, who, "shared.erasures", "state = 'running'")).toBe(1);
  bucket.broken.clear();
  await run(w, who, erasure);

  expect(bucket.held.has(photo)).toBe(false);
  expect(await count(w, who, "field.job_photos", "removed_at is not null")).toBe(1);
  expect(await count(w, who, "outbound.messages", `id = '${theirs}' and state = 'queued'`)).toBe(1);
  expect(
    await count(
      w,
      who,
      "outbound.messages",
      `id = '${waiting}' and state in ('cancelled', 'blocked_opt_out') and body = '[erased]'`,
    ),
  ).toBe(1);
  expect(await count(w, who, "field.jobs", `id = '${job.body["id"]}' and status = 'cancelled'`)).toBe(1);
  expect(await foundIn(w.neon, [him.phone.slice(1)])).toEqual([]);

  // Nothing that was said before brings him back: repeated, edited late, his card changed, a colleague writing to him.
  w.clock.advance(60_000);
  const late = { ...stop, content: "STOP!", event: "message_updated" };
  const card = { ...contact(him.talk), account: { id: who.accountId, name: "Nordvarme" }, event: "contact_updated" };
  const goodbye = message(him.talk, {
    content: "Farvel",
    message_type: "outgoing",
    sender: { id: 5, type: "user" },
    created_at: w.clock.now().toISOString(),
    conversation: him.conversation(),
  });
  for (const told of [stop, late, card, goodbye]) expect((await hear(w, who, told)).status).toBeLessThan(300);
  expect(await count(w, who, "inbox.cw_contacts", `contact_id = ${him.talk.contact}`)).toBe(0);
  expect(await foundIn(w.neon, [him.phone.slice(1)])).toEqual([]);

  // An office that enters his number again may not write to it.
  const again = await called(who)("/v1/people/contacts", {
    name: "Somebody",
    points: [{ kind: "phone", value: him.phone }],
  });
  const known = String(again.body["id"]);
  const ways = await called(who)(`/v1/outbound/policies/${known}`);
  expect(ways.body).toMatchObject({ suppressions: [{ channel: "sms", reason: "keyword" }] });
  const draft = { ...him, person: known, evidence: other.evidence };
  await expect(queueMessage(w, who, draft)).rejects.toThrow(/outbound_blocked_opt_out/);
  // Queued all the same, it is stopped where it would leave.
  const forced = `contact_id = '${known}' and state in ('queued', 'blocked_opt_out')`;
  await rows(w, who, "update outbound.messages set state = 'queued' where project_id = $1 and contact_id = $2", [
    known,
  ]);
  expect(await count(w, who, "outbound.messages", forced)).toBe(1);
  await dispatchDue(w, who);
  expect(await count(w, who, "outbound.messages", `${forced} and code = 'opt_out'`)).toBe(1);

  w.clock.advance(60_000);
  const back = message(him.talk, {
    content: "Nu er jeg her igen",
    created_at: w.clock.now().toISOString(),
    conversation: him.conversation(),
  });
  expect(await heard(w, who, back)).toBe("stored");
  const [person] = await rows(
    w,
    who,
    "select person_id from inbox.cw_contacts where project_id = $1 and contact_id = $2",
    [him.talk.contact],
  );
  expect(person?.["person_id"]).not.toBe(him.person);
  expect(await count(w, who, "inbox.cw_messages", `id = '${first[0]?.["id"]}'`)).toBe(0);
  expect(
    await count(w, who, "people.contacts", `id = '${him.person}' and erased_at is not null and name is null`),
  ).toBe(1);
});
