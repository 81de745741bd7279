// Accounts and offers: those of another tenant for the routes that name one, and those of the examples.
import type { World } from "#test/kit/world.ts";

type Place = { project: string; accountScope: string };

async function account(w: World, { project, accountScope }: Place, id: string): Promise<string> {
  await w.neon.query(
    "insert into crm.accounts (project_id, account_scope_id, id, name) values ($1, $2, $3, 'Theirs') on conflict do nothing",
    [project, accountScope, id],
  );
  return id;
}

async function offer(w: World, { project, accountScope }: Place, id: string): Promise<string> {
  await w.neon.query(
    `insert into crm.offers (project_id, account_scope_id, id, number, title, currency) values ($1, $2, $3, 1, 'Theirs', 'DKK') on conflict do nothing`,
    [project, accountScope, id],
  );
  return id;
}

export async function exampleCrm(w: World): Promise<void> {
  await account(w, w.a, "act_example");
  await offer(w, w.a, "ofr_example");
}

const theirs = (make: typeof account, prefix: string) => (w: World) => make(w, w.b, `${prefix}_${w.b.accountId}`);

export const foreignCrm: Record<string, (w: World) => Promise<string>> = {
  ...Object.fromEntries(
    ["get", "update", "link", "unlink"].map((act) => [`crm.accounts.${act}`, theirs(account, "act")]),
  ),
  ...Object.fromEntries(
    ["get", "update", "approve_discount", "approve_send", "send", "settle", "review"].map((act) => [
      `crm.offers.${act}`,
      theirs(offer, "ofr"),
    ]),
  ),
  "insight.offers.grounds": theirs(offer, "ofr"),
};
