// The project's own migrations on a real Postgres: by an owner that is no superuser, and by two runners at once.
import pg from "pg";
import { describe, expect, test } from "vitest";
import { ensureAppRole, migrate, type Owner } from "#db/migrate.ts";
import { startPostgres } from "#local/postgres.ts";
import { raceDatabase } from "#test/kit/database.ts";

async function session<T>(url: string, work: (owner: Owner) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work({
      query: async (sql, params = []) => (await client.query(sql, [...params])).rows,
      exec: (sql) => client.query(sql),
    });
  } finally {
    await client.end();
  }
}

describe("migrating", () => {
  test("by an owner that is no superuser has left everything to him, and nothing to the serving role", async () => {
    const { query, direct } = await raceDatabase();
    expect(new URL(direct.ownerUrl).username).toBe("omneuro_owner");
    expect(await query("select rolsuper from pg_roles where rolname = current_user")).toEqual([{ rolsuper: false }]);
    const owned = await query(
      `select distinct pg_get_userbyid(relowner)::text as owner from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where nspname !~ '^pg_' and nspname <> 'information_schema'`,
    );
    expect(owned).toEqual([{ owner: "omneuro_owner" }]);
  });

  test("by two runners at once applies each file once", async () => {
    const server = await startPostgres();
    try {
      const one = () =>
        session(server.ownerUrl, async (owner) => {
          await ensureAppRole(owner, { password: "omneuro-local" });
          return migrate(owner);
        });
      const [first, second] = await Promise.all([one(), one()]);
      const third = await one();
      const files = [...first.migrations, ...second.migrations].sort();
      expect(files.length).toBeGreaterThan(0);
      expect(files).toEqual([...new Set(files)]);
      expect(third).toEqual({ migrations: [], functions: [] });
      const me = await session(server.appUrl, (owner) => owner.query("select session_user::text as me"));
      expect(me).toEqual([{ me: "omneuro_app" }]);
    } finally {
      await server.close();
    }
  });
});
