// Every table that belongs to a project, met by the serving role from the wrong project and from none.
import { neon, neonConfig } from "@neondatabase/serverless";
import { beforeAll, describe, expect, test } from "vitest";
import { type World, world } from "#test/kit/world.ts";

let w: World;
let tables: string[];
/** Speaks as the serving role, without the kernel. */
let as: (project: string | null, statement: string) => Promise<Record<string, unknown>[]>;

beforeAll(async () => {
  w = await world();
  const rows =
    await w.neon.query(`select a.attrelid::regclass::text as name from pg_attribute a join pg_class c on c.oid = a.attrelid
    join pg_namespace n on n.oid = c.relnamespace where a.attname = 'project_id' and c.relkind = 'r'
    and n.nspname in ('assistant', 'crm', 'field', 'identity', 'shared', 'people', 'memory', 'outbound', 'inbox', 'insight', 'vault', 'world') order by 1`);
  tables = rows.map((row) => String(row["name"]));
  neonConfig.fetchEndpoint = w.neon.url;
  const client = neon(w.neon.appUrl);
  as = async (project, statement) => {
    const enter = client.query(
      "select set_config('app.project_id', $1, true), set_config('app.account_scope_id', $2, true)",
      [project ?? "", project ? w.a.accountScope : ""],
    );
    const answers = (await client.transaction([enter, client.query(statement)])) as unknown as Record<
      string,
      unknown
    >[][];
    return answers[1] ?? [];
  };
});

describe("row security", () => {
  test("the serving role is nobody special and owns nothing", async () => {
    const [row] = await as(
      null,
      "select rolsuper, rolbypassrls, rolcreaterole, rolconfig, (select count(*)::int from pg_class where relowner = r.oid) as owns from pg_roles r where rolname = current_user",
    );
    const nobody = { rolsuper: false, rolbypassrls: false, rolcreaterole: false, owns: 0 };
    expect(row).toEqual({ ...nobody, rolconfig: ["jit=off"] });
  });

  test("without a project every table is empty", async () => {
    expect(tables.length).toBeGreaterThan(25);
    for (const table of tables)
      expect([table, await as(null, `select count(*)::int as n from ${table}`)]).toEqual([table, [{ n: 0 }]]);
  });

  test("no table takes a row for another project, and none shows one", async () => {
    for (const table of tables) {
      const write = as(w.a.project, `insert into ${table} (project_id) values ('${w.b.project}')`).catch(
        (error: { code?: string }) => error.code,
      );
      expect([table, await write]).toEqual([table, "42501"]);
      const [seen] = await as(
        w.a.project,
        `select count(*)::int as n from ${table} where project_id is distinct from '${w.a.project}'`,
      );
      expect([table, seen]).toEqual([table, { n: 0 }]);
    }
  });

  test("ledger and audit refuse change and emptying, whoever asks", async () => {
    await w.neon.query(
      "insert into shared.events (project_id, account_scope_id, id, request_id, kind, actor) values ($1, $2, $3, 'r', 'test.written', 'system')",
      [w.a.project, w.a.accountScope, w.runtime.ids.next("event")],
    );
    await expect(
      w.neon.query("update shared.events set kind = 'test.changed' where project_id = $1", [w.a.project]),
    ).rejects.toThrow(/append-only/);
    await expect(w.neon.query("delete from shared.events where project_id = $1", [w.a.project])).rejects.toThrow(
      /append-only/,
    );
    await expect(w.neon.exec("truncate shared.audit_events")).rejects.toThrow(/append-only/);
    await expect(as(w.a.project, "update shared.events set kind = 'test.changed'")).rejects.toThrow(
      /permission denied/,
    );
  });

  test("the ledger's payload takes ids, numbers and enums, and no words, addresses or numbers to call", async () => {
    const holds = async (payload: unknown) => {
      const [row] = await w.neon.query("select shared.is_wordless($1::jsonb) as ok", [JSON.stringify(payload)]);
      return row?.["ok"] === true || row?.["ok"] === "t";
    };
    expect(await holds({ id: "cwmsg:p:7:1", n: 3, at: "2026-11-15T08:00:00.000Z", nested: [{ ok: true }, null] })).toBe(
      true,
    );
    for (const words of ["please call", "mette@example.dk", "+4520304050", "Bjørn", "x".repeat(161)])
      expect([words, await holds({ a: [words] })]).toEqual([words, false]);
  });
});
