/** A sender's account, opened for the time of one job. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import type { Carrier, CarrierAccount } from "../kernel/ports.ts";

type SenderRow = {
  id: string;
  provider: string;
  address: string;
  account: string | null;
  credentials_sealed: string;
  source_id: string | null;
  postal: string | null;
};

export type OpenSender = {
  id: string;
  provider: string;
  address: string;
  source: string | null;
  /** Stands below marketing e-mail. */
  postal: string;
  carrier: Carrier;
  account: CarrierAccount;
};

export const senderStatement = (ctx: Ctx, id: string) =>
  raw<SenderRow>(
    ctx,
    sql`select s.id, s.provider, s.address, s.account, s.credentials_sealed, s.source_id,
        (select t.postal_address from outbound.settings t where t.project_id = s.project_id) as postal from outbound.senders s
      where s.project_id = shared.scope() and s.id = ${id} and s.disabled_at is null`,
  );

export const credentialsPlace = (of: { id: string; project: string }) => ({
  table: "outbound.senders",
  column: "credentials_sealed",
  row: of.id,
  project: of.project,
});

const credentials = () => z.record(z.string(), z.string());

/** Undefined when the sender is gone; throws when its provider is not served here. Nothing was claimed by then. */
export async function openSender(ctx: Ctx, id: string): Promise<OpenSender | undefined> {
  const [found] = await send(ctx, [senderStatement(ctx, id)]);
  const row = found.rows[0];
  if (!row) return undefined;
  const carrier = ctx.ports.carriers?.[row.provider];
  if (!carrier)
    throw new Fault("unavailable", "provider_unserved", { detail: `Nobody here speaks to ${row.provider}.` });
  const opened = await ctx.ports.secrets.open(
    row.credentials_sealed,
    credentialsPlace({ id, project: ctx.who?.project ?? "" }),
  );
  const secrets = credentials().parse(JSON.parse(opened));
  return {
    id,
    provider: row.provider,
    address: row.address,
    source: row.source_id,
    postal: row.postal ?? "",
    carrier,
    account: { account: row.account, secrets },
  };
}
