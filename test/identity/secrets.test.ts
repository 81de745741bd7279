// Third parties' secrets at rest: they open in their own place only, change at once, and move on to a new key.
import { describe, expect, test } from "vitest";
import { sealedColumns } from "#brain/identity/sealed-columns.ts";
import { secretsFrom } from "#providers/secrets.ts";
import { hear, heard, message, talk } from "#test/inbox/chatwoot.ts";
import { deliver } from "#test/kit/jobs.ts";
import { testSecrets, type World, world } from "#test/kit/world.ts";

const ring = {
  old: `t1:${btoa("0123456789abcdef0123456789abcdef")}`,
  next: `t2:${btoa("fedcba9876543210fedcba9876543210")}`,
};

let calls = 0;
const post = (w: World, path: string, json: unknown, once?: string) => {
  calls += 1;
  return w.fetch(path, { key: w.a.apiKey, json, headers: { "idempotency-key": once ?? `call-${calls}` } });
};
const sealedOf = async (w: World, source: string) => {
  const columns = "secret_sealed, api_token_sealed, secret_version";
  const rows = await w.neon.query(`select ${columns} from identity.project_sources where id = $1`, [source]);
  return rows[0] as { secret_sealed: string; api_token_sealed: string | null; secret_version: number };
};
const acts = async (w: World, action: string) =>
  w.neon.query("select payload from shared.audit_events where project_id = $1 and action = $2", [w.a.project, action]);

describe("a ciphertext", () => {
  test("moved to another column, row or tenant opens nowhere, and its webhook is not believed", async () => {
    const w = await world();
    const { secret_sealed: theirs } = await sealedOf(w, w.b.source.id);
    await w.neon.query("update identity.project_sources set secret_sealed = $1 where id = $2", [theirs, w.a.source.id]);
    const forged = await hear(w, w.a, message(talk(w.a)), { secret: w.b.source.secret });
    expect([forged.status, ((await forged.json()) as { code: string }).code]).toEqual([503, "secret_unreadable"]);
    expect(await w.neon.query("select id from inbox.cw_messages where project_id = $1", [w.a.project])).toEqual([]);
    const place = {
      table: "identity.project_sources",
      column: "api_token_sealed",
      row: w.b.source.id,
      project: w.b.project,
    };
    await expect(testSecrets.open(theirs, place)).rejects.toThrow();
    expect(await testSecrets.open(theirs, { ...place, column: "secret_sealed" })).toBe(w.b.source.secret);
  });

  test("of every sealed column is known to the rewrap", async () => {
    const w = await world();
    const rows = await w.neon.query(
      "select table_schema as schema, table_name as table, column_name as column from information_schema.columns where column_name like '%\\_sealed' order by 1, 2, 3",
    );
    const place = (x: { schema: string; table: string; column: string }) => `${x.schema} ${x.table} ${x.column}`;
    const known = [...sealedColumns].sort((x, y) => (place(x) < place(y) ? -1 : 1));
    expect(rows).toEqual(known);
  });
});

describe("a rewrap", () => {
  test("seals everything with the newest key once, and then the old key can go", async () => {
    const w = await world();
    await post(w, `/v1/identity/sources/${w.a.source.id}/rotate-secret`, { api_token: "a-token-of-chatwoot" });
    w.runtime.ports.secrets = secretsFrom(`${ring.next},${ring.old}`);
    const rewrap = async (once?: string) => (await post(w, "/v1/identity/secrets/rewrap", {}, once)).json();
    expect([await rewrap("first"), await rewrap("first"), await rewrap()]).toEqual([
      { rewrapped: 2 },
      { rewrapped: 2 },
      { rewrapped: 0 },
    ]);
    const after = await sealedOf(w, w.a.source.id);
    expect([after.secret_sealed, after.api_token_sealed]).toEqual([
      expect.stringMatching(/^v1\.t2\./),
      expect.stringMatching(/^v1\.t2\./),
    ]);
    expect((await sealedOf(w, w.b.source.id)).secret_sealed).toMatch(/^v1\.t1\./);
    expect(await acts(w, "identity.secrets.rewrapped")).toEqual([{ payload: { count: 2 } }]);
    const place = {
      table: "identity.project_sources",
      column: "api_token_sealed",
      row: w.a.source.id,
      project: w.a.project,
    };
    expect(await secretsFrom(ring.next).open(after.api_token_sealed ?? "", place)).toBe("a-token-of-chatwoot");
  });

  test("runs as a job too", async () => {
    const w = await world();
    w.runtime.ports.secrets = secretsFrom(`${ring.next},${ring.old}`);
    const answer = await deliver(w, "identity.secrets.rewrap", { project: w.a.project });
    expect(await answer.json()).toEqual({ rewrapped: 1 });
    w.runtime.ports.secrets = secretsFrom(ring.next);
    expect(await heard(w, w.a, message(talk(w.a)))).toBe("stored");
  });
});

describe("a new webhook secret", () => {
  test("is shown once, works at once, and the old one no more, also where it was remembered", async () => {
    const w = await world();
    expect(await heard(w, w.a, message(talk(w.a)))).toBe("stored");
    const rotate = () => post(w, `/v1/identity/sources/${w.a.source.id}/rotate-secret`, {}, "once");
    const answer = await rotate();
    const bytes = await answer.text();
    const { secret } = JSON.parse(bytes) as { secret: string };
    expect([answer.status, secret.length]).toEqual([200, 43]);
    expect(await (await rotate()).text()).toBe(bytes);
    expect((await sealedOf(w, w.a.source.id)).secret_version).toBe(2);
    expect(await heard(w, w.a, message(talk(w.a)), { secret })).toBe("stored");
    expect((await hear(w, w.a, message(talk(w.a)))).status).toBe(401);
    expect(await (await w.fetch("/v1/identity/sources", { key: w.a.apiKey })).text()).not.toContain(secret);
    expect(await acts(w, "identity.source.secret_rotated")).toEqual([
      { payload: { secret_version: 2, token_replaced: false } },
    ]);
  });

  test("reaches an isolate that remembers the old one: it is told by ingest, and asks again", async () => {
    const w = await world();
    expect(await heard(w, w.a, message(talk(w.a)))).toBe("stored");
    // As if another isolate had changed it: this one is not told.
    const place = {
      table: "identity.project_sources",
      column: "secret_sealed",
      row: w.a.source.id,
      project: w.a.project,
    };
    const sealed = await testSecrets.seal("what-another-isolate-set", place);
    await w.neon.query(
      "update identity.project_sources set secret_sealed = $1, secret_version = secret_version + 1 where id = $2",
      [sealed, w.a.source.id],
    );
    expect((await hear(w, w.a, message(talk(w.a)))).status).toBe(401);
    expect(await heard(w, w.a, message(talk(w.a)), { secret: "what-another-isolate-set" })).toBe("stored");
  });

  test("that the sender made is taken as it is, and not shown back", async () => {
    const w = await world();
    const given = { secret: "made-by-the-sender-itself" };
    const answer = await post(w, `/v1/identity/sources/${w.a.source.id}/rotate-secret`, given);
    expect(await answer.json()).toMatchObject({ id: w.a.source.id, signed: true, secret: null });
    expect(await heard(w, w.a, message(talk(w.a)), given)).toBe("stored");
  });
});
