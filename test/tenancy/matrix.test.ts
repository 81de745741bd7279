// Every table there is, met by the serving role in another tenant's scope: read, counted, written, linked to, probed.
import { beforeAll, describe, expect, test } from "vitest";
import { type World, world } from "#test/kit/world.ts";
import { type Table, tablesOf } from "./catalog.ts";
import { codeOf, type Speak, servingRole } from "./role.ts";
import { insertion, literal, Rows } from "./rows.ts";

let w: World;
let tables: Table[];
let tenantTables: Table[];
let rows: Rows;
let speak: Speak;

/** What the serving role may be refused with: row security or a missing grant, append-only, a foreign key. */
const refused = /^(42501|55000)$/;

/** Everything of B, in one number. */
async function fingerprint(): Promise<string> {
  const parts = tenantTables.map(
    ({ name }) => `select '${name}' as t, to_jsonb(x)::text as j from ${name} x where project_id = $1`,
  );
  const [row] = await w.neon.query(
    `select md5(string_agg(t || j, ' ' order by t, j)) as sum from (${parts.join(" union all ")}) z`,
    [w.b.project],
  );
  return String(row?.["sum"]);
}

beforeAll(async () => {
  w = await world();
  tables = await tablesOf(w.neon);
  tenantTables = tables.filter((table) => table.isTenant);
  rows = new Rows(w.neon, tables);
  speak = servingRole(w);
  for (const table of tenantTables) for (const tenant of [w.a, w.b]) await rows.any(tenant, table.name);
});

test("there are tables in every domain, and each holds a row of both tenants", async () => {
  const domains = new Set(tenantTables.map(({ name }) => name.split(".")[0]));
  expect([...domains]).toEqual(expect.arrayContaining(["identity", "inbox", "memory", "outbound", "people", "shared"]));
  expect(tenantTables.length).toBeGreaterThan(28);
  for (const { name } of tenantTables) {
    const [held] = await w.neon.query(
      `select count(distinct project_id)::text as n from ${name} where project_id in ($1, $2)`,
      [w.a.project, w.b.project],
    );
    expect([name, held?.["n"]]).toEqual([name, "2"]);
  }
});

test("a foreign row is neither read nor counted, whatever is computed over it", async () => {
  for (const { name, columns } of tenantTables) {
    const foreign = `project_id = '${w.b.project}'`;
    const seen = await speak(
      { ...w.a, user: w.a.user },
      `select count(*)::int as n, count(*) filter (where ${foreign})::int as theirs, bool_or(${foreign}) as any, max(project_id::text) as most from ${name}`,
    );
    const [found] = "rows" in seen ? seen.rows : [];
    expect([name, found?.["theirs"], found?.["any"], found?.["most"]]).toEqual([name, 0, false, w.a.project]);
    // Row security comes before conditions that could fail on, and so tell of, a row.
    const probe = await speak(w.a, `select 1 from ${name} where 1 / (case when ${foreign} then 0 else 1 end) = 2`);
    expect([name, codeOf(probe)]).toEqual([name, "done"]);
    const text = columns.find(({ type }) => type === "text")?.name;
    if (text)
      expect([name, codeOf(await speak(w.a, `select ("${text}" || 'x')::int from ${name} where ${foreign}`))]).toEqual([
        name,
        "done",
      ]);
  }
});

test("nor is it in any statistics that the serving role may read", async () => {
  const asked = [
    "select count(*)::int as n from pg_stats where schemaname !~ '^(pg_|information)' and most_common_vals is not null and tablename <> 'schema_migrations' and (schemaname, tablename) in (select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relrowsecurity)",
    "select count(*)::int as n from pg_stats_ext",
  ];
  await w.neon.exec("analyze");
  for (const statement of asked) expect(await speak(w.a, statement)).toMatchObject({ rows: [{ n: 0 }] });
  for (const table of ["pg_catalog.pg_statistic", "pg_catalog.pg_authid"])
    expect([table, codeOf(await speak(w.a, `select * from ${table} limit 1`))]).toEqual([table, "42501"]);
});

test("a foreign row is neither changed, taken, deleted nor made", async () => {
  const before = await fingerprint();
  for (const table of tenantTables) {
    const { name } = table;
    const where = `project_id = '${w.b.project}'`;
    const untouched = async (statement: string) => {
      const told = await speak(w.a, statement);
      if ("code" in told)
        expect([name, statement, told.code]).toEqual([name, statement, expect.stringMatching(refused)]);
      else expect([name, statement, told.count]).toEqual([name, statement, 0]);
    };
    await untouched(`update ${name} set project_id = project_id where ${where}`);
    await untouched(
      `update ${name} set project_id = '${w.a.project}', account_scope_id = '${w.a.accountScope}' where ${where}`,
    );
    await untouched(`delete from ${name} where ${where}`);
    await untouched(`select 1 from ${name} where ${where} for update`);
    for (const scope of [w.a.accountScope, w.b.accountScope]) {
      const theirs = await rows
        .fresh({ project: w.b.project, accountScope: scope }, name)
        .catch(() => rows.any(w.b, name));
      const made = await speak(w.a, insertion(table, { ...theirs, account_scope_id: scope }));
      expect([name, codeOf(made)]).toEqual([name, "42501"]);
    }
    const given = await speak(
      w.a,
      `update ${name} set project_id = '${w.b.project}', account_scope_id = '${w.b.accountScope}'`,
    );
    expect([name, codeOf(given)]).toEqual([name, expect.stringMatching(refused)]);
  }
  expect(await fingerprint()).toBe(before);
});

