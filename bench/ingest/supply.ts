// A tenant whose customers are known, and an endless supply of their new messages, ready to be taken in.
import { type Binding, type Delivery, eventOf, type IngestEvent } from "#brain/inbox/events.ts";
import { fromMicros } from "#brain/inbox/instant.ts";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { type BenchApp, contextOn, enter, newTenant, type Tenant } from "../kit/app.ts";
import type { Session, Statement } from "../kit/session.ts";
import type { Stage } from "../kit/stage.ts";
import { randomFrom } from "../kit/texts.ts";
import { talker } from "../kit/webhooks.ts";
import type { Place } from "./naive.ts";

const CUSTOMERS = 50;
/** Messages before anything is measured. */
export const KNOWN = 400;

export type Supply = {
  tenant: Tenant;
  place: Place;
  /** New messages, sent a second after one another. */
  events(count: number): Promise<IngestEvent[]>;
  /** What one request for these events carries. */
  batch(events: IngestEvent[]): Statement[];
};

export async function openSupply(stage: Stage, app: BenchApp, session: Session): Promise<Supply> {
  const tenant = await newTenant(stage, app.runtime, "ingest");
  const talk = talker({ account: tenant.accountId, conversations: CUSTOMERS, random: randomFrom(1) });
  const credential = { kind: "source", id: tenant.source.id, version: 1 } as const;
  const ctx: Ctx = contextOn(app.runtime, credential);
  const binding: Binding = { source: tenant.source.id, project: tenant.project, account: String(tenant.accountId) };
  let second = Math.floor(Date.now() / 1000);
  const next = async (): Promise<IngestEvent> => {
    const body = talk.next();
    second += 1;
    const delivery: Delivery = {
      delivery: ctx.ids.uuid(),
      sentAt: fromMicros(second * 1_000_000),
      body,
    };
    return eventOf(ctx, delivery, binding);
  };
  const supply = {
    events: async (count: number) => {
      const made: IngestEvent[] = [];
      while (made.length < count) made.push(await next());
      return made;
    },
    batch: (events: IngestEvent[]): Statement[] => [
      enter(credential, "inbox:receive"),
      { text: "select inbox.ingest($1::jsonb) as answer", values: [JSON.stringify(events)] },
    ],
  };
  // From here on customers and conversations are known, as they mostly are, and the planner knows the tables.
  for (let made = 0; made < KNOWN; made += 100) await session.together(supply.batch(await supply.events(100)));
  await stage.neon.maintain();
  const rows = await stage.neon.query("select id, person_id from inbox.cw_contacts where project_id = $1", [
    tenant.project,
  ]);
  const persons = new Map(rows.map((row) => [String(row["id"]), String(row["person_id"])]));
  const person = (contact: string): string => {
    const found = persons.get(contact);
    if (!found) throw new Error(`${contact} is not known`);
    return found;
  };
  return { ...supply, tenant, place: { project: tenant.project, scope: tenant.accountScope, person } };
}
