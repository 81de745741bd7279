/** When nothing goes wrong any more: each message has left or says why not, and what the provider took or told is kept. */
import type { Network } from "./carrier.ts";
import type { Told } from "./reports.ts";
import type { Sim } from "./sim.ts";

export async function waiting({ house, time }: Sim): Promise<string[]> {
  const rows = await house.query(
    `select id, state from outbound.messages where state = 'submitting' or (state = 'unknown' and code <> 'unresolved')
      or (state = 'queued' and due_at <= $1::timestamptz)`,
    [new Date(time).toISOString()],
  );
  return rows.map(({ id, state }) => `no rest: message ${String(id)} is still ${String(state)}`);
}

const out = new Set(["submitted", "sent", "delivered", "read"]);

/** What the provider took is told as sent, or as failed where it said so, and nothing else is. A report that was answered counts. */
export async function kept({ house }: Sim, { network, told }: { network: Network; told: Told }): Promise<string[]> {
  const rows = await house.query("select id, state from outbound.messages");
  return rows.flatMap((row) => {
    const [id, state] = [String(row["id"]), String(row["state"])];
    const taken = network.taken.filter(({ ref }) => ref === id);
    const last = taken.at(-1);
    const said = new Set(last ? told.get(last.id) : []);
    // What it gave up or denied may be told either way.
    const open = taken.length > 0 && taken.every((one) => one.failed || one.denied);
    if (said.has("delivered") && state !== "delivered") return [`I6: message ${id} is ${state} and was told delivered`];
    if (said.has("undelivered") && out.has(state)) return [`I6: message ${id} is ${state} and was told undelivered`];
    if (state === "unknown" || open || (last !== undefined) === out.has(state)) return [];
    return [`I4: message ${id} is ${state} and the provider has ${last ? "it" : "none"}`];
  });
}

/** What did not leave says why: in its own row, and in the ledger. */
export async function atLast({ house }: Sim): Promise<string[]> {
  const rows = await house.query(`select m.id, m.state, m.code from outbound.messages m
    where m.state in ('queued', 'failed', 'cancelled', 'blocked_opt_out', 'unknown') and (m.code is null or not exists (
      select from shared.events e where e.project_id = m.project_id and e.ref_type = 'outbound_message' and e.ref_id = m.id
        and (e.payload->>'state' = m.state and e.payload->>'code' = m.code
          or m.code = 'withdrawn' and e.kind = 'outbound.message.cancelled')))`);
  return rows.map(({ id, state, code }) => `unexplained: message ${String(id)} is ${String(state)} (${String(code)})`);
}
