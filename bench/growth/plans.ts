// The product's own queries, caught on their way to the database, and what the server says about carrying them out.
import type { BenchApp, Tenant } from "../kit/app.ts";
import { PUBLIC_URL } from "../kit/app.ts";
import type { Session, Statement } from "../kit/session.ts";

export type Caught = { name: string; enter: Statement; statement: Statement };

type Sent = { queries: { query: string; params: unknown[] }[] };

/** The statement behind a GET of the API, without what every batch begins with. */
export async function caught(app: BenchApp, tenant: Tenant, path: string): Promise<Caught> {
  const sent: Sent[] = [];
  const real = globalThis.fetch;
  globalThis.fetch = (url, init) => {
    sent.push(JSON.parse(String(init?.body)) as Sent);
    return real(url, init);
  };
  try {
    const headers = { authorization: `Bearer ${tenant.apiKey}` };
    const answer = await app.fetch(new Request(`${PUBLIC_URL}${path}`, { headers }));
    if (answer.status !== 200) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
  } finally {
    globalThis.fetch = real;
  }
  const [enter, statement] = sent.find(({ queries }) => queries.length > 1)?.queries ?? [];
  if (!enter || !statement) throw new Error(`${path} sent no batch`);
  const of = ({ query, params }: { query: string; params: unknown[] }): Statement => ({ text: query, values: params });
  return { name: path, enter: of(enter), statement: of(statement) };
}

type Node = {
  "Node Type": string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  "Rows Removed by Join Filter"?: number;
  Plans?: Node[];
};
type Plan = { Plan: Node; "Execution Time": number };

export type Told = { ms: number; read: number; returned: number };

/** Carried out as the product does, under row security, and explained by the server. */
export async function explained(line: Session, { enter, statement }: Caught): Promise<Told> {
  const explain = { ...statement, text: `explain (analyze, timing off, format json) ${statement.text}` };
  const results = await line.together([enter, explain]);
  const [plan] = (results[1]?.[0]?.["QUERY PLAN"] ?? []) as Plan[];
  if (!plan) throw new Error("no plan");
  return { ms: plan["Execution Time"], read: readIn(plan.Plan), returned: plan.Plan["Actual Rows"] };
}

/** Rows that scans of tables and indexes touched, kept or thrown away. */
export function readIn(node: Node): number {
  const scans = /^(Seq|Index|Index Only|Bitmap Heap) Scan$/.test(node["Node Type"]);
  const removed = (node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0);
  const own = scans ? (node["Actual Rows"] + removed) * node["Actual Loops"] : 0;
  return own + (node.Plans ?? []).reduce((sum, inner) => sum + readIn(inner), 0);
}
