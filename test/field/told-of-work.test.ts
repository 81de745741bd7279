// What a technician's phone and the office's buttons do is told to the client, once each, through outbound's own door.
import { beforeAll, expect, test } from "vitest";
import { credentialsPlace } from "#brain/outbound/index.ts";
import { type ScriptedCarrier, scriptedCarrier } from "#test/kit/carrier.ts";
import { deliver, deliverPublished } from "#test/kit/jobs.ts";
import { testSecrets, type World, world } from "#test/kit/world.ts";
import { caller, client, technician } from "./floor.ts";

let w: World;
let carrier: ScriptedCarrier;
let office: ReturnType<typeof caller>;
let thomas: Awaited<ReturnType<typeof technician>>;
const day = "2026-11-16";
const sender = `snd_told_${process.pid}`;

beforeAll(async () => {
  carrier = scriptedCarrier();
  w = await world({ carriers: { twilio: carrier.port }, now: `${day}T07:30:00.000Z` });
  office = caller(w, w.a.apiKey);
  const sealed = await testSecrets.seal("{}", credentialsPlace({ id: sender, project: w.a.project }));
  await w.neon.query(
    `insert into outbound.senders (project_id, account_scope_id, id, provider, channel, name, address, account, credentials_sealed)
     values ($1, $2, $3, 'twilio', 'sms', 'Workshop', '+4570102031', 'AC1', $4)`,
    [w.a.project, w.a.accountScope, sender, sealed],
  );
  thomas = await technician(w, w.a);
});

const cap = (most: number) =>
  w.neon.query(
    `insert into outbound.settings (project_id, account_scope_id, cap_count) values ($1, $2, $3)
     on conflict (project_id) do update set cap_count = $3`,
    [w.a.project, w.a.accountScope, most],
  );

/** What QStash would bring, now and some minutes later. */
async function settle(): Promise<void> {
  await w.settled();
  for (let i = 0; i < 4 && w.queue.published.length > 0; i += 1) await deliverPublished(w);
  w.clock.advance(180_000);
  await deliver(w, "outbound.dispatch", { project: w.a.project, sender });
  for (let i = 0; i < 4 && w.queue.published.length > 0; i += 1) await deliverPublished(w);
}

const told = async (contact: string) =>
  (
    await w.neon.query(
      `select n.event, m.state from field.notices n join outbound.messages m on m.project_id = n.project_id and m.id = n.message_id
       where m.contact_id = $1 order by n.created_at, n.id`,
      [contact],
    )
  ).map(({ event, state }) => `${event} ${state}`);

test("on his way, however often and in whatever order his phone says it, then ready and shipped", async () => {
  // A day of four messages: the usual three would keep the last for tomorrow.
  await cap(10);
  const mette = await client(w, w.a, "Mette Holm", "+4520304077");
  const job = String((await office("/v1/field/jobs", { client: mette, title: "the wheel" })).body["id"]);
  const booked = await office("/v1/field/schedule", {
    job,
    tech: thomas.id,
    start: `${day}T10:00:00+01:00`,
    minutes: 60,
  });
  expect(booked.status).toBe(201);
  await settle();
  expect(await told(mette)).toEqual(["scheduled submitted"]);

  w.clock.set(`${day}T08:40:00.000Z`);
  const act = (kind: string, time: string) => ({
    id: `told-${process.pid}-${kind}-${time.replace(":", "")}`,
    job_id: job,
    kind,
    at: `${day}T${time}:00Z`,
  });
  const way = act("on_my_way", "08:31");
  for (const acts of [[way], [way, act("on_my_way", "08:35")], [act("arrived", "08:39"), way]])
    expect((await thomas.call("/v1/field/acts", { acts })).status).toBe(200);
  await settle();
  expect(await told(mette)).toEqual(["scheduled submitted", "on_the_way submitted"]);

  w.clock.set(`${day}T10:00:00.000Z`);
  await thomas.call("/v1/field/acts", { acts: [act("start", "08:45"), act("finish", "09:45"), way] });
  await settle();
  const { version } = (await office(`/v1/field/jobs/${job}`)).body;
  expect((await office(`/v1/field/jobs/${job}/move`, { to: "shipped", version })).status).toBe(200);
  await settle();
  for (const _ of [1, 2]) await deliver(w, "field.notices.tell", { project: w.a.project });
  await settle();
  const all = await told(mette);
  expect(all).toEqual(["scheduled submitted", "on_the_way submitted", "ready submitted", "shipped submitted"]);
  expect(carrier.accepted.filter(({ to }) => to === "+4520304077")).toHaveLength(all.length);
});

test("that he is on his way is not told the day after, when there is room under the cap again", async () => {
  await cap(1);
  const ole = await client(w, w.a, "Ole Thomsen", "+4520304078");
  const job = String((await office("/v1/field/jobs", { client: ole, title: "the flue" })).body["id"]);
  w.clock.set("2026-11-17T08:00:00.000Z");
  await office("/v1/field/schedule", { job, tech: thomas.id, start: "2026-11-17T11:00:00+01:00", minutes: 60 });
  await settle();
  const way = { id: `told-${process.pid}-late`, job_id: job, kind: "on_my_way", at: "2026-11-17T08:01:00Z" };
  expect((await thomas.call("/v1/field/acts", { acts: [way] })).status).toBe(200);
  await settle();
  expect(await told(ole)).toEqual(["scheduled submitted", "on_the_way queued"]);
  w.clock.set("2026-11-18T09:00:00.000Z");
  await settle();
  expect(await told(ole)).toEqual(["scheduled submitted", "on_the_way cancelled"]);
  const [late] = await w.neon.query(
    "select code from outbound.messages where contact_id = $1 and state = 'cancelled'",
    [ole],
  );
  expect(late).toEqual({ code: "too_late" });
  expect(carrier.accepted.filter(({ to }) => to === "+4520304078")).toHaveLength(1);
});
