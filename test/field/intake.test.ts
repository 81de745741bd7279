// A customer's message finds its job where only one can be meant, and waits for somebody where it cannot.
import { beforeAll, expect, test } from "vitest";
import { type Bound, bound, fresh, smsForm, twilioCalls } from "#test/kit/providers.ts";
import { type World, world } from "#test/kit/world.ts";
import { caller, client, technician } from "./floor.ts";
import { rows } from "./reading.ts";

let w: World;
let source: Bound;
let call: ReturnType<typeof caller>;

beforeAll(async () => {
  w = await world();
  source = await bound(w, w.a, "twilio");
  call = caller(w, w.a.apiKey);
});

const write = async (from: string, text: string) => {
  expect((await twilioCalls(w, source, smsForm(source, from, text))).status).toBe(200);
  const [message] = await rows(w, w.a, "field.messages", `address = '${from}' and body = '${text}'`);
  return message ?? {};
};
const jobFor = async (person: string, title = "Wheel") =>
  String((await call("/v1/field/jobs", { client: person, title })).body["id"]);
const someone = async () => {
  const phone = `+45${fresh()}`;
  return { phone, id: await client(w, w.a, "Mette Holm", phone) };
};

test("an unknown number becomes a client, and the job that is made of its words has them", async () => {
  const phone = `+45${fresh()}`;
  const first = await write(phone, "wheel shuts off on bumps");
  expect(first).toMatchObject({ client_id: first["contact_id"], job_id: null, waits: false });
  const [seen] = await rows(w, w.a, "field.clients", `id = '${first["client_id"]}'`);
  expect(seen).toMatchObject({ phone, preferred_channel: "sms" });
  const made = await call("/v1/field/jobs", { client: first["client_id"], title: "Wheel", message: first["id"] });
  expect(await call(`/v1/field/messages/${first["id"]}`)).toMatchObject({ body: { job: made.body["id"] } });
});

test("a reply goes to the only open job, in one request, and the ledger says so without a word", async () => {
  const { id, phone } = await someone();
  const [closed, open] = [await jobFor(id), await jobFor(id)];
  await call(`/v1/field/jobs/${closed}/cancel`, { reason: "Twice" });
  await w.settled();
  w.neon.resetStats();
  const message = await write(phone, "Is it done?");
  expect(w.neon.stats().requests).toBe(1);
  expect(message).toMatchObject({ job_id: open, waits: false });
  expect(await rows(w, w.a, "shared.events", `payload->>'message' = '${message["id"]}'`)).toMatchObject([
    { kind: "client.message", actor: `client:${id}`, payload: { job: open, waits: false } },
  ]);
});

test("with several open jobs it waits, unless our last words to him were about one; somebody says which", async () => {
  const { id, phone } = await someone();
  const [wheel, door] = [await jobFor(id, "Wheel"), await jobFor(id, "Door")];
  const message = await write(phone, "When do you come?");
  expect(message).toMatchObject({ job_id: null, waits: true });
  const waiting = async () =>
    ((await call("/v1/field/messages?waiting=yes")).body["data"] as { id: string }[]).map((one) => one.id);
  expect(await waiting()).toContain(message["id"]);

  const attach = (job: string | null, by = call) => by(`/v1/field/messages/${message["id"]}/attach`, { job });
  const stranger = await jobFor((await someone()).id);
  expect(await attach(stranger)).toMatchObject({ status: 409, body: { code: "job_of_another" } });
  expect(await attach("job_nowhere")).toMatchObject({ status: 404, body: { code: "job_unknown" } });
  const thomas = await technician(w, w.a);
  expect(await attach(wheel, thomas.call)).toMatchObject({ status: 403 });
  expect(await attach(wheel)).toMatchObject({ status: 200, body: { job: wheel, waits: false } });
  expect(await waiting()).not.toContain(message["id"]);
  expect(await attach(null)).toMatchObject({ body: { job: null, waits: false } });

  await w.neon.query(
    `insert into outbound.senders (project_id, account_scope_id, id, channel, provider, address, name, credentials_sealed)
     values ($1, $2, 'snd_intake', 'sms', 'twilio', '+4570000000', 'House', 'v1.none')`,
    [w.a.project, w.a.accountScope],
  );
  const draft = await call("/v1/outbound/messages", { contact: id, channel: "sms", text: "We come to see your door." });
  await w.neon.query(
    `with sent as (update outbound.messages set submitted_at = '2026-11-15T07:00:00Z' where id = $1 returning *)
     insert into field.notices (project_id, account_scope_id, id, event, event_id, job_id, message_id, state)
     select s.project_id, s.account_scope_id, 'ntc_intake', 'scheduled', e.id, $2, s.id, 'queued' from sent s
       join shared.events e on e.project_id = s.project_id and e.ref_id = $2 and e.kind = 'job.created'`,
    [draft.body["id"], door],
  );
  expect(await write(phone, "Good, thank you")).toMatchObject({ job_id: door, waits: false });
  expect(await write(phone, "STOP")).toMatchObject({ waits: false });
  await call(`/v1/field/jobs/${door}/cancel`, { reason: "Sold" });
  expect(await write(phone, "And the wheel?")).toMatchObject({ job_id: wheel });
});
