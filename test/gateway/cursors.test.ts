// A page's cursor belongs to one list of one project: anywhere else it is a 400 that says so, and shows nothing.
import { beforeAll, describe, expect, test } from "vitest";
import { signedIn } from "#test/console/visitor.ts";
import { act, signIn } from "#test/identity/joining.ts";
import { password, type Tenant, type World, world } from "#test/kit/world.ts";

let w: World;
beforeAll(async () => {
  w = await world();
});

type Page = { data: { id: string }[]; next_cursor: string | null };

const keysOf = async (tenant: Tenant, query: string) =>
  w.fetch(`/v1/identity/api-keys${query}`, { key: tenant.apiKey });
const firstOf = async (tenant: Tenant) => (await (await keysOf(tenant, "?limit=1")).json()) as Page;
const refusal = async (answer: Response) => {
  const text = await answer.text();
  return { status: answer.status, code: (JSON.parse(text) as { code?: string }).code, text };
};

describe("a cursor", () => {
  test("turns its own project's pages, and another project's not", async () => {
    const { next_cursor: cursor } = await firstOf(w.a);
    expect((await keysOf(w.a, `?limit=1&cursor=${cursor}`)).status).toBe(200);
    const theirs = await refusal(await keysOf(w.b, `?limit=1&cursor=${cursor}`));
    expect(theirs).toMatchObject({ status: 400, code: "invalid_cursor" });
    expect(theirs.text).toContain("another project");
    expect(theirs.text).not.toContain("key_");
  });

  test("does not follow a person who works in another project meanwhile", async () => {
    const owner = await signIn(w, { username: w.a.username, password });
    const list = (query: string) => w.fetch(`/v1/shared/events${query}`, { headers: { cookie: owner.cookie } });
    for (const name of ["One", "Two"])
      await act(w, owner, "/v1/identity/api-keys", { name, permissions: ["identity:read"] });
    const { next_cursor: cursor } = (await (await list("?limit=1")).json()) as Page;
    expect((await list(`?limit=1&cursor=${cursor}`)).status).toBe(200);
    await act(w, owner, "/v1/identity/projects", { name: "Another" });
    expect(await refusal(await list(`?limit=1&cursor=${cursor}`))).toMatchObject({
      status: 400,
      code: "invalid_cursor",
    });
  });

  test("of another list, of REST for an agent, or with a letter changed is nobody's", async () => {
    const { next_cursor: cursor } = await firstOf(w.a);
    const other = await w.fetch(`/v1/identity/invitations?cursor=${cursor}`, { key: w.a.apiKey });
    expect(await refusal(other)).toMatchObject({ status: 400, code: "invalid_cursor" });
    const changed = await keysOf(w.a, `?cursor=${cursor?.startsWith("W") ? "X" : "W"}${cursor?.slice(1)}`);
    expect(await refusal(changed)).toMatchObject({ status: 400, code: "invalid_cursor" });
  });

  test("of the console's pages is bound in the same way, and says so on a page", async () => {
    const [ours, theirs] = [await signedIn(w, w.a), await signedIn(w, w.b)];
    for (let i = 0; i < 60; i++)
      await w.neon.query(
        `insert into shared.events (project_id, account_scope_id, id, request_id, kind, actor) values ($1, $2, $3, 'r', 'test.written', 'system')`,
        [w.a.project, w.a.accountScope, w.runtime.ids.next("event")],
      );
    await ours.post("/console/project", { project: w.a.project });
    const more = /href="(\/console\/ledger\?[^"]*)"[^>]*>\s*(?:Older|More|Next)/i.exec(
      (await ours.get("/console/ledger")).html,
    )?.[1];
    const place = (more ?? "").replaceAll("&amp;", "&");
    expect([place.length > 20, (await ours.get(place)).status]).toEqual([true, 200]);
    const refused = await theirs.get(place);
    expect([refused.status, refused.html.includes("invalid_cursor")]).toEqual([400, true]);
  });
});
