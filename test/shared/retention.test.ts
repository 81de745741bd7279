// What is old leaves, as much as was said it would, and nothing else; what may not leave cannot be named.
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { retention } from "#brain/registry.ts";
import { deliver } from "#test/kit/jobs.ts";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { kinds, old } from "./old.ts";

type Policy = { kind: string; keep_days: number | null; least_days: number; version: number; changeable: boolean };
type Preview = { data: { kind: string; leaves: number; stays: Record<string, number> }[] };
type Run = {
  run: string;
  removed: Record<string, number>;
  kept: Record<string, Record<string, number>>;
  more: boolean;
};

let w: World;
beforeAll(async () => {
  w = await world();
});

let keys = 0;
const read = async <T>(who: Tenant, path: string): Promise<T> =>
  (await (await w.fetch(`/v1/shared/${path}`, { key: who.apiKey })).json()) as T;
const change = async (who: Tenant, kind: string, json: Record<string, unknown>) =>
  w.fetch(`/v1/shared/retention/${kind}`, { key: who.apiKey, json, headers: { "idempotency-key": `"ret-${++keys}"` } });
const preview = (who: Tenant, query = "") => read<Preview>(who, `retention-preview${query}`);

/** One night: the job, and whatever it stages to go on with. */
async function night(who: Tenant): Promise<Run[]> {
  const runs: Run[] = [];
  for (let run: string | undefined; ; ) {
    const answer = await deliver(w, "shared.retention.run", { project: who.project, ...(run ? { run } : {}) });
    const told = (await answer.json()) as Run;
    expect([answer.status, told]).toEqual([200, expect.any(Object)]);
    runs.push(told);
    if (!told.more) return runs;
    run = told.run;
  }
}

function summed(runs: Run[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const { removed } of runs) for (const [kind, n] of Object.entries(removed)) sum[kind] = (sum[kind] ?? 0) + n;
  return sum;
}

/** Everything of a tenant that a run may not touch, and everything at all. */
async function stateOf(who: Tenant, tables: readonly string[]): Promise<string> {
  const parts = tables.map(
    (name) => `select '${name}' as t, to_jsonb(x)::text as j from ${name} x where project_id = $1`,
  );
  const [row] = await w.neon.query(
    `select md5(string_agg(t || j, ' ' order by t, j)) as sum from (${parts.join(" union all ")}) z`,
    [who.project],
  );
  return String(row?.["sum"]);
}

const touched = [
  "inbox.deliveries",
  "inbox.cw_messages",
  "memory.answers",
  "identity.invitations",
  "shared.idempotency_keys",
];
const working = ["shared.outbox", "shared.job_runs", "shared.worker_runs", "shared.prompt_runs", "shared.events"];

describe("a preview", () => {
  test("tells what the run then does, over any rows and any policy, and writes nothing", async () => {
    const row = fc.record({
      kind: fc.constantFrom(...kinds),
      days: fc.integer({ min: 0, max: 500 }),
      spared: fc.boolean(),
    });
    const policy = fc.record({
      kind: fc.constantFrom(...kinds),
      keep: fc.option(fc.integer({ min: 30, max: 400 }), { nil: null }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 5, maxLength: 40 }),
        fc.array(policy, { maxLength: 4 }),
        async (rows, policies) => {
          const who = await tenant(w.neon, "retains");
          for (const { kind, keep } of new Map(policies.map((each) => [each.kind, each])).values())
            expect((await change(who, kind, { keep_days: keep, version: 0, confirm: true })).status).toBe(200);
          for (const each of rows) await old(w, who, each);
          await w.settled();
          const before = await stateOf(who, [...touched, ...working]);
          const told = await preview(who);
          expect(await stateOf(who, [...touched, ...working])).toBe(before);
          const runs = await night(who);
          const leaves = told.data
            .filter(({ leaves }) => leaves > 0)
            .map(({ kind, leaves }) => [kind, leaves] as const);
          expect(summed(runs)).toEqual(Object.fromEntries(leaves));
          const stays = told.data.filter((each) => Object.keys(each.stays).length > 0);
          expect(runs[0]?.kept).toEqual(Object.fromEntries(stays.map((each) => [each.kind, each.stays])));
        },
      ),
      { numRuns: 12 },
    );
  });

  test("of another policy counts under that one", async () => {
    const who = await tenant(w.neon, "asks");
    for (const days of [10, 20, 40]) await old(w, who, { kind: "inbox.turns", days });
    await old(w, who, { kind: "inbox.turns", days: 50, spared: true });
    expect((await preview(who, "?kind=inbox.turns")).data).toEqual([{ kind: "inbox.turns", leaves: 0, stays: {} }]);
    const [asked] = (await preview(who, "?kind=inbox.turns&keep_days=15")).data;
    expect([asked?.leaves, Object.values(asked?.stays ?? {})]).toEqual([2, [1]]);
    expect((await w.fetch("/v1/shared/retention-preview?keep_days=3", { key: who.apiKey })).status).toBe(400);
    expect((await w.fetch("/v1/shared/retention-preview?kind=shared.events", { key: who.apiKey })).status).toBe(404);
  });
});

