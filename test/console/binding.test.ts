// Binding an outside account in the console, without a script: its secret shown once, its address, and why it was refused.
import { expect, test } from "vitest";
import { heard, message, talk } from "#test/inbox/chatwoot.ts";
import { type Tenant, type World, world } from "#test/kit/world.ts";
import { signedIn, textOf, type Visitor } from "./visitor.ts";

let accounts = 0;
const freeAccount = (w: World) => w.a.accountId * 1000 + 500 + ++accounts;
const onceIn = (html: string) => /name="once" value="([^"]+)"/.exec(html)?.[1] ?? "";
const secretIn = (html: string) => /class="hook">([A-Za-z0-9_-]{43})</.exec(html)?.[1] ?? "";

/** In a project of his own that has no source yet. */
async function beginner(w: World): Promise<Visitor> {
  const person = await signedIn(w, w.a);
  const { html } = await person.get("/console/join");
  const made = await person.post("/console/projects", { name: "Fjordservice", once: onceIn(html) });
  expect(made.status).toBe(303);
  return person;
}

async function bind(person: Visitor, fields: Record<string, string>) {
  const { html } = await person.get("/console/sources");
  const form = { kind: "chatwoot_account", name: "Head office", once: onceIn(html), ...fields };
  return { form, page: await person.post("/console/sources", form) };
}

/** The new source as a sender knows it. */
async function sender(w: World, account: number): Promise<Tenant> {
  const [row] = await w.neon.query(
    "select id, project_id as project, account_scope_id as scope from identity.project_sources where external_id = $1",
    [String(account)],
  );
  const source = { id: String(row?.["id"]), secret: "" };
  return {
    ...w.a,
    project: String(row?.["project"]),
    accountScope: String(row?.["scope"]),
    accountId: account,
    source,
  };
}

test("an account is bound with a secret made here, shown this once beside its address; sent twice it is bound once", async () => {
  const w = await world();
  const person = await beginner(w);
  expect(textOf((await person.get("/console/sources")).html)).toContain("No source yet");
  const account = freeAccount(w);
  const { form, page } = await bind(person, { external_id: String(account), signing: "made" });
  const secret = secretIn(page.html);
  expect([page.status, page.headers.get("cache-control")]).toEqual([200, "no-store"]);
  expect(textOf(page.html)).toContain("It is not kept and cannot be shown again.");
  const tenant = await sender(w, account);
  expect(textOf(page.html)).toContain(`/v1/hooks/chatwoot/${tenant.source.id}`);
  expect(await heard(w, tenant, message(talk(tenant)), { secret })).toBe("stored");
  await expect(heard(w, tenant, message(talk(tenant)), { secret: `${secret}x` })).rejects.toThrow(/signature_invalid/);

  expect(secretIn((await person.post("/console/sources", form)).html)).toBe(secret);
  const rows = await w.neon.query("select to_jsonb(s) as row from identity.project_sources s where project_id = $1", [
    tenant.project,
  ]);
  expect(rows).toHaveLength(1);
  expect(JSON.stringify(rows)).not.toContain(secret);
  expect((await person.get("/console/sources")).html).not.toContain(secret);
  // One source of a kind: what is left to bind are the others.
  const offered = [...(await person.get("/console/sources")).html.matchAll(/<option value="([^"]+)"/g)].map(
    ([, kind]) => kind,
  );
  expect(offered).toContain("twilio_number");
  expect(offered).not.toContain("chatwoot_account");
  // Another page's form would make another secret.
  const other = await bind(person, { external_id: String(freeAccount(w)), signing: "made" });
  expect([other.page.status, textOf(other.page.html)]).toEqual([
    409,
    expect.stringContaining("This project has a source of this kind already."),
  ]);
});

test("with the sender's own secret nothing is shown back; one that cannot sign is bound as such", async () => {
  const w = await world();
  const person = await beginner(w);
  const account = freeAccount(w);
  const { page } = await bind(person, {
    external_id: String(account),
    signing: "given",
    secret: "the-sender-shows-this",
  });
  expect([page.status, page.html.includes("the-sender-shows-this")]).toEqual([200, false]);
  expect(textOf(page.html)).toContain("Bound. Give the sender the address above.");
  const tenant = await sender(w, account);
  expect(await heard(w, tenant, message(talk(tenant)), { secret: "the-sender-shows-this" })).toBe("stored");

  const second = await beginner(w);
  const old = await bind(second, { external_id: String(freeAccount(w)), signing: "none" });
  expect(textOf(old.page.html)).toContain("Not signed: the address is the only proof");
});

test("an account that feeds another project is refused in plain words, and the form keeps what was typed but the secret", async () => {
  const w = await world();
  const person = await beginner(w);
  const fields = { external_id: String(w.b.accountId), signing: "given", secret: "the-sender-shows-this" };
  const { page } = await bind(person, { ...fields, name: "<b>Office</b>" });
  expect([page.status, textOf(page.html)]).toEqual([
    409,
    expect.stringContaining("This account feeds another project already. An account can feed one project only."),
  ]);
  expect(page.html).toContain(`value="${w.b.accountId}"`);
  expect(page.html).toContain('value="&lt;b&gt;Office&lt;/b&gt;"');
  expect(page.html).not.toContain("the-sender-shows-this");
  expect(page.html).not.toContain(w.b.source.id);
  for (const [wrong, said] of [
    [{ external_id: "seven" }, "The number is the account's own"],
    [{ external_id: "7", signing: "given", secret: "short" }, "A secret has 8 to 200 characters"],
  ] as const) {
    const refused = await bind(person, wrong);
    expect([refused.page.status, textOf(refused.page.html)]).toEqual([400, expect.stringContaining(said)]);
  }
  expect(textOf((await person.get("/console/sources")).html)).toContain("No source yet");
});

test("nobody without the right, the proof, or from another site binds anything; the form is not shown to him", async () => {
  const w = await world();
  const person = await signedIn(w, w.a);
  const form = { kind: "chatwoot_account", external_id: String(freeAccount(w)), name: "x", once: "y" };
  expect((await person.post("/console/sources", { ...form, csrf: "wrong" })).status).toBe(403);
  expect((await person.post("/console/sources", form, { origin: "https://evil.example" })).status).toBe(403);
  // One source of a kind: what is left to bind are the others.
  const offered = [...(await person.get("/console/sources")).html.matchAll(/<option value="([^"]+)"/g)].map(
    ([, kind]) => kind,
  );
  expect(offered).toContain("twilio_number");
  expect(offered).not.toContain("chatwoot_account");
  await w.neon.query("update identity.memberships set role = 'office' where user_id = $1", [w.a.user]);
  expect((await person.get("/console/sources")).html).not.toContain("<option");
  expect((await person.post("/console/sources", form)).status).toBe(403);
  const rows = await w.neon.query("select 1 from identity.project_sources where external_id = $1", [form.external_id]);
  expect(rows).toEqual([]);
});
