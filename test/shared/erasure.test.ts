// Whoever is erased is gone from everywhere, nobody else is touched, and what is left proves it.
import { beforeAll, describe, expect, test } from "vitest";
import { caller } from "#test/field/floor.ts";
import { count, rows } from "#test/inbox/chatwoot.ts";
import { scriptedEmbedder } from "#test/kit/embedder.ts";
import { deliver } from "#test/kit/jobs.ts";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { ask, everyRow, foundIn, plantEverywhere, proofOf, run } from "./forgotten.ts";
import { killed } from "./killed.ts";
import { meaning, vectorColumns } from "./nearest.ts";
import { type Him, hasWork, writes } from "./writer.ts";

let w: World;
beforeAll(async () => {
  w = await world({ embedder: scriptedEmbedder().port });
});

const writer = (who: Tenant) => writes(w, who);
const worked = (who: Tenant, him: Him) => hasWork(w, who, him);
const called = (who: Tenant) => caller(w, who.apiKey);

describe("a person", () => {
  test("leaves every column of the whole database, and nobody else's row changes", async () => {
    const who = await tenant(w.neon, "forgets");
    const him = await writer(who);
    await worked(who, him);
    const planted = await plantEverywhere(w, who, { person: him.person, words: `${him.word} ${him.phone}` });
    expect(planted.length).toBeGreaterThan(80);
    const secrets = [him.word, him.phone.slice(1), him.email];
    const there = await foundIn(w.neon, secrets);
    expect(planted.filter((column) => !there.includes(column))).toEqual([
      // Made anew from the words by a trigger.
      "memory.kb_entries.source_fingerprint",
    ]);
    await rows(w, who, "update people.contacts set name = 'Frida Ogsaa' where project_id = $1 and id = $2", [
      him.person,
    ]);
    // What means the same lies in every column of vectors that there is.
    const said = `Min kedel ${him.word} larmer`;
    expect(await meaning(w.neon, said)).toEqual(vectorColumns.filter((name) => !name.startsWith("vault.")));
    const hisOnly = await everyRow(w.neon);

    const other = await writer(who);
    await worked(who, other);
    // A name in somebody else's note: nobody can tell whom it means.
    const theirs = await rows(w, who, "select id from field.jobs where project_id = $1 and client_id = $2", [
      other.person,
    ]);
    await called(who)(`/v1/field/jobs/${theirs[0]?.["id"]}/notes`, { text: "A neighbour, Frida Ogsaa, has the key" });
    const others = [...(await everyRow(w.neon))].filter((row) => !hisOnly.has(row));
    expect(others.length).toBeGreaterThan(15);
    await deliver(w, "shared.audit.seal", { project: who.project });
    const before = await called(who)("/v1/shared/audit/verify");

    const erasure = await ask(w, who, { kind: "person", id: him.person });
    await run(w, who, erasure);

    expect(await foundIn(w.neon, secrets)).toEqual([]);
    expect(await meaning(w.neon, said)).toEqual([]);
    const after = await everyRow(w.neon);
    expect(others.filter((row) => !after.has(row))).toEqual([]);
    const found = await called(who)(`/v1/search?q=${encodeURIComponent(`Min kedel ${him.word} larmer`)}`);
    expect(JSON.stringify(found.body)).not.toContain(him.person);
    expect(JSON.stringify(found.body)).toContain(other.word);

    const { manifest, verified } = await proofOf(w, who, erasure);
    expect(verified).toEqual({ ok: true, checks: { seal: true, tables: true, tombstones: true, audit: true } });
    expect(manifest.tables.map(({ table }) => table)).toEqual(
      expect.arrayContaining(["inbox.cw_messages", "memory.vectors", "people.contacts", "assistant.tasks"]),
    );
    expect(manifest.mentions).toMatchObject({ "field.job_notes": 1, "memory.chunks": 1 });
    expect(JSON.stringify(manifest)).not.toContain(him.person);
    expect(before.body).toMatchObject({ ok: true });
    expect((await called(who)("/v1/shared/audit/verify")).body).toMatchObject({ ok: true });
    for (const act of [
      "update shared.events set kind = 'x.y'",
      "delete from shared.audit_events",
      "truncate shared.audit_events",
      "delete from shared.erasure_steps",
    ])
      await expect(w.neon.query(act)).rejects.toThrow(/append-only/);
  });

  test("killed at every step, before or after its transaction, ends as one that was never killed", async () => {
    const ends = [];
    for (const most of [1000, 5]) {
      const who = await tenant(w.neon, "killed");
      const him = await writer(who);
      await worked(who, him);
      await plantEverywhere(w, who, { person: him.person, words: `${him.word} ${him.phone}` });
      const erasure = await ask(w, who, { kind: "person", id: him.person });
      const kills = await killed(w, who, { erasure, most });
      expect(kills > 6).toBe(most === 5);
      const { manifest, verified } = await proofOf(w, who, erasure);
      expect(verified).toMatchObject({ ok: true });
      expect(await foundIn(w.neon, [him.word, him.phone.slice(1)])).toEqual([]);
      ends.push({ rows: manifest.rows, tables: manifest.tables.map(({ digest, ...table }) => table) });
    }
    expect(ends[1]).toEqual(ends[0]);
  });

  test("is asked for by an owner who proves himself, once, and for somebody there is", async () => {
    const who = await tenant(w.neon, "asks");
    const him = await writer(who);
    const call = called(who);
    const wanted = { subject: { kind: "person", id: him.person }, reason: "user_delete" };
    const unknown = await call("/v1/shared/erasures", { ...wanted, subject: { kind: "person", id: "con_nobody" } });
    expect([unknown.status, unknown.body["code"]]).toEqual([404, "subject_unknown"]);
    expect(await count(w, who, "shared.erasures")).toBe(0);
    expect((await caller(w, who.readKey)("/v1/shared/erasures", wanted)).status).toBe(403);
    const asked = await call("/v1/shared/erasures", wanted);
    expect(asked.body).toMatchObject({ state: "running", subject: wanted.subject, reason: "user_delete" });
    expect((await call("/v1/shared/erasures", wanted)).body["code"]).toBe("erasure_running");
    const id = String(asked.body["id"]);
    expect((await call(`/v1/shared/erasures/${id}/manifest`)).body["code"]).toBe("erasure_running");
    expect(
      await count(
        w,
        who,
        "shared.outbox",
        `kind = 'shared.erasures.run' and dedupe_key = '${id}' and state = 'pending'`,
      ),
    ).toBe(1);
    await run(w, who, id);
    const audited = await rows(
      w,
      who,
      "select payload from shared.audit_events where project_id = $1 and action = 'shared.erasure.asked' and outcome = 'done'",
    );
    expect(audited.map(({ payload }) => payload)).toEqual([{ subject: "person", reason: "user_delete" }]);
    expect(await count(w, who, "shared.erasure_ids")).toBe(0);
    expect(await rows(w, who, "select wanted, state from shared.erasures where project_id = $1")).toEqual([
      { wanted: {}, state: "done" },
    ]);
    // A manifest that somebody rewrote is no proof.
    await w.neon.query("update shared.erasures set manifest = manifest || '{\"rows\": 0}' where id = $1", [id]);
    expect((await proofOf(w, who, id)).verified).toMatchObject({ ok: false, checks: { seal: false, tables: true } });
  });
});
