// Another tenant's rows of the calendar.
import type { World } from "#test/kit/world.ts";
import { jobOf, techOf } from "./foreign-field.ts";

/** As foreign.ts makes them, one row whatever is asked how often. */
const put = async (w: World, statement: string, values: unknown[] = []) =>
  w.neon.query(`${statement} on conflict do nothing`, [w.b.project, w.b.accountScope, ...values]);

export async function appointmentOf(w: World): Promise<string> {
  const id = `apt_${w.b.accountId}`;
  await put(
    w,
    `insert into field.schedule (project_id, account_scope_id, id, job_id, tech_id, start_ts, end_ts, blocked_from, blocked_until)
     values ($1, $2, $3, $4, $5, '2030-01-01T10:00Z', '2030-01-01T11:00Z', '2030-01-01T10:00Z', '2030-01-01T11:00Z')`,
    [id, await jobOf(w), await techOf(w)],
  );
  return id;
}

export async function blackoutOf(w: World): Promise<string> {
  const id = `blk_${w.b.accountId}`;
  await put(
    w,
    "insert into field.blackouts (project_id, account_scope_id, id, starts, ends) values ($1, $2, $3, '2030-01-01', '2030-01-02')",
    [id],
  );
  return id;
}

export const foreignCalendar: Record<string, (w: World) => Promise<string>> = {
  ...Object.fromEntries(
    ["get", "reschedule", "reassign", "confirm", "cancel", "no_show", "done"].map((verb) => [
      `field.schedule.${verb}`,
      appointmentOf,
    ]),
  ),
  ...Object.fromEntries(["week", "set_week", "drop_week"].map((verb) => [`field.calendar.${verb}`, techOf])),
  "field.feeds.open": techOf,
  "field.feeds.close": techOf,
  "field.blackouts.delete": blackoutOf,
};

/** What the calendar's examples name, in the first tenant, for whom con_example is there already. */
export async function exampleWork(w: World): Promise<void> {
  const place = [w.a.project, w.a.accountScope];
  await w.neon.query(
    "insert into field.techs (project_id, account_scope_id, id, name) values ($1, $2, 'tec_example', 'Thomas')",
    place,
  );
  await w.neon.query(
    "insert into field.jobs (project_id, account_scope_id, id, number, client_id, title) values ($1, $2, 'job_example', 900000, 'con_example', 'Boiler')",
    place,
  );
}
