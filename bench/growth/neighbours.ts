// Other tenants, made by copying one tenant's rows under their own project: the tables grow, the tenant that asks does not.
import { type BenchApp, newTenant, type Tenant } from "../kit/app.ts";
import type { Stage } from "../kit/stage.ts";

/** In the order their keys ask for. */
const TABLES = [
  "people.contacts",
  "people.contact_points",
  "inbox.cw_contacts",
  "inbox.cw_conversations",
  "inbox.cw_messages",
  "shared.evidence_items",
  "shared.events",
  "memory.chunks",
  "memory.vectors",
];
const AT_ONCE = 10;

export async function addNeighbours(stage: Stage, app: BenchApp, of: { model: Tenant; count: number }): Promise<void> {
  const columns = await Promise.all(TABLES.map((table) => columnsOf(stage, table)));
  for (let made = 0; made < of.count; made += AT_ONCE) {
    const tenants: Tenant[] = [];
    while (tenants.length < Math.min(AT_ONCE, of.count - made))
      tenants.push(await newTenant(stage, app.runtime, "neighbour"));
    const places = [JSON.stringify(tenants.map(({ project, accountScope }) => ({ project, scope: accountScope })))];
    for (const [i, table] of TABLES.entries())
      await copy(stage, { table, columns: columns[i] ?? [], of: of.model, places });
  }
  await stage.neon.maintain();
}

type Column = { name: string; type: string };

async function columnsOf(stage: Stage, table: string): Promise<Column[]> {
  const rows = await stage.neon.query(
    `select attname as name, format_type(atttypid, null) as type from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = ''`,
    [table],
  );
  return rows.map((row) => ({ name: String(row["name"]), type: String(row["type"]) }));
}

type Copy = { table: string; columns: Column[]; of: Tenant; places: string[] };

async function copy(stage: Stage, { table, columns, of, places }: Copy): Promise<void> {
  const values = columns.map(({ name, type }) => {
    if (name === "project_id") return "o.project";
    if (name === "account_scope_id") return "o.scope";
    // Chatwoot's ids hold the project.
    return type === "text" ? `replace(t.${name}, $1, o.project::text)` : `t.${name}`;
  });
  await stage.neon.query(
    `insert into ${table} (${columns.map(({ name }) => name).join(", ")})
      select ${values.join(", ")} from ${table} t, jsonb_to_recordset($2::jsonb) o (project uuid, scope uuid)
      where t.project_id = $1::uuid`,
    [of.project, ...places],
  );
}

/** Rows of all tenants in the copied tables. */
export async function rowsIn(stage: Stage): Promise<number> {
  const counts = TABLES.map((table) => `(select count(*) from ${table})`).join(" + ");
  const [row] = await stage.neon.query(`select ${counts} as n`);
  return Number(row?.["n"]);
}
