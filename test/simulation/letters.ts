/** Dead letters: what QStash gave up is parked with one letter, and operators send it again or put it away. */
import type { Area, Sim, SimTenant } from "./sim.ts";

export function letters(sim: Sim): Area {
  const act = (tenant: SimTenant) => {
    const headers = {
      authorization: `Bearer ${tenant.apiKey}`,
      "content-type": "application/json",
      "idempotency-key": `letters-${sim.rng.below(1e9)}`,
    };
    const init = { method: "POST", headers, body: "{}" };
    sim.ask(`${tenant.word} retries dead letters`, { path: "/v1/shared/letters/retry", init }, () => {});
  };
  return {
    name: "letters",
    moves: () => sim.tenants.map((tenant) => ({ weight: 0.15, run: () => act(tenant) })),
    atRest: () => parked(sim),
  };
}

/** Parked work has its open letter, and a letter tells of one work only. */
async function parked({ house }: Sim): Promise<string[]> {
  const rows = await house.query(
    `select 'dead letters: ' || o.kind || ' ' || o.id || ' is parked and no open letter says so' as broken
        from shared.outbox o where o.state = 'failed' and not exists (
          select from shared.dead_letters d where d.project_id = o.project_id and d.work_id = o.id and d.state = 'open')
      union all select 'dead letters: ' || d.work_id || ' has two letters' from shared.dead_letters d
        group by d.project_id, d.work_id having count(*) > 1`,
  );
  return rows.map(({ broken }) => String(broken));
}
