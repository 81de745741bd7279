// Promises and risks: those of another tenant for the routes that name one, and those of the examples.
import type { World } from "#test/kit/world.ts";

type Place = { project: string; accountScope: string };

async function promise(w: World, { project, accountScope }: Place, id: string): Promise<string> {
  await w.neon.query(
    `insert into world.commitments (project_id, account_scope_id, id, message_table, message_id, words_from, words_to, what, said_at, due_at, keep_until)
     values ($1, $2, $3, 'outbound.messages', $3, 0, 5, 'come', '2029-01-01', '2029-01-02', '2029-01-02') on conflict do nothing`,
    [project, accountScope, id],
  );
  return id;
}

async function risk(w: World, { project, accountScope }: Place, id: string): Promise<string> {
  await w.neon.query(
    `insert into insight.risk_radar_items (project_id, account_scope_id, id, kind, dedupe_key, ref_type, ref_id)
     values ($1, $2, $3, 'promise_broken', $3, 'promise', 'cmt_none') on conflict do nothing`,
    [project, accountScope, id],
  );
  return id;
}

export async function exampleInsight(w: World): Promise<void> {
  await promise(w, w.a, "cmt_example");
}

export const foreignInsight: Record<string, (w: World) => Promise<string>> = {
  "insight.promises.settle": (w) => promise(w, w.b, `cmt_${w.b.accountId}`),
  "insight.risks.dismiss": (w) => risk(w, w.b, `rsk_${w.b.accountId}`),
};
