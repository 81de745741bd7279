// The audit trail as an auditor meets it: sealed soon after, checked at will, and telling which row was touched.
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { commit } from "#brain/kernel/commit.ts";
import { verbFor } from "#brain/registry.ts";
import { ctxOf, systemOf } from "#test/kit/ctx.ts";
import { deliver } from "#test/kit/jobs.ts";
import { type World, world } from "#test/kit/world.ts";

let w: World;
beforeEach(async () => {
  w = await world();
});

async function act(n: number): Promise<void> {
  for (let i = 0; i < n; i++) {
    const id = w.runtime.ids.next("contact");
    const change = sql`insert into people.contacts (project_id, id) values (shared.scope(), ${id}) returning id`;
    await commit(ctxOf(w, systemOf(w.a)), {
      change,
      audit: { action: "people.contact.added", ref: ["contact", id], evidence: ["evi_1"] },
    });
  }
}

const seal = () =>
  verbFor("job", "shared.audit.seal")?.run(
    ctxOf(w, { kind: "system", project: w.a.project, job: "shared.audit.seal" }),
    {},
  );
const verify = async () =>
  (await w.fetch("/v1/shared/audit/verify", { key: w.a.apiKey })).json() as Promise<Record<string, unknown>>;
const asOwner = (statement: string) =>
  w.neon.exec(
    `alter table shared.audit_events disable trigger user; ${statement}; alter table shared.audit_events enable trigger user`,
  );
const newest = async () =>
  String(
    (
      await w.neon.query("select id from shared.audit_events where project_id = $1 order by id desc limit 1", [
        w.a.project,
      ])
    )[0]?.["id"],
  );

describe("the audit chain", () => {
  test("rows are on the unsealed tail until the sealer comes, which is woken once for many", async () => {
    await act(3);
    expect(await verify()).toEqual({ ok: true, seals: 0, rows: 0, unsealed: 3, root: "", anchored: 0 });
    expect(await seal()).toMatchObject({ sealed: 3, seq: 1 });
    await act(2);
    expect(await seal()).toMatchObject({ sealed: 2, seq: 2 });
    expect(await seal()).toEqual({ sealed: 0 });
    expect(await verify()).toMatchObject({ ok: true, seals: 2, rows: 5, unsealed: 0 });
    expect(w.lines.filter((line) => line["anchor"] === "audit")).toHaveLength(2);
    const pending = await w.neon.query(
      "select state from shared.outbox where project_id = $1 and kind = 'shared.audit.seal' order by id",
      [w.a.project],
    );
    expect(pending.map((row) => row["state"])).toEqual(["done", "done"]);
  });

  test("a changed row is named", async () => {
    await act(4);
    await seal();
    const id = await newest();
    await asOwner(`update shared.audit_events set actor = 'user:someone-else' where id = '${id}'`);
    expect(await verify()).toMatchObject({ ok: false, broken: { seal: 1, id, how: "changed" } });
  });

  test("a row taken away is named, and so is one slipped in behind the mark", async () => {
    await act(4);
    await seal();
    const id = await newest();
    await asOwner(
      `create temp table kept as select * from shared.audit_events where id = '${id}'; delete from shared.audit_events where id = '${id}'`,
    );
    expect(await verify()).toMatchObject({ ok: false, broken: { seal: 1, id, how: "missing" } });
    await asOwner(`insert into shared.audit_events select * from kept; drop table kept`);
    expect(await verify()).toMatchObject({ ok: true });
    await asOwner(`insert into shared.audit_events (project_id, account_scope_id, id, actor, action, request_id, tx)
      select project_id, account_scope_id, 'aud_forged', 'user:x', 'people.contact.added', 'r', tx from shared.audit_events where id = '${id}'`);
    expect(await verify()).toMatchObject({ ok: false, broken: { seal: 1, id: "aud_forged", how: "added" } });
  });

  test("a seal rewritten with its rows breaks the chain after it", async () => {
    await act(1);
    await seal();
    await act(1);
    await seal();
    await w.neon.exec(
      `alter table shared.audit_seals disable trigger user; update shared.audit_seals set root = sha256('x') where project_id = '${w.a.project}' and seq = 1; alter table shared.audit_seals enable trigger user`,
    );
    expect(await verify()).toMatchObject({ ok: false, broken: { seal: 1, how: "chain" } });
  });

  test("once a day its newest root is told outside, and links cut off behind it are missed", async () => {
    const anchor = async () => (await deliver(w, "shared.audit.anchor", { project: w.a.project })).json();
    expect(await anchor()).toEqual({ anchored: false });
    await act(1);
    const first = await seal();
    w.clock.set("2026-11-16T02:00:00.000Z");
    const planned = () =>
      w.neon.query(
        `select r.id from shared.worker_runs r join shared.scheduled_jobs s on s.project_id = r.project_id and s.id = r.scheduled_job_id
         where r.project_id = $1 and s.kind = 'shared.audit.anchor'`,
        [w.a.project],
      );
    // A tick sees to so many projects at most, and other tests have left theirs in this database.
    for (let i = 0; i < 30 && (await planned()).length === 0; i++) await deliver(w, "shared.tick", {});
    const runs = await planned();
    const wanted = w.queue.published.filter(
      ({ kind, body }) => kind === "shared.schedules.run" && runs.some(({ id }) => id === body["run"]),
    );
    expect(wanted).toHaveLength(1);
    w.clock.advance(11 * 60_000);
    await deliver(w, "shared.schedules.run", { ...wanted[0]?.body, project: w.a.project });
    const line = w.lines.find(({ anchor, project }) => anchor === "audit_day" && project === w.a.project);
    expect(line).toMatchObject({ seq: 1, root: (first as { root: string }).root });
    await act(1);
    await seal();
    expect(await anchor()).toEqual({ anchored: false });
    w.clock.advance(86_400_000);
    expect(await anchor()).toMatchObject({ anchored: true, seq: 2 });
    expect(await verify()).toMatchObject({ ok: true, seals: 2, anchored: 2 });
    await w.neon.exec(
      `alter table shared.audit_seals disable trigger user; delete from shared.audit_seals where project_id = '${w.a.project}' and seq = 2; alter table shared.audit_seals enable trigger user`,
    );
    expect(await verify()).toMatchObject({ ok: false, broken: { seal: 2, id: null, how: "chain" } });
  });

  test("a tenant sees and verifies his own trail only", async () => {
    await act(2);
    await seal();
    const theirs = await w.fetch("/v1/shared/audit/verify", { key: w.b.apiKey });
    expect(await theirs.json()).toMatchObject({ ok: true, seals: 0, rows: 0, unsealed: 0 });
    const list = (await (await w.fetch("/v1/shared/audit", { key: w.a.apiKey })).json()) as {
      data: { evidence: string[]; action: string }[];
    };
    expect(list.data).toMatchObject([
      { action: "people.contact.added", evidence: ["evi_1"] },
      { action: "people.contact.added" },
    ]);
  });
});
