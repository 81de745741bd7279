/** The database of a simulation: one PGlite for all seeds, emptied before each, reached without a network. */
import { neonConfig } from "@neondatabase/serverless";
import { APP_ROLE } from "#db/app-role.ts";
import { type Db, databaseAt } from "#db/client.ts";
import { openPglite } from "#local/neon/pglite.ts";
import { errorBody, readRequest, SqlError, type SqlRequest } from "#local/neon/protocol.ts";
import { type Row, toRows, toText } from "#local/neon/values.ts";
import { ensureSnapshot } from "#test/kit/snapshot.ts";

export type House = Awaited<ReturnType<typeof openHouse>>;

/** Where the driver believes the database to be. */
const address = "https://database.simulated/sql";
/** Dead rows of so many seeds are cleared away at once. */
const seedsPerVacuum = 20;

/** An answer keeps the words it was asked and gave, marked as stale: who was told something must be able to see what. */
const quoting = ["memory.answers", "memory.answer_citations"];

/** What the driver posts, before it reaches the database. */
export type Asking = { request: SqlRequest; answer(): Promise<Response> };

export async function openHouse() {
  const backend = await openPglite({ snapshot: await ensureSnapshot(), patience: 60_000, inThread: true });
  const query = async (sql: string, params: readonly unknown[] = []): Promise<Row[]> => {
    const statements = [{ query: sql, params: params.map(toText) }];
    const [result] = await backend.run({ login: backend.owner, statements, begin: null });
    return result ? toRows(result) : [];
  };
  const exec = (sql: string) => backend.exec(sql);
  const tables = await emptyTables(query);
  const looks = new Map<string, string>();
  let seen = "0";
  const emptying = await emptyingScript(tables, query);
  let wiped = 0;

  const asking = (init: RequestInit): Asking => {
    const headers = Object.fromEntries(new Headers(init.headers).entries());
    const { request, batch } = readRequest(headers, String(init.body));
    const answer = async () => {
      try {
        const results = await backend.run(request);
        return Response.json(batch ? { results } : results[0]);
      } catch (error) {
        if (error instanceof SqlError) return Response.json(errorBody(error), { status: 400 });
        throw error;
      }
    };
    return { request, answer };
  };

  return {
    query,
    exec,
    /** Makes every request of the driver in this process go through `door` until the returned function is called. */
    redirect(door: (asking: Asking) => Promise<Response>): () => void {
      const before = { fetchFunction: neonConfig.fetchFunction, fetchEndpoint: neonConfig.fetchEndpoint };
      neonConfig.fetchEndpoint = address;
      neonConfig.fetchFunction = (_url: string, init: RequestInit) => door(asking(init));
      return () => void Object.assign(neonConfig, before);
    },
    db: (): Db => databaseAt(`postgresql://${APP_ROLE}:none@localhost/postgres`),
    /** As migrated: no tenant, no row, ids from the beginning. */
    async wipe(): Promise<void> {
      await exec(emptying);
      wiped += 1;
      if (wiped % seedsPerVacuum === 0) await exec("vacuum");
    },
    /**
     * What areas look at after every effect, in one request and with a plan that is made once: rows by area. Undefined when nothing was
     * written since the look before; a query that asks only for what was written since says `xmin::text::bigint >= since`.
     */
    async look(asked: readonly Looking[]): Promise<Map<string, Row[]> | undefined> {
      const sql = asked
        .map(({ name, look }) => `select '${name}'::text, to_jsonb(r) from (${look}) r`)
        .join("\n union all ");
      const name = looks.get(sql) ?? `public.simulation_look_${looks.size + 1}`;
      if (!looks.has(sql)) {
        await exec(lookFunction(name, sql));
        looks.set(sql, name);
      }
      const rows = await query(`select area, told from ${name}($1::bigint)`, [seen]);
      const until = rows.find(({ area }) => area === null);
      if (!until) return undefined;
      seen = String(until["told"]);
      const found = Map.groupBy(rows, ({ area }) => area as string | null);
      return new Map(asked.map(({ name }) => [name, (found.get(name) ?? []).map(({ told }) => told as Row)]));
    },
    /** A query for rows that hold one of the words in $1, in whichever table. */
    everywhere: () =>
      tables
        .filter((name) => !quoting.includes(name))
        .map(
          (name) =>
            `select distinct w as word, '${name}' as name from ${name} t, unnest($1::text[]) w where t::text like '%' || w || '%'`,
        )
        .join(" union all "),
    close: () => backend.close(),
  };
}

/** A query, and whose it is. */
export type Looking = { name: string; look: string };

/** Transactions get numbers when they write: without a new number there is nothing new to see. */
const lookFunction = (name: string, sql: string) => `create function ${name}(since bigint)
    returns table (area text, told jsonb) language plpgsql set jit = off set plan_cache_mode = force_generic_plan as
  $look$
    declare until constant bigint := pg_snapshot_xmax(pg_current_snapshot())::text::bigint;
    begin
      if until = since then return; end if;
      return query select null::text, to_jsonb(until) union all ${sql};
    end
  $look$`;

type Query = (sql: string) => Promise<Row[]>;

/** The tables that a migrated database has empty: those of the tenants. */
async function emptyTables(query: Query): Promise<string[]> {
  const tables = await query(`select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname !~ '^(pg_|information_schema|ext$)' order by 1`);
  const select = ({ name }: Row) => `select '${name}' as name where not exists (select from ${name})`;
  return (await query(tables.map(select).join(" union all "))).map(({ name }) => String(name));
}

/** Empties them; triggers and foreign keys stand aside. */
async function emptyingScript(tables: string[], query: Query): Promise<string> {
  const sequences = await query("select format('%I.%I', schemaname, sequencename) as name from pg_sequences");
  return [
    "begin; set local session_replication_role = replica;",
    ...tables.map((name) => `delete from ${name};`),
    ...sequences.map(({ name }) => `select setval('${name}', 1, false);`),
    "commit;",
  ].join("\n");
}
