// The first project of a deployment, from the command line: migrations, the serving role, a project, its owner, a key, a source.
// `node db/install.ts --project "Nordvarme" --username lars --chatwoot-account 7` with MIGRATION_DATABASE_URL, APP_PASSWORD,
// SECRETS_KEYS, OWNER_PASSWORD and CHATWOOT_SECRET in the environment; secrets never stand on the command line.
import { parseArgs } from "node:util";
import pg from "pg";
import { secretsFrom } from "#providers/secrets.ts";
import { install } from "./bootstrap.ts";
import { ensureAppRole, migrate, type Owner } from "./migrate.ts";

const { values } = parseArgs({
  options: {
    project: { type: "string" },
    username: { type: "string" },
    "chatwoot-account": { type: "string" },
    "chatwoot-url": { type: "string" },
    scope: { type: "string" },
    region: { type: "string", default: "DK" },
    timezone: { type: "string", default: "Europe/Copenhagen" },
  },
});

function needed(name: string, value: string | undefined): string {
  if (!value) throw new Error(`${name} is missing.`);
  return value;
}

const env = (name: string) => needed(name, process.env[name]);

async function main(): Promise<void> {
  const projectName = needed("--project", values.project);
  const username = needed("--username", values.username);
  const accountId = needed("--chatwoot-account", values["chatwoot-account"]);
  const client = new pg.Client({ connectionString: env("MIGRATION_DATABASE_URL") });
  await client.connect();
  try {
    const owner: Owner = {
      query: async (sql, params = []) => (await client.query(sql, [...params])).rows,
      exec: (sql) => client.query(sql),
    };
    await ensureAppRole(owner, { password: env("APP_PASSWORD") });
    await migrate(owner);
    const apiUrl = values["chatwoot-url"];
    const apiToken = process.env["CHATWOOT_API_TOKEN"];
    const made = await install(owner, secretsFrom(env("SECRETS_KEYS")), {
      scopeKey: values.scope ?? username,
      projectName,
      region: values.region,
      timezone: values.timezone,
      owner: { username, password: env("OWNER_PASSWORD") },
      chatwoot: {
        accountId,
        secret: env("CHATWOOT_SECRET"),
        ...(apiUrl ? { apiUrl } : {}),
        ...(apiToken ? { apiToken } : {}),
      },
    });
    console.log(`project   ${made.project}`);
    console.log(`API key   ${made.apiKey}   (shown now and never again)`);
    console.log(`webhook   /v1/hooks/chatwoot/${made.source.id}   (enter it in Chatwoot, under your public URL)`);
  } finally {
    await client.end();
  }
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
