// Templates: gaps with types, a row a language, and nothing ever left blank.
import { beforeEach, describe, expect, test } from "vitest";
import { type Campaigning, campaigning } from "./campaigning.ts";

let c: Campaigning;
beforeEach(async () => {
  c = await campaigning();
});

const offer = (more: Record<string, unknown> = {}) =>
  c.post("/templates", {
    name: "offer",
    language: "en",
    channel: "sms",
    class: "transactional",
    text: "Hi {{contact_name}}, {{price}} on {{day}} at {{time}}.",
    variables: {
      price: { type: "money" },
      day: { type: "date" },
      time: { type: "time", default: "14:30" },
    },
    ...more,
  });

const given = { price: { amount: 123450, currency: "DKK" }, day: "2026-11-20" };
const speaks = (language: string | null) =>
  c.w.neon.query("update people.contacts set language = $2 where id = $1", [c.s.contact, language]);

describe("a template", () => {
  test("speaks a person's language, or the fallback's, in that language's formats, and stays a cheap SMS", async () => {
    const en = await offer();
    expect(en).toMatchObject({ status: 201, body: { fallback: true } });
    const da = await offer({ language: "da", text: "Hej {{contact_name}}, {{price}} den {{day}} kl. {{time}}." });
    expect(da).toMatchObject({ status: 201, body: { fallback: false } });
    const preview = () => c.post(`/templates/${en.body.id}/preview`, { contact: c.s.contact, variables: given });
    await speaks("da");
    expect((await preview()).body).toMatchObject({
      text: "Hej Mette, 1.234,50 kr. den 20. november 2026 kl. 14.30.",
      template: da.body.id,
      fell_back: false,
      sms: { alphabet: "GSM-7", parts: 1 },
    });
    await speaks("de");
    expect((await preview()).body).toMatchObject({
      text: "Hi Mette, DKK 1,234.50 on 20 November 2026 at 14:30.",
      language: "en",
      fell_back: true,
      sms: { alphabet: "GSM-7" },
    });
  });

  test("with a gap that nothing fills is refused by name, and never sent blank", async () => {
    const made = await offer();
    const tell = (variables: unknown) =>
      c.post(`/templates/${made.body.id}/preview`, { contact: c.s.contact, variables });
    expect(await tell({ day: "2026-11-20" })).toMatchObject({
      status: 422,
      body: { code: "variable_missing", variable: "price" },
    });
    expect(await tell({ ...given, day: "" })).toMatchObject({
      status: 422,
      body: { code: "variable_missing", variable: "day" },
    });
    expect(await tell({ ...given, day: "2026-02-30" })).toMatchObject({
      status: 422,
      body: { code: "variable_wrong", variable: "day" },
    });
    expect(await tell({ ...given, price: "12 kr." })).toMatchObject({
      status: 422,
      body: { code: "variable_wrong", variable: "price" },
    });
    await c.w.neon.query("update people.contacts set name = '  ' where id = $1", [c.s.contact]);
    const drafted = await c.post("/messages", {
      contact: c.s.contact,
      channel: "sms",
      template: "offer",
      variables: given,
    });
    expect(drafted).toMatchObject({ status: 422, body: { code: "variable_missing", variable: "contact_name" } });
    const [held] = await c.w.neon.query("select count(*)::int as n from outbound.messages where project_id = $1", [
      c.w.a.project,
    ]);
    expect(held).toEqual({ n: 0 });
  });

  test.each([
    ["placeholder_unknown", { text: "Hello {{nobody}}" }],
    ["placeholder_malformed", { text: "Hello {{price}} {{ Bad-Name }}" }],
    ["placeholder_malformed", { text: "Hello {{#if price}}x{{/if}}" }],
    ["variable_reserved", { variables: { brand: { type: "text" } }, text: "x {{brand}}" }],
    ["variable_wrong", { variables: { price: { type: "money", default: "much" } }, text: "x {{price}}" }],
  ])("is refused at save: %s", async (code, more) => {
    expect(await offer(more)).toMatchObject({ status: 422, body: { code } });
  });

  test("replaced is a new row; the old one is retired with its words, and one name has one row a language", async () => {
    const made = await offer();
    expect(await offer()).toMatchObject({ status: 201, body: { id: made.body.id } });
    expect(await offer({ text: "Other words" })).toMatchObject({ status: 409, body: { code: "template_exists" } });
    const next = await c.post(`/templates/${made.body.id}/update`, { version: 1, text: "Call us, {{contact_name}}." });
    expect(next.body).toMatchObject({ name: "offer", language: "en", fallback: true, retired_at: null });
    expect(next.body.id).not.toBe(made.body.id);
    expect(await c.get(`/templates/${made.body.id}`)).toMatchObject({
      retired_at: expect.any(String),
      text: expect.stringContaining("{{price}}"),
    });
    expect(await c.post(`/templates/${made.body.id}/update`, { version: 2, text: "x" })).toMatchObject({
      status: 409,
      body: { code: "template_retired" },
    });
    expect(await c.get("/templates")).toMatchObject({ data: [{ id: next.body.id }] });
    await offer({ language: "da", text: "Ring {{contact_name}}", variables: {} });
    expect(await c.post(`/templates/${next.body.id}/retire`, {})).toMatchObject({
      status: 409,
      body: { code: "template_is_fallback" },
    });
  });

  test("of an e-mail is shown as HTML in which nothing said is markup", async () => {
    const made = await offer({
      channel: "email",
      subject: "For {{contact_name}}",
      text: "Hi {{contact_name}} & co\n{{where}}",
      variables: { where: { type: "link" } },
    });
    await c.w.neon.query("update people.contacts set name = '<b>M</b>' where id = $1", [c.s.contact]);
    const told = await c.post(`/templates/${made.body.id}/preview`, {
      contact: c.s.contact,
      variables: { where: "https://example.com/?a=1&b=2" },
    });
    expect(told.body).toMatchObject({
      subject: "For <b>M</b>",
      html: 'Hi &lt;b&gt;M&lt;/b&gt; &amp; co<br><a href="https://example.com/?a=1&amp;b=2">https://example.com/?a=1&amp;b=2</a>',
    });
  });
});