describe("a run", () => {
  test("is bounded, goes on with the next message, and writes down what it did", async () => {
    const who = await tenant(w.neon, "much");
    await w.neon.query(
      `insert into shared.prompt_runs (project_id, id, request_id, operation, provider, model, prompt_version, context_hash, status, created_at)
        select $1, 'many-' || n, 'req', 'answer', 'p', 'm', 'v', 'h', 'ok', '2026-01-01' from generate_series(1, 950) n`,
      [who.project],
    );
    await old(w, who, { kind: "shared.worker_runs", days: 100 });
    w.queue.published.splice(0);
    const first = (await (await deliver(w, "shared.retention.run", { project: who.project })).json()) as Run;
    expect(first).toMatchObject({ removed: { "shared.worker_runs": 1, "shared.prompt_runs": 399 }, more: true });
    expect(w.queue.published).toMatchObject([
      { kind: "shared.retention.run", project: who.project, body: { run: first.run } },
    ]);
    const rest = [];
    for (let message = w.queue.published.shift(); message; message = w.queue.published.shift())
      rest.push(await (await deliver(w, message.kind, { ...message.body, project: who.project })).json());
    expect(rest).toMatchObject([
      { run: first.run, removed: { "shared.prompt_runs": 400 }, more: true },
      { removed: { "shared.prompt_runs": 151 }, more: false },
    ]);
    const { data } = await read<{ data: { counts: unknown; processed: number }[] }>(
      who,
      "job-runs?job=shared.retention.run",
    );
    expect(data.map((run) => run.counts).toReversed()).toEqual([first, ...rest].map((run) => (run as Run).removed));
    const events = await read<{ data: { payload: { removed: unknown }; ref: { id: string } }[] }>(
      who,
      "events?kind=retention.applied",
    );
    expect(events.data.map((event) => [event.ref.id, event.payload.removed]).toReversed()).toEqual(
      [first, ...rest].map((run) => [first.run, (run as Run).removed]),
    );
    // A wake-up that was answered is not waiting any more.
    expect(
      await w.neon.query(
        "select 1 from shared.outbox where project_id = $1 and kind = 'shared.retention.run' and state <> 'done'",
        [who.project],
      ),
    ).toEqual([]);
  });

  test("cut off before or after the database carried it out goes on where it was", async () => {
    const who = await tenant(w.neon, "cut");
    for (let n = 0; n < 5; n++) await old(w, who, { kind: "shared.prompt_runs", days: 100 });
    w.neon.faults.next({ kind: "before", status: 500 });
    expect((await deliver(w, "shared.retention.run", { project: who.project })).status).toBe(503);
    expect((await preview(who, "?kind=shared.prompt_runs")).data).toMatchObject([{ leaves: 5 }]);
    w.neon.faults.next({ kind: "after-commit", status: 500 });
    expect((await deliver(w, "shared.retention.run", { project: who.project })).status).toBe(503);
    expect((await preview(who, "?kind=shared.prompt_runs")).data).toMatchObject([{ leaves: 0 }]);
    const events = await read<{ data: { payload: unknown }[] }>(who, "events?kind=retention.applied");
    expect(events.data).toMatchObject([{ payload: { removed: { "shared.prompt_runs": 5 } } }]);
    expect(summed(await night(who))).toEqual({});
  });

  test("leaves other projects, young rows and what still works alone", async () => {
    const [who, other] = [await tenant(w.neon, "own"), await tenant(w.neon, "other")];
    for (const kind of kinds) {
      await old(w, other, { kind, days: 450 });
      await old(w, who, { kind, days: -1 });
    }
    await w.neon.query(
      "insert into shared.outbox (project_id, id, kind, state, updated_at) values ($1, 'waits', 'test.made', 'pending', '2020-01-01'), ($1, 'failed', 'test.made', 'failed', '2020-01-01')",
      [who.project],
    );
    const state = [await stateOf(who, touched), await stateOf(other, [...touched, ...working])];
    expect(summed(await night(who))).toEqual({});
    expect([await stateOf(who, touched), await stateOf(other, [...touched, ...working])]).toEqual(state);
    expect(
      await w.neon.query(
        "select id from shared.outbox where project_id = $1 and kind = 'test.made' and state <> 'done' order by id",
        [who.project],
      ),
    ).toEqual([{ id: "failed" }, { id: "waits" }]);
  });
});

