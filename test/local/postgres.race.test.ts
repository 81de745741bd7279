// The throw-away server: gone with whoever started it, and replaceable by one that somebody names.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { describe, expect, test, vi } from "vitest";
import { startPostgres } from "#local/postgres.ts";

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe("a server of our own", () => {
  test("ends with its parent, even a killed one", async () => {
    const module = fileURLToPath(new URL("../../local/postgres.ts", import.meta.url));
    const script = `import { startPostgres } from ${JSON.stringify(module)};
      const { ownerUrl } = await startPostgres({ server: null });
      process.stdout.write(ownerUrl, () => process.kill(process.pid, "SIGKILL"));`;
    const url = await new Promise<string>((resolve) => {
      execFile(process.execPath, ["--input-type=module", "-e", script], (_killed, out) => resolve(out));
    });
    expect(url).toMatch(/^postgresql:\/\/omneuro_owner:/);
    const refused = () =>
      ask(url, "select 1").then(
        () => false,
        (error: { code?: string }) => error.code === "ECONNREFUSED",
      );
    await vi.waitUntil(refused, { timeout: 20_000, interval: 100 });
  });

  test("sorts text by code point, as PGlite does", async () => {
    const server = await startPostgres({ server: null });
    try {
      expect(await ask(server.ownerUrl, "select min(x) as first from unnest(array['a','B','å']) x")).toEqual([
        { first: "B" },
      ]);
      expect(await ask(server.ownerUrl, "select lower('ÆØÅ') as low")).toEqual([{ low: "æøå" }]);
    } finally {
      await server.close();
    }
  });
});

describe("a server that is named", () => {
  test("gets a database of its own, which is dropped at the end", async () => {
    const host = await startPostgres({ server: null });
    try {
      const guest = await startPostgres({ server: host.ownerUrl });
      const database = new URL(guest.ownerUrl).pathname.slice(1);
      expect(database).toMatch(/^omneuro_race_/);
      expect(await ask(guest.ownerUrl, "select current_database() as name")).toEqual([{ name: database }]);
      await guest.close();
      const left = await ask(host.ownerUrl, "select datname from pg_database where datname like 'omneuro_race_%'");
      expect(left).toEqual([]);
    } finally {
      await host.close();
    }
  });
});
