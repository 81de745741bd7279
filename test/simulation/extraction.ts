/** What customers promise in a message is laid before somebody who decides: whatever goes wrong, once, in its newest words, and gone with them. */
import type { Area, Move, Sim } from "./sim.ts";

/** A sentence that the rules read as a promise; its last word is the message's own. */
export const promising = (thing: string, last: string): string => `Vi lovede at komme med ${thing} ${last}`;

const mostDecisions = 3;

export function extraction(sim: Sim): Area {
  const tenant = sim.tenants.at(-1);
  if (!sim.office || !tenant) return { name: "extraction", moves: () => [] };
  let [decided, open] = [0, 0];
  const headers = () => ({
    authorization: `Bearer ${tenant.apiKey}`,
    "content-type": "application/json",
    "idempotency-key": `proposal-${sim.rng.below(1e9)}`,
  });
  /** Lets go of a proposal: it is not laid before anybody again. */
  const decide = () =>
    sim.ask(
      `${tenant.word} reads proposals`,
      { path: "/v1/world/proposals", init: { headers: headers() } },
      (answer) => {
        const { data = [] } = JSON.parse(answer?.status === 200 ? answer.body : "{}") as { data?: { id: string }[] };
        if (data.length === 0) return;
        const path = `/v1/world/facts/${sim.rng.pick(data).id}/review`;
        const init = { method: "POST", headers: headers(), body: JSON.stringify({ decision: "discard" }) };
        sim.ask(`${tenant.word} lets go`, { path, init }, (said) => {
          if (said?.status === 200) decided += 1;
        });
      },
    );
  const moves = (): Move[] => (decided < mostDecisions && open > 0 ? [{ weight: 1, run: decide }] : []);
  return {
    name: "extraction",
    moves,
    // Most is read when a world is older: somebody decides then, too.
    remaining: moves,
    look,
    tell: (rows) => {
      open = Number(rows.find(({ broken }) => broken === null)?.["open"] ?? 0);
      return rows.flatMap(({ broken }) => (broken === null ? [] : [String(broken)]));
    },
    isSettled: async () => (await sim.house.query(`${unread} limit 1`)).length === 0,
    atRest: async () => (await sim.house.query(`${missing} union all ${stale}`)).map(({ broken }) => String(broken)),
  };
}

const read = "f.source_type = 'model_extracted' and f.evidence_id is not null";

/** Whoever was read the same twice, or after somebody had let it go. */
const look = `select 'I15: ' || f.evidence_id || ' is read twice as ' || f.key || ' ' || f.value as broken, null as open from world.facts f where ${read}
      group by f.project_id, f.evidence_id, f.key, f.value having count(*) > 1
    union all select null, count(*) from world.facts f where ${read} and f.review_state = 'proposed' and f.superseded_at is null`;

const unread = `select 1 from shared.evidence_items e left join world.extractions x using (project_id)
  where (e.updated_at, e.id) > (coalesce(x.upto, '-infinity'), coalesce(x.upto_id, '')) and e.source_table = 'inbox.cw_messages'`;

/** Of somebody with a name, in words that stand there now. */
const missing = `select 'I15: the promise in ' || e.id || ' was never laid before anybody' as broken from shared.evidence_items e
  join inbox.cw_messages m on m.project_id = e.project_id and m.id = e.source_pk
  join people.contacts c on c.project_id = e.project_id and c.id = e.contact_id and c.name is not null and c.erased_at is null
  where e.withdrawn_at is null and m.deleted_at is null and m.content ~ 'Vi lovede at komme med '
    and not exists (select from shared.tombstones t where t.project_id = e.project_id and t.object_id in (e.source_pk, e.contact_id, e.id) and t.deleted_at >= e.occurred_at)
    and not exists (select from world.facts f where f.project_id = e.project_id and f.evidence_id = e.id and f.key = 'promise'
      and m.content like '%' || (f.value #>> '{}') || '%')`;

const stale = `select 'I15: ' || f.id || ' was read from words that are gone from ' || e.id from world.facts f
  join shared.evidence_items e on e.project_id = f.project_id and e.id = f.evidence_id
  left join inbox.cw_messages m on m.project_id = e.project_id and m.id = e.source_pk
  where ${read} and f.review_state = 'proposed' and f.superseded_at is null
    and (e.withdrawn_at is not null or position(f.quote in coalesce(m.content, '')) = 0)`;
