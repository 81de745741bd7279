// An e-mail of ours asks to be answered at an address that names it: the answer finds its thread though no header says which.
import { beforeAll, expect, test } from "vitest";
import { credentialsPlace } from "#brain/outbound/index.ts";
import { type ScriptedCarrier, scriptedCarrier } from "#test/kit/carrier.ts";
import { deliverPublished } from "#test/kit/jobs.ts";
import { type Bound, bound, calls, fresh } from "#test/kit/providers.ts";
import { type Tenant, testSecrets, type World, world } from "#test/kit/world.ts";
import { dispatchDue } from "#test/outbound/customer.ts";
import { rows } from "./reading.ts";

let w: World;
let carrier: ScriptedCarrier;
let n = 0;

beforeAll(async () => {
  carrier = scriptedCarrier();
  w = await world({ carriers: { postmark: carrier.port } });
});

/** A tenant with an e-mail sender and a person who has an address. */
async function canMail(tenant: Tenant): Promise<{ contact: string; address: string }> {
  const id = `snd_mail_${tenant.username}`;
  const [contact, address] = [`con_mail_${tenant.username}`, `mette${fresh()}@example.dk`];
  const sealed = await testSecrets.seal(
    JSON.stringify({ token: "x" }),
    credentialsPlace({ id, project: tenant.project }),
  );
  const place = [tenant.project, tenant.accountScope];
  await w.neon.query(
    `insert into outbound.senders (project_id, account_scope_id, id, provider, channel, name, address, credentials_sealed)
     values ($1, $2, $3, 'postmark', 'email', 'Mail', 'Nordvarme <service@nordvarme.example>', $4)`,
    [...place, id, sealed],
  );
  await w.neon.query(
    "insert into people.contacts (project_id, account_scope_id, id, name) values ($1, $2, $3, 'Mette')",
    [...place, contact],
  );
  await w.neon.query(
    `insert into people.contact_points (project_id, account_scope_id, id, contact_id, kind, value, value_norm)
     values ($1, $2, $3, $4, 'email', $5, $5)`,
    [...place, `cpt_${contact}`, contact, address],
  );
  await w.neon.query(
    `insert into people.consents (project_id, account_scope_id, id, contact_id, channel, scope, granted, shown_text, proof_ref, occurred_at)
     values ($1, $2, $3, $4, 'email', 'marketing', true, 'Yes', 'p1', '2026-11-01T08:00:00Z')`,
    [...place, `cns_${contact}`, contact],
  );
  await w.neon.query(
    `insert into shared.evidence_items (project_id, account_scope_id, id, source_table, source_pk, content_hash, visibility, contact_id, occurred_at)
     values ($1, $2, $3, 'inbox.cw_messages', $3, 'h1', 1, $4, now())`,
    [...place, `evi_${contact}`, contact],
  );
  return { contact, address };
}

async function sent(tenant: Tenant, contact: string, more: Record<string, unknown> = {}): Promise<string> {
  const post = async (path: string, json: unknown) => {
    n += 1;
    const headers = { "idempotency-key": `"r${n}"` };
    const answer = await w.fetch(`/v1/outbound/messages${path}`, { method: "POST", key: tenant.apiKey, json, headers });
    expect([path, answer.status]).toEqual([path, path === "" ? 201 : 200]);
    return (await answer.json()) as { id: string; version: number };
  };
  const draft = {
    contact,
    channel: "email",
    subject: "Visit",
    text: "We come <b>Thursday</b>.",
    evidence: [`evi_${contact}`],
  };
  const made = await post("", { ...draft, again: true, ...more });
  await post(`/${made.id}/approve`, { version: made.version });
  await post(`/${made.id}/send`, {});
  await dispatchDue(w, tenant);
  await deliverPublished(w);
  expect(carrier.accepted.at(-1)?.ref).toBe(made.id);
  return made.id;
}

const answered = (domain: Bound, { from, to }: { from: string; to: string }) =>
  calls(w, domain, {
    From: from,
    FromFull: { Email: from, Name: "Mette", MailboxHash: "" },
    ToFull: [{ Email: to, Name: "", MailboxHash: "" }],
    OriginalRecipient: to,
    Subject: "Visit",
    Date: w.clock.now().toUTCString(),
    MessageID: `pm-${fresh()}`,
    TextBody: "Fine with me.",
    HtmlBody: "",
    Headers: [{ Name: "Message-ID", Value: `<m-${fresh()}@example.dk>` }],
    Attachments: [],
  });

test("each e-mail names itself in Reply-To; answers there belong to it, also after it was forwarded to another address", async () => {
  const domain = await bound(w, w.a, "postmark");
  const { contact, address } = await canMail(w.a);
  const [first, second] = [await sent(w.a, contact), await sent(w.a, contact)];
  const [one, two] = carrier.accepted.slice(-2).map(({ thread }) => String(thread["reply_to"]));
  expect(one).toMatch(new RegExp(`^reply\\+[0-9a-z]{26}\\.[0-9a-f]{16}@${domain.account}$`));
  expect(two).not.toBe(one);
  expect(carrier.accepted.at(-1)).toMatchObject({
    text: "We come <b>Thursday</b>.",
    html: expect.stringContaining("<body>We come &lt;b&gt;Thursday&lt;/b&gt;.</body>"),
  });
  // The row itself is what was approved.
  expect(await rows(w, w.a, "outbound.messages", "x.thread <> '{}'")).toEqual([]);

  await answered(domain, { from: address, to: two ?? "" });
  await answered(domain, { from: address, to: one ?? "" });
  // Some servers write a local part in capitals.
  await answered(domain, { from: address, to: (one ?? "").toUpperCase() });
  await answered(domain, { from: address, to: (one ?? "").replace(/\.[0-9a-f]{16}@/, `.${"0".repeat(16)}@`) });
  const heard = (await rows(w, w.a, "field.messages")).sort((a, b) => String(a["id"]).localeCompare(String(b["id"])));
  expect(heard.map(({ answers, contact_id }) => [answers, contact_id])).toEqual([
    [second, contact],
    [first, contact],
    [first, contact],
    [null, contact],
  ]);
  const threads = heard.map(({ thread_id }) => thread_id);
  expect([threads[1] === threads[2], new Set(threads).size]).toEqual([true, 3]);
});

test("marketing stands above its footer; where no mail is taken in, nothing is asked to come back", async () => {
  const { contact } = await canMail(w.b);
  await w.neon.query(
    "insert into outbound.settings (project_id, account_scope_id, postal_address) values ($1, $2, 'Havnegade 1')",
    [w.b.project, w.b.accountScope],
  );
  await sent(w.b, contact, { class: "marketing" });
  const [mail] = carrier.accepted.slice(-1);
  expect(mail?.thread).not.toHaveProperty("reply_to");
  const link = String(mail?.thread["unsubscribe"]);
  expect(mail?.text).toBe(`We come <b>Thursday</b>.\n\n-- \nHavnegade 1\nUnsubscribe: ${link}`);
  expect(mail?.html).toContain(`Havnegade 1<br><a href="${link}">Unsubscribe</a>`);
});
