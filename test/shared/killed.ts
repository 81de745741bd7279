// An erasure whose worker dies at every step: before its transaction is carried out, in the middle of it, and after it before anybody hears.
import { sql } from "drizzle-orm";
import { erasedDomains } from "#brain/registry.ts";
import { erasureVerbs } from "#brain/shared/index.ts";
import { ctxOf } from "#test/kit/ctx.ts";
import type { Tenant, World } from "#test/kit/world.ts";

type Batch = World["runtime"]["db"]["batch"];
type Death = "before" | "within" | "after";

/** The database as a worker sees it that dies so. */
function dying(w: World, death: Death): World["runtime"]["db"] {
  const db = w.runtime.db;
  const batch = async (statements: Parameters<Batch>[0]) => {
    if (death === "before") throw new Error("the worker died");
    const half = Math.ceil(statements.length / 2);
    const broken = [...statements.slice(0, half), db.execute(sql`select 1 / 0`), ...statements.slice(half)];
    await db.batch((death === "within" ? broken : statements) as unknown as Parameters<Batch>[0]);
    throw new Error("the worker died");
  };
  return new Proxy(db, { get: (target, name) => (name === "batch" ? batch : Reflect.get(target, name)) });
}

/** Every step is tried by one who dies, then by one who lives; how many died. With room for all in one step nobody does. */
export async function killed(
  w: World,
  tenant: Tenant,
  { erasure, most }: { erasure: string; most: number },
): Promise<number> {
  const { run } = erasureVerbs(erasedDomains, most);
  const deaths: Death[] = ["within", "after", "before"];
  let died = 0;
  for (let step = 0; step < 300; step += 1) {
    const ctx = ctxOf(
      w,
      { kind: "system", project: tenant.project, job: "shared.erasures.run" },
      { permission: "shared:operate" },
    );
    const death = deaths[step % deaths.length] ?? "within";
    if (most < 100) {
      died += 1;
      await run.run({ ...ctx, db: dying(w, death) }, { erasure }).catch(() => undefined);
    }
    const told = (await run.run(ctx, { erasure })) as { state: string };
    if (told.state === "done") return died;
    w.clock.advance(1000);
  }
  throw new Error("the erasure does not end");
}
