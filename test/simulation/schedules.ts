/** Schedules: each fire time makes one run, and no run stays begun or due for ever. */
import type { Area, Sim } from "./sim.ts";

export function schedules(sim: Sim): Area {
  return {
    name: "schedules",
    moves: () => [],
    look: twice,
    tell: (rows) => rows.map(({ broken }) => String(broken)),
    isSettled: async () => (await late(sim)).length === 0,
    atRest: () => late(sim),
  };
}

const twice = `select 'fire time: ' || scheduled_job_id || ' ran twice for ' || fire_time as broken from shared.worker_runs
  group by project_id, scheduled_job_id, fire_time having count(*) > 1`;

/** I3 for runs. */
async function late({ house, time }: Sim): Promise<string[]> {
  const rows = await house.query(
    `select case r.status when 'running' then 'I3: still running: ' else 'no rest: run still pending: ' end || r.id as broken
      from shared.worker_runs r
      where (r.status = 'running' and r.lease_until <= $1::timestamptz) or (r.status = 'pending' and r.due_at <= $1::timestamptz)`,
    [new Date(time).toISOString()],
  );
  return rows.map(({ broken }) => String(broken));
}