describe("a link", () => {
  /** Foreign keys that lead to a tenant's table, other than the one every row has to its own project. */
  const links = () =>
    tenantTables.flatMap((table) =>
      table.foreignKeys.filter(({ target }) => rows.table(target).isTenant).map((key) => ({ table, key })),
    );

  test("to a tenant's row always carries the project", () => {
    expect(links().length).toBeGreaterThan(12);
    for (const { table, key } of links())
      expect([table.name, key.name, key.columns[0], key.targetColumns[0]]).toEqual([
        table.name,
        key.name,
        "project_id",
        "project_id",
      ]);
    for (const table of tenantTables) {
      const own = table.foreignKeys.find(({ target }) => target === "identity.projects");
      expect([table.name, own?.columns]).toEqual([table.name, ["project_id", "account_scope_id"]]);
    }
  });

  test("to another tenant's row is refused, and the same link to one's own is not", async () => {
    for (const { table, key } of links()) {
      const { name } = table;
      const row = await rows.fresh(w.a, name, [key.name]);
      const foreign = await rows.any(w.b, key.target);
      const linked = { ...row };
      for (const [i, column] of key.columns.entries())
        if (column !== "project_id") linked[column] = foreign[key.targetColumns[i] ?? ""] ?? "";
      expect([key.name, codeOf(await speak(w.a, insertion(table, linked), "set constraints all immediate"))]).toEqual([
        key.name,
        expect.stringMatching(/^(23503|42501)$/),
      ]);
      let told = await speak(w.a, insertion(table, row));
      // Where the link is the row's whole identity, the one that is there has to go first.
      if (codeOf(told) === "23505") {
        await w.neon.query(`delete from ${name} where project_id = $1`, [w.a.project]);
        told = await speak(w.a, insertion(table, row));
      }
      expect([key.name, told]).toEqual([key.name, expect.objectContaining({ count: 1 })]);
      const set = key.columns
        .filter((column) => column !== "project_id")
        .map(
          (column) =>
            `"${column}" = ${literal(linked[column] ?? "", table.columns.find((c) => c.name === column)?.type ?? "text")}`,
        );
      // One of them: all at once might meet each other first.
      const one = `ctid = (select min(ctid) from ${name})`;
      const moved = await speak(w.a, `update ${name} set ${set.join(", ")} where ${one}`);
      expect([key.name, codeOf(moved)]).toEqual([key.name, expect.stringMatching(/^(23503|42501|55000)$/)]);
    }
  });

  test("from a table without a project leads nowhere either", async () => {
    const others = tables
      .filter(({ isTenant }) => !isTenant)
      .flatMap((table) =>
        table.foreignKeys
          .filter(({ target }) => target.startsWith("identity."))
          .map((key) => `${table.name}(${key.columns}) → ${key.target}`),
      );
    expect(others.sort()).toEqual([
      "identity.projects(account_scope_id) → identity.account_scopes",
      "identity.sessions(active_project_id) → identity.projects",
    ]);
    const scope = { ...w.a, user: w.a.user };
    const moved = await speak(
      scope,
      `update identity.projects set account_scope_id = '${w.b.accountScope}' where id = '${w.a.project}'`,
    );
    expect(codeOf(moved)).toMatch(/^(42501|23503)$/);
    const renamed = await speak(
      scope,
      `update identity.projects set id = '${w.b.project}' where id = '${w.a.project}'`,
    );
    expect(codeOf(renamed)).toBe("42501");
  });
});

describe("a key that another tenant has used", () => {
  /** Unique over all tenants on purpose: what they hold cannot be guessed, or is meant to be told. */
  const overAll = [
    "identity.api_keys_id_key",
    "identity.invitations_token_hash_key",
    "identity.project_sources_id_key",
    "identity.project_sources_source_kind_external_id_key",
    "inbox.deliveries_pkey",
  ];

  test("is free for oneself: every unique index begins with the project, but for five", () => {
    const without = tenantTables.flatMap((table) =>
      table.unique.filter(({ columns }) => !columns.includes("project_id")).map(({ name }) => name),
    );
    expect(without.sort()).toEqual(overAll);
  });

  test("is no obstacle and tells nothing", async () => {
    for (const table of tenantTables) {
      const keys = table.unique.filter(({ columns }) => columns.includes("project_id"));
      const [theirs, mine] = [await rows.any(w.b, table.name), await rows.fresh(w.a, table.name)];
      const linked = new Set(table.foreignKeys.flatMap(({ columns }) => columns));
      const globally = new Set(
        table.unique.filter(({ columns }) => !columns.includes("project_id")).flatMap(({ columns }) => columns),
      );
      for (const column of keys.flatMap(({ columns }) => columns)) {
        const generated = table.columns.find(({ name }) => name === column)?.required === false && !(column in mine);
        if (!linked.has(column) && !globally.has(column) && !generated)
          mine[column] = theirs[column] ?? mine[column] ?? "";
      }
      const told = await speak(w.a, insertion(table, mine));
      const code = codeOf(told);
      // One's own row of that kind may be there already; a grant may be missing.
      expect([table.name, code]).toEqual([table.name, expect.stringMatching(/^(done|42501|23505)$/)]);
      if (code !== "23505") continue;
      const [own] = await w.neon.query(`select count(*)::int as n from ${table.name} where project_id = $1`, [
        w.a.project,
      ]);
      expect([table.name, Number(own?.["n"]) > 0]).toEqual([table.name, true]);
    }
  });
});
