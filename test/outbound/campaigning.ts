// A campaign as people make one: members with numbers and consents, a template, a segment; and the queue delivered until it is quiet.
import { expect } from "vitest";
import { type ScriptedCarrier, scriptedCarrier } from "#test/kit/carrier.ts";
import { deliverPublished } from "#test/kit/jobs.ts";
import { canSend, type Sending } from "#test/kit/outbound.ts";
import { type Tenant, type World, type WorldOptions, world } from "#test/kit/world.ts";

export type Body = Record<string, unknown> & { id: string; version: number; state: string; code: string };
export type Campaigning = Awaited<ReturnType<typeof campaigning>>;

let n = 0;

export async function campaigning(options: WorldOptions = {}) {
  const carrier: ScriptedCarrier = scriptedCarrier();
  const w: World = await world({ carriers: { twilio: carrier.port }, ...options });
  const s: Sending = await canSend(w, w.a);

  async function post(path: string, json: unknown, key = w.a.apiKey): Promise<{ status: number; body: Body }> {
    n += 1;
    const headers = { "idempotency-key": `"c${n}"` };
    const answer = await w.fetch(`/v1/outbound${path}`, { method: "POST", key, json, headers });
    await w.settled();
    return { status: answer.status, body: (await answer.json()) as Body };
  }
  const get = async <T = Body>(path: string): Promise<T> =>
    (await w.fetch(`/v1/outbound${path}`, { key: w.a.apiKey })).json() as Promise<T>;

  /** Delivers what was published until nothing is left for now; what waits for later stays in the outbox. */
  async function run(only?: string): Promise<number> {
    let delivered = 0;
    for (let i = 0; i < 400 && w.queue.published.length > 0; i++) {
      const now = w.queue.published.filter(
        ({ kind, delaySeconds = 0 }) => kind.startsWith(only ?? "outbound.") && delaySeconds === 0,
      );
      w.queue.published.splice(0, w.queue.published.length, ...now);
      for (const { status, body } of await deliverPublished(w)) {
        expect({ status, body }).toMatchObject({ status: 200 });
        delivered += 1;
      }
    }
    return delivered;
  }

  /** What is due in the outbox by now, as a sweep would find it. */
  async function runDue(only?: string): Promise<number> {
    const rows = await w.neon.query(
      "select id, kind, payload from shared.outbox where project_id = $1 and kind like $3 and state = 'pending' and due_at <= $2",
      [w.a.project, w.clock.now().toISOString(), `${only ?? "outbound."}%`],
    );
    w.queue.published.splice(0);
    w.queue.published.push(
      ...rows.map((row) => ({
        kind: String(row["kind"]),
        project: w.a.project,
        id: String(row["id"]),
        body: row["payload"] as Record<string, unknown>,
      })),
    );
    return run(only);
  }

  return { w, s, carrier, post, get, run, runDue, campaign: makesCampaigns(post) };
}

const makesCampaigns =
  (post: (path: string, json: unknown) => Promise<{ status: number; body: Body }>) =>
  async (more: { steps?: unknown[]; text?: string; filter?: unknown; class?: string } = {}) => {
    n += 1;
    const tag = n;
    const kind = more.class ?? "marketing";
    const template = await post("/templates", {
      name: `tpl-${tag}`,
      language: "en",
      channel: "sms",
      class: kind,
      text: more.text ?? "Hello {{contact_name}}, time for your boiler. {{brand}}",
    });
    expect(template).toMatchObject({ status: 201 });
    const filter = more.filter ?? { all: [{ field: "name", contains: "Member" }] };
    const segment = await post("/segments", { name: `Segment ${tag}`, filter });
    expect(segment).toMatchObject({ status: 201 });
    const steps = (more.steps ?? [{}]).map((step) => ({ template: `tpl-${tag}`, ...(step as object) }));
    const made = await post("/campaigns", {
      name: `Campaign ${tag}`,
      segment: segment.body.id,
      class: kind,
      channel: "sms",
      steps,
    });
    expect(made).toMatchObject({ status: 201, body: { state: "draft" } });
    return {
      id: made.body.id,
      version: made.body.version,
      template: template.body,
      segment: segment.body,
      name: `tpl-${tag}`,
    };
  };

/** So many people called Member, with a number and a consent; ids in order. */
export async function members(w: World, of: Tenant, many: { count: number; tag: string }): Promise<string[]> {
  const place = [of.project, of.accountScope, many.count, many.tag];
  await w.neon.query(
    `insert into people.contacts (project_id, account_scope_id, id, name, language)
     select $1, $2, 'con_' || $4::text || lpad(i::text, 6, '0'), 'Member ' || i, 'en' from generate_series(1, $3::int) i`,
    place,
  );
  await w.neon.query(
    `insert into people.contact_points (project_id, account_scope_id, id, contact_id, kind, value, value_norm)
     select $1, $2, 'cpt_' || $4::text || i, 'con_' || $4::text || lpad(i::text, 6, '0'), 'phone', '+4521' || lpad(i::text, 6, '0'), '+4521' || lpad(i::text, 6, '0')
     from generate_series(1, $3::int) i`,
    place,
  );
  await w.neon.query(
    `insert into people.consents (project_id, account_scope_id, id, contact_id, channel, scope, granted, proof_ref, occurred_at)
     select $1, $2, 'cns_' || $4::text || i, 'con_' || $4::text || lpad(i::text, 6, '0'), 'sms', 'marketing', true, 'form', '2026-01-01'
     from generate_series(1, $3::int) i`,
    place,
  );
  return Array.from({ length: many.count }, (_, i) => `con_${many.tag}${String(i + 1).padStart(6, "0")}`);
}

/** As a provider's inbound word is written down: an opt-out by keyword. */
export const optedOut = (w: World, of: Tenant, contact: string) =>
  w.neon.query(
    `insert into outbound.contact_channel_policies (project_id, account_scope_id, id, contact_id, channel, opted_out_at, opted_out_by)
     values ($1, $2, $3, $4, 'sms', now(), 'keyword')`,
    [of.project, of.accountScope, `pol_${contact}`, contact],
  );
