// Binding, listing and running sources: what is refused, what is never shown, what the hour does, and whose they are.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { schedules } from "#brain/vault/index.ts";
import { deliver } from "#test/kit/jobs.ts";
import { type Bound, hookSecret, type VaultWorld, vaultWorld } from "./vaulting.ts";

let v: VaultWorld;
beforeAll(async () => {
  v = await vaultWorld();
});
afterAll(() => v.close());

const name = (what: string) => `nordvarme/${what}-${v.a.accountId}`;
const token = "github_pat_planted_0123456789";

describe("binding", () => {
  test("keeps the token sealed: no answer, log line, ledger row or table shows it", async () => {
    v.github.repository(name("sealed"), { "a.md": "# A\n\nOne.\n" });
    const bound = await v.bind({ source: "github", repository: name("sealed"), secret: hookSecret, api_token: token });
    await v.quiet();
    expect(bound).toMatchObject({
      source: "github",
      visibility: "internal",
      hook: expect.stringContaining("/v1/hooks/github/"),
    });
    const shown = JSON.stringify([
      bound,
      await v.get("/v1/vault/sources"),
      await v.get("/v1/identity/sources"),
      v.lines,
      v.queue.published,
    ]);
    const [stored] = await v.neon.query(
      "select secret_sealed, api_token_sealed from identity.project_sources where id = $1",
      [bound.id],
    );
    for (const secret of [token, hookSecret]) expect(shown + JSON.stringify(stored)).not.toContain(secret);
    expect(stored).toMatchObject({
      secret_sealed: expect.stringMatching(/^v1\./),
      api_token_sealed: expect.stringMatching(/^v1\./),
    });
  });

  test("refuses names that lead elsewhere, what is another kind's, and the same place twice", async () => {
    const refused = async (given: object) => (await v.post("/v1/vault/sources", given)).status;
    for (const repository of ["nordvarme", "../../etc", "a/..", "a/b/c", "https://evil.example/x", "a/b?x=1", "a/b#c"])
      expect([repository, await refused({ source: "github", repository })]).toEqual([repository, 400]);
    expect(await refused({ source: "gdrive", repository: "x' or '1'='1", api_token: "12345678" })).toBe(400);
    expect(await refused({ source: "notion", repository: "Nordvarme" })).toBe(400);
    expect(await refused({ source: "notion", repository: "Nordvarme", api_token: "12345678", branch: "main" })).toBe(
      400,
    );
    expect(await refused({ source: "github", repository: name("up"), folder: "docs/../.." })).toBe(400);
    expect(await refused({ source: "github", repository: name("who"), visibility: "contact" })).toBe(400);
    v.github.repository(name("twice"), {});
    expect(await refused({ source: "github", repository: name("twice") })).toBe(201);
    expect(await refused({ source: "github", repository: name("twice") })).toBe(409);
    // Another project may read the same place, and learns nothing of the first.
    expect((await v.post("/v1/vault/sources", { source: "github", repository: name("twice") }, v.b)).status).toBe(201);
    await v.quiet();
  });

  test("a technician may look and not bind", async () => {
    const [row] = await v.neon.query(
      "select array_agg(permission) as may from identity.role_permissions where role = 'technician' and permission like 'vault:%'",
    );
    expect(String(row?.["may"])).toContain("vault:read");
    expect(String(row?.["may"])).not.toContain("vault:write");
  });
});

describe("the hour", () => {
  test("asks for every source of the project, once each, and of no other", async () => {
    expect(schedules).toEqual([{ kind: "vault.sync.all", everySeconds: 3600, missed: "once" }]);
    await v.quiet();
    const [count] = await v.neon.query("select count(*)::int as n from vault.sources where project_id = $1", [
      v.a.project,
    ]);
    const answer = await deliver(v.w, "vault.sync.all", { project: v.a.project });
    expect(await answer.json()).toEqual({ asked: Number(count?.["n"]) });
    const asked = v.queue.published.filter(({ kind }) => kind === "vault.sync");
    expect(asked).toHaveLength(Number(count?.["n"]));
    expect(asked.every(({ project }) => project === v.a.project)).toBe(true);
    await deliver(v.w, "vault.sync.all", { project: v.a.project });
    expect(v.queue.published.filter(({ kind }) => kind === "vault.sync")).toHaveLength(asked.length);
    await v.quiet();
  });
});

