// The first rows of an installation, written as the database's owner: a project, its owner's login, a key and a source.

import { hashPassword, newToken, writeApiKey } from "#brain/identity/credentials.ts";
import { wallClock } from "#brain/kernel/clock.ts";
import { type Ids, makeIds } from "#brain/kernel/ids.ts";
import type { Secrets } from "#brain/kernel/ports.ts";
import type { Owner } from "./migrations.ts";

export type Installation = {
  scopeKey: string;
  projectName: string;
  region?: string;
  timezone?: string;
  owner: { username: string; name?: string } & ({ password: string } | { passwordHash: string });
  /** The Chatwoot account that feeds the project; a secret is made when none is given. */
  chatwoot: { accountId: string; name?: string; signed?: boolean; secret?: string; apiUrl?: string; apiToken?: string };
  /** Permissions of the key, the owner's when absent. */
  permissions?: string[];
  /** Rows up to which the vector leg scans exactly; lower where vector arithmetic is slow. */
  exactLimit?: number;
  /** Where ids and keys come from; a simulation brings its own. */
  ids?: Ids;
};

export type Installed = {
  project: string;
  accountScope: string;
  user: string;
  apiKey: string;
  source: { id: string; secret: string };
};

const ownIds = makeIds(wallClock);

/** Permissions of the role owner, as the database has them. */
async function ownerPermissions(owner: Owner): Promise<string[]> {
  const rows = await owner.query("select permission from identity.role_permissions where role = 'owner' order by 1");
  return rows.map((row) => String(row["permission"]));
}

/** Makes one project with everything it needs to be used. Not idempotent: call it once per project. */
export async function install(owner: Owner, secrets: Secrets, wanted: Installation): Promise<Installed> {
  const ids = wanted.ids ?? ownIds;
  const project = ids.uuid();
  const accountScope = ids.uuid();
  const user = ids.uuid();
  await owner.query("insert into identity.account_scopes (id, scope_key, name) values ($1, $2, $3)", [
    accountScope,
    wanted.scopeKey,
    wanted.projectName,
  ]);
  await owner.query(
    "insert into identity.projects (id, account_scope_id, name, region, timezone) values ($1, $2, $3, $4, $5)",
    [project, accountScope, wanted.projectName, wanted.region ?? "DK", wanted.timezone ?? "Europe/Copenhagen"],
  );
  await owner.query("insert into memory.corpus (project_id, account_scope_id, exact_limit) values ($1, $2, $3)", [
    project,
    accountScope,
    wanted.exactLimit ?? 2500,
  ]);
  await addOwner(owner, { project, accountScope, user, login: wanted.owner, ids });
  const apiKey = await addKey(owner, {
    project,
    accountScope,
    user,
    permissions: wanted.permissions ?? (await ownerPermissions(owner)),
    ids,
  });
  const source = await addSource(owner, secrets, { project, accountScope, chatwoot: wanted.chatwoot, ids });
  return { project, accountScope, user, apiKey, source };
}

type Place = { project: string; accountScope: string };

type Login = { user: string; login: Installation["owner"]; ids: Ids };

async function addOwner(owner: Owner, input: Place & Login): Promise<void> {
  const { project, accountScope, user, login, ids } = input;
  await owner.query("insert into shared.users (id, name, role) values ($1, $2, 'owner')", [
    user,
    login.name ?? login.username,
  ]);
  await owner.query("insert into identity.app_users (id, username, password_hash) values ($1, $2, $3)", [
    user,
    login.username,
    "passwordHash" in login ? login.passwordHash : await hashPassword(login.password, ids.random(16)),
  ]);
  await owner.query(
    "insert into identity.memberships (project_id, account_scope_id, id, user_id, role) values ($1, $2, $3, $4, 'owner')",
    [project, accountScope, ids.next("membership"), user],
  );
}

/** A key of the project; its text is returned and nowhere stored. */
export async function addKey(
  owner: Owner,
  input: Place & { user?: string; permissions: string[]; name?: string; ids?: Ids },
): Promise<string> {
  const { ids = ownIds } = input;
  const id = ids.next("key");
  const { text, hash } = await writeApiKey(id, ids.random(32));
  await owner.query(
    `insert into identity.api_keys (project_id, account_scope_id, id, name, secret_hash, permissions, user_id)
     values ($1, $2, $3, $4, $5, array(select jsonb_array_elements_text($6::jsonb)), $7)`,
    [
      input.project,
      input.accountScope,
      id,
      input.name ?? "first key",
      hash,
      JSON.stringify(input.permissions),
      input.user ?? null,
    ],
  );
  return text;
}

type Binding = { chatwoot: Installation["chatwoot"]; ids: Ids };

async function addSource(owner: Owner, secrets: Secrets, input: Place & Binding) {
  const { project, accountScope, chatwoot, ids } = input;
  const id = ids.next("source");
  const signed = chatwoot.signed ?? true;
  const secret = chatwoot.secret ?? newToken(ids);
  const sealed = (column: string, plain: string) =>
    secrets.seal(plain, { table: "identity.project_sources", column, row: id, project });
  await owner.query(
    `insert into identity.project_sources
       (project_id, account_scope_id, id, source_kind, external_id, name, signed, secret_sealed, api_url, api_token_sealed)
     values ($1, $2, $3, 'chatwoot_account', $4, $5, $6, $7, $8, $9)`,
    [
      project,
      accountScope,
      id,
      chatwoot.accountId,
      chatwoot.name ?? "Chatwoot",
      signed,
      signed ? await sealed("secret_sealed", secret) : null,
      chatwoot.apiUrl ?? null,
      chatwoot.apiToken ? await sealed("api_token_sealed", chatwoot.apiToken) : null,
    ],
  );
  return { id, secret };
}