describe("a policy", () => {
  test("is the usual one until somebody changes it; longer at once, shorter only when it is meant", async () => {
    const who = await tenant(w.neon, "chooses");
    const kind = "shared.job_runs";
    expect(await read(who, `retention/${kind}`)).toMatchObject({ keep_days: 90, usual_days: 90, version: 0 });
    expect(await (await change(who, kind, { keep_days: 120, version: 0 })).json()).toMatchObject({
      keep_days: 120,
      version: 1,
    });
    await old(w, who, { kind, days: 100 });
    const refused = await change(who, kind, { keep_days: 60, version: 1 });
    expect([refused.status, await refused.json()]).toMatchObject([428, { code: "confirmation_required", leaves: 1 }]);
    const stale = await change(who, kind, { keep_days: 60, version: 0, confirm: true });
    expect([stale.status, await stale.json()]).toMatchObject([412, { code: "version_stale", version: 1 }]);
    expect(await (await change(who, kind, { keep_days: 60, version: 1, confirm: true })).json()).toMatchObject({
      version: 2,
    });
    expect(await (await change(who, kind, { keep_days: null, version: 2 })).json()).toMatchObject({ keep_days: null });
    expect((await change(who, kind, { keep_days: 400, version: 3 })).status).toBe(428);
    expect(summed(await night(who))).toEqual({});
    const audit = await read<{ data: { action: string; outcome: string; payload: unknown }[] }>(
      who,
      "audit?action=shared.retention.update",
    );
    expect(audit.data.map(({ outcome }) => outcome).sort()).toEqual(["done", "done", "done", "refused"]);
    expect(audit.data.filter(({ outcome }) => outcome === "done").map(({ payload }) => payload)).toMatchObject([
      { kind, forever: true },
      { keep_days: 60 },
      { keep_days: 120 },
    ]);
  });

  test("for ever is usual for words, and shortening it asks", async () => {
    const who = await tenant(w.neon, "words");
    expect(await read(who, "retention/inbox.turns")).toMatchObject({ keep_days: null, version: 0 });
    expect((await change(who, "inbox.turns", { keep_days: 30, version: 0 })).status).toBe(428);
    expect((await change(who, "inbox.turns", { keep_days: 0, version: 0, confirm: true })).status).toBe(422);
  });

  test("names no ledger, no audit trail, no tombstone, and nothing unknown", async () => {
    const who = await tenant(w.neon, "names");
    const { data } = await read<{ data: Policy[] }>(who, "retention");
    const named = data.map(({ kind }) => kind);
    expect(named).toEqual(expect.arrayContaining([...kinds, "identity.sessions", "inbox.quarantine"]));
    expect(
      data
        .filter(({ changeable }) => changeable)
        .map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(kinds.toSorted());
    for (const kind of [
      "shared.events",
      "shared.audit_events",
      "shared.audit_seals",
      "shared.audit_anchors",
      "shared.tombstones",
      "identity.sessions",
      "people.contacts",
    ]) {
      if (kind !== "identity.sessions") expect(named).not.toContain(kind);
      expect((await change(who, kind, { keep_days: 1, version: 0, confirm: true })).status).toBe(404);
      expect((await w.fetch(`/v1/shared/retention/${kind}`, { key: who.apiKey })).status).toBe(404);
    }
    for (const kind of ["shared.events", "shared.audit_events", "shared.tombstones"])
      await expect(
        w.neon.query("insert into shared.retention_policies (project_id, kind, keep_days) values ($1, $2, 1)", [
          who.project,
          kind,
        ]),
      ).rejects.toThrow(/retention_policies_kind_check/);
    expect(Object.keys(retention)).toEqual(["list", "get", "update", "preview", "run"]);
  });

  test("is another's to change only with the permission", async () => {
    const answer = await w.fetch("/v1/shared/retention/shared.job_runs", {
      key: w.a.readKey,
      json: { keep_days: 400, version: 0 },
      headers: { "idempotency-key": '"ret-no"' },
    });
    expect(answer.status).toBe(403);
  });
});