describe("a draft from a template", () => {
  const draft = (more: Record<string, unknown> = {}) =>
    c.post("/messages", { contact: c.s.contact, channel: "sms", template: "offer", variables: given, ...more });

  test("rests on the template: it can be approved without other evidence, until its words are changed", async () => {
    const made = await offer();
    const { status, body } = await draft();
    expect([status, body["text"], body["class"]]).toEqual([
      201,
      expect.stringContaining("DKK 1,234.50"),
      "transactional",
    ]);
    expect(await c.post(`/messages/${body.id}/approve`, { version: body.version })).toMatchObject({ status: 200 });
    const [audit] = await c.w.neon.query(
      "select evidence_refs from shared.audit_events where project_id = $1 and action = 'outbound.message.approved'",
      [c.w.a.project],
    );
    expect(audit).toEqual({ evidence_refs: [made.body.id] });
    const edited = await c.post(`/messages/${body.id}/edit`, { version: 2, text: "Win a boat!" });
    expect(await c.post(`/messages/${body.id}/approve`, { version: edited.body.version })).toMatchObject({
      status: 400,
      body: { code: "evidence_required" },
    });
  });

  test("is of the template's class, and has either words or a template", async () => {
    await offer({ class: "marketing" });
    expect((await draft()).body["class"]).toBe("marketing");
    expect(await draft({ class: "transactional" })).toMatchObject({
      status: 422,
      body: { code: "template_class_differs" },
    });
    expect(await draft({ text: "Both" })).toMatchObject({ status: 400 });
    expect(await draft({ template: "no-such" })).toMatchObject({ status: 422, body: { code: "template_unknown" } });
  });
});
