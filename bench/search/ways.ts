// Ways to ask for the ten nearest: recall as the product calls it, its legs alone, the bare statements below it, and an exact scan.
import { enter, type Tenant } from "../kit/app.ts";
import type { Rows, Session, Statement } from "../kit/session.ts";
import { MODEL } from "./corpus.ts";

export type Question = { text: string; vector: string };
export type Lines = { ours: Session; theirs: Session };

const K = 10;
/** What a staff member sees: everything. */
const STAFF = JSON.stringify({ visibilities: [0, 1, 2] });

const entered = (tenant: Tenant): Statement =>
  enter({ kind: "system", project: tenant.project, job: "bench" }, "memory:read");

const ids = (rows: Rows | undefined): string[] => (rows ?? []).map((row) => String(row["chunk_id"]));

/** As the serving role, behind enter(), like every batch of the product. */
async function recall({ ours }: Lines, tenant: Tenant, asked: unknown[]): Promise<string[]> {
  const [, found] = await ours.together([
    entered(tenant),
    {
      text: "select chunk_id from memory.recall($1, 'english'::regconfig, $2, $3, $4::float8, $5::jsonb, $6)",
      values: asked,
    },
  ]);
  return ids(found);
}

export const fused = (lines: Lines, tenant: Tenant, { text, vector }: Question) =>
  recall(lines, tenant, [text, vector, MODEL, 0.3, STAFF, K]);

export const meaning = (lines: Lines, tenant: Tenant, { vector }: Question) =>
  recall(lines, tenant, ["", vector, MODEL, 1, STAFF, K]);

export const words = (lines: Lines, tenant: Tenant, { text }: Question) =>
  recall(lines, tenant, [text, null, null, 0, STAFF, K]);

/** Every float32 vector of the tenant, compared: the truth, and what a table without thought costs. */
export async function exact({ theirs }: Lines, tenant: Tenant, { vector }: Question): Promise<string[]> {
  const text = `select chunk_id from bench.exact where project_id = $1 order by embedding operator(ext.<=>) $2::ext.vector limit ${K}`;
  const [found] = await theirs.together([{ text, values: [tenant.project, vector] }]);
  return ids(found);
}

/**
 * The least that the same tables allow, behind the same enter(): all half vectors of a small tenant, else the 200 nearest
 * by sign, then their vectors.
 */
export async function least(lines: Lines, tenant: Tenant, asked: Question & { scan: boolean }): Promise<string[]> {
  const statement: Statement = { text: asked.scan ? SCAN : SIGNS, values: [tenant.project, asked.vector] };
  const [, found] = await lines.ours.together([entered(tenant), statement]);
  return ids(found);
}

const SCAN = `select chunk_id from memory.vectors where project_id = $1 order by embedding operator(ext.<=>) $2::ext.halfvec(1536) limit ${K}`;
const SIGNS = `select v.chunk_id from (
    select chunk_id from memory.vectors where project_id = $1
    order by code operator(ext.<~>) ext.binary_quantize($2::ext.halfvec(1536))::bit(1536) limit 200) n
  join memory.vectors v on v.project_id = $1 and v.chunk_id = n.chunk_id
  order by v.embedding operator(ext.<=>) $2::ext.halfvec(1536) limit ${K}`;
