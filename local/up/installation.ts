/** The first project of a database: made once, found again at every later start. */
import { randomBytes, randomInt } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { install } from "#db/bootstrap.ts";
import { secretsFrom } from "#providers/secrets.ts";
import type { LocalNeon } from "../neon.ts";
import { databaseName } from "./database.ts";
import type { Settings } from "./settings.ts";
import { type Installed, randomText, type StateFile } from "./state.ts";

export const BUSINESS = "Nordvarme Service";
const FIRST_ACCOUNT = 7;
/** PGlite computes distances some ten times slower than a server does, so its index pays off earlier. */
const PGLITE_EXACT_LIMIT = 150;

/** The stand-in's memory; another database is another account. */
export const chatwootFile = (settings: Settings): string =>
  join(settings.data, `chatwoot-${databaseName(settings).replaceAll(/[^a-z0-9]+/gi, "-")}.v8`);

/** Where the stand-in's API answers. */
export const chatwootUrl = ({ ports }: Settings): string => `http://127.0.0.1:${ports.chatwoot}`;

export async function ensureInstalled(
  neon: LocalNeon,
  { settings, file }: { settings: Settings; file: StateFile },
): Promise<Installed> {
  const name = databaseName(settings);
  const known = file.state.installed[name];
  if (known && (await exists(neon, known.project))) {
    await neon.query("update identity.project_sources set api_url = $1 where id = $2 and api_url <> $1", [
      chatwootUrl(settings),
      known.source.id,
    ]);
    return known;
  }
  // What an account of an earlier installation sent is not known here.
  await rm(chatwootFile(settings), { force: true });
  const made = await installBusiness(neon, { settings, secretsKeys: file.state.secretsKeys });
  file.state.installed[name] = made;
  file.save();
  return made;
}

async function exists(neon: LocalNeon, project: string): Promise<boolean> {
  const rows = await neon.query("select 1 from identity.projects where id = $1", [project]);
  return rows.length > 0;
}

async function installBusiness(
  neon: LocalNeon,
  { settings, secretsKeys }: { settings: Settings; secretsKeys: string },
): Promise<Installed> {
  const operator = { username: await freeUsername(neon), password: newPassword() };
  const chatwoot = { accountId: await freeAccount(neon), token: randomText(18) };
  const { project, accountScope, apiKey, source } = await install(neon, secretsFrom(secretsKeys), {
    scopeKey: `local-${randomBytes(5).toString("hex")}`,
    projectName: BUSINESS,
    owner: { ...operator, name: "Operator" },
    chatwoot: { accountId: String(chatwoot.accountId), apiUrl: chatwootUrl(settings), apiToken: chatwoot.token },
    ...(settings.databaseUrl === null ? { exactLimit: PGLITE_EXACT_LIMIT } : {}),
  });
  return { project, accountScope, apiKey, operator, source, chatwoot };
}

/** An account feeds one project of a database, and this one may have seen another data folder. */
async function freeAccount(neon: LocalNeon): Promise<number> {
  const rows = await neon.query(
    "select external_id::bigint as id from identity.project_sources where source_kind = 'chatwoot_account' and external_id ~ '^[0-9]{1,9}$'",
  );
  const taken = new Set(rows.map((row) => Number(row["id"])));
  let account = FIRST_ACCOUNT;
  while (taken.has(account)) account += 1;
  return account;
}

/** User names are unique in a database, too. */
async function freeUsername(neon: LocalNeon): Promise<string> {
  const taken = await neon.query("select 1 from identity.app_users where username = 'operator'");
  return taken.length === 0 ? "operator" : `operator-${randomInt(36 ** 4).toString(36)}`;
}

/** Easy to type from a terminal: 16 of 31 signs are 79 bits. */
function newPassword(): string {
  const signs = "abcdefghjkmnpqrstuvwxyz23456789";
  const pick = () => Array.from({ length: 4 }, () => signs[randomInt(signs.length)]).join("");
  return [pick(), pick(), pick(), pick()].join("-");
}