describe("a run", () => {
  async function many(what: string, count = 30): Promise<Bound> {
    const files = Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`part-${i}.md`, `# Part ${i}\n\nText ${i} of ${what}.\n`]),
    );
    v.github.repository(name(what), files);
    const bound = await v.bind({ source: "github", repository: name(what) });
    v.queue.published.splice(0);
    return bound;
  }

  test("ends its share of the time with a message that goes on where it was", async () => {
    const source = await many("long");
    const real = v.clock.now;
    const fetched = () =>
      v.github.requests.filter((path) => path.includes(name("long")) && path.includes("blobs")).length;
    v.runtime.clock.now = () => {
      const at = real();
      v.clock.advance(5_000);
      return at;
    };
    const first = await v.job(source);
    v.runtime.clock.now = real;
    expect(first.body.outcome).toBe("handed_on");
    const before = fetched();
    expect(before).toBeLessThan(30);
    expect(v.queue.published.some(({ kind }) => kind === "vault.sync")).toBe(true);
    await v.quiet();
    expect(await v.status(source)).toMatchObject({ status: "success", document_count: 30 });
    expect(fetched()).toBe(30);
  });

  test("whose worker died goes on when its lease has ended, and the dead one can write no more", async () => {
    const source = await many("dead");
    const documents = v.runtime.ports.documents;
    if (!documents) throw new Error("no documents");
    const [reached, waiting] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    v.runtime.ports.documents = {
      ...documents,
      read: async (...given) => {
        reached.resolve();
        await waiting.promise;
        return documents.read(...given);
      },
    };
    const slow = v.job(source);
    await reached.promise;
    expect((await v.status(source)).status).toBe("in_progress");
    v.runtime.ports.documents = documents;
    expect((await v.job(source)).body.outcome).toBe("busy");
    v.clock.advance(181_000);
    expect((await v.job(source)).body.outcome).toBe("done");
    waiting.resolve();
    expect((await slow).body.outcome).toBe("lost");
    expect(await v.status(source)).toMatchObject({ status: "success", document_count: 30, changed: 30 });
    await v.quiet();
  });

  test("that is asked for again while it runs is followed by another, at once", async () => {
    const source = await many("again", 3);
    const documents = v.runtime.ports.documents;
    if (!documents) throw new Error("no documents");
    v.runtime.ports.documents = {
      ...documents,
      read: async (place, entry) => {
        if (entry.path === "part-1.md") {
          expect((await v.post(`/v1/vault/sources/${source.id}/sync`, {})).body).toMatchObject({
            status: "in_progress",
          });
        }
        return documents.read(place, entry);
      },
    };
    expect((await v.job(source)).body.outcome).toBe("done");
    v.runtime.ports.documents = documents;
    expect(await v.status(source)).toMatchObject({ status: "pending", document_count: 3 });
    expect(
      v.queue.published.filter(({ kind, delaySeconds }) => kind === "vault.sync" && (delaySeconds ?? 0) === 0),
    ).toHaveLength(1);
    await v.quiet();
    expect(await v.status(source)).toMatchObject({ status: "success", changed: 0 });
  });

  test("of another project's source does nothing", async () => {
    const source = await many("foreign", 2);
    const answer = await deliver(v.w, "vault.sync", { project: v.b.project, source: source.id });
    expect([answer.status, await answer.json()]).toEqual([200, { outcome: "idle", steps: 0 }]);
    expect(await v.status(source)).toMatchObject({ status: "pending" });
    await v.sync(source);
  });

  test("without a way to outside documents is an error that says so", async () => {
    const source = await many("nowhere", 1);
    const { documents, ...ports } = v.runtime.ports;
    v.runtime.ports = ports;
    expect((await v.job(source)).body.outcome).toBe("failed");
    if (documents) v.runtime.ports = { ...ports, documents };
    expect(await v.status(source)).toMatchObject({
      status: "error",
      error_message: expect.stringContaining("documents_unavailable"),
    });
  });

  test("with a token that no longer opens is an error, not a crash", async () => {
    v.github.repository(name("unreadable"), { "a.md": "# A\n\nx\n" });
    const source = await v.bind({ source: "github", repository: name("unreadable"), api_token: token });
    v.queue.published.splice(0);
    await v.neon.query("update identity.project_sources set api_token_sealed = 'v1.t1.AAAA.AAAA' where id = $1", [
      source.id,
    ]);
    expect((await v.job(source)).body.outcome).toBe("failed");
    expect(await v.status(source)).toMatchObject({ error_message: expect.stringContaining("secret_unreadable") });
  });
});
